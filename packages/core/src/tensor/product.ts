import { DTypeError, ShapeError } from '../errors.ts';
import { isFloating } from '../graph/dtype.ts';
import { recorder as b } from '../graph/node.ts';
import { broadcastShapes, formatShape, sizeOf } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';

/** Throws unless the operands of a matrix product have one numeric dtype. */
export function requireSameDType(name: string, left: Value, right: Value): void {
  if (left.dtype !== right.dtype)
    throw new DTypeError(
      `${name}: expected m1 and m2 to have the same dtype, but got: ${left.dtype} != ${right.dtype}`,
    );
  if (left.dtype === 'bool')
    throw new DTypeError(`${name}: not implemented for bool; cast with to('int32') or to('float32')`);
}

/** The product of matrices [..., m, k] and [..., k, n], whose leading axes broadcast; of integers too. */
export function matrixProduct(left: Value, right: Value): Value {
  const [m, k] = left.shape.slice(-2) as [number, number];
  const [k2, n] = right.shape.slice(-2) as [number, number];
  const folds = right.shape.length === 2 && left.shape.length > 2;
  const rows = folds ? sizeOf(left.shape.slice(0, -1)) : m;
  if (k !== k2)
    throw new ShapeError(
      left.shape.length > 2 && right.shape.length > 2
        ? `Expected size for first two dimensions of batch2 tensor to be: [${sizeOf(right.shape.slice(0, -2))}, ${k}] but got: [${sizeOf(right.shape.slice(0, -2))}, ${k2}]. (shapes [${left.shape.join(', ')}] and [${right.shape.join(', ')}])`
        : `mat1 and mat2 shapes cannot be multiplied (${formatShape([rows, k])} and ${formatShape([k2, n])})`,
    );
  if (!isFloating(left.dtype)) {
    const terms = b.mul(b.reshape(left, [...left.shape, 1]), b.reshape(right, [...right.shape.slice(0, -2), 1, k, n]));
    return b.reduceSum(terms, [terms.shape.length - 2]);
  }
  // One product of tall matrices: the weight's gradient is then one product too, instead of a sum over the batch.
  if (folds) return b.reshape(b.matmul(b.reshape(left, [rows, k]), right), [...left.shape.slice(0, -1), n]);
  return b.matmul(left, right);
}

/** `torch.matmul`: vectors, matrices and batches of matrices. */
export function generalProduct(left: Value, right: Value): Value {
  requireSameDType('matmul', left, right);
  const ranks = [left.shape.length, right.shape.length] as const;
  if (ranks[0] === 0 || ranks[1] === 0)
    throw new ShapeError(`both arguments to matmul need to be at least 1D, but they are ${ranks[0]}D and ${ranks[1]}D`);
  if (ranks[0] === 1 && ranks[1] === 1) return dotProduct(left, right);
  if (ranks[0] <= 2 && ranks[1] === 1 && left.shape.at(-1) !== right.shape[0])
    throw new ShapeError(
      `size mismatch, got input (${left.shape[0]}), mat (${formatShape(left.shape)}), vec (${right.shape[0]})`,
    );
  if (ranks[0] > 2 && ranks[1] > 2) broadcastShapes(left.shape.slice(0, -2), right.shape.slice(0, -2), 'matmul');
  const product = matrixProduct(
    ranks[0] === 1 ? b.reshape(left, [1, left.shape[0]!]) : left,
    ranks[1] === 1 ? b.reshape(right, [right.shape[0]!, 1]) : right,
  );
  if (ranks[0] === 1) return b.reshape(product, [...product.shape.slice(0, -2), product.shape.at(-1)!]);
  if (ranks[1] === 1) return b.reshape(product, product.shape.slice(0, -1));
  return product;
}

/** The sum of the products of two vectors' elements. */
export function dotProduct(left: Value, right: Value): Value {
  if (left.shape[0] !== right.shape[0])
    throw new ShapeError(
      `inconsistent tensor size, expected tensor [${left.shape[0]}] and src [${right.shape[0]}] to have the same number of elements, but got ${left.shape[0]} and ${right.shape[0]} elements respectively`,
    );
  return b.reduceSum(b.mul(left, right), [0]);
}
