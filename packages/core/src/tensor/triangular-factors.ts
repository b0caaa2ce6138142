import { DTypeError, ShapeError } from '../errors.ts';
import type { Node } from '../graph/node.ts';
import { recorder as b } from '../graph/node.ts';
import { broadcastShapes } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { choleskyFactor, identityLike, requireSquare } from './decomposition.ts';
import type { CheckOptions } from './equations.ts';
import { firstTrue, firstZero } from './equations.ts';
import type { NamedResults } from './named-results.ts';
import { namedResults } from './named-results.ts';
import { requireFloatingNode, requireOptions, requireTensor } from './operand.ts';
import { requireSameDType } from './product.ts';
import { substitute, substituteTransposed } from './substitution.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

export interface LuOptions {
  /** Rows are exchanged so that pivots are large. Default true. */
  pivot?: boolean;
}

/** The factors of P L U in one matrix, L without its ones, and with which row each row was exchanged, from 1 on. */
interface Packed {
  /** [..., m, n] */
  readonly factors: Value;
  /** [..., k], int32. */
  readonly pivots: Value;
}

function factorized(a: Value, pivot: boolean): Packed {
  const [m, n] = a.shape.slice(-2) as [number, number];
  const lead = a.shape.slice(0, -2);
  const axis = lead.length;
  const row = b.reshape(b.iota(m), [m, 1]);
  const column = b.iota(n);
  const k = Math.min(m, n);
  const [zero, one] = [b.like(a, 0), b.like(a, 1)];
  let rest = a;
  const pivots: Value[] = [];
  for (let i = 0; i < k; i++) {
    const position = b.scalar(i, 'int32');
    let own = b.narrow(rest, axis, i, 1);
    let chosen = b.full([...lead, 1, 1], i, 'int32');
    if (pivot && i < m - 1) {
      const candidates = b.select(b.lt(row, position), b.like(a, -1), b.abs(b.narrow(rest, axis + 1, i, 1)));
      chosen = b.reshape(b.argMax(candidates, axis), [...lead, 1, 1]);
      const isChosen = b.eq(row, chosen);
      const current = own;
      own = b.reduceSum(b.select(isChosen, rest, zero), [axis], true);
      rest = b.select(b.eq(row, position), own, b.select(isChosen, current, rest));
    }
    pivots.push(b.add(b.reshape(chosen, [...lead, 1]), b.scalar(1, 'int32')));
    if (i === m - 1) break;
    const first = b.narrow(own, axis + 1, i, 1);
    // A column of zeros has nothing to be removed.
    const factor = b.div(b.narrow(rest, axis + 1, i, 1), b.select(b.eq(first, zero), one, first));
    const isBelow = b.gt(row, position);
    const reduced = b.select(b.eq(column, position), factor, b.sub(rest, b.mul(factor, own)));
    rest = b.select(b.and(isBelow, b.ge(column, position)), reduced, rest);
  }
  return { factors: rest, pivots: k === 0 ? b.full([...lead, 0], 0, 'int32') : b.concat(pivots, axis) };
}

function requireRectangular(name: string, x: Tensor): Value {
  const a = requireFloatingNode(name, requireTensor(name, x));
  if (a.shape.length < 2)
    throw new ShapeError(
      `${name}: Expected tensor with 2 or more dimensions. Got size: [${a.shape.join(', ')}] instead`,
    );
  return a;
}

function pivotOf(name: string, options: boolean | LuOptions): boolean {
  if (typeof options === 'boolean') return options;
  requireOptions(name, options, ['pivot', 'checkErrors']);
  return options.pivot ?? true;
}

/** The diagonal of matrices [..., m, n]: [..., k]. */
function diagonalOf(a: Value): Value {
  const [m, n] = a.shape.slice(-2) as [number, number];
  const k = Math.min(m, n);
  const lead = a.shape.slice(0, -2);
  const square = b.slice(
    a,
    a.shape.map(() => 0),
    [...lead, k, k],
  );
  return b.reduceSum(b.select(b.eq(b.reshape(b.iota(k), [k, 1]), b.iota(k)), square, b.like(a, 0)), [lead.length]);
}

/** The diagonal of U in A = P L U [..., n], and the determinant of P, 1 or -1 [...], of square matrices. */
export function pivotsAndSign(a: Value): { diagonal: Value; sign: Value } {
  const n = a.shape.at(-1)!;
  const { factors, pivots } = factorized(a, true);
  const isKept = b.eq(pivots, b.add(b.iota(n), b.scalar(1, 'int32')));
  const signs = b.select(isKept, b.like(a, 1), b.like(a, -1));
  const sign = b.emit('reduceProd', [signs], { axes: [signs.shape.length - 1], keepDims: false });
  return { diagonal: diagonalOf(factors), sign };
}

/**
 * P with A = P L U, from the exchanges of rows: [..., m, m]. Row numbers are floats, which every engine can select and sum.
 */
function permutationOf(pivots: Value, m: number, like: Value): Value {
  const lead = pivots.shape.slice(0, -1);
  const axis = lead.length;
  const k = pivots.shape[axis]!;
  const index = b.iota(m);
  let order = b.broadcastTo(b.iota(m, like.dtype), [...lead, m]);
  for (let i = 0; i < k; i++) {
    const isChosen = b.eq(index, b.sub(b.narrow(pivots, axis, i, 1), b.scalar(1, 'int32')));
    const picked = b.reduceSum(b.select(isChosen, order, b.like(order, 0)), [axis], true);
    const current = b.narrow(order, axis, i, 1);
    order = b.select(b.eq(index, b.scalar(i, 'int32')), picked, b.select(isChosen, current, order));
  }
  const column = b.reshape(b.iota(m, like.dtype), [m, 1]);
  return b.mask(b.eq(column, b.reshape(order, [...lead, 1, m])), like.dtype);
}

/** L with its ones and U from the two in one matrix. */
function unpacked(factors: Value): { lower: Value; upper: Value } {
  const [m, n] = factors.shape.slice(-2) as [number, number];
  const axis = factors.shape.length - 2;
  const k = Math.min(m, n);
  const [row, column] = [b.reshape(b.iota(m), [m, 1]), b.iota(n)];
  const zero = b.like(factors, 0);
  const whole = b.select(b.eq(row, column), b.like(factors, 1), b.select(b.gt(row, column), factors, zero));
  return {
    lower: b.narrow(whole, axis + 1, 0, k),
    upper: b.narrow(b.select(b.le(row, column), factors, zero), axis, 0, k),
  };
}

/**
 * A = P L U with a permutation P [..., m, m], L [..., m, k] lower with ones on its diagonal and U [..., k, n] upper, k = min(m, n).
 * Without `pivot`, P is empty. For small matrices. (PyTorch: `torch.linalg.lu`)
 */
export function lu(
  x: Tensor,
  options: boolean | LuOptions = {},
): NamedResults<{ readonly P: Tensor; readonly L: Tensor; readonly U: Tensor }> {
  const a = requireRectangular('linalg.lu', x);
  const pivot = pivotOf('linalg.lu', options);
  const { factors, pivots } = factorized(a, pivot);
  const { lower, upper } = unpacked(factors);
  const permutation = pivot ? permutationOf(pivots, a.shape.at(-2)!, a) : b.full([0], 0, a.dtype);
  return namedResults({ P: wrap(permutation), L: wrap(lower), U: wrap(upper) });
}

/**
 * L and U of A = P L U in one matrix [..., m, n], without L's ones, and `pivots` [..., k]: with which row, from 1 on, each row was
 * exchanged. (PyTorch: `torch.linalg.lu_factor`)
 */
export function luFactor(
  x: Tensor,
  options: boolean | LuOptions = {},
): NamedResults<{ readonly LU: Tensor; readonly pivots: Tensor }> {
  const { factors, pivots } = factorized(
    requireRectangular('linalg.lu_factor', x),
    pivotOf('linalg.lu_factor', options),
  );
  return namedResults({ LU: wrap(factors), pivots: wrap(pivots) });
}

/** As `luFactor`, and `info`: the number, from 1 on, of the first pivot that is 0, or 0. (PyTorch: `torch.linalg.lu_factor_ex`) */
export function luFactorEx(
  x: Tensor,
  options: boolean | (LuOptions & CheckOptions) = {},
): NamedResults<{ readonly LU: Tensor; readonly pivots: Tensor; readonly info: Tensor }> {
  const { factors, pivots } = factorized(
    requireRectangular('linalg.lu_factor_ex', x),
    pivotOf('linalg.lu_factor_ex', options),
  );
  return namedResults({ LU: wrap(factors), pivots: wrap(pivots), info: wrap(firstZero(diagonalOf(factors))) });
}

function requirePivots(name: string, pivots: Tensor, factors: Value): Value {
  const node = requireTensor(name, pivots);
  if (node.dtype !== 'int32')
    throw new DTypeError(`${name}: pivots should be a Tensor of scalar type int32, got ${node.dtype}`);
  const k = Math.min(factors.shape.at(-2)!, factors.shape.at(-1)!);
  if (node.shape.at(-1) !== k)
    throw new ShapeError(`${name}: Number of pivots per batch should be same as the dimension of the matrix`);
  return node;
}

/** P, L and U from what `luFactor` gave; what is not wanted is empty. (PyTorch: `torch.lu_unpack`) */
export function luUnpack(
  x: Tensor,
  pivots: Tensor,
  { unpackData = true, unpackPivots = true }: { unpackData?: boolean; unpackPivots?: boolean } = {},
): NamedResults<{ readonly P: Tensor; readonly L: Tensor; readonly U: Tensor }> {
  const factors = requireRectangular('lu_unpack', x);
  const exchanges = requirePivots('lu_unpack', pivots, factors);
  const none = b.full([0], 0, factors.dtype);
  const { lower, upper } = unpackData ? unpacked(factors) : { lower: none, upper: none };
  const permutation = unpackPivots ? permutationOf(exchanges, factors.shape.at(-2)!, factors) : none;
  return namedResults({ P: wrap(permutation), L: wrap(lower), U: wrap(upper) });
}

export interface LuSolveOptions {
  /** A X = B; with false, X A = B. Default true. */
  left?: boolean;
  /** With the transpose of A in its place. Default false. */
  adjoint?: boolean;
}

/** X with A X = B, from what `luFactor(A)` gave. (PyTorch: `torch.linalg.lu_solve`) */
export function luSolve(LU: Tensor, pivots: Tensor, other: Tensor, options: LuSolveOptions = {}): Tensor {
  const name = 'linalg.lu_solve';
  requireOptions(name, options, ['left', 'adjoint']);
  const { left = true, adjoint = false } = options;
  const factors = requireSquare(name, LU);
  const exchanges = requirePivots(name, pivots, factors);
  const right = requireTensor(name, other);
  requireSameDType(name, factors, right);
  if (right.shape.length < 2) throw new ShapeError(`${name}: The input tensor B must have at least 2 dimensions.`);
  const n = factors.shape.at(-1)!;
  if (right.shape.at(left ? -2 : -1) !== n)
    throw new ShapeError(
      `${name}: Incompatible shapes of A and B for the equation ${left ? 'AX = B' : 'XA = B'} (${n}x${n} and ${right.shape.at(-2)}x${right.shape.at(-1)})`,
    );
  const batch = broadcastShapes(factors.shape.slice(0, -2), right.shape.slice(0, -2), name);
  const spread = b.broadcastTo(factors, [...batch, n, n]);
  const turned = left ? right : b.transpose(right);
  const target = b.broadcastTo(turned, [...batch, n, turned.shape.at(-1)!]);
  const permutation = permutationOf(exchanges, n, factors);
  // X A = B is A^T X^T = B^T.
  const solution =
    adjoint === left
      ? b.matmul(
          permutation,
          substituteTransposed(spread, substituteTransposed(spread, target, { upper: true }), {
            upper: false,
            unit: true,
          }),
        )
      : substitute(
          spread,
          substitute(spread, b.matmul(permutation, target, { transposeA: true }), { upper: false, unit: true }),
          { upper: true },
        );
  return wrap(left ? solution : b.transpose(solution));
}

export interface TriangleChoice {
  /** The upper triangle U of A = U^T U rather than the lower one. Default false. */
  upper?: boolean;
}

function isUpper(name: string, options: boolean | TriangleChoice, more: readonly string[] = []): boolean {
  if (typeof options === 'boolean') return options;
  requireOptions(name, options, ['upper', ...more]);
  return options.upper ?? false;
}

/** The lower triangle L of a symmetric positive definite matrix A = L L^T. For small matrices. (PyTorch: `torch.linalg.cholesky`) */
export function cholesky(x: Tensor, options: boolean | TriangleChoice = {}): Tensor {
  const factor = choleskyFactor(requireSquare('linalg.cholesky', x));
  return wrap(isUpper('linalg.cholesky', options) ? b.transpose(factor) : factor);
}

/**
 * As `cholesky`, and `info`: 0, or the order of the first leading minor that is not positive; from there on the factor is not
 * finite. (PyTorch: `torch.linalg.cholesky_ex`)
 */
export function choleskyEx(
  x: Tensor,
  options: TriangleChoice & CheckOptions = {},
): NamedResults<{ readonly L: Tensor; readonly info: Tensor }> {
  const factor = choleskyFactor(requireSquare('linalg.cholesky', x));
  const diagonal = diagonalOf(factor);
  const info = firstTrue(b.not(b.gt(diagonal, b.like(diagonal, 0))));
  const upper = isUpper('linalg.cholesky_ex', options, ['checkErrors']);
  return namedResults({ L: wrap(upper ? b.transpose(factor) : factor), info: wrap(info) });
}

/** A^-1 B for A = L L^T. */
function withoutGradient(factor: Value, right: Value, upper: boolean): Value {
  const [fixed, target] = [factor, right].map((value) => b.emit('stopGradient', [value], {})) as [Value, Value];
  const lower = upper ? b.transpose(fixed) : fixed;
  return substituteTransposed(lower, substitute(lower, target, { upper: false }), { upper: false });
}

/**
 * A^-1 B for A = L L^T, with PyTorch's gradient, in which L counts as a whole matrix: with X the result, dB = A^-1 dX and
 * dL = -(M + M^T) L, M = dB X^T.
 */
function solvedByFactor(factor: Value, right: Value, upper: boolean): Value {
  // It is not what is taken below: it is where the gradient goes on to both.
  const path = b.matmul(factor, right) as Node;
  path.rule = (builder, g, { inputs: [l, given] }) => {
    const dB = solvedByFactor(l!, g, upper);
    const m = builder.matmul(dB, solvedByFactor(l!, given!, upper), { transposeB: true });
    const both = builder.neg(builder.add(m, builder.transpose(m)));
    return [upper ? builder.matmul(l!, both) : builder.matmul(both, l!), dB];
  };
  const result = b.select(b.scalar(0, 'bool'), path, withoutGradient(factor, right, upper)) as Node;
  result.rule = (_builder, g) => [null, g, null];
  return result;
}

/** X with A X = x for A = L L^T, or U^T U if `upper`. (PyTorch: `torch.cholesky_solve`) */
export function choleskySolve(x: Tensor, L: Tensor, options: boolean | TriangleChoice = {}): Tensor {
  const name = 'cholesky_solve';
  const right = requireFloatingNode(name, requireTensor(name, x));
  if (right.shape.length < 2)
    throw new ShapeError(
      `${name}: b should have at least 2 dimensions, but has ${right.shape.length} dimensions instead`,
    );
  const factor = requireSquare(name, L);
  requireSameDType(name, factor, right);
  const n = factor.shape.at(-1)!;
  const [m, k] = right.shape.slice(-2) as [number, number];
  if (m !== n)
    throw new ShapeError(
      `Incompatible matrix sizes for cholesky_solve: each A matrix is ${n} by ${n} but each b matrix is ${m} by ${k}`,
    );
  const batch = broadcastShapes(factor.shape.slice(0, -2), right.shape.slice(0, -2), name);
  return wrap(
    solvedByFactor(
      b.broadcastTo(factor, [...batch, n, n]),
      b.broadcastTo(right, [...batch, n, k]),
      isUpper(name, options),
    ),
  );
}

/** The inverse of A = L L^T, or U^T U if `upper`. (PyTorch: `torch.cholesky_inverse`) */
export function choleskyInverse(x: Tensor, options: boolean | TriangleChoice = {}): Tensor {
  const factor = requireSquare('cholesky_inverse', x);
  return wrap(solvedByFactor(factor, identityLike(factor), isUpper('cholesky_inverse', options)));
}
