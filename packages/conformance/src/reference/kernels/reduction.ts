import type { Shape } from '@chimera-nn/core';
import { sizeOf, stridesOf } from '@chimera-nn/core';
import { stridedIndices } from './index-map.ts';
import type { Kernels, Operand } from './kernel.ts';

/** Where each result's elements begin, and how far from there its members lie. */
function groups(shape: Shape, axes: readonly number[]): { starts: Int32Array; members: Int32Array } {
  const strides = stridesOf(shape);
  const pick = (keep: (axis: number) => boolean): Int32Array => {
    const chosen = shape.map((_, i) => i).filter(keep);
    return stridedIndices(
      chosen.map((i) => shape[i]!),
      chosen.map((i) => strides[i]!),
    );
  };
  return { starts: pick((i) => !axes.includes(i)), members: pick((i) => axes.includes(i)) };
}

function fold(
  x: Operand,
  axes: readonly number[],
  initial: number | undefined,
  f: (sum: number, value: number) => number,
): Float64Array {
  const { starts, members } = groups(x.shape, axes);
  const out = new Float64Array(starts.length);
  for (const [i, start] of starts.entries()) {
    let sum = initial ?? x.data[start + members[0]!]!;
    for (const member of members) sum = f(sum, x.data[start + member]!);
    out[i] = sum;
  }
  return out;
}

// A NaN counts as the extreme, as in PyTorch.
function first(x: Operand, axis: number, better: (value: number, best: number) => boolean): Float64Array {
  const { starts, members } = groups(x.shape, [axis]);
  return Float64Array.from(starts, (start) => {
    let place = 0;
    for (let i = 1; i < members.length; i++) {
      const best = x.data[start + members[place]!]!;
      const value = x.data[start + members[i]!]!;
      if (!Number.isNaN(best) && (Number.isNaN(value) || better(value, best))) place = i;
    }
    return place;
  });
}

// Ascending, NaN last.
function compare(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

export const reductions = {
  reduceSum: ([x], { attributes: { axes }, dtype }) =>
    fold(x!, axes, 0, dtype === 'int32' ? (sum, value) => (sum + value) | 0 : (sum, value) => sum + value),
  reduceMax: ([x], { attributes: { axes } }) => fold(x!, axes, undefined, Math.max),
  reduceMin: ([x], { attributes: { axes } }) => fold(x!, axes, undefined, Math.min),
  reduceProd: ([x], { attributes: { axes }, dtype }) =>
    fold(x!, axes, 1, dtype === 'int32' ? Math.imul : (product, value) => product * value),
  argMax: ([x], { attributes: { axis } }) => first(x!, axis, (value, best) => value > best),
  argMin: ([x], { attributes: { axis } }) => first(x!, axis, (value, best) => value < best),
  argSort: ([x], { attributes: { axis, descending } }) => {
    const { starts, members } = groups(x!.shape, [axis]);
    const out = new Float64Array(sizeOf(x!.shape));
    for (const start of starts) {
      const order = Array.from(members, (_, i) => i);
      const value = (i: number): number => x!.data[start + members[i]!]!;
      // Array.prototype.sort is stable.
      order.sort((i, j) => (descending ? compare(value(j), value(i)) : compare(value(i), value(j))));
      for (const [i, place] of order.entries()) out[start + members[i]!] = place;
    }
    return out;
  },
  cumsum: ([x], { attributes: { axis, reverse, exclusive }, dtype }) => {
    const { starts, members } = groups(x!.shape, [axis]);
    const order = reverse ? members.toReversed() : members;
    const out = new Float64Array(sizeOf(x!.shape));
    for (const start of starts) {
      let sum = 0;
      for (const member of order) {
        const before = sum;
        sum += x!.data[start + member]!;
        if (dtype === 'int32') sum |= 0;
        out[start + member] = exclusive ? before : sum;
      }
    }
    return out;
  },
} satisfies Partial<Kernels>;
