import { sizeOf } from '@chimera-nn/core';
import type { Order } from '../value.ts';
import { Value, commonOrder } from '../value.ts';
import type { Lower } from './lower.ts';
import { widened } from './lower.ts';

function arrange<T>(values: readonly T[], order: Order): T[] {
  return order.map((axis) => values[axis]!);
}

const reshape: Lower<'reshape'> = (k, [x], { dtype, shape }) =>
  new Value(k, dtype, shape, k.reshape(x!.plain(), shape));

// Nothing moves until somebody needs the axes in another order.
const permute: Lower<'permute'> = (k, [x], { attributes: { permutation }, dtype, shape }) =>
  new Value(
    k,
    dtype,
    shape,
    x!.tensor,
    x!.order.map((axis) => permutation.indexOf(axis)),
  );

// Elementwise operations repeat their inputs by themselves; only others need the copies.
const broadcastTo: Lower<'broadcastTo'> = (k, [x], { dtype, shape }) => new Value(k, dtype, shape, x!);

const slice: Lower<'slice'> = (k, [x], { attributes: { starts, sizes }, dtype, shape }) => {
  const { order } = x!;
  return new Value(k, dtype, shape, k.slice(x!.tensor, arrange(starts, order), arrange(sizes, order)), order);
};

const pad: Lower<'pad'> = (k, [x], { attributes: { lo, hi, value }, dtype, shape }) => {
  const { order } = x!;
  return new Value(
    k,
    dtype,
    shape,
    k.pad(x!.tensor, arrange(lo, order), arrange(hi, order), k.scalar(value, dtype)),
    order,
  );
};

const concat: Lower<'concat'> = (k, inputs, { attributes: { axis }, dtype, shape }) => {
  // Empty parts add nothing, and would only ask for their layout.
  const parts = inputs.filter((x) => sizeOf(x.shape) > 0);
  const order = commonOrder(parts, shape);
  return new Value(
    k,
    dtype,
    shape,
    k.concat(
      parts.map((x) => x.in(order)),
      order.indexOf(axis),
    ),
    order,
  );
};

const flip: Lower<'flip'> = (k, [x], { attributes: { axes }, dtype, shape }) => {
  const { order } = x!;
  if (axes.length === 0) return x!;
  return new Value(
    k,
    dtype,
    shape,
    k.reverse(
      x!.tensor,
      axes.map((axis) => order.indexOf(axis)),
    ),
    order,
  );
};

const gather: Lower<'gather'> = (k, [x, indices], { attributes: { axis }, dtype, shape }) =>
  new Value(
    k,
    dtype,
    shape,
    k.sink.op({
      name: 'GatherV2',
      inputs: [x!.plain(), indices!.plain(), k.scalar(axis, 'int32')],
      attributes: {
        Tparams: { type: dtype },
        Tindices: { type: 'int32' },
        Taxis: { type: 'int32' },
        batch_dims: { int: 0 },
      },
      type: dtype,
      shape,
    }),
  );

const scatterAdd: Lower<'scatterAdd'> = (k, [updates, indices], { attributes: { axis, size }, dtype, shape }) => {
  const count = sizeOf(indices!.shape);
  if (count === 0) return new Value(k, dtype, shape, k.zeros(shape, dtype));
  const before = sizeOf(shape.slice(0, axis));
  const after = sizeOf(shape.slice(axis + 1));
  // UnsortedSegmentSum adds along the first axis only.
  const rows = k.transpose(k.reshape(updates!.plain(), [before, count, after]), [1, 0, 2]);
  const sums = k.sink.op({
    name: 'UnsortedSegmentSum',
    inputs: [rows, k.reshape(indices!.plain(), [count]), k.scalar(size, 'int32')],
    attributes: { T: { type: dtype }, Tindices: { type: 'int32' }, Tnumsegments: { type: 'int32' } },
    type: dtype,
    shape: [size, before, after],
  });
  return new Value(k, dtype, shape, k.reshape(k.transpose(sums, [1, 0, 2]), shape));
};

export const movement = {
  reshape,
  permute,
  broadcastTo,
  slice,
  pad,
  concat,
  flip,
  gather,
  scatterAdd: widened(scatterAdd),
};
