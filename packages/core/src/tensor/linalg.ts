import { ShapeError } from '../errors.ts';
import { recorder as b } from '../graph/node.ts';
import { normalizeDim } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { requireSquare } from './decomposition.ts';
import { cross as crossProduct } from './linear.ts';
import type { CrossOptions } from './linear.ts';
import type { NamedResults } from './named-results.ts';
import { namedResults } from './named-results.ts';
import { requireTensor } from './operand.ts';
import { generalProduct } from './product.ts';
import { requireTensors } from './tensor-list.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';
import { diagonal as tensorDiagonal } from './triangle.ts';
import { pivotsAndSign } from './triangular-factors.ts';

export { matmul, matrixPower } from './linear.ts';
export { eig, eigh, eigvals, eigvalsh } from './eigen.ts';
export type { EighOptions, Triangle } from './eigen.ts';
export { inv, invEx, solve, solveEx, solveTriangular, tensorinv, tensorsolve } from './equations.ts';
export type { CheckOptions, SolveOptions, SolveTriangularOptions } from './equations.ts';
export { matrixExp, qr } from './factorization.ts';
export type { QrOptions } from './factorization.ts';
export { lstsq } from './least-squares.ts';
export type { LeastSquaresDriver, LstsqOptions } from './least-squares.ts';
export { cond, matrixNorm, norm, vectorNorm } from './matrix-norms.ts';
export type { LinalgNormOptions, NormOrder } from './matrix-norms.ts';
export type { NamedResults } from './named-results.ts';
export { matrixRank, pinv } from './pseudoinverse.ts';
export type { ToleranceOptions } from './pseudoinverse.ts';
export { householderProduct } from './reflections.ts';
export { svd, svdvals } from './singular.ts';
export type { SvdOptions } from './singular.ts';
export { cholesky, choleskyEx, lu, luFactor, luFactorEx, luSolve } from './triangular-factors.ts';
export type { LuOptions, LuSolveOptions, TriangleChoice } from './triangular-factors.ts';
export { vander } from './vandermonde.ts';

/** The cross product along a dimension of size 3, the last one by default. (PyTorch: `torch.linalg.cross`) */
export function cross(x: Tensor, other: Tensor, options: CrossOptions = {}): Tensor {
  return crossProduct(x, other, options.dim ?? -1);
}

/** Sums of the products along a dimension, the last one by default. (PyTorch: `torch.linalg.vecdot`) */
export function vecdot(x: Tensor, other: Tensor, { dim = -1 }: { dim?: number } = {}): Tensor {
  const product = b.mul(requireTensor('vecdot', x), requireTensor('vecdot', other));
  return wrap(b.reduceSum(product, [normalizeDim(dim, product.shape.length, 'vecdot')]));
}

/**
 * The product of several matrices in the order that takes the fewest multiplications; the first and the last may be
 * vectors. (PyTorch: `torch.linalg.multi_dot`)
 */
export function multiDot(tensors: readonly Tensor[]): Tensor {
  const nodes = requireTensors('multiDot', tensors);
  if (nodes.length < 2) throw new ShapeError(`multi_dot(): expected at least 2 tensors but got ${nodes.length}`);
  for (const [i, { shape }] of nodes.entries())
    if (shape.length !== 2 && (shape.length !== 1 || (i > 0 && i < nodes.length - 1)))
      throw new ShapeError(
        `multi_dot(): ${i === 0 || i === nodes.length - 1 ? `the ${i === 0 ? 'first' : 'last'} tensor must be 1D or 2D` : `tensor ${i} must be 2D`} but got ${shape.length}D`,
      );
  const first = nodes[0]!;
  const last = nodes.at(-1)!;
  const matrices: Value[] = [...nodes];
  if (first.shape.length === 1) matrices[0] = b.reshape(first, [1, first.shape[0]!]);
  if (last.shape.length === 1) matrices[matrices.length - 1] = b.reshape(last, [last.shape[0]!, 1]);
  const product = cheapest(matrices);
  const shape = [
    ...(first.shape.length === 1 ? [] : [product.shape[0]!]),
    ...(last.shape.length === 1 ? [] : [product.shape[1]!]),
  ];
  return wrap(b.reshape(product, shape));
}

/** The classic dynamic program over where the outermost product splits the chain. */
function cheapest(matrices: readonly Value[]): Value {
  const sizes = [matrices[0]!.shape[0]!, ...matrices.map(({ shape }) => shape[1]!)];
  const best = new Map<string, { cost: number; at: number }>();
  const key = (i: number, j: number): string => `${i},${j}`;
  const cost = (i: number, j: number): number => (i === j ? 0 : best.get(key(i, j))!.cost);
  for (let length = 1; length < matrices.length; length++)
    for (let i = 0; i + length < matrices.length; i++) {
      const j = i + length;
      let found = { cost: Number.POSITIVE_INFINITY, at: i };
      for (let at = i; at < j; at++) {
        const total = cost(i, at) + cost(at + 1, j) + sizes[i]! * sizes[at + 1]! * sizes[j + 1]!;
        if (total < found.cost) found = { cost: total, at };
      }
      best.set(key(i, j), found);
    }
  const multiply = (i: number, j: number): Value => {
    if (i === j) return matrices[i]!;
    const { at } = best.get(key(i, j))!;
    return generalProduct(multiply(i, at), multiply(at + 1, j));
  };
  return multiply(0, matrices.length - 1);
}

/** The determinant of a square matrix, or of each of a batch. For small matrices. (PyTorch: `torch.linalg.det`) */
export function det(x: Tensor): Tensor {
  const { diagonal: pivots, sign } = pivotsAndSign(requireSquare('linalg.det', x));
  return wrap(b.mul(sign, b.emit('reduceProd', [pivots], { axes: [pivots.shape.length - 1], keepDims: false })));
}

/** Sign and logarithm of the magnitude of the determinant. (PyTorch: `torch.linalg.slogdet`) */
export function slogdet(x: Tensor): NamedResults<{ readonly sign: Tensor; readonly logabsdet: Tensor }> {
  const { diagonal: pivots, sign } = pivotsAndSign(requireSquare('linalg.slogdet', x));
  const last = [pivots.shape.length - 1];
  const signs = b.mul(sign, b.emit('reduceProd', [b.sign(pivots)], { axes: last, keepDims: false }));
  return namedResults({ sign: wrap(signs), logabsdet: wrap(b.reduceSum(b.log(b.abs(pivots)), last)) });
}

export interface DiagonalOptions {
  /** Default 0. */
  offset?: number;
  /** Default -2. */
  dim1?: number;
  /** Default -1. */
  dim2?: number;
}

/** The diagonal of the last two dimensions. (PyTorch: `torch.linalg.diagonal`) */
export function diagonal(x: Tensor, { offset = 0, dim1 = -2, dim2 = -1 }: DiagonalOptions = {}): Tensor {
  return tensorDiagonal(x, offset, dim1, dim2);
}
