import type { DType, Shape } from '@chimera-nn/core';
import { numbersToHost, sizeOf } from '@chimera-nn/core';
import type { Term } from '../graph.ts';
import { isUniform } from '../graph.ts';
import { knownNumber } from './elementwise.ts';
import type { Lowering } from './lowering.ts';
import { family } from './lowering.ts';

/** Picks positions along one axis; every engine has this for every dtype. */
function pick(lowering: Lowering, x: Term, axis: number, positions: readonly number[]): Term {
  const shape = x.shape.map((extent, i) => (i === axis ? positions.length : extent));
  const indices = lowering.graph.known(Int32Array.from(positions), 'int32', [positions.length]);
  return lowering.node('Gather', [x, indices], { axis }, x.dtype, shape);
}

/** The box `[start, start + size)`, every `step`-th element of it per axis. */
export function strided(
  lowering: Lowering,
  x: Term,
  starts: readonly number[],
  sizes: readonly number[],
  steps: readonly number[],
): Term {
  const axes = x.shape.map((_, i) => i).filter((i) => starts[i] !== 0 || sizes[i] !== x.shape[i] || steps[i] !== 1);
  if (axes.length === 0) return x;
  if (isUniform(x)) return { ...x, shape: sizes };
  // The WebGPU kernel for Slice takes floats only.
  if (lowering.webgpu && (x.dtype === 'int32' || x.dtype === 'bool')) {
    let y = x;
    for (const axis of axes)
      y = pick(
        lowering,
        y,
        axis,
        Array.from({ length: sizes[axis]! }, (_, i) => starts[axis]! + i * steps[axis]!),
      );
    return y;
  }
  const { graph } = lowering;
  const of = (list: readonly number[]): Term => graph.int64(axes.map((axis) => list[axis]!));
  const ends = starts.map((start, i) => start + (sizes[i]! - 1) * steps[i]! + 1);
  const plain = axes.every((axis) => steps[axis] === 1);
  return lowering.node(
    'Slice',
    [x, of(starts), of(ends), graph.int64(axes), plain ? undefined : of(steps)].slice(0, plain ? 4 : 5),
    {},
    x.dtype,
    sizes,
  );
}

export function concat(lowering: Lowering, inputs: readonly Term[], axis: number, shape: Shape): Term {
  const parts = inputs.filter((x) => x.shape[axis] !== 0);
  if (parts.length === 1) return parts[0]!;
  const write = (terms: readonly Term[]): Term => lowering.node('Concat', terms, { axis }, terms[0]!.dtype, shape);
  return lowering.webgpu ? lowering.asIntegers(parts, write) : write(parts);
}

export function pad(lowering: Lowering, x: Term, lo: readonly number[], hi: readonly number[], value: number): Term {
  if (lo.every((n) => n === 0) && hi.every((n) => n === 0)) return x;
  const shape = x.shape.map((extent, i) => extent + lo[i]! + hi[i]!);
  if (Object.is(knownNumber(x), value)) return { ...x, shape };
  const { graph } = lowering;
  const write = ([y]: readonly Term[]): Term =>
    lowering.node(
      'Pad',
      [y, graph.int64([...lo, ...hi]), graph.known(numbersToHost([value], y!.dtype as DType), y!.dtype, [])],
      { mode: 'constant' },
      y!.dtype,
      shape,
    );
  return lowering.webgpu ? lowering.asIntegers([x], write) : write([x]);
}

export const movement = family({
  reshape: (lowering, [x], { shape }) => lowering.reshape(x!, shape),
  permute: (lowering, [x], { attributes: { permutation } }) => lowering.permute(x!, permutation),
  // Written out only where a node needs it.
  broadcastTo: (_lowering, [x], { shape }) => ({ ...x!, shape }),
  slice: (lowering, [x], { attributes: { starts, sizes } }) =>
    strided(
      lowering,
      x!,
      starts,
      sizes,
      starts.map(() => 1),
    ),
  pad: (lowering, [x], { attributes: { lo, hi, value } }) => pad(lowering, x!, lo, hi, value),
  concat: (lowering, inputs, { attributes: { axis }, shape }) => concat(lowering, inputs, axis, shape),
  flip: (lowering, [x], { attributes: { axes } }) => {
    const turned = axes.filter((axis) => x!.shape[axis] !== 1);
    if (turned.length === 0 || isUniform(x!)) return x!;
    const { graph } = lowering;
    if (lowering.webgpu)
      return turned.reduce(
        (y, axis) =>
          pick(
            lowering,
            y,
            axis,
            Array.from({ length: y.shape[axis]! }, (_, i) => y.shape[axis]! - 1 - i),
          ),
        x!,
      );
    const ends = turned.map((axis) => -x!.shape[axis]! - 1);
    return lowering.node(
      'Slice',
      [x, graph.int64(turned.map(() => -1)), graph.int64(ends), graph.int64(turned), graph.int64(turned.map(() => -1))],
      {},
      x!.dtype,
      x!.shape,
    );
  },

  gather: (lowering, [x, indices], { attributes: { axis }, dtype, shape }) => {
    if (isUniform(x!)) return { ...x!, shape };
    return lowering.node('Gather', [x, indices], { axis }, dtype, shape);
  },
  scatterAdd: (lowering, [updates, indices], { attributes: { axis, size }, dtype, shape }) => {
    const before = sizeOf(shape.slice(0, axis));
    const after = sizeOf(shape.slice(axis + 1));
    const count = sizeOf(indices!.shape);
    const { graph } = lowering;
    const flat: Shape = [before, size, after];
    const places: Term = { ...lowering.reshape(graph.full(indices!), [1, count, 1]), shape: [before, count, after] };
    // ONNX Runtime's CPU kernel cannot add float16.
    const summed = dtype === 'float16' && !lowering.webgpu ? 'float32' : dtype;
    const parts = lowering.cast(lowering.reshape(updates!, [before, count, after]), summed);
    const sum = lowering.scatterSum(places, parts, summed, flat);
    return lowering.cast(lowering.reshape(sum, shape), dtype);
  },
});
