import { noGrad } from '../../autograd/mode.ts';
import type { Device } from '../../device/contract.ts';
import { ChimeraError, ShapeError } from '../../errors.ts';
import { numbersToHost } from '../../graph/dtype.ts';
import type { Node } from '../../graph/node.ts';
import { recorder as b } from '../../graph/node.ts';
import { scoped } from '../../graph/scope.ts';
import { sameShape, sizeOf } from '../../graph/shape.ts';
import type { Value } from '../../graph/value.ts';
import { randn } from '../../tensor/creation.ts';
import { eliminate, identityLike } from '../../tensor/decomposition.ts';
import { matrixExp, qr } from '../../tensor/factorization.ts';
import { hostNumbers } from '../../tensor/host-values.ts';
import { expose, fromHost, Tensor, wrap } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';
import { Block } from '../block.ts';
import { torchSize } from '../functional/reduction.ts';
import { orthonormalColumns } from '../orthonormal.ts';
import { NoInverseError, registerParametrization } from './parametrize.ts';

const maps = ['matrix_exp', 'cayley', 'householder'] as const;
/** How a matrix without constraints becomes an orthogonal one. */
export type OrthogonalMap = (typeof maps)[number];

export interface OrthogonalOptions {
  /** The parameter. Default `'weight'`. */
  name?: string;
  /** Default: `'matrix_exp'` for square matrices, otherwise `'householder'`. (PyTorch: `orthogonal_map`) */
  orthogonalMap?: OrthogonalMap | null;
  /** Start from the weight as it is, and train the way from there. Default true. (PyTorch: `use_trivialization`) */
  useTrivialization?: boolean;
}

/** Where row and column of a matrix [rows, columns] stand to each other: `column - row >= offset`. */
function upper(rows: number, columns: number, offset: number): Value {
  const row = b.reshape(b.iota(rows), [rows, 1]);
  return b.le(b.add(row, b.scalar(offset, 'int32')), b.iota(columns));
}

/** The elements below the diagonal, and on it unless `isStrict`. */
function lowerPart(x: Value, isStrict: boolean): Value {
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  return b.select(upper(rows, columns, isStrict ? 0 : 1), b.like(x, 0), x);
}

/** The diagonal of [..., n, k], n >= k, as [..., 1, k]. */
function diagonalRow(x: Value): Value {
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const isDiagonal = b.eq(b.reshape(b.iota(rows), [rows, 1]), b.iota(columns));
  return b.reduceSum(b.select(isDiagonal, x, b.like(x, 0)), [x.shape.length - 2], true);
}

/** Ones on the diagonal of [..., n, k]. */
function identity(like: Value): Value {
  const [rows, columns] = like.shape.slice(-2) as [number, number];
  return b.broadcastTo(b.mask(b.eq(b.reshape(b.iota(rows), [rows, 1]), b.iota(columns)), like.dtype), like.shape);
}

/**
 * The inverse of upper triangles [..., k, k]: of blocks twice as large at each step,
 * [A B; 0 C]^-1 = [A^-1, -A^-1 B C^-1; 0, C^-1], all blocks of one size at once.
 */
function invertUpper(matrix: Value): Value {
  const k = matrix.shape.at(-1)!;
  const isDiagonal = b.eq(b.reshape(b.iota(k), [k, 1]), b.iota(k));
  const zero = b.like(matrix, 0);
  const diagonal = b.select(isDiagonal, matrix, b.like(matrix, 1));
  let inverse = b.select(isDiagonal, b.div(b.like(matrix, 1), diagonal), zero);
  const blockOf = (size: number): Value => b.floor(b.mul(b.iota(k, 'float32'), b.scalar(1 / size)));
  const sharesBlock = (size: number): Value => b.eq(b.reshape(blockOf(size), [k, 1]), blockOf(size));
  for (let size = 1; size < k; size *= 2) {
    const isBetween = b.and(sharesBlock(2 * size), b.not(sharesBlock(size)));
    const between = b.select(isBetween, matrix, zero);
    inverse = b.sub(inverse, b.matmul(b.matmul(inverse, between), inverse));
  }
  return inverse;
}

/**
 * The first k columns of the product of the reflections whose vectors are the columns of A below the diagonal, with 1
 * on it: I - V T V^T, where the inverse of T is the upper triangle of V^T V with half of its diagonal.
 */
function reflections(a: Value): Value {
  const k = a.shape.at(-1)!;
  const start = identity(a);
  const v = b.add(lowerPart(a, true), start);
  const gram = b.matmul(v, v, { transposeA: true });
  const half = b.mul(gram, b.like(gram, 0.5));
  const isAbove = upper(k, k, 1);
  const isBelow = b.not(upper(k, k, 0));
  const zero = b.like(gram, 0);
  const inverse = b.select(isAbove, gram, b.select(isBelow, zero, half));
  const head = b.narrow(v, v.shape.length - 2, 0, k);
  return b.sub(start, b.matmul(v, b.matmul(invertUpper(inverse), head, { transposeB: true })));
}

/** The reflections' vectors below the diagonal of R, as LAPACK's `geqrf` leaves them, with R's signs on the diagonal. */
function reflectors(matrix: Value): Value {
  const [n, k] = matrix.shape.slice(-2) as [number, number];
  const row = matrix.shape.length - 2;
  const index = b.reshape(b.iota(n), [n, 1]);
  const columnIndex = b.iota(k);
  const one = b.like(matrix, 1);
  const zero = b.like(matrix, 0);
  let rest = matrix;
  let found = matrix;
  for (let j = 0; j < k; j++) {
    const position = b.scalar(j, 'int32');
    const isHere = b.eq(index, position);
    const isBelow = b.lt(position, index);
    const column = b.narrow(rest, row + 1, j, 1);
    const below = b.select(isBelow, column, zero);
    const head = b.narrow(column, row, j, 1);
    const square = b.reduceSum(b.mul(below, below), [row], true);
    const isDone = b.eq(square, zero);
    const norm = b.sqrt(b.add(b.mul(head, head), square));
    const diagonal = b.select(isDone, head, b.select(b.lt(head, zero), norm, b.neg(norm)));
    const tail = b.div(below, b.select(isDone, one, b.sub(head, diagonal)));
    const v = b.add(tail, b.mask(isHere, matrix.dtype));
    const scale = b.select(isDone, zero, b.div(b.sub(diagonal, head), diagonal));
    rest = b.sub(rest, b.matmul(b.mul(v, scale), b.matmul(v, rest, { transposeA: true })));
    // Without a reflection the product in `forward` still has one, which turns the sign.
    const sign = b.mul(b.sign(diagonal), b.select(isDone, b.neg(one), one));
    const above = b.select(b.lt(index, position), b.narrow(rest, row + 1, j, 1), tail);
    found = b.select(b.eq(columnIndex, position), b.select(isHere, sign, above), found);
  }
  return found;
}

/** The orthonormal columns nearest in order to those of tall matrices: Q of QR with R's diagonal positive. */
function orthonormal(matrix: Value, device: Device | null): Node {
  const { shape, dtype } = matrix;
  const [n, k] = shape.slice(-2) as [number, number];
  const known = hostNumbers(matrix as Node);
  if (known !== null) {
    const size = n * k;
    const out = new Float64Array(known.length);
    for (let start = 0; start < known.length; start += size)
      out.set(orthonormalColumns(Float64Array.from(known.subarray(start, start + size)), n, k), start);
    return fromHost(numbersToHost(out, dtype), [...shape], dtype, { device }).node;
  }
  const { Q, R } = qr(wrap(matrix));
  return b.mul(Q.node, b.sign(diagonalRow(R.node))) as Node;
}

/** Whether square matrices that are known on the host are orthogonal already. */
function isOrthogonal(matrix: Value): boolean {
  const known = hostNumbers(matrix as Node);
  if (known === null) return false;
  const n = matrix.shape.at(-1)!;
  const bound = 10 * n * (matrix.dtype === 'float64' ? 2 ** -52 : matrix.dtype === 'float32' ? 2 ** -23 : 2 ** -10);
  for (let start = 0; start < known.length; start += n * n)
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        let dot = i === j ? -1 : 0;
        for (let r = start; r < start + n * n; r += n) dot += known[r + i]! * known[r + j]!;
        if (Math.abs(dot) > bound) return false;
      }
  return true;
}

/** What stands next to each other in memory of the host stays there: [n, k] and random numbers [n, more]. */
function completed(matrix: Value, noise: Value, device: Device | null): Value {
  const [n, k] = matrix.shape.slice(-2) as [number, number];
  const [left, right] = [hostNumbers(matrix as Node), hostNumbers(noise as Node)];
  if (left === null || right === null) return b.concat([matrix, noise], matrix.shape.length - 1);
  const out = new Float64Array(left.length + right.length);
  for (let row = 0; row < out.length / n; row++) {
    out.set(left.subarray(row * k, (row + 1) * k), row * n);
    out.set(right.subarray(row * (n - k), (row + 1) * (n - k)), row * n + k);
  }
  const shape = [...matrix.shape.slice(0, -1), n];
  return fromHost(numbersToHost(out, matrix.dtype), shape, matrix.dtype, { device }).node;
}

class Orthogonal extends Block {
  readonly shape: readonly number[];
  readonly orthogonalMap: OrthogonalMap;
  readonly useTrivialization: boolean;
  declare base: Tensor | null;

  constructor(weight: Tensor, orthogonalMap: OrthogonalMap, useTrivialization: boolean) {
    super();
    this.shape = weight.shape;
    this.orthogonalMap = orthogonalMap;
    this.useTrivialization = useTrivialization;
    if (useTrivialization) this.registerBuffer('base', null);
  }

  override forward(weight: Tensor): Tensor {
    const isWide = weight.shape.at(-2)! < weight.shape.at(-1)!;
    const x = isWide ? b.transpose(weight.node) : weight.node;
    let q = this.orthogonalMap === 'householder' ? householder(x) : retraction(x, this.orthogonalMap);
    if (this.useTrivialization) q = b.matmul(this.base!.node, q);
    return wrap(isWide ? b.transpose(q) : q);
  }

  rightInverse(weight: Tensor): Tensor {
    if (!sameShape(weight.shape, this.shape))
      throw new ShapeError(
        `Expected a matrix or batch of matrices of shape ${torchSize(this.shape)}. Got a tensor of shape ${torchSize(weight.shape)}.`,
      );
    const made = scoped(() => noGrad(() => wrap(inverse(this, weight))));
    expose(made);
    return made;
  }
}
Object.defineProperty(Orthogonal, 'name', { value: '_Orthogonal' });

function householder(x: Value): Value {
  // Only the signs on the diagonal count, and they are not trained.
  const signs = noGrad(() => b.cast(b.cast(diagonalRow(x), 'int32'), x.dtype));
  return b.mul(reflections(x), signs);
}

/** Of the antisymmetric matrix A whose lower triangle is that of X: exp(A), or (I - A/2)^-1 (I + A/2). */
function retraction(x: Value, map: OrthogonalMap): Value {
  const [n, k] = x.shape.slice(-2) as [number, number];
  const none = x.shape.map(() => 0);
  const lower = lowerPart(x, false);
  const square =
    n === k
      ? lower
      : b.pad(
          lower,
          none,
          none.map((_, i) => (i === none.length - 1 ? n - k : 0)),
        );
  const a = b.sub(square, b.transpose(square));
  let q: Value;
  if (map === 'matrix_exp') q = scoped(() => matrixExp(wrap(a)).node);
  else {
    const half = b.mul(a, b.like(a, 0.5));
    const one = identityLike(a);
    q = eliminate(b.sub(one, half), b.add(one, half)).solution;
  }
  return n === k ? q : b.narrow(q, q.shape.length - 1, 0, k);
}

function inverse(block: Orthogonal, weight: Tensor): Value {
  const [rows, columns] = weight.shape.slice(-2) as [number, number];
  const isWide = rows < columns;
  const q = isWide ? transposed(weight.node, weight.device) : weight.node;
  const [n, k] = [Math.max(rows, columns), Math.min(rows, columns)];
  if (!block.useTrivialization) {
    if (block.orthogonalMap !== 'householder')
      throw new NoInverseError(
        'It is not possible to assign to the matrix exponential or the Cayley parametrizations when use_trivialization=False.',
      );
    const found = reflectors(q);
    return isWide ? b.transpose(found) : found;
  }
  const { dtype, device } = weight;
  let base: Node;
  if (n === k) base = isOrthogonal(q) ? (q as Node) : orthonormal(q, device);
  else
    base = orthonormal(completed(q, randn([...q.shape.slice(0, -1), n - k], { dtype, device }).node, device), device);
  if (block.base === null) block.base = wrap(base).detach();
  else block.base.assignValue(base);
  // The diagonal of -1 makes reflections without vectors the identity.
  return b.neg(identity(weight.node));
}

/** With the last two dimensions exchanged; on the host if the values are there. */
function transposed(x: Node, device: Device | null): Value {
  const known = hostNumbers(x);
  if (known === null) return b.transpose(x);
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const out = new Float64Array(known.length);
  const size = rows * columns;
  for (let i = 0; i < sizeOf(x.shape); i++) {
    const place = i % size;
    out[i - place + (place % columns) * rows + Math.floor(place / columns)] = known[i]!;
  }
  const shape = [...x.shape.slice(0, -2), columns, rows];
  return fromHost(numbersToHost(out, x.dtype), shape, x.dtype, { device }).node;
}

/**
 * Keeps a weight [..., rows, columns] orthogonal while it is trained: its columns if it is tall, its rows if it is wide.
 * Returns the block. (PyTorch: `nn.utils.parametrizations.orthogonal`)
 */
export function orthogonal<B extends Block>(
  block: B,
  ...options: Trailing<OrthogonalOptions, ['name', 'orthogonalMap']>
): B {
  const {
    name = 'weight',
    orthogonalMap = null,
    useTrivialization = true,
  } = readTrailing<OrthogonalOptions>('orthogonal', options, ['name', 'orthogonalMap'], ['useTrivialization']);
  const weight = (block as unknown as Record<string, unknown>)[name];
  if (!(weight instanceof Tensor))
    throw new ChimeraError(`Module '${String(block)}' has no parameter or buffer with name '${name}'`);
  if (weight.shape.length < 2)
    throw new ShapeError(`Expected a matrix or batch of matrices. Got a tensor of ${weight.shape.length} dimensions.`);
  const map = orthogonalMap ?? (weight.shape.at(-1) === weight.shape.at(-2) ? 'matrix_exp' : 'householder');
  if (!maps.includes(map))
    throw new ChimeraError(`orthogonal_map has to be one of "matrix_exp", "cayley", "householder". Got: ${map}`);
  return registerParametrization(block, name, new Orthogonal(weight, map, useTrivialization), { unsafe: true });
}
