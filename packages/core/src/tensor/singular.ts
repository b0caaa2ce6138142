import { ShapeError } from '../errors.ts';
import { recorder as b } from '../graph/node.ts';
import type { Value } from '../graph/value.ts';
import { asVector } from './eigen.ts';
import { orthogonalFactors } from './factorization.ts';
import type { NamedResults } from './named-results.ts';
import { namedResults } from './named-results.ts';
import { requireFloatingNode, requireOptions, requireTensor } from './operand.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

export interface SvdOptions {
  /** U [..., m, m] and Vh [..., n, n] rather than [..., m, k] and [..., k, n]. Default true. */
  fullMatrices?: boolean;
  /** There is one method: null. */
  driver?: null;
}

function refuseDriver({ driver }: { readonly driver?: unknown }): void {
  if (driver !== undefined && driver !== null)
    throw new TypeError(
      'torch.linalg.svd: keyword argument `driver=` is only supported on CUDA inputs with cuSOLVER backend.',
    );
}

/** The value of a batch [..., m, n] of matrices. */
export function requireMatrices(name: string, x: Tensor): Value {
  const node = requireFloatingNode(name, requireTensor(name, x));
  if (node.shape.length < 2) throw new ShapeError(`${name}: The input tensor A must have at least 2 dimensions.`);
  return node;
}

export interface SingularFactors {
  /** [..., m, k], or [..., m, m] if they are completed. */
  readonly u: Value;
  /** [..., 1, k], falling. */
  readonly s: Value;
  /** [..., n, k], or [..., n, n]. */
  readonly v: Value;
}

/** The factors of A = U diag(s) V^T. */
export function singularFactors(a: Value, isFull = false): SingularFactors {
  const [m, n] = a.shape.slice(-2) as [number, number];
  const axis = a.shape.length - 2;
  const triples = b.emit('svd', [a], {});
  const [u, v] = [b.narrow(triples, axis, 1, m), b.narrow(triples, axis, 1 + m, n)];
  return {
    s: b.narrow(triples, axis, 0, 1),
    u: isFull ? completed(u) : u,
    v: isFull ? completed(v) : v,
  };
}

/** The singular values [..., k] of matrices, in falling order. */
export function singularValues(a: Value): Value {
  return asVector(singularFactors(a).s);
}

/** Orthonormal columns [..., m, k] with others after them, up to a square matrix; the others have no gradient. */
function completed(columns: Value): Value {
  const [m, k] = columns.shape.slice(-2) as [number, number];
  if (m === k) return columns;
  const axis = columns.shape.length - 1;
  const { q } = orthogonalFactors(b.emit('stopGradient', [columns], {}), true);
  return b.concat([columns, b.narrow(q, axis, k, m - k)], axis);
}

/**
 * A = U diag(S) Vh for A [..., m, n] with k = min(m, n): U [..., m, m] and Vh [..., n, n] orthogonal, S [..., k] >= 0 in falling order. The
 * signs of the vectors, which PyTorch leaves open, are LAPACK's up to k = 2; beyond, the largest entry of each column of U is positive. By Jacobi's method, in a fixed number of steps; for small matrices. Gradients of functions of U and Vh exist where
 * the singular values differ. (PyTorch: `torch.linalg.svd`)
 */
export function svd(
  x: Tensor,
  options: boolean | SvdOptions = {},
): NamedResults<{ readonly U: Tensor; readonly S: Tensor; readonly Vh: Tensor }> {
  const given = typeof options === 'boolean' ? { fullMatrices: options } : options;
  requireOptions('linalg.svd', given, ['fullMatrices', 'driver']);
  refuseDriver(given);
  const { u, s, v } = singularFactors(requireMatrices('linalg.svd', x), given.fullMatrices ?? true);
  return namedResults({ U: wrap(u), S: wrap(asVector(s)), Vh: wrap(b.transpose(v)) });
}

/** The singular values of matrices, in falling order: [..., k], k = min(m, n). (PyTorch: `torch.linalg.svdvals`) */
export function svdvals(x: Tensor, options: Pick<SvdOptions, 'driver'> = {}): Tensor {
  requireOptions('linalg.svdvals', options, ['driver']);
  refuseDriver(options);
  return wrap(singularValues(requireMatrices('linalg.svdvals', x)));
}

/** Sum, largest or smallest of the singular values of the matrices in two axes. */
export function spectralNorm(node: Value, order: 'nuc' | 2 | -2, row: number, column: number, keepdim: boolean): Value {
  const others = node.shape.map((_, i) => i).filter((i) => i !== row && i !== column);
  const s = singularValues(b.permute(node, [...others, row, column]));
  const last = [s.shape.length - 1];
  if (order !== 'nuc' && s.shape.at(-1) === 0)
    throw new ShapeError(
      `linalg.matrix_norm: cannot compute the norm of order ${order} of matrices without elements: [${node.shape.join(', ')}]`,
    );
  const found = order === 'nuc' ? b.reduceSum(s, last) : order === 2 ? b.reduceMax(s, last) : b.reduceMin(s, last);
  return keepdim ? b.restoreAxes(found, node.shape, [row, column]) : found;
}
