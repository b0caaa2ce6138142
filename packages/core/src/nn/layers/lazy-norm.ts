import { ShapeError } from '../../errors.ts';
import { zeros } from '../../tensor/creation.ts';
import { requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { become, hasUninitialized, settle } from '../lazy.ts';
import { isUninitialized, UninitializedBuffer, UninitializedParameter } from '../uninitialized.ts';
import type { LazyNormArguments, NormBase, NormSetup } from './batch-norm.ts';
import {
  BatchNorm1d,
  BatchNorm2d,
  BatchNorm3d,
  InstanceNorm1d,
  InstanceNorm2d,
  InstanceNorm3d,
  normSetup,
} from './batch-norm.ts';

/** Options for the constructor of the class that a lazy normalisation extends: without state. */
function empty({ eps, momentum, dtype, device }: NormSetup) {
  return { eps, momentum, dtype, device, affine: false, trackRunningStats: false };
}

/** What a normalisation consists of, apart from being callable. */
type Parts = Pick<
  NormBase,
  'weight' | 'bias' | 'running_mean' | 'running_var' | 'num_batches_tracked' | 'numFeatures' | 'resetParameters'
>;

function postpone(layer: Parts, { affine, trackRunningStats, bias, dtype, device }: NormSetup): void {
  settle(layer, { affine, trackRunningStats });
  if (affine) {
    layer.weight = new UninitializedParameter({ dtype, device });
    if (bias) layer.bias = new UninitializedParameter({ dtype, device });
  }
  if (trackRunningStats) {
    layer.running_mean = new UninitializedBuffer({ dtype, device });
    layer.running_var = new UninitializedBuffer({ dtype, device });
    layer.num_batches_tracked = zeros([], { dtype: 'int32', device });
  }
}

/** Gives parameters and buffers their shape: one number for each channel of `x` (dimension 1). */
function initialize(layer: Parts, x: Tensor): void {
  const { shape } = requireTensor(layer.constructor.name, x);
  const state = [layer.weight, layer.bias, layer.running_mean, layer.running_var];
  if (!hasUninitialized(layer)) {
    // A state was loaded before the first call.
    const known = state.find((tensor) => tensor !== null);
    if (known !== undefined) settle(layer, { numFeatures: known.shape[0]! });
    return;
  }
  const numFeatures = shape[1];
  if (numFeatures === undefined)
    throw new ShapeError(`${layer.constructor.name}: expected input [N, C, ...], got [${shape.join(', ')}]`);
  settle(layer, { numFeatures });
  for (const tensor of state) if (isUninitialized(tensor)) tensor.materialize([numFeatures]);
  layer.resetParameters();
}

/** A `BatchNorm1d` that takes its number of channels from the first input, and is a `BatchNorm1d` from then on. (PyTorch: `torch.nn.LazyBatchNorm1d`) */
export class LazyBatchNorm1d extends BatchNorm1d {
  constructor(...options: LazyNormArguments) {
    const setup = normSetup('LazyBatchNorm1d', [0, ...options], true);
    super(0, empty(setup));
    postpone(this, setup);
  }
  /** Whether its parameters wait for their shape. (PyTorch: `has_uninitialized_params`) */
  hasUninitializedParams(): boolean {
    return hasUninitialized(this);
  }
  /** Gives parameters and buffers their shape. (PyTorch: `initialize_parameters`) */
  initializeParameters(x: Tensor): void {
    initialize(this, x);
  }
  override resetParameters(): void {
    if (!hasUninitialized(this) && this.numFeatures !== 0) super.resetParameters();
  }
  override forward(x: Tensor): Tensor {
    this.initializeParameters(x);
    become(this, BatchNorm1d);
    return this.forward(x);
  }
}

/** A `BatchNorm2d` that takes its number of channels from the first input, and is a `BatchNorm2d` from then on. (PyTorch: `torch.nn.LazyBatchNorm2d`) */
export class LazyBatchNorm2d extends BatchNorm2d {
  constructor(...options: LazyNormArguments) {
    const setup = normSetup('LazyBatchNorm2d', [0, ...options], true);
    super(0, empty(setup));
    postpone(this, setup);
  }
  /** Whether its parameters wait for their shape. (PyTorch: `has_uninitialized_params`) */
  hasUninitializedParams(): boolean {
    return hasUninitialized(this);
  }
  /** Gives parameters and buffers their shape. (PyTorch: `initialize_parameters`) */
  initializeParameters(x: Tensor): void {
    initialize(this, x);
  }
  override resetParameters(): void {
    if (!hasUninitialized(this) && this.numFeatures !== 0) super.resetParameters();
  }
  override forward(x: Tensor): Tensor {
    this.initializeParameters(x);
    become(this, BatchNorm2d);
    return this.forward(x);
  }
}

/** A `BatchNorm3d` that takes its number of channels from the first input, and is a `BatchNorm3d` from then on. (PyTorch: `torch.nn.LazyBatchNorm3d`) */
export class LazyBatchNorm3d extends BatchNorm3d {
  constructor(...options: LazyNormArguments) {
    const setup = normSetup('LazyBatchNorm3d', [0, ...options], true);
    super(0, empty(setup));
    postpone(this, setup);
  }
  /** Whether its parameters wait for their shape. (PyTorch: `has_uninitialized_params`) */
  hasUninitializedParams(): boolean {
    return hasUninitialized(this);
  }
  /** Gives parameters and buffers their shape. (PyTorch: `initialize_parameters`) */
  initializeParameters(x: Tensor): void {
    initialize(this, x);
  }
  override resetParameters(): void {
    if (!hasUninitialized(this) && this.numFeatures !== 0) super.resetParameters();
  }
  override forward(x: Tensor): Tensor {
    this.initializeParameters(x);
    become(this, BatchNorm3d);
    return this.forward(x);
  }
}

/** A `InstanceNorm1d` that takes its number of channels from the first input, and is a `InstanceNorm1d` from then on. (PyTorch: `torch.nn.LazyInstanceNorm1d`) */
export class LazyInstanceNorm1d extends InstanceNorm1d {
  constructor(...options: LazyNormArguments) {
    const setup = normSetup('LazyInstanceNorm1d', [0, ...options], true);
    super(0, empty(setup));
    postpone(this, setup);
  }
  /** Whether its parameters wait for their shape. (PyTorch: `has_uninitialized_params`) */
  hasUninitializedParams(): boolean {
    return hasUninitialized(this);
  }
  /** Gives parameters and buffers their shape. (PyTorch: `initialize_parameters`) */
  initializeParameters(x: Tensor): void {
    initialize(this, x);
  }
  override resetParameters(): void {
    if (!hasUninitialized(this) && this.numFeatures !== 0) super.resetParameters();
  }
  override forward(x: Tensor): Tensor {
    this.initializeParameters(x);
    become(this, InstanceNorm1d);
    return this.forward(x);
  }
}

/** A `InstanceNorm2d` that takes its number of channels from the first input, and is a `InstanceNorm2d` from then on. (PyTorch: `torch.nn.LazyInstanceNorm2d`) */
export class LazyInstanceNorm2d extends InstanceNorm2d {
  constructor(...options: LazyNormArguments) {
    const setup = normSetup('LazyInstanceNorm2d', [0, ...options], true);
    super(0, empty(setup));
    postpone(this, setup);
  }
  /** Whether its parameters wait for their shape. (PyTorch: `has_uninitialized_params`) */
  hasUninitializedParams(): boolean {
    return hasUninitialized(this);
  }
  /** Gives parameters and buffers their shape. (PyTorch: `initialize_parameters`) */
  initializeParameters(x: Tensor): void {
    initialize(this, x);
  }
  override resetParameters(): void {
    if (!hasUninitialized(this) && this.numFeatures !== 0) super.resetParameters();
  }
  override forward(x: Tensor): Tensor {
    this.initializeParameters(x);
    become(this, InstanceNorm2d);
    return this.forward(x);
  }
}

/** A `InstanceNorm3d` that takes its number of channels from the first input, and is a `InstanceNorm3d` from then on. (PyTorch: `torch.nn.LazyInstanceNorm3d`) */
export class LazyInstanceNorm3d extends InstanceNorm3d {
  constructor(...options: LazyNormArguments) {
    const setup = normSetup('LazyInstanceNorm3d', [0, ...options], true);
    super(0, empty(setup));
    postpone(this, setup);
  }
  /** Whether its parameters wait for their shape. (PyTorch: `has_uninitialized_params`) */
  hasUninitializedParams(): boolean {
    return hasUninitialized(this);
  }
  /** Gives parameters and buffers their shape. (PyTorch: `initialize_parameters`) */
  initializeParameters(x: Tensor): void {
    initialize(this, x);
  }
  override resetParameters(): void {
    if (!hasUninitialized(this) && this.numFeatures !== 0) super.resetParameters();
  }
  override forward(x: Tensor): Tensor {
    this.initializeParameters(x);
    become(this, InstanceNorm3d);
    return this.forward(x);
  }
}
