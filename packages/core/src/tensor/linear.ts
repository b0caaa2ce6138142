import { ShapeError } from '../errors.ts';
import type { Node } from '../graph/node.ts';
import { recorder as b } from '../graph/node.ts';
import { broadcastShapes, normalizeDim, sizeOf } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { eliminate, identityLike } from './decomposition.ts';
import { requireInteger } from './integers.ts';
import { expandValue, fresh } from './movement.ts';
import { promote, requireTensor } from './operand.ts';
import { dotProduct, generalProduct, matrixProduct, requireSameDType } from './product.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

/**
 * Matrix product: dot product of vectors, matrix and vector, matrices, and batches of them with broadcasting.
 * Both must have one dtype. (PyTorch: `torch.matmul`)
 */
export function matmul(x: Tensor, other: Tensor): Tensor {
  return wrap(generalProduct(requireTensor('matmul', x), requireTensor('matmul', other)));
}

function matrices(name: string, x: Tensor, other: Tensor, rank: 2 | 3): [Node, Node] {
  const left = requireTensor(name, x);
  const right = requireTensor(name, other);
  const what =
    rank === 2
      ? ['self must be a matrix', 'mat2 must be a matrix']
      : ['batch1 must be a 3D tensor', 'batch2 must be a 3D tensor'];
  if (left.shape.length !== rank) throw new ShapeError(`${name}: ${what[0]}, got ${left.shape.length}-D tensor`);
  if (right.shape.length !== rank) throw new ShapeError(`${name}: ${what[1]}, got ${right.shape.length}-D tensor`);
  requireSameDType(name, left, right);
  if (rank === 3 && (left.shape[0] !== right.shape[0] || left.shape[2] !== right.shape[1]))
    throw new ShapeError(
      `Expected size for first two dimensions of batch2 tensor to be: [${left.shape[0]}, ${left.shape[2]}] but got: [${right.shape[0]}, ${right.shape[1]}].`,
    );
  return [left, right];
}

/** The product of two matrices. (PyTorch: `torch.mm`) */
export function mm(x: Tensor, mat2: Tensor): Tensor {
  return wrap(matrixProduct(...matrices('mm', x, mat2, 2)));
}

/** The products of two batches [b, n, m] and [b, m, p] of matrices. (PyTorch: `torch.bmm`) */
export function bmm(x: Tensor, mat2: Tensor): Tensor {
  return wrap(matrixProduct(...matrices('bmm', x, mat2, 3)));
}

/** Matrix times vector. (PyTorch: `torch.mv`) */
export function mv(x: Tensor, vec: Tensor): Tensor {
  const left = requireTensor('mv', x);
  const right = requireTensor('mv', vec);
  if (left.shape.length !== 2 || right.shape.length !== 1)
    throw new ShapeError(`vector + matrix @ vector expected, got 1, ${left.shape.length}, ${right.shape.length}`);
  if (left.shape[1] !== right.shape[0])
    throw new ShapeError(
      `size mismatch, got input (${left.shape[0]}), mat (${left.shape.join('x')}), vec (${right.shape[0]})`,
    );
  return wrap(generalProduct(left, right));
}

/** The dot product of two vectors. (PyTorch: `torch.dot`) */
export function dot(x: Tensor, other: Tensor): Tensor {
  return wrap(dotOf('dot', x, other));
}

/** The dot product of two vectors. (PyTorch: `torch.vdot`, of real tensors) */
export function vdot(x: Tensor, other: Tensor): Tensor {
  return wrap(dotOf('vdot', x, other));
}

function dotOf(name: string, x: Tensor, other: Tensor): Value {
  const left = requireTensor(name, x);
  const right = requireTensor(name, other);
  if (left.shape.length !== 1 || right.shape.length !== 1)
    throw new ShapeError(`1D tensors expected, but got ${left.shape.length}D and ${right.shape.length}D tensors`);
  requireSameDType(name, left, right);
  return dotProduct(left, right);
}

/** Sums of products over the last dimensions: y[i, j] = sum_k x[i, k] other[j, k]. (PyTorch: `torch.inner`) */
export function inner(x: Tensor, other: Tensor): Tensor {
  const left = requireTensor('inner', x);
  const right = requireTensor('inner', other);
  if (left.shape.length === 0 || right.shape.length === 0) return wrap(b.mul(...promote('inner', x, other)));
  requireSameDType('inner', left, right);
  const k = left.shape.at(-1)!;
  if (k !== right.shape.at(-1))
    throw new ShapeError(
      `inner() the last dimension must match on both input tensors but got shapes [${left.shape.join(', ')}] and [${right.shape.join(', ')}]`,
    );
  const rows = b.reshape(left, [sizeOf(left.shape.slice(0, -1)), k]);
  const columns = b.transpose(b.reshape(right, [sizeOf(right.shape.slice(0, -1)), k]));
  return wrap(b.reshape(matrixProduct(rows, columns), [...left.shape.slice(0, -1), ...right.shape.slice(0, -1)]));
}

/** y[i, j] = x[i] other[j]. (PyTorch: `torch.outer`) */
export function outer(x: Tensor, other: Tensor): Tensor {
  return wrap(outerOf('outer', x, other));
}

/** As `outer`. (PyTorch: `torch.ger`) */
export function ger(x: Tensor, other: Tensor): Tensor {
  return wrap(outerOf('ger', x, other));
}

function outerOf(name: string, x: Tensor, other: Tensor): Value {
  const [left, right] = promote(name, x, other);
  for (const [what, node] of [
    ['self', left],
    ['vec2', right],
  ] as const)
    if (node.shape.length !== 1)
      throw new ShapeError(`${name}: Expected 1-D argument ${what}, but got ${node.shape.length}-D`);
  return b.mul(b.reshape(left, [left.shape[0]!, 1]), right);
}

export interface AddProductOptions {
  /** Multiplies `x`; with 0, `x` is ignored, even where it is not finite. Default 1. */
  beta?: number;
  /** Multiplies the product. Default 1. */
  alpha?: number;
}

function addProduct(name: string, x: Tensor, product: Value, { beta = 1, alpha = 1 }: AddProductOptions): Tensor {
  const node = requireTensor(name, x);
  requireSameDType(name, node, product);
  const scaled = alpha === 1 ? product : b.mul(product, b.like(product, alpha));
  const start = expandValue(node, product.shape);
  // x itself does not count, not even where it is NaN; its gradient is 0.
  if (beta === 0) return wrap(b.select(b.scalar(1, 'bool'), scaled, start));
  return wrap(b.add(beta === 1 ? start : b.mul(start, b.like(start, beta)), scaled));
}

/** beta x + alpha mat1 mat2. (PyTorch: `torch.addmm`) */
export function addmm(x: Tensor, mat1: Tensor, mat2: Tensor, options: AddProductOptions = {}): Tensor {
  return addProduct('addmm', x, matrixProduct(...matrices('addmm', mat1, mat2, 2)), options);
}

/** beta x + alpha mat vec. (PyTorch: `torch.addmv`) */
export function addmv(x: Tensor, mat: Tensor, vec: Tensor, options: AddProductOptions = {}): Tensor {
  const left = requireTensor('addmv', mat);
  const right = requireTensor('addmv', vec);
  if (left.shape.length !== 2 || right.shape.length !== 1)
    throw new ShapeError(
      `vector + matrix @ vector expected, got ${requireTensor('addmv', x).shape.length}, ${left.shape.length}, ${right.shape.length}`,
    );
  return addProduct('addmv', x, generalProduct(left, right), options);
}

/** beta x + alpha times the outer product of two vectors. (PyTorch: `torch.addr`) */
export function addr(x: Tensor, vec1: Tensor, vec2: Tensor, options: AddProductOptions = {}): Tensor {
  return addProduct('addr', x, outerOf('addr', vec1, vec2), options);
}

/** beta x + alpha batch1 batch2, for each matrix of the batch. (PyTorch: `torch.baddbmm`) */
export function baddbmm(x: Tensor, batch1: Tensor, batch2: Tensor, options: AddProductOptions = {}): Tensor {
  return addProduct('baddbmm', x, matrixProduct(...matrices('baddbmm', batch1, batch2, 3)), options);
}

/** beta x + alpha times the sum of the batch's products. (PyTorch: `torch.addbmm`) */
export function addbmm(x: Tensor, batch1: Tensor, batch2: Tensor, options: AddProductOptions = {}): Tensor {
  return addProduct('addbmm', x, b.reduceSum(matrixProduct(...matrices('addbmm', batch1, batch2, 3)), [0]), options);
}

/** The Kronecker product: every element of `x` times the whole of `other`. (PyTorch: `torch.kron`) */
export function kron(x: Tensor, other: Tensor): Tensor {
  const [left, right] = promote('kron', x, other);
  const rank = Math.max(left.shape.length, right.shape.length);
  const padded = (value: Value): number[] => [
    ...Array.from({ length: rank - value.shape.length }, () => 1),
    ...value.shape,
  ];
  const l = padded(left);
  const r = padded(right);
  const [first, second] = [
    b.reshape(
      left,
      l.flatMap((n) => [n, 1]),
    ),
    b.reshape(
      right,
      r.flatMap((n) => [1, n]),
    ),
  ] as const;
  const product = left.dtype === 'bool' ? b.and(first, second) : b.mul(first, second);
  return wrap(
    b.reshape(
      product,
      l.map((n, i) => n * r[i]!),
    ),
  );
}

export interface TensordotOptions {
  /** How many last dimensions of `x` meet as many first ones of `other`, or which meet which. Default 2. */
  dims?: number | readonly [readonly number[], readonly number[]];
}

/** Sums of products over several dimensions at once. (PyTorch: `torch.tensordot`) */
export function tensordot(
  x: Tensor,
  other: Tensor,
  dims: TensordotOptions | number | readonly (readonly number[])[] = 2,
): Tensor {
  const left = requireTensor('tensordot', x);
  const right = requireTensor('tensordot', other);
  const given =
    typeof dims === 'object' && !Array.isArray(dims)
      ? ((dims as TensordotOptions).dims ?? 2)
      : (dims as number | readonly (readonly number[])[]);
  if (typeof given === 'number') {
    if (requireInteger('tensordot', given) < 0)
      throw new ShapeError(`tensordot expects dims >= 0, but got dims=${given}`);
    if (given > left.shape.length || given > right.shape.length)
      throw new ShapeError(`tensordot expects dims < ndim_a or ndim_b but got ${given}`);
  }
  const range = (n: number, from: number): number[] => Array.from({ length: n }, (_, i) => from + i);
  const [first, second] =
    typeof given === 'number'
      ? [range(given, left.shape.length - given), range(given, 0)]
      : [
          given[0]!.map((d) => normalizeDim(d, left.shape.length, 'tensordot')),
          given[1]!.map((d) => normalizeDim(d, right.shape.length, 'tensordot')),
        ];
  if (first.length !== second.length) throw new ShapeError('both dimension lists should have same length');
  requireSameDType('tensordot', left, right);
  for (const [i, d] of first.entries())
    if (left.shape[d] !== right.shape[second[i]!])
      throw new ShapeError(
        `contracted dimensions need to match, but first has size ${left.shape[d]} in dim ${typeof given === 'number' ? i - given : d} and second has size ${right.shape[second[i]!]} in dim ${second[i]}`,
      );
  const keptLeft = left.shape.map((_, i) => i).filter((i) => !first.includes(i));
  const keptRight = right.shape.map((_, i) => i).filter((i) => !second.includes(i));
  const k = sizeOf(first.map((d) => left.shape[d]!));
  const outLeft = keptLeft.map((d) => left.shape[d]!);
  const outRight = keptRight.map((d) => right.shape[d]!);
  const rows = b.reshape(b.permute(left, [...keptLeft, ...first]), [sizeOf(outLeft), k]);
  const columns = b.reshape(b.permute(right, [...second, ...keptRight]), [k, sizeOf(outRight)]);
  return wrap(b.reshape(matrixProduct(rows, columns), [...outLeft, ...outRight]));
}

/** A square matrix, or a batch of them, multiplied by itself `n` times; for n < 0 its inverse. (PyTorch: `torch.matrix_power`) */
export function matrixPower(x: Tensor, n: number): Tensor {
  const node = requireTensor('matrixPower', x);
  const { shape } = node;
  requireInteger('matrixPower', n);
  if (shape.length < 2)
    throw new ShapeError(`linalg.matrix_power: The input tensor A must have at least 2 dimensions.`);
  if (shape.at(-1) !== shape.at(-2))
    throw new ShapeError(
      `linalg.matrix_power: A must be batches of square matrices, but they are ${shape.at(-2)} by ${shape.at(-1)} matrices`,
    );
  if (n === 0) {
    const i = b.iota(shape.at(-1)!);
    const identity = b.broadcastTo(b.mask(b.eq(b.reshape(i, [shape.at(-1)!, 1]), i), node.dtype), shape);
    // The gradient is 0, but there is one.
    return wrap(node.requiresGrad ? b.select(b.scalar(1, 'bool'), identity, node) : identity);
  }
  let result: Value | undefined;
  let square: Value = n < 0 ? eliminate(node, identityLike(node)).solution : node;
  for (let rest = Math.abs(n); ; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = result === undefined ? square : matrixProduct(result, square);
    if (rest <= 1) return wrap(fresh(result!, node));
    square = matrixProduct(square, square);
  }
}

export interface CrossOptions {
  /** Default: the first dimension of size 3 (`linalg.cross`: -1). */
  dim?: number | null;
}

/** The cross product of vectors of three elements along a dimension. (PyTorch: `torch.cross`) */
export function cross(x: Tensor, other: Tensor, dim?: number | null | CrossOptions): Tensor {
  const [left, right] = promote('cross', x, other);
  if (left.shape.length !== right.shape.length)
    throw new ShapeError(
      `linalg.cross: inputs must have the same number of dimensions, got ${left.shape.length} and ${right.shape.length}`,
    );
  const shape = broadcastShapes(left.shape, right.shape, 'cross');
  const given = typeof dim === 'object' && dim !== null ? dim.dim : dim;
  let axis = shape.indexOf(3);
  if (given !== undefined && given !== null) axis = normalizeDim(given, shape.length, 'cross');
  else if (axis < 0) throw new ShapeError('no dimension of size 3 in input');
  if (left.shape[axis] !== 3 || right.shape[axis] !== 3)
    throw new ShapeError(
      `linalg.cross: inputs dimension ${given ?? axis} must have length 3. Got ${left.shape[axis]} and ${right.shape[axis]}`,
    );
  const part = (value: Value, i: number): Value => b.narrow(value, axis, i, 1);
  const component = (i: number, j: number): Value =>
    b.sub(b.mul(part(left, i), part(right, j)), b.mul(part(left, j), part(right, i)));
  return wrap(b.concat([component(1, 2), component(2, 0), component(0, 1)], axis));
}
