import type { Tensor } from '../../tensor/tensor.ts';
import type { Size } from '../arguments.ts';
import { become, hasUninitialized, settle } from '../lazy.ts';
import { isUninitialized, UninitializedParameter } from '../uninitialized.ts';
import type { Convolution, ConvolutionSetup, LazyConvolutionArguments } from './convolution.ts';
import { channelsOf, Conv1d, Conv2d, Conv3d, plainSetup } from './convolution.ts';
import type { LazyTransposedConvolutionArguments, OutputSize } from './transposed-convolution.ts';
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

/** A `Conv1d` that takes its number of input channels from the first input, and is a `Conv1d` from then on. (PyTorch: `torch.nn.LazyConv1d`) */
export class LazyConv1d extends Conv1d {
  constructor(...args: LazyConvolutionArguments) {
    const setup = plainSetup('LazyConv1d', 1, [0, ...args]);
    super(0, 0, setup.kernelSize, { ...empty(setup), padding: setup.padding });
    postpone(this, setup);
  }
  /** Whether its parameters wait for their shape. (PyTorch: `has_uninitialized_params`) */
  hasUninitializedParams(): boolean {
    return hasUninitialized(this);
  }
  /** Gives the parameters their shape and draws them. (PyTorch: `initialize_parameters`) */
  initializeParameters(x: Tensor): void {
    initialize(this, x);
  }
  override resetParameters(): void {
    if (!hasUninitialized(this) && this.inChannels !== 0) super.resetParameters();
  }
  override forward(x: Tensor): Tensor {
    this.initializeParameters(x);
    become(this, Conv1d);
    return this.forward(x);
  }
}

/** A `Conv2d` that takes its number of input channels from the first input, and is a `Conv2d` from then on. (PyTorch: `torch.nn.LazyConv2d`) */
export class LazyConv2d extends Conv2d {
  constructor(...args: LazyConvolutionArguments) {
    const setup = plainSetup('LazyConv2d', 2, [0, ...args]);
    super(0, 0, setup.kernelSize, { ...empty(setup), padding: setup.padding });
    postpone(this, setup);
  }
  /** Whether its parameters wait for their shape. (PyTorch: `has_uninitialized_params`) */
  hasUninitializedParams(): boolean {
    return hasUninitialized(this);
  }
  /** Gives the parameters their shape and draws them. (PyTorch: `initialize_parameters`) */
  initializeParameters(x: Tensor): void {
    initialize(this, x);
  }
  override resetParameters(): void {
    if (!hasUninitialized(this) && this.inChannels !== 0) super.resetParameters();
  }
  override forward(x: Tensor): Tensor {
    this.initializeParameters(x);
    become(this, Conv2d);
    return this.forward(x);
  }
}

/** A `Conv3d` that takes its number of input channels from the first input, and is a `Conv3d` from then on. (PyTorch: `torch.nn.LazyConv3d`) */
export class LazyConv3d extends Conv3d {
  constructor(...args: LazyConvolutionArguments) {
    const setup = plainSetup('LazyConv3d', 3, [0, ...args]);
    super(0, 0, setup.kernelSize, { ...empty(setup), padding: setup.padding });
    postpone(this, setup);
  }
  /** Whether its parameters wait for their shape. (PyTorch: `has_uninitialized_params`) */
  hasUninitializedParams(): boolean {
    return hasUninitialized(this);
  }
  /** Gives the parameters their shape and draws them. (PyTorch: `initialize_parameters`) */
  initializeParameters(x: Tensor): void {
    initialize(this, x);
  }
  override resetParameters(): void {
    if (!hasUninitialized(this) && this.inChannels !== 0) super.resetParameters();
  }
  override forward(x: Tensor): Tensor {
    this.initializeParameters(x);
    become(this, Conv3d);
    return this.forward(x);
  }
}

/** A `ConvTranspose1d` that takes its number of input channels from the first input, and is a `ConvTranspose1d` from then on. (PyTorch: `torch.nn.LazyConvTranspose1d`) */
export class LazyConvTranspose1d extends ConvTranspose1d {
  constructor(...args: LazyTransposedConvolutionArguments) {
    const setup = transposedSetup('LazyConvTranspose1d', 1, [0, ...args]);
    super(0, 0, setup.kernelSize, { ...empty(setup), outputPadding: setup.outputPadding });
    postpone(this, setup);
  }
  /** Whether its parameters wait for their shape. (PyTorch: `has_uninitialized_params`) */
  hasUninitializedParams(): boolean {
    return hasUninitialized(this);
  }
  /** Gives the parameters their shape and draws them. (PyTorch: `initialize_parameters`) */
  initializeParameters(x: Tensor): void {
    initialize(this, x);
  }
  override resetParameters(): void {
    if (!hasUninitialized(this) && this.inChannels !== 0) super.resetParameters();
  }
  override forward(x: Tensor, outputSize: OutputSize = null): Tensor {
    this.initializeParameters(x);
    become(this, ConvTranspose1d);
    return this.forward(x, outputSize);
  }
}

/** A `ConvTranspose2d` that takes its number of input channels from the first input, and is a `ConvTranspose2d` from then on. (PyTorch: `torch.nn.LazyConvTranspose2d`) */
export class LazyConvTranspose2d extends ConvTranspose2d {
  constructor(...args: LazyTransposedConvolutionArguments) {
    const setup = transposedSetup('LazyConvTranspose2d', 2, [0, ...args]);
    super(0, 0, setup.kernelSize, { ...empty(setup), outputPadding: setup.outputPadding });
    postpone(this, setup);
  }
  /** Whether its parameters wait for their shape. (PyTorch: `has_uninitialized_params`) */
  hasUninitializedParams(): boolean {
    return hasUninitialized(this);
  }
  /** Gives the parameters their shape and draws them. (PyTorch: `initialize_parameters`) */
  initializeParameters(x: Tensor): void {
    initialize(this, x);
  }
  override resetParameters(): void {
    if (!hasUninitialized(this) && this.inChannels !== 0) super.resetParameters();
  }
  override forward(x: Tensor, outputSize: OutputSize = null): Tensor {
    this.initializeParameters(x);
    become(this, ConvTranspose2d);
    return this.forward(x, outputSize);
  }
}

/** A `ConvTranspose3d` that takes its number of input channels from the first input, and is a `ConvTranspose3d` from then on. (PyTorch: `torch.nn.LazyConvTranspose3d`) */
export class LazyConvTranspose3d extends ConvTranspose3d {
  constructor(...args: LazyTransposedConvolutionArguments) {
    const setup = transposedSetup('LazyConvTranspose3d', 3, [0, ...args]);
    super(0, 0, setup.kernelSize, { ...empty(setup), outputPadding: setup.outputPadding });
    postpone(this, setup);
  }
  /** Whether its parameters wait for their shape. (PyTorch: `has_uninitialized_params`) */
  hasUninitializedParams(): boolean {
    return hasUninitialized(this);
  }
  /** Gives the parameters their shape and draws them. (PyTorch: `initialize_parameters`) */
  initializeParameters(x: Tensor): void {
    initialize(this, x);
  }
  override resetParameters(): void {
    if (!hasUninitialized(this) && this.inChannels !== 0) super.resetParameters();
  }
  override forward(x: Tensor, outputSize: OutputSize = null): Tensor {
    this.initializeParameters(x);
    become(this, ConvTranspose3d);
    return this.forward(x, outputSize);
  }
}
