import { ShapeError } from '../errors.ts';
import { recorder as b } from '../graph/node.ts';
import { scoped } from '../graph/scope.ts';
import { normalizeDim, normalizeDims, sizeOf } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { eliminate, identityLike, requireSquare } from './decomposition.ts';
import { requireFloatingNode, requireOptions, requireTensor } from './operand.ts';
import type { Dims, DTypeOptions, KeepdimOptions } from './reduction-options.ts';
import { requireMatrices, singularValues, spectralNorm } from './singular.ts';
import { normOver } from './statistics.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

/** A number, infinities included; for matrices also `'fro'` and `'nuc'`. */
export type NormOrder = number | 'fro' | 'nuc' | 'inf' | '-inf';

export interface LinalgNormOptions extends KeepdimOptions, DTypeOptions {
  /** Which norm. Default 2 (of matrices: `'fro'`). */
  ord?: NormOrder | null;
  /** Default: all dimensions (of `matrixNorm`: the last two). */
  dim?: Dims;
}

type Given = NormOrder | null | undefined | LinalgNormOptions;

type Rest = Dims | LinalgNormOptions;

/** `(ord, dim, keepdim)`, `(ord, { dim, keepdim })` or `({ ord, dim, keepdim })`. */
function optionsOf(name: string, order: Given, dim: Rest | undefined, keepdim: boolean | undefined): LinalgNormOptions {
  const rest =
    typeof dim === 'object' && dim !== null && !Array.isArray(dim)
      ? (dim as LinalgNormOptions)
      : { dim: (dim ?? null) as Dims, keepdim: keepdim ?? false };
  const all =
    typeof order === 'object' && order !== null ? order : { ...(order === undefined ? {} : { ord: order }), ...rest };
  requireOptions(name, all, ['ord', 'dim', 'keepdim', 'dtype']);
  return all;
}

function numberOf(name: string, order: NormOrder): number {
  if (order === 'inf') return Number.POSITIVE_INFINITY;
  if (order === '-inf') return Number.NEGATIVE_INFINITY;
  if (typeof order === 'number') return order;
  throw new TypeError(`${name}: unknown order '${order as string}'`);
}

function floating(name: string, x: Tensor, dtype: LinalgNormOptions['dtype']): Value {
  const node = requireTensor(name, x);
  return dtype ? b.cast(node, dtype) : requireFloatingNode(name, node);
}

/** (sum |x|^ord)^(1/ord) over dimensions, all of them by default. (PyTorch: `torch.linalg.vector_norm`) */
export function vectorNorm(x: Tensor, ord?: NormOrder | LinalgNormOptions, dim?: Rest, keepdim?: boolean): Tensor {
  const given = optionsOf('vectorNorm', ord, dim, keepdim);
  const node = floating('linalg.vector_norm', x, given.dtype);
  return wrap(
    normOver(
      node,
      numberOf('linalg.vector_norm', given.ord ?? 2),
      normalizeDims(given.dim, node.shape.length, 'vectorNorm'),
      given.keepdim ?? false,
    ),
  );
}

/**
 * Norms of matrices in two dimensions, the last two by default: `'fro'` (root of the sum of squares), 1 and -1 (largest and
 * smallest sum of a column's magnitudes), infinity and -infinity (of a row's), 2 and -2 (largest and smallest singular value),
 * `'nuc'` (their sum). (PyTorch: `torch.linalg.matrix_norm`)
 */
export function matrixNorm(x: Tensor, ord?: NormOrder | LinalgNormOptions, dim?: Rest, keepdim?: boolean): Tensor {
  const given = optionsOf('matrixNorm', ord, dim, keepdim);
  const node = floating('linalg.matrix_norm', x, given.dtype);
  const rank = node.shape.length;
  const dims = given.dim ?? [-2, -1];
  if (rank < 2) throw new ShapeError('linalg.matrix_norm: The input tensor A must have at least 2 dimensions.');
  if (!Array.isArray(dims) || dims.length !== 2) throw new ShapeError('linalg.matrix_norm: dim must be a 2-tuple.');
  const [row, column] = dims.map((dim) => normalizeDim(dim, rank, 'matrixNorm')) as [number, number];
  if (row === column) throw new ShapeError(`linalg.matrix_norm: dims must be different. Got (${dims.join(', ')})`);
  const keeps = given.keepdim ?? false;
  const both = [row, column].sort((p, q) => p - q);
  const order = given.ord ?? 'fro';
  if (order === 'fro') return wrap(normOver(node, 2, both, keeps));
  if (order === 'nuc' || order === 2 || order === -2) return wrap(spectralNorm(node, order, row, column, keeps));
  const p = order === 'inf' ? Infinity : order === '-inf' ? -Infinity : order;
  if (typeof p !== 'number' || (Math.abs(p) !== 1 && Number.isFinite(p)))
    throw new ShapeError(
      `linalg.matrix_norm: Order ${String(p)} not supported. There are 'fro', 'nuc', 1, -1, 2, -2, Infinity and -Infinity.`,
    );
  const [summed, compared] = Number.isFinite(p) ? [row, column] : [column, row];
  const sums = b.reduceSum(b.abs(node), [summed], true);
  const extreme = p > 0 ? b.reduceMax(sums, [compared], true) : b.reduceMin(sums, [compared], true);
  return wrap(
    keeps
      ? extreme
      : b.reshape(
          extreme,
          extreme.shape.filter((_, i) => !both.includes(i)),
        ),
  );
}

/**
 * A vector norm, or a matrix norm where `ord` is given and `dim` names two dimensions (or x has two). Without `ord`: the
 * root of the sum of squares. (PyTorch: `torch.linalg.norm`)
 */
export function norm(x: Tensor, ord?: NormOrder | null | LinalgNormOptions, dim?: Rest, keepdim?: boolean): Tensor {
  const given = optionsOf('norm', ord, dim, keepdim);
  const { shape } = requireTensor('norm', x);
  const { ord: order = null, ...rest } = given;
  if (order === null) return vectorNorm(x, { ...rest, ord: 2 });
  const dims = given.dim ?? null;
  if (dims === null && shape.length > 2)
    throw new ShapeError(
      'linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got ' + shape.length + 'D.',
    );
  const isMatrix = dims === null ? shape.length === 2 : Array.isArray(dims) && dims.length === 2;
  return isMatrix ? matrixNorm(x, { ...rest, ord: order }) : vectorNorm(x, { ...rest, ord: order });
}

/**
 * How much solving with the matrices can magnify errors: the ratio of the largest to the smallest singular value (without `p` or
 * with 2; the inverse of it with -2), or |A| |A^-1| in the matrix norm `p`, infinite where there is no inverse.
 * (PyTorch: `torch.linalg.cond`)
 */
export function cond(x: Tensor, p?: NormOrder | null | { p?: NormOrder | null }): Tensor {
  const given = typeof p === 'object' && p !== null ? p : { p: p ?? null };
  requireOptions('cond', given, ['p']);
  const order = given.p ?? null;
  if (requireTensor('linalg.cond', x).shape.length < 2)
    throw new ShapeError('linalg.cond: The input tensor must have at least 2 dimensions.');
  const known = [null, 'fro', 'nuc', 'inf', '-inf', 1, -1, 2, -2, Infinity, -Infinity];
  if (!known.includes(order)) throw new TypeError(`linalg.cond got an invalid norm type: ${String(order)}`);
  const a = requireMatrices('linalg.cond', x);
  if (order === null || order === 2 || order === -2) {
    if (sizeOf(a.shape) === 0) return wrap(b.full(a.shape.slice(0, -2), 0, a.dtype));
    const s = singularValues(a);
    const ends = [b.reduceMax(s, [s.shape.length - 1]), b.reduceMin(s, [s.shape.length - 1])] as const;
    return wrap(order === -2 ? b.div(ends[1], ends[0]) : b.div(ends[0], ends[1]));
  }
  requireSquare(`linalg.cond(ord=${order})`, x);
  if (sizeOf(a.shape) === 0) return wrap(b.full(a.shape.slice(0, -2), 0, a.dtype));
  const { solution, pivots } = eliminate(a, identityLike(a));
  const isSingular = b.eq(b.reduceMin(b.abs(pivots), [pivots.shape.length - 1]), b.like(a, 0));
  const product = scoped(() => b.mul(matrixNorm(wrap(a), order).node, matrixNorm(wrap(solution), order).node));
  return wrap(b.select(isSingular, b.like(a, Infinity), product));
}
