import { ShapeError } from '../errors.ts';
import { recorder as b } from '../graph/node.ts';
import type { Shape } from '../graph/shape.ts';
import { broadcastShapes, normalizeDim, sizeOf } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import type { Elimination } from './decomposition.ts';
import { eliminate, identityLike, requireSquare } from './decomposition.ts';
import type { NamedResults } from './named-results.ts';
import { namedResults } from './named-results.ts';
import { requireFloatingNode, requireOptions, requireTensor } from './operand.ts';
import { requireSameDType } from './product.ts';
import { substitute } from './substitution.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

/** The inverse of a square matrix, or of each of a batch; not finite where there is none. For small matrices. (PyTorch: `torch.linalg.inv`) */
export function inv(x: Tensor): Tensor {
  const a = requireSquare('linalg.inv', x);
  return wrap(eliminate(a, identityLike(a)).solution);
}

/** 1 + the index of the first pivot that is 0, or 0 if there is none: int32 [...]. */
export function firstZero(pivots: Value): Value {
  return firstTrue(b.eq(pivots, b.like(pivots, 0)));
}

/** 1 + the index of the first true along the last axis, or 0 if there is none: int32. */
export function firstTrue(flags: Value): Value {
  const axis = flags.shape.length - 1;
  if (flags.shape[axis] === 0) return b.full(flags.shape.slice(0, -1), 0, 'int32');
  const numbers = b.mask(flags, 'float32');
  const first = b.add(b.argMax(numbers, axis), b.scalar(1, 'int32'));
  const isAny = b.gt(b.reduceMax(numbers, [axis]), b.scalar(0));
  return b.select(isAny, first, b.scalar(0, 'int32'));
}

export interface CheckOptions {
  /** Taken for PyTorch's sake: values are not known at the call, so that nothing can be thrown. Default false. */
  checkErrors?: boolean;
}

/** The inverse, and `info`: 0, or 1 + the number of steps that succeeded. (PyTorch: `torch.linalg.inv_ex`) */
export function invEx(
  x: Tensor,
  options: CheckOptions = {},
): NamedResults<{ readonly inverse: Tensor; readonly info: Tensor }> {
  const a = requireSquare('linalg.inv', x);
  requireOptions('linalg.inv_ex', options, ['checkErrors']);
  const { solution, pivots } = eliminate(a, identityLike(a));
  return namedResults({ inverse: wrap(solution), info: wrap(firstZero(pivots)) });
}

export interface SolveOptions {
  /** A X = B; with false, X A = B. Default true. */
  left?: boolean;
}

function solved(name: string, x: Tensor, other: Tensor, left: boolean): Elimination {
  const given = requireSquare(name, x);
  const right = requireTensor(name, other);
  requireSameDType(name, given, right);
  const n = given.shape.at(-1)!;
  const lead = given.shape.slice(0, -2);
  // As in PyTorch, B holds vectors if it is one, or if it has the shape of A without its last dimension.
  const isVector =
    right.shape.length === 1 ||
    (right.shape.length === given.shape.length - 1 && right.shape.every((extent, i) => extent === given.shape[i]));
  const matrix = isVector ? b.reshape(right, [...right.shape, 1]) : right;
  const isTurned = !left && !isVector;
  const [rows, columns] = [matrix.shape.at(-2), matrix.shape.at(-1)];
  if (matrix.shape.length < 2 || (isTurned ? columns : rows) !== n)
    throw new ShapeError(
      `${name}: Incompatible shapes of A and B for the equation ${left ? 'AX = B' : 'XA = B'} (${n}x${n} and ${rows ?? 1}x${columns ?? 1})`,
    );
  const a = left ? given : b.transpose(given);
  const target = isTurned ? b.transpose(matrix) : matrix;
  const batch = broadcastShapes(lead, target.shape.slice(0, -2), name);
  const found = eliminate(
    b.broadcastTo(a, [...batch, n, n]),
    b.broadcastTo(target, [...batch, n, target.shape.at(-1)!]),
  );
  const { solution } = found;
  if (isVector) return { ...found, solution: b.reshape(solution, solution.shape.slice(0, -1)) };
  return isTurned ? { ...found, solution: b.transpose(solution) } : found;
}

/**
 * X with A X = B (or X A = B if `left` is false); A [..., n, n], B [..., n, k] or [..., n]. For small matrices.
 * (PyTorch: `torch.linalg.solve`)
 */
export function solve(x: Tensor, other: Tensor, options: SolveOptions = {}): Tensor {
  requireOptions('linalg.solve', options, ['left']);
  return wrap(solved('linalg.solve', x, other, options.left ?? true).solution);
}

/** The solution, and `info`: 0, or 1 + the number of steps that succeeded. (PyTorch: `torch.linalg.solve_ex`) */
export function solveEx(
  x: Tensor,
  other: Tensor,
  options: SolveOptions & CheckOptions = {},
): NamedResults<{ readonly result: Tensor; readonly info: Tensor }> {
  requireOptions('linalg.solve_ex', options, ['left', 'checkErrors']);
  const { solution, pivots } = solved('linalg.solve', x, other, options.left ?? true);
  return namedResults({ result: wrap(solution), info: wrap(firstZero(pivots)) });
}

export interface SolveTriangularOptions extends SolveOptions {
  /** Whether A is an upper triangle; the other one is not looked at. */
  upper: boolean;
  /** The diagonal of A counts as ones. Default false. */
  unitriangular?: boolean;
}

/** X with A X = B for a triangular A, whose other half is not looked at. For small matrices. (PyTorch: `torch.linalg.solve_triangular`) */
export function solveTriangular(x: Tensor, other: Tensor, options: SolveTriangularOptions): Tensor {
  const name = 'linalg.solve_triangular';
  const a = requireSquare(name, x);
  requireOptions(name, options, ['upper', 'left', 'unitriangular']);
  if (typeof options.upper !== 'boolean')
    throw new TypeError("solve_triangular(): missing required keyword-only argument 'upper'");
  return wrap(
    triangularSolution(name, a, requireTensor(name, other), {
      upper: options.upper,
      unit: options.unitriangular ?? false,
      left: options.left ?? true,
    }),
  );
}

/** T^-1 B, or B T^-1, with broadcasting over the leading axes. */
export function triangularSolution(
  name: string,
  a: Value,
  right: Value,
  { upper, unit, left }: { upper: boolean; unit: boolean; left: boolean },
): Value {
  requireSameDType(name, a, right);
  const n = a.shape.at(-1)!;
  if (right.shape.length < 2) throw new ShapeError(`${name}: The input tensor B must have at least 2 dimensions.`);
  if (right.shape.at(left ? -2 : -1) !== n)
    throw new ShapeError(
      `${name}: Incompatible shapes of A and B for the equation ${left ? 'AX = B' : 'XA = B'} (${n}x${n} and ${right.shape.at(-2)}x${right.shape.at(-1)})`,
    );
  const batch = broadcastShapes(a.shape.slice(0, -2), right.shape.slice(0, -2), name);
  const triangle = left ? a : b.transpose(a);
  const target = left ? right : b.transpose(right);
  const solution = substitute(
    b.broadcastTo(triangle, [...batch, n, n]),
    b.broadcastTo(target, [...batch, n, target.shape.at(-1)!]),
    { upper: upper === left, unit },
  );
  return left ? solution : b.transpose(solution);
}

/** The tensor of which `tensordot(tensorinv(x), x)` over the first `ind` dimensions of x is the identity. (PyTorch: `torch.linalg.tensorinv`) */
export function tensorinv(x: Tensor, ind: number | { ind?: number } = 2): Tensor {
  const node = requireFloatingNode('linalg.tensorinv', requireTensor('linalg.tensorinv', x));
  const count = (typeof ind === 'object' ? ind.ind : ind) ?? 2;
  if (!Number.isInteger(count) || count <= 0)
    throw new ShapeError(`Expected a strictly positive integer for 'ind', but got ${count}`);
  const [first, last] = [node.shape.slice(0, count), node.shape.slice(count)];
  const [rows, columns] = [sizeOf(first), sizeOf(last)];
  if (rows !== columns)
    throw new ShapeError(
      `Expected self to satisfy the requirement prod(self.shape[ind:]) == prod(self.shape[:ind]), but got ${columns} != ${rows}`,
    );
  const a = b.reshape(node, [rows, rows]);
  return wrap(b.reshape(eliminate(a, identityLike(a)).solution, [...last, ...first]));
}

/**
 * X with `tensordot(A, X, X.ndim)` = B. `dims` of A are moved to its end first. (PyTorch: `torch.linalg.tensorsolve`)
 */
export function tensorsolve(
  x: Tensor,
  other: Tensor,
  dims: readonly number[] | null | { dims?: readonly number[] | null } = null,
): Tensor {
  const node = requireFloatingNode('linalg.tensorsolve', requireTensor('linalg.tensorsolve', x));
  const right = requireTensor('linalg.tensorsolve', other);
  requireSameDType('linalg.tensorsolve', node, right);
  const given = dims === null || isList(dims) ? dims : (dims.dims ?? null);
  const moved = (given ?? []).map((dim) => normalizeDim(dim, node.shape.length, 'tensorsolve'));
  const kept = node.shape.map((_, i) => i).filter((i) => !moved.includes(i));
  const a = b.permute(node, [...kept, ...moved]);
  const last: Shape = a.shape.slice(right.shape.length);
  const [rows, columns] = [sizeOf(a.shape.slice(0, right.shape.length)), sizeOf(last)];
  if (rows !== columns)
    throw new ShapeError(
      `Expected self to satisfy the requirement prod(self.shape[other.ndim:]) == prod(self.shape[:other.ndim]), but got ${columns} != ${rows}`,
    );
  const { solution } = eliminate(b.reshape(a, [rows, rows]), b.reshape(right, [rows, 1]));
  return wrap(b.reshape(solution, last));
}

function isList(x: unknown): x is readonly number[] {
  return Array.isArray(x);
}
