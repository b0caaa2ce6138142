import { ShapeError } from '../../errors.ts';
import type { Node } from '../../graph/node.ts';
import { zeros } from '../../tensor/creation.ts';
import { requireTensor } from '../../tensor/operand.ts';
import { padSpatial } from '../../tensor/padding.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { Size, Trailing } from '../arguments.ts';
import { readArguments, sizesOf } from '../arguments.ts';
import { Block } from '../block.ts';
import type { ConvolutionGeometry, Padding } from '../functional/convolution.ts';
import { convolutionGeometry, convolve, requireBatched } from '../functional/convolution.ts';
import { calculateFanInAndFanOut, kaimingUniform_, uniform_ } from '../init.ts';
import { Parameter } from '../parameter.ts';
import { pythonTuple } from '../python-text.ts';
import type { FactoryOptions } from './linear.ts';

/** What lies beyond the ends of the input. */
export type PaddingMode = 'zeros' | 'reflect' | 'replicate' | 'circular';

export interface ConvolutionOptions extends FactoryOptions {
  /** Step of the kernel. Default 1. */
  stride?: Size;
  /** Elements added at both ends, `'same'` or `'valid'`. Default 0. */
  padding?: Padding;
  /** Distance of the kernel's elements. Default 1. */
  dilation?: Size;
  /** Number of groups of channels that are convolved apart. Default 1. */
  groups?: number;
  /** Add a learned bias. Default true. */
  bias?: boolean;
  /** What padding consists of. Default `'zeros'`. */
  paddingMode?: PaddingMode;
}

export const convolutionOrder = [
  'stride',
  'padding',
  'dilation',
  'groups',
  'bias',
  'paddingMode',
  'device',
  'dtype',
] as const;
type ConvolutionTrailing = Trailing<ConvolutionOptions, typeof convolutionOrder>;
/** What `Conv2d` and the like are made of. */
export interface ConvolutionSizes {
  inChannels: number;
  outChannels: number;
  /** One number for all dimensions, or one for each. */
  kernelSize: Size;
}
/** `(in, out, kernel, ...options)`; arguments may be given by name from any place on. */
export type ConvolutionArguments =
  | readonly [inChannels: number, outChannels: number, kernelSize: Size, ...options: ConvolutionTrailing]
  | readonly [
      inChannels: number,
      outChannels: number,
      options: Pick<ConvolutionSizes, 'kernelSize'> & ConvolutionOptions,
    ]
  | readonly [inChannels: number, options: Omit<ConvolutionSizes, 'inChannels'> & ConvolutionOptions]
  | readonly [options: ConvolutionSizes & ConvolutionOptions];
/** The same without the number of input channels. */
export type LazyConvolutionArguments =
  | readonly [outChannels: number, kernelSize: Size, ...options: ConvolutionTrailing]
  | readonly [outChannels: number, options: Pick<ConvolutionSizes, 'kernelSize'> & ConvolutionOptions]
  | readonly [options: Omit<ConvolutionSizes, 'inChannels'> & ConvolutionOptions];

/** What every convolution has in common; `transposed` ones differ in the order of the weight's channels. */
export interface ConvolutionSetup extends FactoryOptions {
  dimensions: number;
  inChannels: number;
  outChannels: number;
  kernelSize: Size;
  stride: Size;
  padding: Padding;
  dilation: Size;
  groups: number;
  bias: boolean;
  paddingMode: PaddingMode;
  outputPadding: Size;
  transposed: boolean;
}

/** Throws PyTorch's texts for options of a convolution that do not go together. */
function checkSetup({
  inChannels,
  outChannels,
  groups,
  padding,
  stride,
  dimensions,
  paddingMode,
}: ConvolutionSetup): void {
  for (const [name, value] of [
    ['in_channels', inChannels],
    ['out_channels', outChannels],
  ] as const)
    if (!Number.isInteger(value) || value < 0)
      throw new TypeError(`${name} must be a non-negative integer, got ${String(value)}`);
  if (!Number.isInteger(groups) || groups <= 0) throw new RangeError('groups must be a positive integer');
  if (inChannels % groups !== 0) throw new RangeError('in_channels must be divisible by groups');
  if (outChannels % groups !== 0) throw new RangeError('out_channels must be divisible by groups');
  if (typeof padding === 'string') {
    if (padding !== 'same' && padding !== 'valid')
      throw new RangeError(`Invalid padding string '${String(padding)}', should be one of {'valid', 'same'}`);
    if (padding === 'same' && sizesOf('stride', stride, dimensions).some((n) => n !== 1))
      throw new RangeError("padding='same' is not supported for strided convolutions");
  }
  if (!['zeros', 'reflect', 'replicate', 'circular'].includes(paddingMode))
    throw new RangeError(
      `padding_mode must be one of {'zeros', 'reflect', 'replicate', 'circular'}, but got padding_mode='${paddingMode}'`,
    );
}

/** What convolutions of all dimensions share. Use `Conv1d`, `Conv2d` and the like. */
export abstract class Convolution extends Block {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: readonly number[];
  stride: readonly number[];
  padding: readonly number[] | 'same' | 'valid';
  dilation: readonly number[];
  outputPadding: readonly number[];
  readonly transposed: boolean;
  readonly groups: number;
  readonly paddingMode: PaddingMode;
  declare weight: Parameter;
  declare bias: Parameter | null;

  constructor(setup: ConvolutionSetup) {
    super();
    checkSetup(setup);
    const { dimensions, inChannels, outChannels, groups, bias, transposed, dtype, device } = setup;
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = sizesOf('kernel_size', setup.kernelSize, dimensions, 1);
    this.stride = sizesOf('stride', setup.stride, dimensions);
    this.padding = typeof setup.padding === 'string' ? setup.padding : sizesOf('padding', setup.padding, dimensions);
    this.dilation = sizesOf('dilation', setup.dilation, dimensions);
    this.outputPadding = sizesOf('output_padding', setup.outputPadding, dimensions);
    this.transposed = transposed;
    this.groups = groups;
    this.paddingMode = setup.paddingMode;
    // Tells now what cannot be.
    void this.geometry;
    this.weight = new Parameter(zeros(this.weightShape(), { dtype, device }));
    this.registerParameter('bias', bias ? new Parameter(zeros([outChannels], { dtype, device })) : null);
    this.resetParameters();
  }

  /** Where the kernel is laid. */
  protected get geometry(): ConvolutionGeometry {
    const { stride, padding, dilation, groups, kernelSize } = this;
    return convolutionGeometry(this.constructor.name, kernelSize.length, kernelSize, {
      stride,
      padding,
      dilation,
      groups,
    });
  }

  /** [out, in / groups, ...kernel]; transposed [in, out / groups, ...kernel]. */
  protected weightShape(): number[] {
    const { inChannels, outChannels, groups, kernelSize, transposed } = this;
    return transposed
      ? [inChannels, Math.floor(outChannels / groups), ...kernelSize]
      : [outChannels, Math.floor(inChannels / groups), ...kernelSize];
  }

  /** Draws new weights. (PyTorch: `reset_parameters`) */
  resetParameters(): void {
    kaimingUniform_(this.weight, { a: Math.sqrt(5) });
    if (this.bias === null) return;
    const [fanIn] = calculateFanInAndFanOut(this.weight);
    const bound = fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0;
    uniform_(this.bias, -bound, bound);
  }

  override extraRepr(): string {
    const { padding, dilation, outputPadding, groups } = this;
    const parts = [
      `${this.inChannels}, ${this.outChannels}, kernel_size=${pythonTuple(this.kernelSize)}, stride=${pythonTuple(this.stride)}`,
    ];
    if (typeof padding === 'string') parts.push(`padding=${padding}`);
    else if (padding.some((n) => n !== 0)) parts.push(`padding=${pythonTuple(padding)}`);
    if (dilation.some((n) => n !== 1)) parts.push(`dilation=${pythonTuple(dilation)}`);
    if (outputPadding.some((n) => n !== 0)) parts.push(`output_padding=${pythonTuple(outputPadding)}`);
    if (groups !== 1) parts.push(`groups=${groups}`);
    if (this.bias === null) parts.push('bias=False');
    if (this.paddingMode !== 'zeros') parts.push(`padding_mode=${this.paddingMode}`);
    return parts.join(', ');
  }
}

/** Convolutions that are no transposed ones. */
abstract class PlainConvolution extends Convolution {
  override forward(x: Tensor): Tensor {
    // PyTorch calls both the function and the operation by this name.
    const name = `conv${this.kernelSize.length}d`;
    const input = requireTensor(name, x);
    const bias = this.bias?.node ?? null;
    const { geometry } = this;
    if (this.paddingMode === 'zeros') return wrap(convolve(name, input, this.weight.node, bias, geometry));
    requireBatched(name, input, this.kernelSize.length);
    const { padLo, padHi } = geometry;
    const sizes = padLo.flatMap((lo, i) => [lo, padHi[i]!]);
    // Padding is listed from the last dimension.
    const reversed = sizes.map((_, i) => sizes[sizes.length - 2 - i + 2 * (i % 2)]!);
    const padded = reversed.every((n) => n === 0) ? input : (padSpatial(input, reversed, this.paddingMode) as Node);
    const none = padLo.map(() => 0);
    return wrap(convolve(name, padded, this.weight.node, bias, { ...geometry, padLo: none, padHi: none }));
  }
}

/** The arguments of a convolution as its setup. `order` has the options that there are, in their order as values. */
export function setupOf(
  name: string,
  dimensions: number,
  args: readonly unknown[],
  order: readonly (keyof ConvolutionOptions | 'outputPadding')[],
): ConvolutionSetup {
  type Options = ConvolutionOptions & { outputPadding?: Size };
  const read = readArguments<ConvolutionSizes, Options>(name, args, ['inChannels', 'outChannels', 'kernelSize'], order);
  return {
    stride: 1,
    padding: 0,
    outputPadding: 0,
    dilation: 1,
    groups: 1,
    bias: true,
    paddingMode: 'zeros',
    ...read,
    dimensions,
    transposed: order.includes('outputPadding'),
  };
}

/** The arguments of a plain convolution as its setup. */
export function plainSetup(name: string, dimensions: number, args: readonly unknown[]): ConvolutionSetup {
  return setupOf(name, dimensions, args, convolutionOrder);
}

/**
 * Cross-correlation of x [N, C, L] or [C, L] with a learned weight [O, C/groups, k], plus bias [O]. Both start uniform in
 * ±1/sqrt(C/groups k). (PyTorch: `torch.nn.Conv1d`)
 */
export class Conv1d extends PlainConvolution {
  constructor(...args: ConvolutionArguments) {
    super(plainSetup('Conv1d', 1, args));
  }
}

/**
 * Cross-correlation of x [N, C, H, W] or [C, H, W] with a learned weight [O, C/groups, kh, kw], plus bias [O]. Both start
 * uniform in ±1/sqrt(C/groups kh kw). (PyTorch: `torch.nn.Conv2d`)
 */
export class Conv2d extends PlainConvolution {
  constructor(...args: ConvolutionArguments) {
    super(plainSetup('Conv2d', 2, args));
  }
}

/**
 * Cross-correlation of x [N, C, D, H, W] or [C, D, H, W] with a learned weight [O, C/groups, kd, kh, kw], plus bias [O].
 * (PyTorch: `torch.nn.Conv3d`)
 */
export class Conv3d extends PlainConvolution {
  constructor(...args: ConvolutionArguments) {
    super(plainSetup('Conv3d', 3, args));
  }
}

/** The number of channels of images of so many dimensions. Throws PyTorch's text for others. */
export function channelsOf(name: string, x: Tensor, dimensions: number): number {
  const { shape } = requireTensor(name, x);
  if (shape.length !== dimensions + 1 && shape.length !== dimensions + 2)
    throw new ShapeError(
      `Expected ${dimensions + 1}D (unbatched) or ${dimensions + 2}D (batched) input to ${name}, but got input of size: torch.Size([${shape.join(', ')}])`,
    );
  return shape.at(-dimensions - 1)!;
}
