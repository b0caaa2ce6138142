import { ShapeError } from '../../errors.ts';
import { requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { Size, Trailing } from '../arguments.ts';
import { sizesOf } from '../arguments.ts';
import { requireBatched } from '../functional/convolution.ts';
import { convolveTransposed } from '../functional/transposed-convolution.ts';
import type { ConvolutionSetup, ConvolutionSizes, PaddingMode } from './convolution.ts';
import { Convolution, setupOf } from './convolution.ts';
import type { FactoryOptions } from './linear.ts';

export interface TransposedConvolutionOptions extends FactoryOptions {
  /** Step of the kernel in the output. Default 1. */
  stride?: Size;
  /** Elements cut off at both ends of the output. Default 0. */
  padding?: Size;
  /** Elements added at the high end of the output. Default 0. */
  outputPadding?: Size;
  /** Number of groups of channels that are treated apart. Default 1. */
  groups?: number;
  /** Add a learned bias. Default true. */
  bias?: boolean;
  /** Distance of the kernel's elements. Default 1. */
  dilation?: Size;
  /** Only `'zeros'`. */
  paddingMode?: PaddingMode;
}

const order = [
  'stride',
  'padding',
  'outputPadding',
  'groups',
  'bias',
  'dilation',
  'paddingMode',
  'device',
  'dtype',
] as const;
type TransposedTrailing = Trailing<TransposedConvolutionOptions, typeof order>;
/** `(in, out, kernel, ...options)`; arguments may be given by name from any place on. */
export type TransposedConvolutionArguments =
  | readonly [inChannels: number, outChannels: number, kernelSize: Size, ...options: TransposedTrailing]
  | readonly [
      inChannels: number,
      outChannels: number,
      options: Pick<ConvolutionSizes, 'kernelSize'> & TransposedConvolutionOptions,
    ]
  | readonly [inChannels: number, options: Omit<ConvolutionSizes, 'inChannels'> & TransposedConvolutionOptions]
  | readonly [options: ConvolutionSizes & TransposedConvolutionOptions];
/** The same without the number of input channels. */
export type LazyTransposedConvolutionArguments =
  | readonly [outChannels: number, kernelSize: Size, ...options: TransposedTrailing]
  | readonly [outChannels: number, options: Pick<ConvolutionSizes, 'kernelSize'> & TransposedConvolutionOptions]
  | readonly [options: Omit<ConvolutionSizes, 'inChannels'> & TransposedConvolutionOptions];

/** The arguments of a transposed convolution as its setup. */
export function transposedSetup(name: string, dimensions: number, args: readonly unknown[]): ConvolutionSetup {
  const setup = setupOf(name, dimensions, args, order);
  if (setup.paddingMode !== 'zeros') throw new RangeError(`Only "zeros" padding mode is supported for ${name}`);
  return setup;
}

/** The size of a result where several are possible: with or without batch and channels, or as an option. */
export type OutputSize = readonly number[] | { readonly outputSize?: readonly number[] | null } | null;

/** The size that a caller asks for, or `null`. */
export function sizeFrom(size: OutputSize): readonly number[] | null {
  if (size === null || Array.isArray(size)) return size as readonly number[] | null;
  return (size as { readonly outputSize?: readonly number[] | null }).outputSize ?? null;
}

/** What transposed convolutions of all dimensions share. Use `ConvTranspose2d` and the like. */
export abstract class TransposedConvolution extends Convolution {
  /** `outputSize` chooses among the sizes that a convolution would bring to the input's; it takes the place of `outputPadding`. */
  override forward(x: Tensor, outputSize: OutputSize = null): Tensor {
    const dimensions = this.kernelSize.length;
    const name = `conv_transpose${dimensions}d`;
    const input = requireTensor(name, x);
    requireBatched(name, input, dimensions);
    const size = sizeFrom(outputSize);
    const outputPadding = size === null ? this.outputPadding : this.paddingFor(input.shape, size);
    return wrap(
      convolveTransposed(
        name,
        input,
        this.weight.node,
        this.bias?.node ?? null,
        this.geometry,
        sizesOf('output_padding', outputPadding, dimensions),
      ),
    );
  }

  /** The output padding that leads to an output size. */
  protected paddingFor(shape: readonly number[], outputSize: readonly number[]): number[] {
    const { kernelSize } = this;
    const { stride, dilation, padLo } = this.geometry;
    const dimensions = kernelSize.length;
    const leading = shape.length - dimensions;
    const wanted = outputSize.length === leading + dimensions ? outputSize.slice(leading) : outputSize;
    if (wanted.length !== dimensions)
      throw new ShapeError(
        `ConvTranspose${dimensions}D: for ${shape.length}D input, output_size must have ${dimensions} or ${leading + dimensions} elements (got ${wanted.length})`,
      );
    const least = kernelSize.map(
      (size, i) => (shape[leading + i]! - 1) * stride[i]! - 2 * padLo[i]! + dilation[i]! * (size - 1) + 1,
    );
    const most = least.map((extent, i) => extent + stride[i]! - 1);
    if (wanted.some((extent, i) => extent < least[i]! || extent > most[i]!))
      throw new ShapeError(
        `requested an output size of (${wanted.join(', ')}), but valid sizes range from [${least.join(', ')}] to [${most.join(', ')}] (for an input of torch.Size([${shape.slice(2).join(', ')}]))`,
      );
    return wanted.map((extent, i) => extent - least[i]!);
  }
}

/** The adjoint of `Conv1d`: x [N, C, L] or [C, L] with a learned weight [C, O/groups, k]. (PyTorch: `torch.nn.ConvTranspose1d`) */
export class ConvTranspose1d extends TransposedConvolution {
  constructor(...args: TransposedConvolutionArguments) {
    super(transposedSetup('ConvTranspose1d', 1, args));
  }
}

/**
 * The adjoint of `Conv2d`: x [N, C, H, W] or [C, H, W] with a learned weight [C, O/groups, kh, kw], plus bias [O], gives
 * OH = (H - 1) stride - 2 padding + dilation (kh - 1) + outputPadding + 1. (PyTorch: `torch.nn.ConvTranspose2d`)
 */
export class ConvTranspose2d extends TransposedConvolution {
  constructor(...args: TransposedConvolutionArguments) {
    super(transposedSetup('ConvTranspose2d', 2, args));
  }
}

/** The adjoint of `Conv3d`: x [N, C, D, H, W] or [C, D, H, W]. (PyTorch: `torch.nn.ConvTranspose3d`) */
export class ConvTranspose3d extends TransposedConvolution {
  constructor(...args: TransposedConvolutionArguments) {
    super(transposedSetup('ConvTranspose3d', 3, args));
  }
}
