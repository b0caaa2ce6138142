import { sizeOf } from '@chimera-nn/core';
import type { Tensor } from '../sink.ts';
import { Value, isPlain, plainOrder, sameOrder } from '../value.ts';
import type { Lower } from './lower.ts';
import { widened } from './lower.ts';

/** A matrix, or a stack of them, as it lies in memory, and whether it is to be transposed. */
function matrix(x: Value, transpose: boolean): { tensor: Tensor; transpose: boolean } {
  const rank = x.shape.length;
  const swapped = [...plainOrder(rank - 2), rank - 1, rank - 2];
  return !isPlain(x.order) && sameOrder(x.order, swapped)
    ? { tensor: x.tensor, transpose: !transpose }
    : { tensor: x.plain(), transpose };
}

const matmul: Lower<'matmul'> = (k, [x, y], { attributes: { transposeA, transposeB }, dtype, shape }) => {
  if (sizeOf(x!.shape) === 0 || sizeOf(y!.shape) === 0) return new Value(k, dtype, shape, k.zeros(shape, dtype));
  const a = matrix(x!, transposeA);
  const b = matrix(y!, transposeB);
  const [n] = shape.slice(-1) as [number];
  const rightIsMatrix = y!.shape.length === 2;
  // Rows of a stack times one matrix are the rows of one product.
  if (rightIsMatrix && (x!.shape.length === 2 || !a.transpose)) {
    const left = k.reshape(a.tensor, x!.shape.length === 2 ? a.tensor.shape : [sizeOf(shape) / n, x!.shape.at(-1)!]);
    const product = k.sink.op({
      name: 'MatMul',
      inputs: [left, b.tensor],
      attributes: { T: { type: dtype }, transpose_a: { bool: a.transpose }, transpose_b: { bool: b.transpose } },
      type: dtype,
      shape: [sizeOf(shape) / n, n],
    });
    return new Value(k, dtype, shape, k.reshape(product, shape));
  }
  const product = k.sink.op({
    name: 'BatchMatMulV2',
    inputs: [a.tensor, b.tensor],
    attributes: { T: { type: dtype }, adj_x: { bool: a.transpose }, adj_y: { bool: b.transpose } },
    type: dtype,
    shape,
  });
  return new Value(k, dtype, shape, product);
};

export const linear = { matmul: widened(matmul) };
