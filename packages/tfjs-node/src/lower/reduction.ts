import type { Kernels } from '../kernels.ts';
import type { Tensor } from '../sink.ts';
import type { Order } from '../value.ts';
import { Value } from '../value.ts';
import type { Lower, LowerWith } from './lower.ts';
import { widened } from './lower.ts';

/** The order of what is left when axes are taken away. */
function withoutAxes(order: Order, axes: readonly number[]): Order {
  return order.filter((axis) => !axes.includes(axis)).map((axis) => axis - axes.filter((gone) => gone < axis).length);
}

function reduction(name: string): LowerWith<{ readonly axes: readonly number[]; readonly keepDims: boolean }> {
  return (k, [x], { attributes: { axes, keepDims }, dtype, shape }) => {
    const { order } = x!;
    const tensor = k.reduce(
      name,
      x!.tensor,
      axes.map((axis) => order.indexOf(axis)),
      keepDims,
    );
    return new Value(k, dtype, shape, tensor, keepDims ? order : withoutAxes(order, axes));
  };
}

function extremumIndex(name: 'ArgMax' | 'ArgMin', extremum: 'Max' | 'Min'): LowerWith<{ readonly axis: number }> {
  return (k, [x], { attributes: { axis }, shape }) => {
    // A scalar has one element along its only dimension.
    if (x!.shape.length === 0) return new Value(k, 'int32', [], k.scalar(0, 'int32'));
    const place = x!.order.indexOf(axis);
    const index =
      x!.dtype === 'int32'
        ? firstIndex(k, name, x!.tensor, place)
        : firstIndex(k, 'ArgMax', isExtremum(k, extremum, x!.tensor, place), place);
    return new Value(k, 'int32', shape, index, withoutAxes(x!.order, [axis]));
  };
}

function firstIndex(k: Kernels, name: 'ArgMax' | 'ArgMin', x: Tensor, axis: number): Tensor {
  return k.sink.op({
    name,
    inputs: [x, k.scalar(axis, 'int32')],
    attributes: { T: { type: x.type }, Tidx: { type: 'int32' }, output_type: { type: 'int32' } },
    type: 'int32',
    shape: x.shape.filter((_, i) => i !== axis),
  });
}

/** 1 at extremes and at NaN, which is an extreme in PyTorch and never one to TensorFlow's index kernels. */
function isExtremum(k: Kernels, extremum: 'Max' | 'Min', x: Tensor, axis: number): Tensor {
  const found = k.binary('Equal', x, k.reduce(extremum, x, [axis], true), 'bool');
  return k.cast(k.logical('LogicalOr', found, k.isNaN(x)), 'uint8');
}

/**
 * Integers that sort as the numbers do: the bits of a floating point number, with the magnitude of negative ones
 * turned around, equal for both zeros, and the largest of all for NaN.
 */
function sortKeys(k: Kernels, x: Tensor): Tensor {
  if (x.type === 'int32') return x;
  if (x.type === 'float16') return sortKeys(k, k.cast(x, 'float32'));
  const wide = x.type === 'float64';
  const integer = wide ? 'int64' : 'int32';
  const constant = (value: number): Tensor => k.cast(k.scalar(value, 'int32'), integer);
  const zero = k.scalar(0, wide ? 'float64' : 'float32');
  // Selecting 0 where x = 0 rather than adding it: an optimizer may drop additions of 0, and with them -0 = 0.
  const positiveZero = k.select(k.binary('Equal', x, zero, 'bool'), zero, x);
  const bits = k.bitcast(positiveZero, integer);
  // All bits but the sign's.
  const largest = k.unary('Invert', k.binary('LeftShift', constant(-1), constant(wide ? 63 : 31)));
  const keys = k.select(k.binary('Less', bits, constant(0), 'bool'), k.binary('BitwiseXor', bits, largest), bits);
  return k.select(k.isNaN(x), largest, keys);
}

const argSort: Lower<'argSort'> = (k, [x], { attributes: { axis, descending }, shape }) => {
  if (shape.length === 0) return new Value(k, 'int32', [], k.scalar(0, 'int32'));
  // TopKV2 sorts the last axis in descending order and lists the first of equal elements first.
  const order = [...shape.keys()].filter((i) => i !== axis);
  order.push(axis);
  const keys = sortKeys(k, x!.in(order));
  const sorted = k.sink.op({
    name: 'TopKV2',
    inputs: [descending ? keys : k.unary('Invert', keys), k.scalar(shape[axis]!, 'int32')],
    attributes: { T: { type: keys.type }, sorted: { bool: true } },
    type: 'int32',
    shape: keys.shape,
    outputs: 2,
    output: 1,
  });
  return new Value(k, 'int32', shape, sorted, order);
};

const cumsum: Lower<'cumsum'> = (k, [x], { attributes: { axis, reverse, exclusive }, dtype, shape }) => {
  if (shape.length === 0) return exclusive ? new Value(k, dtype, [], k.scalar(0, dtype)) : x!;
  const sums = k.sink.op({
    name: 'Cumsum',
    inputs: [x!.tensor, k.scalar(x!.order.indexOf(axis), 'int32')],
    attributes: {
      T: { type: dtype },
      Tidx: { type: 'int32' },
      exclusive: { bool: exclusive },
      reverse: { bool: reverse },
    },
    type: dtype,
    shape: x!.tensor.shape,
  });
  return new Value(k, dtype, shape, sums, x!.order);
};

export const reductions = {
  reduceSum: widened(reduction('Sum')),
  reduceMax: reduction('Max'),
  reduceMin: reduction('Min'),
  reduceProd: widened(reduction('Prod')),
  argMax: extremumIndex('ArgMax', 'Max'),
  argMin: extremumIndex('ArgMin', 'Min'),
  argSort,
  cumsum: widened(cumsum),
};
