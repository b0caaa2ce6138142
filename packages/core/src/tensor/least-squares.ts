import { DTypeError, ShapeError } from '../errors.ts';
import { recorder as b } from '../graph/node.ts';
import { broadcastShapes, sizeOf } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import type { NamedResults } from './named-results.ts';
import { namedResults } from './named-results.ts';
import { requireOptions, requireTensor } from './operand.ts';
import { pinvOf, rankOf } from './pseudoinverse.ts';
import { requireMatrices, singularValues } from './singular.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

/** LAPACK's names: what is computed beside the solution depends on them, the method does not. */
export type LeastSquaresDriver = 'gels' | 'gelsy' | 'gelsd' | 'gelss';

export interface LstsqOptions {
  /** Singular values up to this fraction of the largest count as 0. Default: max(m, n) times the dtype's epsilon. */
  rcond?: number | null;
  /** Default `'gelsy'`. */
  driver?: LeastSquaresDriver | null;
}

/**
 * X that minimises |A X - B|, the shortest one where there are several; A [..., m, n], B [..., m, k] or [..., m]. For small
 * matrices. `residuals` (sums of squares; with `'gelsd'`, `'gelss'` and `'gels'` where m > n), `rank` (not with `'gels'`) and
 * `singularValues` (with `'gelsd'` and `'gelss'`) are empty where they are not computed. Unlike PyTorch's, the shape of `residuals`
 * does not depend on the rank, which is not known at the call. (PyTorch: `torch.linalg.lstsq`)
 */
export function lstsq(
  x: Tensor,
  other: Tensor,
  rcond?: number | null | LstsqOptions,
  options: LstsqOptions = {},
): NamedResults<{
  readonly solution: Tensor;
  readonly residuals: Tensor;
  readonly rank: Tensor;
  readonly singularValues: Tensor;
}> {
  const name = 'torch.linalg.lstsq';
  const given =
    typeof rcond === 'object' && rcond !== null ? rcond : { ...options, rcond: rcond ?? options.rcond ?? null };
  requireOptions('lstsq', given, ['rcond', 'driver']);
  const driver = given.driver ?? 'gelsy';
  if (!['gels', 'gelsy', 'gelsd', 'gelss'].includes(driver))
    throw new TypeError(`${name}: parameter \`driver\` should be one of (gels, gelsy, gelsd, gelss)`);
  const a = requireMatrices(name, x);
  const right = requireTensor(name, other);
  if (right.shape.length < 1) throw new ShapeError(`${name}: other must have at least 1 dimension.`);
  const surplus = a.shape.length - right.shape.length;
  if (surplus < 0 || surplus > 1)
    throw new ShapeError(
      `${name}: input.dim() must be greater or equal to other.dim() and (input.dim() - other.dim()) <= 1`,
    );
  if (a.dtype !== right.dtype)
    throw new DTypeError(
      `${name}: Expected input and other to have the same dtype, but got input's dtype ${a.dtype} and other's dtype ${right.dtype}`,
    );
  const [m, n] = a.shape.slice(-2) as [number, number];
  const isVector = right.shape.length === a.shape.length - 1 && right.shape.every((extent, i) => extent === a.shape[i]);
  const matrix = isVector ? b.reshape(right, [...right.shape, 1]) : right;
  if (matrix.shape.length < 2 || matrix.shape.at(-2) !== m)
    throw new ShapeError(`${name}: input.size(-2) should match other.size(-2)`);
  const batch = broadcastShapes(a.shape.slice(0, -2), matrix.shape.slice(0, -2), name);
  const k = matrix.shape.at(-1)!;
  const inverse = pinvOf(name, a, { rtol: given.rcond ?? null });
  const target = b.broadcastTo(matrix, [...batch, m, k]);
  const solution = b.matmul(b.broadcastTo(inverse, [...batch, n, m]), target);
  const fixed = b.emit('stopGradient', [a], {});
  const hasValues = driver === 'gelsd' || driver === 'gelss';
  const none = b.full([0], 0, a.dtype);
  let residuals: Value;
  if (driver !== 'gelsy' && m > n) {
    const difference = b.sub(b.matmul(a, solution), target);
    residuals = b.reduceSum(b.mul(difference, difference), [batch.length]);
  } else residuals = b.narrow(b.reshape(solution, [sizeOf(solution.shape)]), 0, 0, 0);
  return namedResults({
    solution: wrap(isVector ? b.reshape(solution, solution.shape.slice(0, -1)) : solution),
    residuals: wrap(residuals),
    rank: wrap(driver === 'gels' ? b.full([0], 0, 'int32') : rankOf(name, fixed, { rtol: given.rcond ?? null })),
    singularValues: wrap(hasValues ? singularValues(fixed) : none),
  });
}
