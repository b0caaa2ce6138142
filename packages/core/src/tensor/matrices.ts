import { recorder as b } from '../graph/node.ts';
import type { Value } from '../graph/value.ts';
import { requireSquare } from './decomposition.ts';
import { asVector } from './eigen.ts';
import { triangularSolution } from './equations.ts';
import * as factorization from './factorization.ts';
import type { NamedResults } from './named-results.ts';
import { namedResults } from './named-results.ts';
import { requireOptions, requireTensor } from './operand.ts';
import { pinv } from './pseudoinverse.ts';
import { householderProduct } from './reflections.ts';
import { requireMatrices, singularFactors } from './singular.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';
import * as triangular from './triangular-factors.ts';

// What PyTorch has as methods and at its top level beside `torch.linalg`, with the arguments and results that it has there.

export { matrixExp } from './factorization.ts';
export { geqrf, ormqr } from './reflections.ts';
export type { OrmqrOptions } from './reflections.ts';
export { cholesky, choleskyInverse, choleskySolve } from './triangular-factors.ts';

export interface ReducedOptions {
  /** Only as many columns as there are singular values. Default true. */
  some?: boolean;
}

/**
 * x = U diag(S) V^T: like `linalg.svd`, but with V itself. Without `computeUv`, U and V are zeros. (PyTorch: `torch.svd`)
 */
export function svd(
  x: Tensor,
  options: boolean | (ReducedOptions & { computeUv?: boolean }) = {},
  computeUv = true,
): NamedResults<{ readonly U: Tensor; readonly S: Tensor; readonly V: Tensor }> {
  const given = typeof options === 'boolean' ? { some: options, computeUv } : options;
  requireOptions('svd', given, ['some', 'computeUv']);
  const { some = true, computeUv: isComputed = true } = given;
  const { u, s, v } = singularFactors(requireMatrices('svd', x), !some || !isComputed);
  const result = (value: Value): Tensor => wrap(isComputed ? value : b.fullLike(value, 0));
  return namedResults({ U: result(u), S: wrap(asVector(s)), V: result(v) });
}

/** x = Q R: see `linalg.qr`. (PyTorch: `torch.qr`) */
export function qr(
  x: Tensor,
  options: boolean | ReducedOptions = {},
): NamedResults<{ readonly Q: Tensor; readonly R: Tensor }> {
  const given = typeof options === 'boolean' ? { some: options } : options;
  requireOptions('qr', given, ['some']);
  return factorization.qr(x, (given.some ?? true) ? 'reduced' : 'complete');
}

/** The pseudoinverse, in which singular values up to `rcond` times the largest count as 0. (PyTorch: `torch.pinverse`) */
export function pinverse(x: Tensor, rcond: number | { rcond?: number } = 1e-15): Tensor {
  return pinv(x, { rtol: (typeof rcond === 'object' ? rcond.rcond : rcond) ?? 1e-15 });
}

/** As `linalg.luFactor`, with `getInfos` as `linalg.luFactorEx`. (PyTorch: `torch.lu`) */
export function lu(
  x: Tensor,
  options: boolean | { pivot?: boolean; getInfos?: boolean } = {},
  getInfos = false,
): NamedResults<{ readonly LU: Tensor; readonly pivots: Tensor; readonly info?: Tensor }> {
  const given = typeof options === 'boolean' ? { pivot: options, getInfos } : options;
  requireOptions('lu', given, ['pivot', 'getInfos']);
  const pivot = given.pivot ?? true;
  return given.getInfos ? triangular.luFactorEx(x, { pivot }) : triangular.luFactor(x, { pivot });
}

/** X with A X = x, from what `linalg.luFactor(A)` gave. (PyTorch: `torch.lu_solve`) */
export function luSolve(x: Tensor, LU: Tensor, pivots: Tensor): Tensor {
  return triangular.luSolve(LU, pivots, x);
}

/** As `linalg.householderProduct`. (PyTorch: `torch.orgqr`) */
export function orgqr(x: Tensor, tau: Tensor): Tensor {
  return householderProduct(x, tau);
}

export interface TriangularSolveOptions {
  /** Default true. */
  upper?: boolean;
  /** Solves with the transpose of A. Default false. */
  transpose?: boolean;
  /** The diagonal of A counts as ones. Default false. */
  unitriangular?: boolean;
}

/** X with A X = x for a triangular A, and A: see `linalg.solveTriangular`. (PyTorch: `torch.triangular_solve`) */
export function triangularSolve(
  x: Tensor,
  A: Tensor,
  options: boolean | TriangularSolveOptions = {},
): NamedResults<{ readonly solution: Tensor; readonly clonedCoefficient: Tensor }> {
  const given = typeof options === 'boolean' ? { upper: options } : options;
  requireOptions('triangular_solve', given, ['upper', 'transpose', 'unitriangular']);
  const { upper = true, transpose = false, unitriangular = false } = given;
  const a = requireSquare('triangular_solve', A);
  const solution = triangularSolution(
    'triangular_solve',
    transpose ? b.transpose(a) : a,
    requireTensor('triangular_solve', x),
    {
      upper: upper !== transpose,
      unit: unitriangular,
      left: true,
    },
  );
  return namedResults({
    solution: wrap(solution),
    clonedCoefficient: wrap(b.emit('reshape', [a], { shape: a.shape })),
  });
}
