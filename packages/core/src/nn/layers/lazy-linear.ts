import type { Device } from '../../device/contract.ts';
import { ShapeError } from '../../errors.ts';
import type { DType } from '../../graph/dtype.ts';
import { requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readArguments } from '../arguments.ts';
import { become, hasUninitialized, settle } from '../lazy.ts';
import { isUninitialized, UninitializedParameter as Uninitialized } from '../uninitialized.ts';
import type { LinearOptions } from './linear.ts';
import { Linear } from './linear.ts';

const order = ['bias', 'device', 'dtype'] as const;

/**
 * A `Linear` that takes its number of inputs from the first one: until then its parameters have no shape, afterwards it
 * is a `Linear`. (PyTorch: `torch.nn.LazyLinear`)
 */
export class LazyLinear extends Linear {
  constructor(
    ...args:
      | readonly [outFeatures: number, ...options: Trailing<LinearOptions, typeof order>]
      | readonly [options: LinearOptions & { outFeatures: number }]
  ) {
    const {
      outFeatures,
      bias = true,
      device,
      dtype,
    } = readArguments<{ outFeatures: number }, LinearOptions>('LazyLinear', args, ['outFeatures'], order);
    // Nothing is drawn for a layer without inputs.
    super(0, 0, { bias: false, device, dtype });
    settle(this, { outFeatures });
    postpone(this, bias, { device, dtype });
  }

  /** Whether its parameters wait for their shape. (PyTorch: `has_uninitialized_params`) */
  hasUninitializedParams(): boolean {
    return hasUninitialized(this);
  }
  /** Gives the parameters their shape and draws them. (PyTorch: `initialize_parameters`) */
  initializeParameters(x: Tensor): void {
    initializeLinear(this, x);
  }
  override resetParameters(): void {
    if (!hasUninitialized(this) && this.inFeatures !== 0) super.resetParameters();
  }

  override forward(x: Tensor): Tensor {
    this.initializeParameters(x);
    become(this, Linear);
    return this.forward(x);
  }
}

/** What a linear layer consists of, apart from being callable. */
type Parts = Pick<Linear, 'inFeatures' | 'outFeatures' | 'weight' | 'bias' | 'resetParameters'>;

/** Replaces weight and bias by parameters without shape. */
export function postpone(layer: Parts, bias: boolean, options: { device?: Device | null; dtype?: DType }): void {
  layer.weight = new Uninitialized(options);
  if (bias) layer.bias = new Uninitialized(options);
}

/** Gives the parameters of a linear layer their shape: as many inputs as the last dimension of `x`. */
export function initializeLinear(layer: Parts, x: Tensor): void {
  const { shape } = requireTensor('LazyLinear', x);
  const inFeatures = shape.at(-1);
  if (inFeatures === undefined) throw new ShapeError('LazyLinear: the input needs at least one dimension');
  const { weight, bias, outFeatures } = layer;
  if (hasUninitialized(layer)) {
    settle(layer, { inFeatures });
    if (isUninitialized(weight)) weight.materialize([outFeatures, inFeatures]);
    if (isUninitialized(bias)) bias.materialize([outFeatures]);
    layer.resetParameters();
  } else if (layer.inFeatures === 0) {
    // A state was loaded before the first call.
    if (weight.shape[1] !== inFeatures)
      throw new ShapeError(
        `The in_features inferred from input: ${inFeatures} is not equal to in_features from self.weight: ${weight.shape[1]}`,
      );
    settle(layer, { inFeatures });
  }
}
