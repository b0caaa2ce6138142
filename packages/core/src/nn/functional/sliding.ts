import { ShapeError } from '../../errors.ts';
import { recorder as b } from '../../graph/node.ts';
import { requireOptions, requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';

/** One number for both spatial dimensions, or one for each. */
export type Pair = number | readonly number[];

export interface SlidingOptions {
  /** Distance between the elements of a block. Default 1. */
  dilation?: Pair;
  /** Zeros at both ends of each spatial dimension. Default 0. */
  padding?: Pair;
  /** Distance between blocks. Default 1. */
  stride?: Pair;
}

interface Sliding {
  readonly size: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly stride: readonly [number, number];
}

function pair(name: string, what: string, value: Pair, least: number): readonly [number, number] {
  const list = typeof value === 'number' ? [value, value] : value;
  if (!Array.isArray(list) || list.length !== 2 || !list.every(Number.isInteger))
    throw new TypeError(`${name}: ${what} must be an integer or a pair of them`);
  const [first, second] = list as [number, number];
  if (first < least || second < least)
    throw new ShapeError(
      `${what} should be ${least === 0 ? 'non-negative' : 'greater than zero'}, but got ${what}_height: ${first} ${what}_width: ${second}`,
    );
  return [first, second];
}

function slidingOf(
  name: string,
  kernelSize: Pair,
  dilation: Pair | SlidingOptions,
  padding: Pair,
  stride: Pair,
): Sliding {
  const given: SlidingOptions =
    typeof dilation === 'object' && !Array.isArray(dilation)
      ? (dilation as SlidingOptions)
      : { dilation: dilation as Pair, padding, stride };
  requireOptions(name, given, ['dilation', 'padding', 'stride']);
  return {
    size: pair(name, 'kernel_size', kernelSize, 1),
    dilation: pair(name, 'dilation', given.dilation ?? 1, 1),
    padding: pair(name, 'padding', given.padding ?? 0, 0),
    stride: pair(name, 'stride', given.stride ?? 1, 1),
  };
}

const text = (values: readonly number[]): string => `(${values.join(', ')})`;

function blocks({ size, dilation, padding, stride }: Sliding, extent: readonly number[]): number[] {
  return extent.map((n, i) => Math.floor((n + 2 * padding[i]! - dilation[i]! * (size[i]! - 1) - 1) / stride[i]!) + 1);
}

/**
 * Sliding blocks of images as columns: [N, C, H, W] -> [N, C kh kw, L], [C, H, W] -> [C kh kw, L], L the number of blocks.
 * (PyTorch: `F.unfold`)
 */
export function unfold(
  x: Tensor,
  kernelSize: Pair,
  dilation: Pair | SlidingOptions = 1,
  padding: Pair = 0,
  stride: Pair = 1,
): Tensor {
  const node = requireTensor('unfold', x);
  const sliding = slidingOf('unfold', kernelSize, dilation, padding, stride);
  const rank = node.shape.length;
  if (rank !== 3 && rank !== 4)
    throw new ShapeError(
      `Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for input, but got: [${node.shape.join(', ')}]`,
    );
  const images = rank === 3 ? b.reshape(node, [1, ...node.shape]) : node;
  const [n, c, ...extent] = images.shape as [number, number, number, number];
  const out = blocks(sliding, extent);
  if (out.some((count) => count < 1))
    throw new ShapeError(
      `Given input with spatial size ${text(extent)}, kernel_size=${text(sliding.size)}, dilation=${text(sliding.dilation)}, padding=${text(sliding.padding)}, calculated shape of the array of sliding blocks as ${text(out)}, but its components must be at least one.`,
    );
  const padded = b.pad(images, [0, 0, ...sliding.padding], [0, 0, ...sliding.padding]);
  const windows = b.windows(padded, sliding);
  const shape = [c * sliding.size[0] * sliding.size[1], out[0]! * out[1]!];
  return wrap(b.reshape(windows, rank === 3 ? shape : [n, ...shape]));
}

/**
 * Columns of blocks added back into images, the adjoint of `unfold`: [N, C kh kw, L] -> [N, C, H, W]. (PyTorch: `F.fold`)
 */
export function fold(
  x: Tensor,
  outputSize: Pair,
  kernelSize: Pair,
  dilation: Pair | SlidingOptions = 1,
  padding: Pair = 0,
  stride: Pair = 1,
): Tensor {
  const node = requireTensor('fold', x);
  const sliding = slidingOf('fold', kernelSize, dilation, padding, stride);
  const extent = pair('fold', 'output_size', outputSize, 1);
  const rank = node.shape.length;
  if (rank !== 2 && rank !== 3)
    throw new ShapeError(
      `Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and non-zero dimensions for input, but got: [${node.shape.join(', ')}]`,
    );
  const [n, rows, columns] = (rank === 2 ? [1, ...node.shape] : node.shape) as [number, number, number];
  const { size } = sliding;
  const area = size[0] * size[1];
  if (rows % area !== 0)
    throw new ShapeError(
      `Expected size of input's dimension 1 to be divisible by the product of kernel_size, but got input.size(1)=${rows} and kernel_size=${text(size)}.`,
    );
  const out = blocks(sliding, extent) as [number, number];
  if (out[0] < 1 || out[1] < 1 || out[0] * out[1] !== columns)
    throw new ShapeError(
      `Given output_size=${text(extent)}, kernel_size=${text(size)}, dilation=${text(sliding.dilation)}, padding=${text(sliding.padding)}, stride=${text(sliding.stride)}, ` +
        `expected size of input's dimension 2 to match the calculated number of sliding blocks ${out[0]} * ${out[1]} = ${out[0] * out[1]}, but got input.size(2)=${columns}.`,
    );
  const c = rows / area;
  const { padding: around } = sliding;
  const inputSize = [extent[0] + 2 * around[0], extent[1] + 2 * around[1]];
  const sum = b.windowsAdjoint(b.reshape(node, [n, c, area, ...out]), { ...sliding, inputSize });
  const images = b.slice(sum, [0, 0, ...around], [n, c, ...extent]);
  return wrap(rank === 2 ? b.reshape(images, [c, ...extent]) : images);
}
