import { ShapeError } from '../errors.ts';
import { recorder as b } from '../graph/node.ts';
import { normalizeDim } from '../graph/shape.ts';
import { hostNumbers } from './host-values.ts';
import { integers, option, requireInteger } from './integers.ts';
import { dropAxis, fresh } from './movement.ts';
import { requireTensor } from './operand.ts';
import { Tensor, wrap } from './tensor.ts';

export interface AlongOptions {
  /** Default 0. */
  dim?: number;
}

/** The dimension of tensors that cannot be scalars. */
function axisOf(name: string, node: ReturnType<typeof requireTensor>, dim: number): number {
  if (node.shape.length === 0) throw new ShapeError(`${name} expects at least a 1-dimensional tensor`);
  return normalizeDim(dim, node.shape.length, name);
}

/** Elements `start` to `start + length` of a dimension; a negative start counts from the end. (PyTorch: `torch.narrow`) */
export function narrow(x: Tensor, dim: number, start: number | Tensor, length: number): Tensor {
  const node = requireTensor('narrow', x);
  if (node.shape.length === 0) throw new ShapeError('narrow() cannot be applied to a 0-dim tensor.');
  const axis = normalizeDim(dim, node.shape.length, 'narrow');
  const extent = node.shape[axis]!;
  if (start instanceof Tensor) {
    const known = hostNumbers(start.node);
    if (known === null || known.length !== 1) throw new TypeError('narrow: start must be known: await start.item()');
    return narrow(x, dim, known[0]!, length);
  }
  requireInteger('narrow', start, 'an integer start');
  requireInteger('narrow', length, 'an integer length');
  if (length < 0) throw new ShapeError('narrow(): length must be non-negative.');
  if (start < -extent || start > extent)
    throw new ShapeError(`start out of range (expected to be in range of [${-extent}, ${extent}], but got ${start})`);
  const from = start < 0 ? start + extent : start;
  if (from + length > extent)
    throw new ShapeError(`start (${from}) + length (${length}) exceeds dimension size (${extent}).`);
  return wrap(fresh(b.narrow(node, axis, from, length), node));
}

/** One index of a dimension, which is dropped: `x[index]` for dim 0. (PyTorch: `torch.select`) */
export function select(x: Tensor, dim: number, index: number): Tensor {
  const node = requireTensor('select', x);
  if (node.shape.length === 0) throw new ShapeError('select() cannot be applied to a 0-dim tensor.');
  const axis = normalizeDim(dim, node.shape.length, 'select');
  const extent = node.shape[axis]!;
  requireInteger('select', index, 'an integer index');
  if (index < -extent || index >= extent)
    throw new ShapeError(
      `select(): index ${index} out of range for tensor of size [${node.shape.join(', ')}] at dimension ${axis}`,
    );
  return wrap(dropAxis(b.narrow(node, axis, index < 0 ? index + extent : index, 1), axis));
}

/** Pieces of given sizes along a dimension. (PyTorch: `Tensor.split_with_sizes`) */
export function splitWithSizes(x: Tensor, splitSizes: readonly number[], dim: number | AlongOptions = 0): Tensor[] {
  const node = requireTensor('splitWithSizes', x);
  const axis = axisOf('split', node, option(dim, 'dim', 0));
  const sizes = integers('splitWithSizes', [splitSizes]);
  const extent = node.shape[axis]!;
  if (sizes.some((size) => size < 0))
    throw new ShapeError(
      `split_with_sizes expects split_sizes have only non-negative entries, but got split_sizes=[${sizes.join(', ')}]`,
    );
  if (sizes.reduce((sum, size) => sum + size, 0) !== extent)
    throw new ShapeError(
      `split_with_sizes expects split_sizes to sum exactly to ${extent} (input tensor's size at dimension ${axis}), but got split_sizes=[${sizes.join(', ')}]`,
    );
  let start = 0;
  return sizes.map((size) => {
    start += size;
    return wrap(fresh(b.narrow(node, axis, start - size, size), node));
  });
}

/** Pieces of `size` along a dimension, the last one possibly smaller, or of the given sizes. (PyTorch: `torch.split`) */
export function split(
  x: Tensor,
  splitSizeOrSections: number | readonly number[],
  dim: number | AlongOptions = 0,
): Tensor[] {
  if (typeof splitSizeOrSections !== 'number') return splitWithSizes(x, splitSizeOrSections, dim);
  const node = requireTensor('split', x);
  const axis = axisOf('split', node, option(dim, 'dim', 0));
  const size = requireInteger('split', splitSizeOrSections);
  const extent = node.shape[axis]!;
  if (size < 0) throw new ShapeError(`split expects split_size be non-negative, but got split_size=${size}`);
  if (size === 0 && extent !== 0)
    throw new ShapeError(`split_size can only be 0 if dimension size is 0, but got dimension size of ${extent}`);
  const count = size === 0 ? 1 : Math.max(Math.ceil(extent / size), 1);
  return splitWithSizes(
    x,
    Array.from({ length: count }, (_, i) => Math.min(size, extent - i * size)),
    axis,
  );
}

/** At most `chunks` pieces of equal size along a dimension, the last one possibly smaller. (PyTorch: `torch.chunk`) */
export function chunk(x: Tensor, chunks: number, dim: number | AlongOptions = 0): Tensor[] {
  const node = requireTensor('chunk', x);
  if (node.shape.length === 0) throw new ShapeError('chunk expects at least a 1-dimensional tensor');
  const axis = axisOf('chunk', node, option(dim, 'dim', 0));
  requireInteger('chunk', chunks);
  if (chunks <= 0) throw new ShapeError(`chunk expects \`chunks\` to be greater than 0, got: ${chunks}`);
  const extent = node.shape[axis]!;
  if (extent === 0)
    return splitWithSizes(
      x,
      Array.from({ length: chunks }, () => 0),
      axis,
    );
  return split(x, Math.ceil(extent / chunks), axis);
}

/**
 * `sections` pieces whose sizes differ by at most one, the larger ones first; or pieces between the given indices.
 * (PyTorch: `torch.tensor_split`)
 */
export function tensorSplit(
  x: Tensor,
  indicesOrSections: number | readonly number[],
  dim: number | AlongOptions = 0,
): Tensor[] {
  const node = requireTensor('tensorSplit', x);
  const axis = axisOf('tensorSplit', node, option(dim, 'dim', 0));
  const extent = node.shape[axis]!;
  let bounds: readonly number[];
  if (typeof indicesOrSections === 'number') {
    const sections = requireInteger('tensorSplit', indicesOrSections);
    if (sections <= 0) throw new ShapeError(`number of sections must be larger than 0, got ${sections}`);
    const larger = extent % sections;
    const size = Math.floor(extent / sections);
    bounds = Array.from({ length: sections - 1 }, (_, i) => (i + 1) * size + Math.min(i + 1, larger));
  } else
    bounds = integers('tensorSplit', [indicesOrSections]).map((i) =>
      Math.min(Math.max(i < 0 ? i + extent : i, 0), extent),
    );
  const starts = [0, ...bounds];
  return starts.map((start, i) => {
    const size = Math.max((bounds[i] ?? extent) - start, 0);
    return wrap(fresh(b.narrow(node, axis, size === 0 ? 0 : start, size), node));
  });
}

/** `tensorSplit` along columns (of a vector: along its elements). (PyTorch: `torch.hsplit`) */
export function hsplit(x: Tensor, indicesOrSections: number | readonly number[]): Tensor[] {
  return evenly('hsplit', x, indicesOrSections, requireTensor('hsplit', x).shape.length === 1 ? 0 : 1, 1);
}

/** `tensorSplit` along rows. (PyTorch: `torch.vsplit`) */
export function vsplit(x: Tensor, indicesOrSections: number | readonly number[]): Tensor[] {
  return evenly('vsplit', x, indicesOrSections, 0, 2);
}

/** `tensorSplit` along depth. (PyTorch: `torch.dsplit`) */
export function dsplit(x: Tensor, indicesOrSections: number | readonly number[]): Tensor[] {
  return evenly('dsplit', x, indicesOrSections, 2, 3);
}

function evenly(
  name: string,
  x: Tensor,
  indicesOrSections: number | readonly number[],
  axis: number,
  rank: number,
): Tensor[] {
  const { shape } = requireTensor(name, x);
  if (shape.length < rank)
    throw new ShapeError(
      `torch.${name} requires a tensor with at least ${rank} dimension${rank > 1 ? 's' : ''}, but got a tensor with ${shape.length} dimensions!`,
    );
  if (typeof indicesOrSections === 'number' && (indicesOrSections === 0 || shape[axis]! % indicesOrSections !== 0))
    throw new ShapeError(
      `torch.${name} attempted to split along dimension ${axis}, but the size of the dimension ${shape[axis]} is not divisible by the split_size ${indicesOrSections}!`,
    );
  return tensorSplit(x, indicesOrSections, axis);
}

/** Every index of a dimension as a tensor of its own. (PyTorch: `torch.unbind`) */
export function unbind(x: Tensor, dim: number | AlongOptions = 0): Tensor[] {
  const node = requireTensor('unbind', x);
  if (node.shape.length === 0) throw new ShapeError('Dimension specified as 0 but tensor has no dimensions');
  const axis = normalizeDim(option(dim, 'dim', 0), node.shape.length, 'unbind');
  return Array.from({ length: node.shape[axis]! }, (_, i) => wrap(dropAxis(b.narrow(node, axis, i, 1), axis)));
}

export { chunk as unsafeChunk, split as unsafeSplit, splitWithSizes as unsafeSplitWithSizes };
