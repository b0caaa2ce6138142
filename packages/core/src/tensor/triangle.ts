import { ShapeError } from '../errors.ts';
import { recorder as b } from '../graph/node.ts';
import { normalizeDim, sizeOf } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { option, requireInteger } from './integers.ts';
import { strided, zeroLike } from './movement.ts';
import { requireOptions, requireTensor } from './operand.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

export interface TriangleOptions {
  /** 0: the main diagonal; above it positive, below it negative. Default 0. */
  diagonal?: number;
}

/** column - row - diagonal, by which an element lies above the diagonal. [rows, columns], int32. */
function height(rows: number, columns: number, diagonal: number): Value {
  const row = b.reshape(b.iota(rows), [rows, 1]);
  const offset = b.sub(b.iota(columns), row);
  return diagonal === 0 ? offset : b.sub(offset, b.scalar(diagonal, 'int32'));
}

function triangular(name: 'tril' | 'triu', x: Tensor, diagonal: number | TriangleOptions): Tensor {
  const node = requireTensor(name, x);
  if (node.shape.length < 2) throw new ShapeError(`${name}: input tensor must have at least 2 dimensions`);
  const offset = requireInteger(name, option(diagonal, 'diagonal', 0));
  const [rows, columns] = node.shape.slice(-2) as [number, number];
  const above = height(rows, columns, offset);
  const zero = b.scalar(0, 'int32');
  return wrap(b.select(name === 'tril' ? b.le(above, zero) : b.ge(above, zero), node, zeroLike(node)));
}

/** Lower triangles of matrices, zeros elsewhere: x[i][j] where j <= i + diagonal. (PyTorch: `torch.tril`) */
export function tril(x: Tensor, diagonal: number | TriangleOptions = 0): Tensor {
  return triangular('tril', x, diagonal);
}

/** Upper triangles of matrices, zeros elsewhere: x[i][j] where j >= i + diagonal. (PyTorch: `torch.triu`) */
export function triu(x: Tensor, diagonal: number | TriangleOptions = 0): Tensor {
  return triangular('triu', x, diagonal);
}

export interface DiagonalOptions {
  /** 0: the main diagonal; above it positive, below it negative. Default 0. */
  offset?: number;
  /** The rows. Default 0 (`diagEmbed`: -2). */
  dim1?: number;
  /** The columns. Default 1 (`diagEmbed`: -1). */
  dim2?: number;
}

/** The diagonal of two dimensions as a new last dimension. (PyTorch: `torch.diagonal`) */
export function diagonal(x: Tensor, offset: number | DiagonalOptions = 0, dim1 = 0, dim2 = 1): Tensor {
  const node = requireTensor('diagonal', x);
  const given = typeof offset === 'object' ? offset : { offset, dim1, dim2 };
  requireOptions('diagonal', given, ['offset', 'dim1', 'dim2']);
  return wrap(diagonalOf(node, given.offset ?? 0, given.dim1 ?? 0, given.dim2 ?? 1));
}

/** See `diagonal`. */
function diagonalOf(x: Value, offset: number, dim1: number, dim2: number): Value {
  const rank = x.shape.length;
  const first = normalizeDim(dim1, rank, 'diagonal');
  const second = normalizeDim(dim2, rank, 'diagonal');
  if (first === second) throw new ShapeError(`diagonal dimensions cannot be identical ${dim1}, ${dim2}`);
  const rest = x.shape.map((_, i) => i).filter((i) => i !== first && i !== second);
  const matrices = b.permute(x, [...rest, first, second]);
  const [rows, columns] = matrices.shape.slice(-2) as [number, number];
  const row = Math.max(-offset, 0);
  const column = Math.max(offset, 0);
  const count = Math.max(Math.min(rows - row, columns - column), 0);
  const flat = b.reshape(matrices, [...matrices.shape.slice(0, -2), rows * columns]);
  return strided(flat, rest.length, count === 0 ? 0 : row * columns + column, count, columns + 1);
}

/** Matrices with the last dimension of `x` on a diagonal, zeros elsewhere. (PyTorch: `torch.diag_embed`) */
export function diagEmbed(x: Tensor, offset: number | DiagonalOptions = 0, dim1 = -2, dim2 = -1): Tensor {
  const node = requireTensor('diagEmbed', x);
  const given = typeof offset === 'object' ? offset : { offset, dim1, dim2 };
  requireOptions('diagEmbed', given, ['offset', 'dim1', 'dim2']);
  return wrap(embedded(node, given.offset ?? 0, given.dim1 ?? -2, given.dim2 ?? -1));
}

function embedded(x: Value, offset: number, dim1: number, dim2: number): Value {
  const rank = x.shape.length + 1;
  if (x.shape.length === 0) throw new ShapeError('diagEmbed: expected a tensor of at least one dimension');
  const first = normalizeDim(dim1, rank, 'diagEmbed');
  const second = normalizeDim(dim2, rank, 'diagEmbed');
  if (first === second) throw new ShapeError(`diagonal dimensions cannot be identical ${dim1}, ${dim2}`);
  const batch = x.shape.slice(0, -1);
  const size = x.shape.at(-1)! + Math.abs(offset);
  const none = batch.map(() => 0);
  // Row r of the matrices holds the element of its own index, shifted when the diagonal starts further down.
  const rows = b.pad(x, [...none, Math.max(-offset, 0)], [...none, Math.max(offset, 0)]);
  const onDiagonal = b.eq(height(size, size, offset), b.scalar(0, 'int32'));
  const matrices = b.select(onDiagonal, b.reshape(rows, [...batch, size, 1]), zeroLike(x));
  const order = Array.from({ length: rank }, (_, i) => (i === first ? rank - 2 : i === second ? rank - 1 : -1));
  let next = 0;
  return b.permute(
    matrices,
    order.map((axis) => (axis < 0 ? next++ : axis)),
  );
}

/** Of a vector, the matrix with it on a diagonal; of a matrix, its diagonal. (PyTorch: `torch.diag`) */
export function diag(x: Tensor, diagonal: number | TriangleOptions = 0): Tensor {
  const node = requireTensor('diag', x);
  const offset = requireInteger('diag', option(diagonal, 'diagonal', 0));
  if (node.shape.length !== 1 && node.shape.length !== 2)
    throw new ShapeError(`diag(): Supports 1D or 2D tensors. Got ${node.shape.length}D`);
  return wrap(node.shape.length === 1 ? embedded(node, offset, 0, 1) : diagonalOf(node, offset, 0, 1));
}

/** The matrix with the flattened tensor on a diagonal. (PyTorch: `torch.diagflat`) */
export function diagflat(x: Tensor, offset: number | { offset?: number } = 0): Tensor {
  const node = requireTensor('diagflat', x);
  return wrap(
    embedded(b.reshape(node, [sizeOf(node.shape)]), requireInteger('diagflat', option(offset, 'offset', 0)), 0, 1),
  );
}
