import { ShapeError } from '../errors.ts';
import { recorder as b } from '../graph/node.ts';
import { scoped } from '../graph/scope.ts';
import { broadcastShapes, normalizeDim, normalizeDims } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { choleskyFactor, eliminate, identityLike, requireSquare } from './decomposition.ts';
import { cross as crossProduct } from './linear.ts';
import type { CrossOptions } from './linear.ts';
import { requireFloatingNode, requireOptions, requireTensor } from './operand.ts';
import { generalProduct } from './product.ts';
import type { Dims, DTypeOptions, KeepdimOptions } from './reduction-options.ts';
import { normOver } from './statistics.ts';
import { requireTensors } from './tensor-list.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';
import { diagonal as tensorDiagonal, tril, triu } from './triangle.ts';

export { matmul, matrixPower } from './linear.ts';
export { matrixExp, qr } from './factorization.ts';
export type { QrOptions } from './factorization.ts';

/** A number, infinities included; for matrices also `'fro'`. */
export type NormOrder = number | 'fro' | 'inf' | '-inf';

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
 * smallest sum of a column's magnitudes), infinity and -infinity (of a row's). (PyTorch: `torch.linalg.matrix_norm`)
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
  const p = numberOf('linalg.matrix_norm', order);
  if (Math.abs(p) !== 1 && Number.isFinite(p))
    throw new ShapeError(
      `linalg.matrix_norm: Order ${p} not supported: there are 'fro', 1, -1, Infinity and -Infinity; others need singular values`,
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

/** The inverse of a square matrix, or of each of a batch; not finite where there is none. For small matrices. (PyTorch: `torch.linalg.inv`) */
export function inv(x: Tensor): Tensor {
  const a = requireSquare('linalg.inv', x);
  return wrap(eliminate(a, identityLike(a)).solution);
}

/** The determinant of a square matrix, or of each of a batch. For small matrices. (PyTorch: `torch.linalg.det`) */
export function det(x: Tensor): Tensor {
  const a = requireSquare('linalg.det', x);
  const { pivots, sign } = eliminate(a, b.narrow(a, a.shape.length - 1, 0, 0));
  return wrap(b.mul(sign, b.emit('reduceProd', [pivots], { axes: [pivots.shape.length - 1], keepDims: false })));
}

/** Sign and logarithm of the magnitude of the determinant. (PyTorch: `torch.linalg.slogdet`) */
export function slogdet(x: Tensor): { sign: Tensor; logabsdet: Tensor } {
  const a = requireSquare('linalg.slogdet', x);
  const { pivots, sign } = eliminate(a, b.narrow(a, a.shape.length - 1, 0, 0));
  const last = [pivots.shape.length - 1];
  const signs = b.mul(sign, b.emit('reduceProd', [b.sign(pivots)], { axes: last, keepDims: false }));
  return { sign: wrap(signs), logabsdet: wrap(b.reduceSum(b.log(b.abs(pivots)), last)) };
}

/** X with A X = B; A [..., n, n], B [..., n, k] or [..., n]. For small matrices. (PyTorch: `torch.linalg.solve`) */
export function solve(x: Tensor, other: Tensor): Tensor {
  const a = requireSquare('linalg.solve', x);
  const right = requireTensor('linalg.solve', other);
  const n = a.shape.at(-1)!;
  const lead = a.shape.slice(0, -2);
  // As in PyTorch, B holds vectors if it is one, or if it has the shape of A without its last dimension.
  const isVector =
    right.shape.length === 1 ||
    (right.shape.length === a.shape.length - 1 && right.shape.every((extent, i) => extent === a.shape[i]));
  const matrix = isVector ? b.reshape(right, [...right.shape, 1]) : right;
  if (matrix.shape.length < 2 || matrix.shape.at(-2) !== n)
    throw new ShapeError(
      `linalg.solve: Incompatible shapes of A and B for the equation AX = B (${n}x${n} and ${matrix.shape.at(-2) ?? 1}x${matrix.shape.at(-1) ?? 1})`,
    );
  const batch = broadcastShapes(lead, matrix.shape.slice(0, -2), 'linalg.solve');
  const k = matrix.shape.at(-1)!;
  const { solution } = eliminate(b.broadcastTo(a, [...batch, n, n]), b.broadcastTo(matrix, [...batch, n, k]));
  return wrap(isVector ? b.reshape(solution, solution.shape.slice(0, -1)) : solution);
}

/** The lower triangle L of a symmetric positive definite matrix A = L L^T. For small matrices. (PyTorch: `torch.linalg.cholesky`) */
export function cholesky(x: Tensor, { upper = false }: { upper?: boolean } = {}): Tensor {
  const factor = choleskyFactor(requireSquare('linalg.cholesky', x));
  return wrap(upper ? b.transpose(factor) : factor);
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

export interface SolveTriangularOptions {
  /** Whether A is an upper triangle; the other one is not looked at. */
  upper: boolean;
  /** A X = B; with false, X A = B. Default true. */
  left?: boolean;
  /** The diagonal of A counts as ones. Default false. */
  unitriangular?: boolean;
}

/** X with A X = B for a triangular A, whose other half is not looked at. For small matrices. (PyTorch: `torch.linalg.solve_triangular`) */
export function solveTriangular(x: Tensor, other: Tensor, options: SolveTriangularOptions): Tensor {
  const a = requireSquare('linalg.solve_triangular', x);
  requireOptions('linalg.solve_triangular', options, ['upper', 'left', 'unitriangular']);
  if (typeof options.upper !== 'boolean')
    throw new TypeError("solve_triangular(): missing required keyword-only argument 'upper'");
  const result = scoped(() => {
    const strict = options.unitriangular ?? false;
    const half = options.upper ? triu(wrap(a), strict ? 1 : 0) : tril(wrap(a), strict ? -1 : 0);
    const triangle = strict ? wrap(b.add(half.node, identityLike(a))) : half;
    const solution =
      (options.left ?? true)
        ? solve(triangle, other)
        : wrap(
            b.transpose(
              solve(
                wrap(b.transpose(triangle.node)),
                wrap(b.transpose(requireTensor('linalg.solve_triangular', other))),
              ).node,
            ),
          );
    return solution.node;
  });
  return wrap(result);
}
