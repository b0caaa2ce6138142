import { DTypeError, ShapeError } from '../errors.ts';
import { Node, recorder as b } from '../graph/node.ts';
import type { Value } from '../graph/value.ts';
import { requireTensor } from './operand.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

/**
 * Matrix product: dot product of vectors, matrix and vector, matrices, and batches of them with broadcasting.
 * Both must have one floating dtype.
 * (PyTorch: `torch.matmul`)
 */
export function matmul(x: Tensor, other: Tensor): Tensor {
  return wrap(matmulNodes(requireTensor('matmul', x), requireTensor('matmul', other)));
}

/** The product of two matrices. (PyTorch: `torch.mm`) */
export function mm(x: Tensor, other: Tensor): Tensor {
  const left = requireTensor('mm', x);
  const right = requireTensor('mm', other);
  if (left.shape.length !== 2) throw new ShapeError('mm: self must be a matrix');
  if (right.shape.length !== 2) throw new ShapeError('mm: mat2 must be a matrix');
  return wrap(matmulNodes(left, right));
}

function matmulNodes(left: Node, right: Node): Value {
  if (left.dtype !== right.dtype)
    throw new DTypeError(`matmul: expected m1 and m2 to have the same dtype, but got: ${left.dtype} != ${right.dtype}`);
  const ranks = [left.shape.length, right.shape.length] as const;
  if (ranks[0] === 0 || ranks[1] === 0)
    throw new ShapeError(`matmul: both arguments to matmul need to be at least 1D, but they are ${ranks[0]}D and ${ranks[1]}D`);
  if (ranks[0] === 1 && ranks[1] === 1) {
    if (left.shape[0] !== right.shape[0])
      throw new ShapeError(`inconsistent tensor size, expected tensor [${left.shape[0]}] and src [${right.shape[0]}] to have the same number of elements`);
    return b.reduceSum(b.mul(left, right), [0]);
  }
  const a = ranks[0] === 1 ? b.reshape(left, [1, left.shape[0]!]) : left;
  const c = ranks[1] === 1 ? b.reshape(right, [right.shape[0]!, 1]) : right;
  const product = b.matmul(a, c);
  if (ranks[0] === 1) return b.reshape(product, [...product.shape.slice(0, -2), product.shape.at(-1)!]);
  if (ranks[1] === 1) return b.reshape(product, product.shape.slice(0, -1));
  return product;
}
