import { ShapeError } from '../../errors.ts';
import { zeros } from '../../tensor/creation.ts';
import { requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { LazyLayer } from '../lazy.ts';
import { become, hasUninitialized, settle } from '../lazy.ts';
import { isUninitialized, UninitializedBuffer, UninitializedParameter } from '../uninitialized.ts';
import type { LazyNormArguments, NormArguments, NormBase, NormSetup } from './batch-norm.ts';
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

/** A normalisation whose state gets its shape from the first input, at which it becomes one of the class `base`. */
function lazyNorm<N extends NormBase>(
  base: new (...args: NormArguments) => N,
): new (...options: LazyNormArguments) => N & LazyLayer {
  class LazyNorm extends (base as unknown as new (...args: NormArguments) => BatchNorm1d) {
    constructor(...options: LazyNormArguments) {
      const setup = normSetup(new.target.name, [0, ...options], true);
      super(0, empty(setup));
      postpone(this, setup);
    }
    hasUninitializedParams(): boolean {
      return hasUninitialized(this);
    }
    initializeParameters(x: Tensor): void {
      initialize(this, x);
    }
    override resetParameters(): void {
      if (!hasUninitialized(this) && this.numFeatures !== 0) super.resetParameters();
    }
    override forward(x: Tensor): Tensor {
      this.initializeParameters(x);
      become(this, base);
      return this.forward(x);
    }
  }
  return LazyNorm as unknown as new (...options: LazyNormArguments) => N & LazyLayer;
}

/** A `BatchNorm1d` that takes its number of channels from the first input, and is a `BatchNorm1d` from then on. (PyTorch: `torch.nn.LazyBatchNorm1d`) */
export class LazyBatchNorm1d extends lazyNorm(BatchNorm1d) {}

/** A `BatchNorm2d` that takes its number of channels from the first input, and is a `BatchNorm2d` from then on. (PyTorch: `torch.nn.LazyBatchNorm2d`) */
export class LazyBatchNorm2d extends lazyNorm(BatchNorm2d) {}

/** A `BatchNorm3d` that takes its number of channels from the first input, and is a `BatchNorm3d` from then on. (PyTorch: `torch.nn.LazyBatchNorm3d`) */
export class LazyBatchNorm3d extends lazyNorm(BatchNorm3d) {}

/** An `InstanceNorm1d` that takes its number of channels from the first input, and is an `InstanceNorm1d` from then on. (PyTorch: `torch.nn.LazyInstanceNorm1d`) */
export class LazyInstanceNorm1d extends lazyNorm(InstanceNorm1d) {}

/** An `InstanceNorm2d` that takes its number of channels from the first input, and is an `InstanceNorm2d` from then on. (PyTorch: `torch.nn.LazyInstanceNorm2d`) */
export class LazyInstanceNorm2d extends lazyNorm(InstanceNorm2d) {}

/** An `InstanceNorm3d` that takes its number of channels from the first input, and is an `InstanceNorm3d` from then on. (PyTorch: `torch.nn.LazyInstanceNorm3d`) */
export class LazyInstanceNorm3d extends lazyNorm(InstanceNorm3d) {}
