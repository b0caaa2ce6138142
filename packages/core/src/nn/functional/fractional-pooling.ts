import { ShapeError } from '../../errors.ts';
import type { Node } from '../../graph/node.ts';
import { sizeOf } from '../../graph/shape.ts';
import { defaultGenerator } from '../../random/default-generator.ts';
import { fillUniform } from '../../random/uniform.ts';
import { hostTable } from '../../tensor/host-values.ts';
import { requireFloatingNode, requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Size, Trailing } from '../arguments.ts';
import { readTrailing, sizesOf } from '../arguments.ts';
import { maximaOf, windowTable } from './adaptive-pooling.ts';

export interface FractionalMaxPoolOptions {
  /** Size of the result. Either this or `outputRatio`. */
  outputSize?: Size | null;
  /** Size of the result as a fraction of the input's, in (0, 1). */
  outputRatio?: Size | null;
  /** Also give the position of each maximum in its channel. Default false. */
  returnIndices?: boolean;
}
export const fractionalOrder = ['outputSize', 'outputRatio', 'returnIndices'] as const;
type Arguments = Trailing<FractionalMaxPoolOptions, typeof fractionalOrder>;

/** Maxima over windows of `kernelSize` at random places of x [N, C, H, W] or [C, H, W]. (PyTorch: `F.fractional_max_pool2d`) */
export function fractionalMaxPool2d(x: Tensor, kernelSize: Size, ...options: Arguments): Tensor | [Tensor, Tensor] {
  return fractionalMaxPool(
    2,
    x,
    kernelSize,
    readTrailing<FractionalMaxPoolOptions>('fractional_max_pool2d', options, fractionalOrder),
  );
}
/** Maxima over windows of `kernelSize` at random places of x [N, C, D, H, W] or [C, D, H, W]. (PyTorch: `F.fractional_max_pool3d`) */
export function fractionalMaxPool3d(x: Tensor, kernelSize: Size, ...options: Arguments): Tensor | [Tensor, Tensor] {
  return fractionalMaxPool(
    3,
    x,
    kernelSize,
    readTrailing<FractionalMaxPoolOptions>('fractional_max_pool3d', options, fractionalOrder),
  );
}

/** `fractionalMaxPool2d` with positions. (PyTorch: `F.fractional_max_pool2d_with_indices`) */
export function fractionalMaxPool2dWithIndices(x: Tensor, kernelSize: Size, ...options: Arguments): [Tensor, Tensor] {
  const read = readTrailing<FractionalMaxPoolOptions>('fractional_max_pool2d_with_indices', options, fractionalOrder);
  return fractionalMaxPool(2, x, kernelSize, { ...read, returnIndices: true }) as [Tensor, Tensor];
}
/** `fractionalMaxPool3d` with positions. (PyTorch: `F.fractional_max_pool3d_with_indices`) */
export function fractionalMaxPool3dWithIndices(x: Tensor, kernelSize: Size, ...options: Arguments): [Tensor, Tensor] {
  const read = readTrailing<FractionalMaxPoolOptions>('fractional_max_pool3d_with_indices', options, fractionalOrder);
  return fractionalMaxPool(3, x, kernelSize, { ...read, returnIndices: true }) as [Tensor, Tensor];
}

/** Throws PyTorch's texts unless exactly one of size and ratio is given, and the ratio lies in (0, 1). */
export function checkFractional(dimensions: number, { outputSize, outputRatio }: FractionalMaxPoolOptions): void {
  const name = `FractionalMaxPool${dimensions}d`;
  const given = (value: unknown): boolean => value !== null && value !== undefined;
  if (!given(outputSize) && !given(outputRatio))
    throw new TypeError(`${name} requires specifying either an output size, or a pooling ratio`);
  if (given(outputSize) && given(outputRatio))
    throw new TypeError(`only one of output_size and output_ratio may be specified`);
  if (!given(outputRatio)) return;
  const ratios = typeof outputRatio === 'number' ? [outputRatio] : [...(outputRatio as readonly number[])];
  if (ratios.some((ratio) => !(ratio > 0 && ratio < 1)))
    throw new RangeError(`output_ratio must be between 0 and 1 (got ${ratios.join(', ')})`);
}

/** See `fractionalMaxPool2d`. */
export function fractionalMaxPool(
  dimensions: number,
  x: Tensor,
  kernelSize: Size,
  options: FractionalMaxPoolOptions,
): Tensor | [Tensor, Tensor] {
  const name = `fractional_max_pool${dimensions}d`;
  const node = requireFloatingNode(name, requireTensor(name, x));
  if (node.shape.length !== dimensions + 1 && node.shape.length !== dimensions + 2)
    throw new ShapeError(
      `${name}: Expected ${dimensions + 1}D or ${dimensions + 2}D tensor, but got [${node.shape.join(', ')}]`,
    );
  checkFractional(dimensions, options);
  const extents = node.shape.slice(-dimensions);
  const kernel = sizesOf('kernel_size', kernelSize, dimensions, 1);
  const sizes =
    options.outputSize === null || options.outputSize === undefined
      ? ratioSizes(extents, options.outputRatio!)
      : sizesOf('output_size', options.outputSize, dimensions, 1);
  for (const [i, extent] of extents.entries())
    // In three dimensions PyTorch wants room for one more.
    if (sizes[i]! + kernel[i]! - (dimensions === 3 ? 0 : 1) > extent)
      throw new ShapeError(
        `${name}(): pool size ${kernel[i]} too large relative to input size ${extent} for an output size of ${sizes[i]}`,
      );
  const planes = sizeOf(node.shape.slice(0, -dimensions));
  const { data, shape } = randomWindows(node, planes, extents, kernel, sizes);
  return maximaOf(node, sizes, hostTable(data, shape, 'int32'), options.returnIndices ?? false);
}

function ratioSizes(extents: readonly number[], ratio: Size): number[] {
  return extents.map((extent, i) => Math.trunc(extent * (typeof ratio === 'number' ? ratio : ratio[i]!)));
}

/** Places of the windows of every channel, drawn from PyTorch's stream. */
function randomWindows(
  x: Node,
  planes: number,
  extents: readonly number[],
  kernel: readonly number[],
  sizes: readonly number[],
): { data: Int32Array; shape: number[] } {
  const dimensions = extents.length;
  const wide = x.dtype === 'float64';
  const samples = fillUniform(
    defaultGenerator(),
    wide ? new Float64Array(planes * dimensions) : new Float32Array(planes * dimensions),
  );
  const round = wide ? (value: number): number => value : Math.fround;
  const outputs = sizeOf(sizes);
  const window = sizeOf(kernel);
  const data = new Int32Array(planes * outputs * window);
  for (let plane = 0; plane < planes; plane++) {
    const windows = extents.map((extent, i) => {
      // In two dimensions, PyTorch takes the first sample for the width.
      const sample = samples[plane * dimensions + (dimensions === 2 ? 1 - i : i)]!;
      return intervalStarts(sample, extent, sizes[i]!, kernel[i]!, round).map((from) =>
        Array.from({ length: kernel[i]! }, (_, k) => from + k),
      );
    });
    data.set(windowTable(windows, extents)[0], plane * outputs * window);
  }
  return { data, shape: [planes, outputs, window] };
}

function intervalStarts(
  sample: number,
  extent: number,
  out: number,
  kernel: number,
  round: (value: number) => number,
): number[] {
  const alpha = out > 1 ? round((extent - kernel) / (out - 1)) : 0;
  const first = Math.trunc(round(sample * alpha));
  return Array.from({ length: out }, (_, i) =>
    i === out - 1 ? extent - kernel : Math.trunc(round(round(i + sample) * alpha)) - first,
  );
}
