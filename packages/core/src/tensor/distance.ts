import { DTypeError, ShapeError } from '../errors.ts';
import { isFloating } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { recorder as b } from '../graph/node.ts';
import { broadcastShapes } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { requireOptions, requireTensor } from './operand.ts';
import { matrixProduct, requireSameDType } from './product.ts';
import { normOver } from './statistics.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

export interface CdistOptions {
  /** The order of the norm, at least 0. Default 2. */
  p?: number;
  /**
   * How Euclidean distances are computed: by a matrix product, which is faster and less accurate, always, never, or with
   * more than 25 vectors. Default `'use_mm_for_euclid_dist_if_necessary'`.
   */
  computeMode?: 'use_mm_for_euclid_dist_if_necessary' | 'use_mm_for_euclid_dist' | 'donot_use_mm_for_euclid_dist';
}

/** Distances between all pairs of vectors: x [..., p, m], other [..., r, m] -> [..., p, r]. (PyTorch: `torch.cdist`) */
export function cdist(x: Tensor, other: Tensor, options: CdistOptions | number = {}): Tensor {
  const left = requireTensor('cdist', x);
  const right = requireTensor('cdist', other);
  const given = typeof options === 'number' ? { p: options } : options;
  requireOptions('cdist', given, ['p', 'computeMode']);
  const { p = 2, computeMode = 'use_mm_for_euclid_dist_if_necessary' } = given;
  requireSameDType('cdist', left, right);
  if (!isFloating(left.dtype)) throw new DTypeError(`cdist only supports floating-point dtypes, X1 got: ${left.dtype}`);
  if (left.shape.length < 2 || right.shape.length < 2)
    throw new ShapeError(
      `cdist only supports at least 2D tensors, ${left.shape.length < 2 ? 'X1' : 'X2'} got: ${Math.min(left.shape.length, right.shape.length)}D`,
    );
  const [count, size] = left.shape.slice(-2) as [number, number];
  const [others, size2] = right.shape.slice(-2) as [number, number];
  if (size !== size2) throw new ShapeError(`X1 and X2 must have the same number of columns. X1: ${size} X2: ${size2}`);
  if (!(p >= 0)) throw new ShapeError('cdist only supports non-negative p values');
  broadcastShapes(left.shape.slice(0, -2), right.shape.slice(0, -2), 'cdist');
  const many = count > 25 || others > 25;
  if (p === 2 && computeMode !== 'donot_use_mm_for_euclid_dist' && (many || computeMode === 'use_mm_for_euclid_dist'))
    return wrap(byProduct(left, right));
  const rows = b.reshape(left, [...left.shape.slice(0, -1), 1, size]);
  const columns = b.reshape(right, [...right.shape.slice(0, -2), 1, others, size]);
  const difference = b.sub(rows, columns);
  return wrap(normOver(difference, p, [difference.shape.length - 1], false));
}

/** |x|^2 + |y|^2 - 2 x y, never below 0, and its root. */
function byProduct(left: Node, right: Node): Value {
  const squares = (value: Value): Value => b.reduceSum(b.mul(value, value), [value.shape.length - 1], true);
  const product = matrixProduct(left, b.transpose(right));
  const squared = b.sub(b.add(squares(left), b.transpose(squares(right))), b.mul(product, b.like(product, 2)));
  const zero = b.like(squared, 0);
  const isPositive = b.lt(zero, squared);
  // The root has no slope at 0: where vectors are equal, no gradient flows.
  return b.select(isPositive, b.sqrt(b.select(isPositive, squared, b.like(squared, 1))), zero);
}

/** Distances between all pairs of rows of a matrix, the first of each pair before the second: [n (n - 1) / 2]. (PyTorch: `F.pdist`) */
export function pdist(x: Tensor, p: number | { p?: number } = 2): Tensor {
  const node = requireTensor('pdist', x);
  if (node.shape.length !== 2) throw new ShapeError(`pdist only supports 2D tensors, got: ${node.shape.length}D`);
  const order = typeof p === 'number' ? p : (p.p ?? 2);
  const [count, size] = node.shape as [number, number];
  const parts: Value[] = [];
  // Row i against all that follow it.
  for (let i = 0; i + 1 < count; i++)
    parts.push(b.sub(b.narrow(node, 0, i, 1), b.narrow(node, 0, i + 1, count - i - 1)));
  if (parts.length === 0) return wrap(b.reshape(b.narrow(b.reshape(node, [count * size]), 0, 0, 0), [0]));
  return wrap(normOver(b.concat(parts, 0), order, [1], false));
}
