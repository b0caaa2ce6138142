import { ShapeError } from '../errors.ts';
import { recorder as b } from '../graph/node.ts';
import type { Shape } from '../graph/shape.ts';
import { normalizeDim, sizeOf } from '../graph/shape.ts';
import type { Integers } from './integers.ts';
import { integers, option } from './integers.ts';
import { memoryOrder } from './memory-order.ts';
import { expandValue, fresh, insertAxis } from './movement.ts';
import { requireTensor } from './operand.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

/** A shape with at most one -1 made definite. */
function resolveShape(shape: Shape, size: number): Shape {
  const unknown = shape.indexOf(-1);
  for (const [i, extent] of shape.entries()) {
    if (extent < -1)
      throw new ShapeError(`invalid shape dimension ${extent} at index ${i} of shape [${shape.join(', ')}]`);
    if (extent === -1 && i !== unknown) throw new ShapeError('only one dimension can be inferred');
  }
  if (unknown < 0) {
    if (sizeOf(shape) !== size)
      throw new ShapeError(`shape '[${shape.join(', ')}]' is invalid for input of size ${size}`);
    return [...shape];
  }
  const rest = shape.reduce((product, extent, i) => (i === unknown ? product : product * extent), 1);
  if (rest === 0 && size === 0)
    throw new ShapeError(
      `cannot reshape tensor of 0 elements into shape [${shape.join(', ')}] because the unspecified dimension size -1 can be any value and is ambiguous`,
    );
  if (rest === 0 || size % rest !== 0)
    throw new ShapeError(`shape '[${shape.join(', ')}]' is invalid for input of size ${size}`);
  return shape.map((extent, i) => (i === unknown ? size / rest : extent));
}

/** The same elements in row-major order in another shape, of which one size may be -1. (PyTorch: `torch.reshape`) */
export function reshape(x: Tensor, ...shape: Integers): Tensor {
  const node = requireTensor('reshape', x);
  return wrap(b.reshape(node, resolveShape(integers('reshape', shape), sizeOf(node.shape))));
}

/** As `reshape`: recorded tensors have no strides. (PyTorch: `Tensor.view`) */
export function view(x: Tensor, ...shape: Integers): Tensor {
  const node = requireTensor('view', x);
  return wrap(b.reshape(node, resolveShape(integers('view', shape), sizeOf(node.shape))));
}

/** In the shape of another tensor. (PyTorch: `Tensor.view_as`) */
export function viewAs(x: Tensor, other: Tensor): Tensor {
  return view(x, requireTensor('viewAs', other).shape);
}

/** In the shape of another tensor. (PyTorch: `Tensor.reshape_as`) */
export function reshapeAs(x: Tensor, other: Tensor): Tensor {
  return reshape(x, requireTensor('reshapeAs', other).shape);
}

/** The tensor itself, or a copy where PyTorch's would not lie row by row in memory. (PyTorch: `Tensor.contiguous`) */
export function contiguous(x: Tensor): Tensor {
  const node = requireTensor('contiguous', x);
  return memoryOrder(node) === null ? x : wrap(b.emit('reshape', [node], { shape: node.shape }));
}

/** Always true: recorded tensors have no strides. (PyTorch: `Tensor.is_contiguous`) */
export function isContiguous(x: Tensor): boolean {
  requireTensor('isContiguous', x);
  return true;
}

/** Dimensions in another order: result dimension i is `dims[i]` of `x`. (PyTorch: `torch.permute`) */
export function permute(x: Tensor, ...dims: Integers): Tensor {
  const node = requireTensor('permute', x);
  const rank = node.shape.length;
  const list = integers('permute', dims);
  if (list.length !== rank)
    throw new ShapeError(
      `permute: number of dimensions in the tensor input does not match the length of the desired ordering of dimensions i.e. input.dim() = ${rank} is not equal to len(dims) = ${list.length}`,
    );
  const order = list.map((dim) => normalizeDim(dim, rank, 'permute'));
  if (new Set(order).size !== rank) throw new ShapeError('permute(): duplicate dims are not allowed.');
  return wrap(b.permute(node, order));
}

/** Two dimensions swapped. (PyTorch: `torch.transpose`) */
export function transpose(x: Tensor, dim0: number, dim1: number): Tensor {
  return swapped('transpose', x, dim0, dim1);
}

/** As `transpose`. (PyTorch: `torch.swapaxes`) */
export function swapaxes(x: Tensor, axis0: number, axis1: number): Tensor {
  return swapped('swapaxes', x, axis0, axis1);
}

/** As `transpose`. (PyTorch: `torch.swapdims`) */
export function swapdims(x: Tensor, dim0: number, dim1: number): Tensor {
  return swapped('swapdims', x, dim0, dim1);
}

function swapped(name: string, x: Tensor, dim0: number, dim1: number): Tensor {
  const node = requireTensor(name, x);
  const rank = node.shape.length;
  const first = normalizeDim(dim0, rank, name);
  const second = normalizeDim(dim1, rank, name);
  return wrap(rank === 0 ? node : b.transpose(node, first, second));
}

/** Dimensions moved to other places, the rest in order. (PyTorch: `torch.movedim`) */
export function movedim(
  x: Tensor,
  source: number | readonly number[],
  destination: number | readonly number[],
): Tensor {
  const node = requireTensor('movedim', x);
  const rank = node.shape.length;
  const from = integers('movedim', [source].flat()).map((dim) => normalizeDim(dim, rank, 'movedim'));
  const to = integers('movedim', [destination].flat()).map((dim) => normalizeDim(dim, rank, 'movedim'));
  if (from.length !== to.length)
    throw new ShapeError(
      `movedim: Invalid source or destination dims: source ([${from.join(', ')}] dims) should contain the same number of dims as destination ([${to.join(', ')}] dims)`,
    );
  if (new Set(from).size !== from.length)
    throw new ShapeError(`movedim: repeated dim in \`source\` ([${from.join(', ')}])`);
  if (new Set(to).size !== to.length)
    throw new ShapeError(`movedim: repeated dim in \`destination\` ([${to.join(', ')}])`);
  if (rank === 0) return wrap(node);
  const rest = node.shape.map((_, i) => i).filter((i) => !from.includes(i));
  const order = node.shape.map((_, i) => (to.includes(i) ? from[to.indexOf(i)]! : rest.shift()!));
  return wrap(b.permute(node, order));
}

/** As `movedim`. (PyTorch: `torch.moveaxis`) */
export function moveaxis(
  x: Tensor,
  source: number | readonly number[],
  destination: number | readonly number[],
): Tensor {
  return movedim(x, source, destination);
}

/** A matrix transposed; vectors and scalars unchanged. (PyTorch: `torch.t`) */
export function t(x: Tensor): Tensor {
  const node = requireTensor('t', x);
  if (node.shape.length > 2)
    throw new ShapeError(`t() expects a tensor with <= 2 dimensions, but self is ${node.shape.length}D`);
  return wrap(node.shape.length < 2 ? fresh(node, node) : b.transpose(node));
}

/** The last two dimensions swapped. (PyTorch: `torch.adjoint`, of real tensors) */
export function adjoint(x: Tensor): Tensor {
  const node = requireTensor('adjoint', x);
  if (node.shape.length < 2)
    throw new ShapeError(
      `tensor.adjoint() is only supported on matrices or batches of matrices. Got ${node.shape.length}-D tensor.`,
    );
  return wrap(b.transpose(node));
}

/** One dimension, several, or all. */
export interface SqueezeOptions {
  /** Default: every dimension of size 1. */
  dim?: number | readonly number[] | null;
}

/** Without dimensions of size 1: all of them, or those of `dim` that have size 1. (PyTorch: `torch.squeeze`) */
export function squeeze(x: Tensor, dim?: number | readonly number[] | SqueezeOptions | null): Tensor {
  const node = requireTensor('squeeze', x);
  const { shape } = node;
  const given = option<number | readonly number[] | null>(dim, 'dim', null);
  if (given === null)
    return wrap(
      b.reshape(
        node,
        shape.filter((n) => n !== 1),
      ),
    );
  const dims = integers('squeeze', [given].flat()).map((d) => normalizeDim(d, shape.length, 'squeeze'));
  for (const d of dims)
    if (dims.indexOf(d) !== dims.lastIndexOf(d))
      throw new ShapeError(`dim ${d} appears multiple times in the list of dims`);
  return wrap(
    b.reshape(
      node,
      shape.filter((n, i) => n !== 1 || !dims.includes(i)),
    ),
  );
}

/** A new dimension of size 1 at `dim`, from -rank - 1 to rank. (PyTorch: `torch.unsqueeze`) */
export function unsqueeze(x: Tensor, dim: number | { dim: number }): Tensor {
  const node = requireTensor('unsqueeze', x);
  return wrap(insertAxis(node, normalizeDim(option(dim, 'dim', dim as number), node.shape.length + 1, 'unsqueeze')));
}

export interface FlattenOptions {
  /** Default 0. */
  startDim?: number;
  /** Default -1. */
  endDim?: number;
}

/** Dimensions `startDim` to `endDim` as one. (PyTorch: `torch.flatten`) */
export function flatten(
  x: Tensor,
  startDim: number | FlattenOptions = 0,
  endDim: number | FlattenOptions = -1,
): Tensor {
  const node = requireTensor('flatten', x);
  const { shape } = node;
  const known = ['startDim', 'endDim'];
  const last = option(typeof startDim === 'object' ? startDim : endDim, 'endDim', -1, known);
  const start = normalizeDim(option(startDim, 'startDim', 0, known), shape.length, 'flatten');
  const end = normalizeDim(last, shape.length, 'flatten');
  if (start > end) throw new ShapeError('flatten() has invalid args: start_dim cannot come after end_dim');
  return wrap(
    b.reshape(node, [...shape.slice(0, start), sizeOf(shape.slice(start, end + 1)), ...shape.slice(end + 1)]),
  );
}

/** All elements in row-major order in one dimension. (PyTorch: `torch.ravel`) */
export function ravel(x: Tensor): Tensor {
  const node = requireTensor('ravel', x);
  return wrap(b.reshape(node, [sizeOf(node.shape)]));
}

/** One dimension as several, of which one size may be -1. (PyTorch: `torch.unflatten`) */
export function unflatten(x: Tensor, dim: number, sizes: Shape): Tensor {
  const node = requireTensor('unflatten', x);
  const { shape } = node;
  const axis = normalizeDim(dim, shape.length, 'unflatten');
  const list = integers('unflatten', [sizes]);
  if (list.length === 0) throw new ShapeError('unflatten: sizes must be non-empty');
  const extent = shape[axis] ?? 1;
  const unknown = list.filter((n) => n === -1).length;
  const known = list.reduce((product, n) => (n === -1 ? product : product * n), 1);
  if (unknown > 1) throw new ShapeError('unflatten: only one dimension can be inferred');
  if (unknown === 0 ? known !== extent : known === 0 || extent % known !== 0)
    throw new ShapeError(
      `unflatten: Provided sizes [${list.join(', ')}] don't multiply up to the size of dim ${axis} (${extent}) in the input tensor`,
    );
  return wrap(b.reshape(node, [...shape.slice(0, axis), ...resolveShape(list, extent), ...shape.slice(axis + 1)]));
}

/** Dimensions of size 1 repeated, and new leading ones; -1 keeps a size. (PyTorch: `Tensor.expand`) */
export function expand(x: Tensor, ...sizes: Integers): Tensor {
  return wrap(expandValue(requireTensor('expand', x), integers('expand', sizes)));
}

/** Expanded to the shape of another tensor. (PyTorch: `Tensor.expand_as`) */
export function expandAs(x: Tensor, other: Tensor): Tensor {
  return wrap(expandValue(requireTensor('expandAs', x), requireTensor('expandAs', other).shape));
}

/** As `expand`. (PyTorch: `torch.broadcast_to`) */
export function broadcastTo(x: Tensor, ...shape: Integers): Tensor {
  return wrap(expandValue(requireTensor('broadcastTo', x), integers('broadcastTo', shape)));
}

/** Of at least one dimension: a scalar becomes [1]. (PyTorch: `torch.atleast_1d`) */
export function atleast1d(x: readonly Tensor[]): Tensor[];
export function atleast1d(x: Tensor): Tensor;
export function atleast1d(x: Tensor | readonly Tensor[]): Tensor | Tensor[] {
  if (Array.isArray(x)) return (x as readonly Tensor[]).map((one) => atleast1d(one));
  const node = requireTensor('atleast1d', x);
  return node.shape.length === 0 ? wrap(b.reshape(node, [1])) : (x as Tensor);
}

/** Of at least two dimensions: a vector becomes one row. Of several, each. (PyTorch: `torch.atleast_2d`) */
export function atleast2d(x: readonly Tensor[]): Tensor[];
export function atleast2d(x: Tensor): Tensor;
export function atleast2d(x: Tensor | readonly Tensor[]): Tensor | Tensor[] {
  if (Array.isArray(x)) return (x as readonly Tensor[]).map((one) => atleast2d(one));
  const node = requireTensor('atleast2d', x);
  return node.shape.length >= 2 ? (x as Tensor) : wrap(b.reshape(node, [1, sizeOf(node.shape)]));
}

/** Of at least three dimensions: [n] becomes [1, n, 1], [m, n] becomes [m, n, 1]. (PyTorch: `torch.atleast_3d`) */
export function atleast3d(x: readonly Tensor[]): Tensor[];
export function atleast3d(x: Tensor): Tensor;
export function atleast3d(x: Tensor | readonly Tensor[]): Tensor | Tensor[] {
  if (Array.isArray(x)) return (x as readonly Tensor[]).map((one) => atleast3d(one));
  const node = requireTensor('atleast3d', x);
  const { shape } = node;
  if (shape.length >= 3) return x as Tensor;
  return wrap(b.reshape(node, shape.length === 2 ? [...shape, 1] : [1, sizeOf(shape), 1]));
}
