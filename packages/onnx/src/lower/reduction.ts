import type { DType, Shape } from '@chimera-nn/core';
import { sizeOf } from '@chimera-nn/core';
import type { Term } from '../graph.ts';
import { both, either, knownNumber } from './elementwise.ts';
import type { Lower, Lowering } from './lowering.ts';
import { family } from './lowering.ts';

function reduce<N extends 'reduceSum' | 'reduceMax' | 'reduceMin' | 'reduceProd'>(
  op: string,
  ofEqual: (value: number, count: number) => number,
): Lower<N> {
  return (lowering, [x], instruction) => {
    const { dtype, shape } = instruction;
    const { axes } = instruction.attributes as { readonly axes: readonly number[]; readonly keepDims: boolean };
    const value = knownNumber(x!);
    if (value !== undefined)
      return lowering.uniform(
        ofEqual(
          value,
          axes.reduce((n, axis) => n * x!.shape[axis]!, 1),
        ),
        dtype,
        shape,
      );
    const reduced = axes.filter((axis) => x!.shape[axis] !== 1);
    if (reduced.length === 0) return lowering.reshape(x!, shape);
    const kept = x!.shape.map((extent, i) => (reduced.includes(i) ? 1 : extent));
    const keepdims = sizeOf(kept) === sizeOf(shape) && kept.length === shape.length;
    const result = keepdims ? kept : x!.shape.filter((_, i) => !reduced.includes(i));
    const over = (operator: string, term: Term): Term =>
      lowering.node(
        operator,
        [term, lowering.graph.int64(reduced)],
        { keepdims: keepdims ? 1 : 0 },
        term.dtype,
        result,
      );
    let y: Term;
    if (isExtremum(op) && keepsNaN(lowering, dtype)) {
      const found = over('ReduceMax', nanFlags(lowering, x!));
      y = lowering.elementwise(
        'Where',
        [lowering.cast(found, 'bool'), lowering.uniform(Number.NaN, dtype), over(op, x!)],
        dtype,
        result,
      );
    } else if (op === 'ReduceSum' && dtype === 'int32' && !lowering.webgpu) {
      // The CPU kernel stops at the largest int32 where integers wrap around.
      y = lowering.cast(over(op, lowering.cast(x!, 'int64')), 'int32');
    } else y = over(op, x!);
    return lowering.reshape(y, shape);
  };
}

function isExtremum(op: string): boolean {
  return op === 'ReduceMax' || op === 'ReduceMin';
}

// ONNX leaves NaN in reductions open, and ONNX Runtime drops it. Shader compilers may assume that there is none.
function keepsNaN(lowering: Lowering, dtype: DType): boolean {
  return !lowering.webgpu && dtype !== 'int32';
}

/** 1 where `x` is NaN, 0 elsewhere. */
function nanFlags(lowering: Lowering, x: Term): Term {
  return lowering.cast(lowering.elementwise('IsNaN', [x], 'bool', x.shape), 'int32');
}

/** int64 indices below `limit` as int32 on WebGPU, which cannot cast int64 but can look numbers up with it. */
function narrowed(lowering: Lowering, index: Term, limit: number): Term {
  const numbers = lowering.graph.known(
    Int32Array.from({ length: limit }, (_, i) => i),
    'int32',
    [limit],
  );
  return lowering.node('Gather', [numbers, index], { axis: 0 }, 'int32', index.shape);
}

function arg<N extends 'argMax' | 'argMin'>(op: string): Lower<N> {
  return (lowering, [x], instruction) => {
    const { axis } = instruction.attributes as { readonly axis: number };
    const along = (operator: string, term: Term): Term =>
      lowering.node(operator, [term], { axis, keepdims: 0, select_last_index: 0 }, 'int64', instruction.shape);
    const index = along(op, x!);
    if (lowering.webgpu) return narrowed(lowering, index, x!.shape[axis]!);
    if (!keepsNaN(lowering, x!.dtype as DType)) return lowering.cast(index, 'int32');
    // The first NaN is what PyTorch finds.
    const flags = nanFlags(lowering, x!);
    const found = lowering.node(
      'ReduceMax',
      [flags, lowering.graph.int64([axis])],
      { keepdims: 0 },
      'int32',
      instruction.shape,
    );
    const first = lowering.node(
      'Where',
      [lowering.cast(found, 'bool'), along('ArgMax', flags), index],
      {},
      'int64',
      instruction.shape,
    );
    return lowering.cast(first, 'int32');
  };
}

function topK(lowering: Lowering, x: Term, axis: number, descending: boolean): Term {
  const { graph } = lowering;
  const name = graph.freshName('TopK');
  const attributes = { axis, largest: descending ? 1 : 0, sorted: 1 };
  // Of equal elements TopK puts the one with the lower index first, in either direction.
  graph.addNode('TopK', [graph.full(x), graph.int64([x.shape[axis]!])], [graph.freshName('TopK'), name], attributes);
  return { name, dtype: 'int64', shape: x.shape, stored: x.shape };
}

// NaN counts as the largest: sort with NaN as infinity, then sort stably by whether it was NaN.
function sortWithNaN(lowering: Lowering, x: Term, axis: number, descending: boolean): Term {
  const dtype = x.dtype as DType;
  const isNaN = lowering.elementwise('IsNaN', [x], 'bool', x.shape);
  const finite = lowering.elementwise('Where', [isNaN, lowering.like(x, Number.POSITIVE_INFINITY), x], dtype, x.shape);
  const order = topK(lowering, finite, axis, descending);
  const flags = lowering.node('GatherElements', [lowering.cast(isNaN, 'int32'), order], { axis }, 'int32', x.shape);
  const regrouped = topK(lowering, flags, axis, descending);
  return lowering.node('GatherElements', [order, regrouped], { axis }, 'int64', x.shape);
}

function range(lowering: Lowering, from: number, to: number, shape: Shape): Term {
  return lowering.graph.known(
    Int32Array.from({ length: to - from }, (_, i) => from + i),
    'int32',
    shape,
  );
}

// Pairs of elements that are compared at once.
const pairsAtOnce = 2 ** 22;

// WebGPU has no stable sort: the place of an element is the number of elements that come before it.
function sortByCounting(lowering: Lowering, x: Term, axis: number, descending: boolean): Term {
  const n = x.shape[axis]!;
  const { graph } = lowering;
  const last = x.shape.length - 1;
  const order = [...x.shape.keys()].filter((i) => i !== axis).concat(axis);
  const moved = lowering.permute(x, order);
  const count = sizeOf(x.shape) / n;
  const rows = lowering.reshape(moved, [count, n, 1]);
  const all = lowering.reshape(moved, [count, 1, n]);
  const width = Math.min(n, Math.max(64, Math.floor(pairsAtOnce / (count * n))));
  let place: Term | undefined;
  for (let from = 0; from < n; from += width) {
    const to = Math.min(from + width, n);
    const table: Shape = [count, n, to - from];
    const columns =
      width === n
        ? all
        : lowering.node('Slice', [all, graph.int64([from]), graph.int64([to]), graph.int64([2])], {}, x.dtype, [
            count,
            1,
            to - from,
          ]);
    const before = lowering.elementwise('Less', descending ? [rows, columns] : [columns, rows], 'bool', table);
    const equal = lowering.elementwise('Equal', [rows, columns], 'bool', table);
    const earlier = lowering.elementwise(
      'Less',
      [range(lowering, from, to, [1, 1, to - from]), range(lowering, 0, n, [1, n, 1])],
      'bool',
      [1, n, to - from],
    );
    const precedes = either(lowering, before, both(lowering, equal, earlier, table), table);
    const found = lowering.node(
      'ReduceSum',
      [lowering.cast(precedes, 'int32'), graph.int64([2])],
      { keepdims: 0 },
      'int32',
      [count, n],
    );
    place = place === undefined ? found : lowering.elementwise('Add', [place, found], 'int32');
  }
  const own: Term = { ...range(lowering, 0, n, [1, n]), shape: [count, n] };
  const sorted = lowering.scatterSum(place!, own, 'int32', [count, n]);
  const back = order.map((_, i) => order.indexOf(i));
  const shape = order.map((i) => x.shape[i]!);
  return last === axis ? lowering.reshape(sorted, x.shape) : lowering.permute(lowering.reshape(sorted, shape), back);
}

export const reduction = family({
  reduceSum: reduce('ReduceSum', (value, count) => value * count),
  reduceMax: reduce('ReduceMax', (value) => value),
  reduceMin: reduce('ReduceMin', (value) => value),
  reduceProd: reduce('ReduceProd', (value, count) => value ** count),
  argMax: arg('ArgMax'),
  argMin: arg('ArgMin'),
  argSort: (lowering, [x], { attributes: { axis, descending } }) => {
    if (x!.shape.length === 0 || x!.shape[axis] === 1) return lowering.uniform(0, 'int32', x!.shape);
    if (lowering.webgpu) return sortByCounting(lowering, x!, axis, descending);
    const order =
      x!.dtype === 'int32' ? topK(lowering, x!, axis, descending) : sortWithNaN(lowering, x!, axis, descending);
    return lowering.cast(order, 'int32');
  },
  cumsum: (lowering, [x], { attributes: { axis, reverse, exclusive }, dtype, shape }) => {
    if (shape.length === 0) return exclusive ? lowering.uniform(0, dtype) : x!;
    const position = lowering.graph.known(Int32Array.of(axis), 'int32', []);
    return lowering.node(
      'CumSum',
      [x, position],
      { reverse: reverse ? 1 : 0, exclusive: exclusive ? 1 : 0 },
      dtype,
      shape,
    );
  },
});
