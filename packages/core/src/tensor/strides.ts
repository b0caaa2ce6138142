import { GraphError, ShapeError } from '../errors.ts';
import type { Node } from '../graph/node.ts';
import { recorder as b } from '../graph/node.ts';
import { sameShape, sizeOf, stridesOf } from '../graph/shape.ts';
import { fixed, indexTable } from './host-values.ts';
import { integers, requireInteger } from './integers.ts';
import { fresh } from './movement.ts';
import { requireTensor } from './operand.ts';
import { requireWritable } from './overwrite.ts';
import { placed } from './placement.ts';
import { narrow } from './split.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

/** Elements of the flattened tensor at offset + sum of index times stride: a copy here. (PyTorch: `torch.as_strided`) */
export function asStrided(
  x: Tensor,
  size: readonly number[],
  strides: readonly number[],
  options: number | { storageOffset?: number | null } = 0,
): Tensor {
  const node = requireTensor('asStrided', x);
  return wrap(b.gather(b.reshape(node, [sizeOf(node.shape)]), stridedPlaces(node, size, strides, options), 0));
}

/** The positions in the flattened tensor. */
function stridedPlaces(
  node: Node,
  size: readonly number[],
  strides: readonly number[],
  options: number | { storageOffset?: number | null },
): Node {
  const storageOffset = typeof options === 'number' ? options : (options.storageOffset ?? 0);
  const shape = integers('asStrided', [size]);
  const steps = integers('asStrided', [strides]);
  requireInteger('asStrided', storageOffset);
  if (shape.length !== steps.length)
    throw new ShapeError(`mismatch in length of strides and shape: ${steps.length} and ${shape.length}`);
  if (shape.some((n) => n < 0) || steps.some((n) => n < 0) || storageOffset < 0)
    throw new ShapeError(
      `as_strided: Negative sizes, strides and offsets are not supported at the moment, got sizes [${shape.join(', ')}], strides [${steps.join(', ')}]`,
    );
  const count = sizeOf(shape);
  const elements = sizeOf(node.shape);
  const last = count === 0 ? 0 : shape.reduce((sum, n, d) => sum + (n - 1) * steps[d]!, storageOffset);
  if (count > 0 && last >= elements)
    throw new ShapeError(
      `setStorage: sizes [${shape.join(', ')}], strides [${steps.join(', ')}], storage offset ${storageOffset} are out of bounds for a tensor of ${elements} elements`,
    );
  const own = stridesOf(shape);
  const places = Int32Array.from({ length: count }, (_, i) =>
    shape.reduce((sum, n, d) => sum + (Math.floor(i / own[d]!) % n) * steps[d]!, storageOffset),
  );
  return fixed(indexTable(places, shape));
}

/** `asStrided` in place. (PyTorch: `torch.as_strided_`) */
export function asStrided_(
  x: Tensor,
  size: readonly number[],
  strides: readonly number[],
  options: number | { storageOffset?: number | null } = 0,
): Tensor {
  const node = requireWritable('asStrided_', x);
  x.assignValue(
    b.gather(b.reshape(node, [sizeOf(node.shape)]), stridedPlaces(node, size, strides, options), 0) as Node,
  );
  return x;
}

/** As `narrow`. (PyTorch: `torch.narrow_copy`) */
export function narrowCopy(x: Tensor, dim: number, start: number, length: number): Tensor {
  return narrow(x, dim, start, length);
}

/** Summed over dimensions until it has a shape that broadcasts to its own. (PyTorch: `Tensor.sum_to_size`) */
export function sumToSize(x: Tensor, ...size: readonly number[] | readonly [readonly number[]]): Tensor {
  const node = requireTensor('sumToSize', x);
  const shape = integers('sumToSize', size);
  const extra = node.shape.length - shape.length;
  if (extra < 0 || shape.some((n, d) => n !== 1 && n !== node.shape[d + extra]))
    throw new ShapeError(`size {[${shape.join(', ')}]} is not expandable to size {[${node.shape.join(', ')}]}.`);
  const numeric = node.dtype === 'bool' ? b.cast(node, 'int32') : node;
  const y = b.sumTo(numeric, shape);
  return wrap(y === node ? b.emit('reshape', [node], { shape: node.shape }) : y);
}

/** `src` at the places of a strided view, x elsewhere. (PyTorch: `torch.as_strided_scatter`) */
export function asStridedScatter(
  x: Tensor,
  src: Tensor,
  size: readonly number[],
  strides: readonly number[],
  options: number | { storageOffset?: number | null } = 0,
): Tensor {
  const node = requireTensor('asStridedScatter', x);
  const values = requireTensor('asStridedScatter', src);
  const places = stridedPlaces(node, size, strides, options);
  if (!sameShape(values.shape, places.shape))
    throw new ShapeError(
      `expected src to have a size equal to the slice of self. src size = [${values.shape.join(', ')}], slice size = [${places.shape.join(', ')}]`,
    );
  const count = sizeOf(places.shape);
  const flat = placed(
    b.reshape(node, [sizeOf(node.shape)]),
    b.reshape(places, [count]),
    b.reshape(b.cast(values, node.dtype), [count]),
  );
  return wrap(fresh(b.reshape(flat, node.shape), node));
}

/** The elements of x in order in the shape of another tensor; what is missing is 0. (PyTorch: `torch.resize_as_`) */
export function resizeAs_(x: Tensor, other: Tensor): Tensor {
  const { shape } = requireTensor('resizeAs_', other);
  return resize_(x, shape);
}

/** The elements of x in order in another shape; what is missing is 0. (PyTorch: `Tensor.resize_`) */
export function resize_(x: Tensor, ...sizes: readonly number[] | readonly [readonly number[]]): Tensor {
  const node = requireTensor('resize_', x);
  if (x.requiresGrad) throw new GraphError('cannot resize variables that require grad');
  const shape = integers('resize_', sizes);
  const [have, want] = [sizeOf(node.shape), sizeOf(shape)];
  const flat = b.reshape(node, [have]);
  const list = have >= want ? b.narrow(flat, 0, 0, want) : b.pad(flat, [0], [want - have]);
  x.assignValue(fresh(b.reshape(list, shape), node));
  return x;
}
