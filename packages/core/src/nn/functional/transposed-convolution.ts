import { DTypeError, ShapeError } from '../../errors.ts';
import type { Node } from '../../graph/node.ts';
import { recorder as b } from '../../graph/node.ts';
import type { Value } from '../../graph/value.ts';
import { requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { Size, Trailing } from '../arguments.ts';
import { readTrailing, sizesOf } from '../arguments.ts';
import type { ConvolutionGeometry } from './convolution.ts';
import { addBias, convolutionGeometry, flatGeometry, planeGeometry, requireBatched } from './convolution.ts';

export interface TransposedConvolutionFunctionOptions {
  /** As the argument of this name. */
  bias?: Tensor | null;
  /** Step of the kernel in the output. Default 1. */
  stride?: Size;
  /** Elements cut off at both ends of the output. Default 0. */
  padding?: Size;
  /** Elements added at the high end of the output. Default 0. */
  outputPadding?: Size;
  /** Number of groups of channels that are treated apart. Default 1. */
  groups?: number;
  /** Distance of the kernel's elements. Default 1. */
  dilation?: Size;
}

const order = ['bias', 'stride', 'padding', 'outputPadding', 'groups', 'dilation'] as const;
type Arguments = Trailing<TransposedConvolutionFunctionOptions, typeof order>;

/** The adjoint of `conv1d`: x [N, C, L] or [C, L], weight [C, O/groups, k], bias [O]. (PyTorch: `F.conv_transpose1d`) */
export function convTranspose1d(x: Tensor, weight: Tensor, ...args: Arguments): Tensor {
  return transposedFunction('conv_transpose1d', 1, x, weight, args);
}
/**
 * The adjoint of `conv2d`: x [N, C, H, W] or [C, H, W], weight [C, O/groups, kh, kw], bias [O], where
 * OH = (H - 1) stride - 2 padding + dilation (kh - 1) + outputPadding + 1. (PyTorch: `F.conv_transpose2d`)
 */
export function convTranspose2d(x: Tensor, weight: Tensor, ...args: Arguments): Tensor {
  return transposedFunction('conv_transpose2d', 2, x, weight, args);
}
/** The adjoint of `conv3d`: x [N, C, D, H, W] or [C, D, H, W], weight [C, O/groups, kd, kh, kw]. (PyTorch: `F.conv_transpose3d`) */
export function convTranspose3d(x: Tensor, weight: Tensor, ...args: Arguments): Tensor {
  return transposedFunction('conv_transpose3d', 3, x, weight, args);
}

function transposedFunction(name: string, dimensions: number, x: Tensor, weight: Tensor, args: Arguments): Tensor {
  const {
    bias = null,
    stride = 1,
    padding = 0,
    outputPadding = 0,
    groups = 1,
    dilation = 1,
  } = readTrailing<TransposedConvolutionFunctionOptions>(name, args, order);
  const input = requireTensor(name, x);
  const kernel = requireTensor(name, weight);
  if (kernel.shape.length !== dimensions + 2)
    throw new ShapeError(
      `${name}: expected a weight of ${dimensions + 2} dimensions [in, out / groups, kernel...], but got weight of size [${kernel.shape.join(', ')}]`,
    );
  const geometry = convolutionGeometry(name, dimensions, kernel.shape.slice(2), { stride, padding, dilation, groups });
  return wrap(
    convolveTransposed(
      name,
      input,
      kernel,
      bias === null ? null : requireTensor(name, bias),
      geometry,
      sizesOf('output_padding', outputPadding, dimensions),
    ),
  );
}

const axisNames = ['depth', 'height', 'width'];

function checkTransposed(
  name: string,
  x: Node,
  w: Node,
  bias: Node | null,
  { stride, padLo, dilation, groups }: ConvolutionGeometry,
  outputPadding: readonly number[],
): number[] {
  const dimensions = w.shape.length - 2;
  requireBatched(name, x, dimensions);
  if (x.dtype !== w.dtype)
    throw new DTypeError(`${name}: Input type (${x.dtype}) and weight type (${w.dtype}) should be the same`);
  if (bias !== null && bias.dtype !== x.dtype)
    throw new DTypeError(`${name}: Input type (${x.dtype}) and bias type (${bias.dtype}) should be the same`);
  const channels = x.shape.at(-dimensions - 1)!;
  const weightText = `weight of size [${w.shape.join(', ')}]`;
  if (channels !== w.shape[0])
    throw new ShapeError(
      `Given transposed=1, ${weightText}, expected input[${x.shape.join(', ')}] to have ${w.shape[0]} channels, but got ${channels} channels instead`,
    );
  if (channels % groups !== 0)
    throw new ShapeError(
      `Given groups=${groups}, expected weight to be divisible by ${groups} at dimension 0, but got ${weightText} instead`,
    );
  const out = w.shape[1]! * groups;
  if (bias !== null && (bias.shape.length !== 1 || bias.shape[0] !== out))
    throw new ShapeError(
      `Given transposed=1, ${weightText}, expected bias to be 1-dimensional with ${out} elements, but got bias of size [${bias.shape.join(', ')}] instead`,
    );
  if (outputPadding.some((n) => n < 0)) throw new ShapeError('negative output_padding is not supported');
  if (outputPadding.some((n, i) => n >= stride[i]! && n >= dilation[i]!)) {
    const named = (what: string, values: readonly number[]): string =>
      values.map((n, i) => `${what}_${axisNames[3 - dimensions + i]}: ${n}`).join(' ');
    throw new ShapeError(
      `output padding must be smaller than either stride or dilation, but got ${named('output_padding', outputPadding)} ${named('stride', stride)} ${named('dilation', dilation)}`,
    );
  }
  const size = x.shape.slice(-dimensions);
  const outputSize = size.map(
    (extent, i) =>
      (extent - 1) * stride[i]! - 2 * padLo[i]! + dilation[i]! * (w.shape[i + 2]! - 1) + outputPadding[i]! + 1,
  );
  if (outputSize.some((extent) => extent < 0))
    throw new ShapeError(
      `Given input size per channel: (${size.join(' x ')}). Calculated output size per channel: (${outputSize.join(' x ')}). Output size is too small`,
    );
  return outputSize;
}

/** A transposed convolution of 1 to 3 dimensions, with or without a batch dimension. */
export function convolveTransposed(
  name: string,
  x: Node,
  w: Node,
  bias: Node | null,
  geometry: ConvolutionGeometry,
  outputPadding: readonly number[],
): Value {
  const outputSize = checkTransposed(name, x, w, bias, geometry, outputPadding);
  // A result without elements is cut from one that has some.
  const computed = outputSize.map((extent) => Math.max(1, extent));
  // Output padding first gives back what padding takes away. Beyond the last kernel the adjoint reaches by stride - 1 at
  // most; what lies farther is zero.
  const added = outputPadding.map((n, i) => n + computed[i]! - outputSize[i]!);
  const placed = { ...geometry, padHi: geometry.padHi.map((n, i) => Math.max(0, n - added[i]!)) };
  const beyond = added.map((n, i) => Math.max(0, n - geometry.padHi[i]! - (geometry.stride[i]! - 1)));
  const inputSize = computed.map((extent, i) => extent - beyond[i]!);
  const dimensions = w.shape.length - 2;
  const batched = x.shape.length === dimensions + 2;
  const input = batched ? x : b.reshape(x, [1, ...x.shape]);
  const adjoint =
    dimensions === 2
      ? b.conv2dInputGrad(input, w, { ...placed, inputSize })
      : dimensions === 1
        ? adjoint1d(input, w, placed, inputSize[0]!)
        : adjoint3d(input, w, placed, inputSize);
  const start = adjoint.shape.map(() => 0);
  const padded = b.pad(adjoint, start, [0, 0, ...beyond]);
  const y = addBias(b.slice(padded, start, [...adjoint.shape.slice(0, 2), ...outputSize]), bias);
  return batched ? y : b.reshape(y, y.shape.slice(1));
}

function adjoint1d(x: Value, w: Value, geometry: ConvolutionGeometry, length: number): Value {
  const image = (value: Value): Value => b.reshape(value, [value.shape[0]!, value.shape[1]!, 1, value.shape[2]!]);
  const y = b.conv2dInputGrad(image(x), image(w), { ...flatGeometry(geometry), inputSize: [1, length] });
  return b.reshape(y, [y.shape[0]!, y.shape[1]!, length]);
}

// conv3d backwards: slices become images again, and windows in depth are added back.
function adjoint3d(x: Value, w: Value, geometry: ConvolutionGeometry, inputSize: readonly number[]): Value {
  const [n, o, od, oh, ow] = x.shape as [number, number, number, number, number];
  const [, perGroup, kd, kh, kw] = w.shape as [number, number, number, number, number];
  const [d, h, width] = inputSize as [number, number, number];
  const c = perGroup * geometry.groups;
  const lo = geometry.padLo[0]!;
  const slices = b.reshape(b.permute(x, [0, 2, 1, 3, 4]), [n * od, o, oh, ow]);
  const images = b.conv2dInputGrad(slices, b.reshape(w, [o, perGroup * kd, kh, kw]), {
    ...planeGeometry(geometry),
    inputSize: [h, width],
  });
  const windows = b.permute(b.reshape(images, [n, od, c, kd, h * width]), [0, 2, 3, 1, 4]);
  const depth = d + lo + geometry.padHi[0]!;
  const columns = b.windowsAdjoint(windows, {
    size: [kd, 1],
    stride: [geometry.stride[0]!, 1],
    dilation: [geometry.dilation[0]!, 1],
    inputSize: [depth, h * width],
  });
  return b.reshape(b.narrow(columns, 2, lo, d), [n, c, d, h, width]);
}
