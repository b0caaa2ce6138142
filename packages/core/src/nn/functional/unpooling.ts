import { DTypeError, ShapeError } from '../../errors.ts';
import type { Node } from '../../graph/node.ts';
import { recorder as b } from '../../graph/node.ts';
import type { Shape } from '../../graph/shape.ts';
import { sameShape, sizeOf } from '../../graph/shape.ts';
import type { Value } from '../../graph/value.ts';
import { hostNumbers } from '../../tensor/host-values.ts';
import { requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { Size, Trailing } from '../arguments.ts';
import { readTrailing, sizesOf } from '../arguments.ts';

export interface MaxUnpoolFunctionOptions {
  /** Step of the window that pooled. Default: the kernel size. */
  stride?: Size | null;
  /** Padding when it was pooled. Default 0. */
  padding?: Size;
  /** Size of the result, or its whole shape. Default: the smallest. */
  outputSize?: readonly number[] | null;
}
const order = ['stride', 'padding', 'outputSize'] as const;
type Arguments = Trailing<MaxUnpoolFunctionOptions, typeof order>;

/** Puts the maxima of `maxPool1d` back in their places, zeros elsewhere. (PyTorch: `F.max_unpool1d`) */
export function maxUnpool1d(x: Tensor, indices: Tensor, kernelSize: Size, ...options: Arguments): Tensor {
  return maxUnpool(1, x, indices, kernelSize, readTrailing('max_unpool1d', options, order));
}
/** Puts the maxima of `maxPool2d` back in their places, zeros elsewhere. (PyTorch: `F.max_unpool2d`) */
export function maxUnpool2d(x: Tensor, indices: Tensor, kernelSize: Size, ...options: Arguments): Tensor {
  return maxUnpool(2, x, indices, kernelSize, readTrailing('max_unpool2d', options, order));
}
/** Puts the maxima of `maxPool3d` back in their places, zeros elsewhere. (PyTorch: `F.max_unpool3d`) */
export function maxUnpool3d(x: Tensor, indices: Tensor, kernelSize: Size, ...options: Arguments): Tensor {
  return maxUnpool(3, x, indices, kernelSize, readTrailing('max_unpool3d', options, order));
}

/** See `maxUnpool2d`. */
export function maxUnpool(
  dimensions: number,
  x: Tensor,
  indices: Tensor,
  kernelSize: Size,
  options: MaxUnpoolFunctionOptions,
): Tensor {
  const name = `max_unpool${dimensions}d`;
  const node = requireTensor(name, x);
  const index = requireTensor(name, indices);
  if (index.dtype !== 'int32')
    throw new DTypeError(`${name}: elements in indices should be type int32 but got: ${index.dtype}`);
  if (node.shape.length !== dimensions + 1 && node.shape.length !== dimensions + 2)
    throw new ShapeError(
      `Input to ${name} should be a ${dimensions + 1}d or ${dimensions + 2}d Tensor, but got a tensor with ${node.shape.length} dimensions`,
    );
  if (!sameShape(node.shape, index.shape))
    throw new ShapeError(
      `Expected shape of indices to be same as that of the input tensor ([${node.shape.join(', ')}]) but got indices tensor with shape: [${index.shape.join(', ')}]`,
    );
  const size = unpooledSize(node.shape.slice(-dimensions), kernelSize, options);
  const negative = size.findIndex((extent) => extent < 0);
  if (negative >= 0)
    throw new ShapeError(
      `max_unpooling: output_size must contain non-negative spatial dimensions, but got output_size[${negative}]=${size[negative]}`,
    );
  const channels = node.shape.slice(0, -dimensions);
  const extent = sizeOf(size);
  const known = hostNumbers(index);
  if (known !== null)
    for (const value of known)
      if (value < 0 || value >= extent)
        throw new ShapeError(`Found an invalid max index: ${value} (output volumes are of size ${size.join('x')})`);
  const flat = b.reshape(node, [sizeOf(channels), sizeOf(node.shape.slice(-dimensions))]);
  const places = b.reshape(index, flat.shape);
  return wrap(b.reshape(place(flat, places, [flat.shape[0]!, extent]), [...channels, ...size]));
}

/**
 * Zeros of `shape` with x[i, j] put at [i, places[i, j]]. Windows that overlap may name a place twice, with one value,
 * which is put there and not added; the gradient of each is the place's.
 */
function place(x: Value, places: Value, shape: Shape): Value {
  const sums = b.scatterAddElements(x, places, 1, shape);
  const counts = b.scatterAddElements(b.fullLike(x, 1), places, 1, shape);
  const once = b.maximum(counts, b.like(counts, 1));
  const put = b.div(sums, once) as Node;
  put.rule = (_builder, g) => [g, null];
  return put;
}

function unpooledSize(
  extents: readonly number[],
  kernelSize: Size,
  { stride, padding = 0, outputSize = null }: MaxUnpoolFunctionOptions,
): readonly number[] {
  const dimensions = extents.length;
  const size = sizesOf('kernel_size', kernelSize, dimensions);
  const step = stride === null || stride === undefined ? size : sizesOf('stride', stride, dimensions);
  const pad = sizesOf('padding', padding, dimensions);
  const standard = extents.map((extent, i) => (extent - 1) * step[i]! + size[i]! - 2 * pad[i]!);
  if (outputSize === null) return standard;
  const wanted = outputSize.length === dimensions + 2 ? outputSize.slice(2) : outputSize;
  if (wanted.length !== dimensions)
    throw new ShapeError(
      `output_size should be a sequence containing ${dimensions} or ${dimensions + 2} elements, but it has a length of '${wanted.length}'`,
    );
  for (const [i, extent] of wanted.entries()) {
    const [low, high] = [standard[i]! - step[i]!, standard[i]! + step[i]!];
    if (!(low < extent && extent < high))
      throw new ShapeError(
        `invalid output_size "[${wanted.join(', ')}]" (dim ${i} must be between ${low} and ${high})`,
      );
  }
  return wanted;
}
