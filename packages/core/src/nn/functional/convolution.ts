import { DTypeError, ShapeError } from '../../errors.ts';
import type { Node } from '../../graph/node.ts';
import { recorder as b } from '../../graph/node.ts';
import { outputExtent } from '../../graph/ops/convolution.ts';
import type { Value } from '../../graph/value.ts';
import { requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { Size, Trailing } from '../arguments.ts';
import { readTrailing, sizesOf } from '../arguments.ts';

/** Padding by number, or so that the output has the input's size (`'same'`), or none (`'valid'`). */
export type Padding = Size | 'same' | 'valid';

export interface ConvolutionFunctionOptions {
  /** As the argument of this name. */
  bias?: Tensor | null;
  /** Step of the kernel. Default 1. */
  stride?: Size;
  /** Zeros at both ends of each dimension. Default 0. */
  padding?: Padding;
  /** Distance of the kernel's elements. Default 1. */
  dilation?: Size;
  /** Number of groups of channels that are convolved apart. Default 1. */
  groups?: number;
}

/** Where a kernel is laid. */
export interface ConvolutionGeometry {
  readonly stride: readonly number[];
  readonly padLo: readonly number[];
  readonly padHi: readonly number[];
  readonly dilation: readonly number[];
  readonly groups: number;
}

type Arguments = Trailing<ConvolutionFunctionOptions, ['bias', 'stride', 'padding', 'dilation', 'groups']>;

/**
 * Cross-correlation of x [N, C, L] or [C, L] with weight [O, C/groups, k] plus bias [O]. (PyTorch: `F.conv1d`)
 */
export function conv1d(x: Tensor, weight: Tensor, ...args: Arguments): Tensor {
  return convolutionFunction('conv1d', 1, x, weight, args);
}

/**
 * Cross-correlation of x [N, C, H, W] or [C, H, W] with weight [O, C/groups, kh, kw] plus bias [O], where
 * OH = floor((H + 2 padding - dilation (kh - 1) - 1) / stride) + 1. (PyTorch: `F.conv2d`)
 */
export function conv2d(x: Tensor, weight: Tensor, ...args: Arguments): Tensor {
  return convolutionFunction('conv2d', 2, x, weight, args);
}

/**
 * Cross-correlation of x [N, C, D, H, W] or [C, D, H, W] with weight [O, C/groups, kd, kh, kw] plus bias [O].
 * (PyTorch: `F.conv3d`)
 */
export function conv3d(x: Tensor, weight: Tensor, ...args: Arguments): Tensor {
  return convolutionFunction('conv3d', 3, x, weight, args);
}

function convolutionFunction(name: string, dimensions: number, x: Tensor, weight: Tensor, args: Arguments): Tensor {
  const {
    bias = null,
    stride = 1,
    padding = 0,
    dilation = 1,
    groups = 1,
  } = readTrailing<ConvolutionFunctionOptions>(name, args, ['bias', 'stride', 'padding', 'dilation', 'groups']);
  const input = requireTensor(name, x);
  const kernel = requireTensor(name, weight);
  if (kernel.shape.length !== dimensions + 2)
    throw new ShapeError(
      `${name}: expected a weight of ${dimensions + 2} dimensions [out, in / groups, kernel...], but got weight of size [${kernel.shape.join(', ')}]`,
    );
  const geometry = convolutionGeometry(name, dimensions, kernel.shape.slice(2), { stride, padding, dilation, groups });
  return wrap(convolve(name, input, kernel, bias === null ? null : requireTensor(name, bias), geometry));
}

/** The zeros at both ends that keep the size: where the number is odd, one more at the high end. */
export function samePadding(
  kernelSize: readonly number[],
  dilation: readonly number[],
): { lo: number[]; hi: number[] } {
  const total = kernelSize.map((size, i) => dilation[i]! * (size - 1));
  const lo = total.map((n) => Math.floor(n / 2));
  return { lo, hi: total.map((n, i) => n - lo[i]!) };
}

/** Checks the options of a convolution and brings them into one form. */
export function convolutionGeometry(
  name: string,
  dimensions: number,
  kernelSize: readonly number[],
  options: Required<Omit<ConvolutionFunctionOptions, 'bias'>>,
): ConvolutionGeometry {
  const stride = sizesOf('stride', options.stride, dimensions);
  const dilation = sizesOf('dilation', options.dilation, dimensions);
  const { groups } = options;
  if (!Number.isInteger(groups) || groups <= 0)
    throw new ShapeError(`${name}: groups must be a positive integer, got ${String(groups)}`);
  if (stride.some((n) => n <= 0)) throw new ShapeError('non-positive stride is not supported');
  if (dilation.some((n) => n <= 0))
    throw new ShapeError(`dilation should be greater than zero, but got [${dilation.join(', ')}]`);
  if (typeof options.padding === 'string') {
    if (options.padding === 'valid') {
      const none = stride.map(() => 0);
      return { stride, padLo: none, padHi: none, dilation, groups };
    }
    if (options.padding !== 'same') throw new TypeError(`Invalid padding string: '${String(options.padding)}'`);
    if (stride.some((n) => n !== 1)) throw new ShapeError("padding='same' is not supported for strided convolutions");
    const { lo, hi } = samePadding(kernelSize, dilation);
    return { stride, padLo: lo, padHi: hi, dilation, groups };
  }
  const padding = sizesOf('padding', options.padding, dimensions);
  if (padding.some((n) => n < 0)) throw new ShapeError('negative padding is not supported');
  return { stride, padLo: padding, padHi: padding, dilation, groups };
}

/** Throws PyTorch's texts for input, weight and bias that do not fit together. */
function checkConvolution(
  name: string,
  x: Node,
  w: Node,
  bias: Node | null,
  { groups, padLo, padHi, dilation }: ConvolutionGeometry,
): void {
  const dimensions = w.shape.length - 2;
  requireBatched(name, x, dimensions);
  if (x.dtype !== w.dtype)
    throw new DTypeError(`${name}: Input type (${x.dtype}) and weight type (${w.dtype}) should be the same`);
  if (bias !== null && bias.dtype !== x.dtype)
    throw new DTypeError(`${name}: Input type (${x.dtype}) and bias type (${bias.dtype}) should be the same`);
  const size = x.shape.slice(-dimensions);
  const channels = x.shape.at(-dimensions - 1)!;
  const weightText = `weight of size [${w.shape.join(', ')}]`;
  if (w.shape[0]! % groups !== 0)
    throw new ShapeError(
      `Given groups=${groups}, expected weight to be divisible by ${groups} at dimension 0, but got ${weightText} instead`,
    );
  if (channels !== w.shape[1]! * groups)
    throw new ShapeError(
      `Given groups=${groups}, ${weightText}, expected input[${x.shape.join(', ')}] to have ${w.shape[1]! * groups} channels, but got ${channels} channels instead`,
    );
  if (bias !== null && (bias.shape.length !== 1 || bias.shape[0] !== w.shape[0]))
    throw new ShapeError(
      `Given ${weightText}, expected bias to be 1-dimensional with ${w.shape[0]} elements, but got bias of size [${bias.shape.join(', ')}] instead`,
    );
  const padded = size.map((extent, i) => extent + padLo[i]! + padHi[i]!);
  const reach = dilation.map((d, i) => d * (w.shape[i + 2]! - 1) + 1);
  if (padded.some((extent, i) => extent < reach[i]!))
    throw new ShapeError(
      `Calculated padded input size per channel: (${padded.join(' x ')}). Kernel size: (${reach.join(' x ')}). Kernel size can't be greater than actual input size`,
    );
}

/** Throws unless a tensor is a batch of images of so many dimensions, or one. */
export function requireBatched(name: string, x: Node, dimensions: number): void {
  if (x.shape.length !== dimensions + 1 && x.shape.length !== dimensions + 2)
    throw new ShapeError(
      `Expected ${dimensions + 1}D (unbatched) or ${dimensions + 2}D (batched) input to ${name}, but got input of size: [${x.shape.join(', ')}]`,
    );
}

/** A convolution of 1 to 3 dimensions, with or without a batch dimension. */
export function convolve(name: string, x: Node, w: Node, bias: Node | null, geometry: ConvolutionGeometry): Value {
  checkConvolution(name, x, w, bias, geometry);
  const dimensions = w.shape.length - 2;
  const batched = x.shape.length === dimensions + 2;
  const input = batched ? x : b.reshape(x, [1, ...x.shape]);
  const y =
    dimensions === 2
      ? convolve2d(input, w, bias, geometry)
      : dimensions === 1
        ? convolve1d(input, w, bias, geometry)
        : convolve3d(input, w, bias, geometry);
  return batched ? y : b.reshape(y, y.shape.slice(1));
}

/** y + bias, per channel (axis 1). */
export function addBias(y: Value, bias: Value | null): Value {
  return bias === null ? y : b.add(y, b.reshape(bias, [bias.shape[0]!, ...y.shape.slice(2).map(() => 1)]));
}

function convolve2d(x: Value, w: Value, bias: Value | null, geometry: ConvolutionGeometry): Value {
  return addBias(b.conv2d(x, w, geometry), bias);
}

function convolve1d(x: Value, w: Value, bias: Value | null, geometry: ConvolutionGeometry): Value {
  const image = (value: Value): Value => b.reshape(value, [value.shape[0]!, value.shape[1]!, 1, value.shape[2]!]);
  const y = addBias(b.conv2d(image(x), image(w), flatGeometry(geometry)), bias);
  return b.reshape(y, [y.shape[0]!, y.shape[1]!, y.shape[3]!]);
}

/** The geometry of images of height 1. */
export function flatGeometry({ stride, padLo, padHi, dilation, groups }: ConvolutionGeometry): ConvolutionGeometry {
  return { stride: [1, stride[0]!], padLo: [0, padLo[0]!], padHi: [0, padHi[0]!], dilation: [1, dilation[0]!], groups };
}

/** The last two dimensions of a geometry of three. */
export function planeGeometry({ stride, padLo, padHi, dilation, groups }: ConvolutionGeometry): ConvolutionGeometry {
  return { stride: stride.slice(1), padLo: padLo.slice(1), padHi: padHi.slice(1), dilation: dilation.slice(1), groups };
}

// Depth becomes channels: each output slice sees the kd slices under its kernel as one image of C kd channels, and the
// weight [O, C, kd, kh, kw] already lies in memory as [O, C kd, kh, kw].
function convolve3d(x: Value, w: Value, bias: Value | null, geometry: ConvolutionGeometry): Value {
  const [n, c, d, h, width] = x.shape as [number, number, number, number, number];
  const [o, perGroup, kd, kh, kw] = w.shape as [number, number, number, number, number];
  const lo = geometry.padLo[0]!;
  const hi = geometry.padHi[0]!;
  const od = outputExtent(d, kd, geometry.stride[0]!, lo, hi, geometry.dilation[0]!);
  const columns = b.pad(b.reshape(x, [n, c, d, h * width]), [0, 0, lo, 0], [0, 0, hi, 0]);
  const windows = b.windows(columns, {
    size: [kd, 1],
    stride: [geometry.stride[0]!, 1],
    dilation: [geometry.dilation[0]!, 1],
  });
  const slices = b.reshape(b.permute(windows, [0, 3, 1, 2, 4]), [n * od, c * kd, h, width]);
  const y = addBias(b.conv2d(slices, b.reshape(w, [o, perGroup * kd, kh, kw]), planeGeometry(geometry)), bias);
  return b.permute(b.reshape(y, [n, od, o, y.shape[2]!, y.shape[3]!]), [0, 2, 1, 3, 4]);
}
