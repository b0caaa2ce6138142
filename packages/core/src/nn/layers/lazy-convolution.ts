import type { Tensor } from '../../tensor/tensor.ts';
import type { Size } from '../arguments.ts';
import type { LazyLayer } from '../lazy.ts';
import { become, hasUninitialized, settle } from '../lazy.ts';
import { isUninitialized, UninitializedParameter } from '../uninitialized.ts';
import type { Convolution, ConvolutionArguments, ConvolutionSetup, LazyConvolutionArguments } from './convolution.ts';
import { channelsOf, Conv1d, Conv2d, Conv3d, plainSetup } from './convolution.ts';
import type { LazyTransposedConvolutionArguments, TransposedConvolutionArguments } from './transposed-convolution.ts';
import { ConvTranspose1d, ConvTranspose2d, ConvTranspose3d, transposedSetup } from './transposed-convolution.ts';

/** Options for the constructor of the class that a lazy convolution extends: without channels, nothing is drawn. */
function empty({ stride, padding, dilation, groups, paddingMode, dtype, device }: ConvolutionSetup) {
  return { stride, padding: padding as Size, dilation, groups, paddingMode, dtype, device, bias: false };
}

/** What a convolution consists of, apart from being callable. */
type Parts = Pick<
  Convolution,
  'inChannels' | 'outChannels' | 'groups' | 'kernelSize' | 'transposed' | 'weight' | 'bias' | 'resetParameters'
>;

function postpone(layer: Parts, { outChannels, bias, dtype, device }: ConvolutionSetup): void {
  if (outChannels % layer.groups !== 0) throw new RangeError('out_channels must be divisible by groups');
  settle(layer, { outChannels });
  layer.weight = new UninitializedParameter({ dtype, device });
  if (bias) layer.bias = new UninitializedParameter({ dtype, device });
}

/** Gives the parameters their shape: as many input channels as `x` has. */
function initialize(layer: Parts, x: Tensor): void {
  const { weight, bias, kernelSize, groups, transposed, outChannels } = layer;
  const inChannels = channelsOf(layer.constructor.name, x, kernelSize.length);
  if (!hasUninitialized(layer)) {
    // A state was loaded before the first call.
    settle(layer, { inChannels: transposed ? weight.shape[0]! : weight.shape[1]! * groups });
    return;
  }
  if (inChannels % groups !== 0) throw new RangeError('in_channels must be divisible by groups');
  settle(layer, { inChannels });
  if (isUninitialized(weight))
    weight.materialize(
      transposed
        ? [inChannels, Math.floor(outChannels / groups), ...kernelSize]
        : [outChannels, Math.floor(inChannels / groups), ...kernelSize],
    );
  if (isUninitialized(bias)) bias.materialize([outChannels]);
  layer.resetParameters();
}

/** A convolution without channels, which its first input makes one of the class `base`. */
function lazy(
  base: { readonly prototype: Convolution },
  setupOf: (name: string, args: readonly unknown[]) => readonly [ConvolutionSetup, options: object],
): unknown {
  return class LazyConvolution extends (base as unknown as new (...args: readonly unknown[]) => Conv1d) {
    constructor(...args: readonly unknown[]) {
      const [setup, options] = setupOf(new.target.name, [0, ...args]);
      super(0, 0, setup.kernelSize, { ...empty(setup), ...options });
      postpone(this, setup);
    }
    hasUninitializedParams(): boolean {
      return hasUninitialized(this);
    }
    initializeParameters(x: Tensor): void {
      initialize(this, x);
    }
    override resetParameters(): void {
      if (!hasUninitialized(this) && this.inChannels !== 0) super.resetParameters();
    }
    override forward(...inputs: [x: Tensor]): Tensor {
      this.initializeParameters(inputs[0]);
      become(this, base);
      return this.forward(...inputs);
    }
  };
}

function lazyConvolution<C extends Convolution>(
  base: new (...args: ConvolutionArguments) => C,
  dimensions: 1 | 2 | 3,
): new (...args: LazyConvolutionArguments) => C & LazyLayer {
  return lazy(base, (name, args) => {
    const setup = plainSetup(name, dimensions, args);
    return [setup, { padding: setup.padding }];
  }) as new (...args: LazyConvolutionArguments) => C & LazyLayer;
}

function lazyTransposedConvolution<C extends Convolution>(
  base: new (...args: TransposedConvolutionArguments) => C,
  dimensions: 1 | 2 | 3,
): new (...args: LazyTransposedConvolutionArguments) => C & LazyLayer {
  return lazy(base, (name, args) => {
    const setup = transposedSetup(name, dimensions, args);
    return [setup, { outputPadding: setup.outputPadding }];
  }) as new (...args: LazyTransposedConvolutionArguments) => C & LazyLayer;
}

/** A `Conv1d` that takes its number of input channels from the first input, and is a `Conv1d` from then on. (PyTorch: `torch.nn.LazyConv1d`) */
export class LazyConv1d extends lazyConvolution(Conv1d, 1) {}

/** A `Conv2d` that takes its number of input channels from the first input, and is a `Conv2d` from then on. (PyTorch: `torch.nn.LazyConv2d`) */
export class LazyConv2d extends lazyConvolution(Conv2d, 2) {}

/** A `Conv3d` that takes its number of input channels from the first input, and is a `Conv3d` from then on. (PyTorch: `torch.nn.LazyConv3d`) */
export class LazyConv3d extends lazyConvolution(Conv3d, 3) {}

/** A `ConvTranspose1d` that takes its number of input channels from the first input, and is a `ConvTranspose1d` from then on. (PyTorch: `torch.nn.LazyConvTranspose1d`) */
export class LazyConvTranspose1d extends lazyTransposedConvolution(ConvTranspose1d, 1) {}

/** A `ConvTranspose2d` that takes its number of input channels from the first input, and is a `ConvTranspose2d` from then on. (PyTorch: `torch.nn.LazyConvTranspose2d`) */
export class LazyConvTranspose2d extends lazyTransposedConvolution(ConvTranspose2d, 2) {}

/** A `ConvTranspose3d` that takes its number of input channels from the first input, and is a `ConvTranspose3d` from then on. (PyTorch: `torch.nn.LazyConvTranspose3d`) */
export class LazyConvTranspose3d extends lazyTransposedConvolution(ConvTranspose3d, 3) {}
