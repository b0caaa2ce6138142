import type { Tensor } from '../../tensor/tensor.ts';
import { flatten } from '../../tensor/view.ts';
import type { Trailing } from '../arguments.ts';
import { readArguments } from '../arguments.ts';
import * as F from '../functional/activation.ts';
import { linear } from '../functional/linear.ts';
import { hasUninitialized } from '../lazy.ts';
import { isBlock } from '../registration.ts';
import { initializeLinear, postpone } from './lazy-linear.ts';
import type { FactoryOptions } from './linear.ts';
import { Linear } from './linear.ts';

const activations = {
  linear: (x: Tensor) => x,
  relu: (x: Tensor) => F.relu(x),
  relu6: (x: Tensor) => F.relu6(x),
  leakyRelu: (x: Tensor) => F.leakyRelu(x),
  sigmoid: (x: Tensor) => F.sigmoid(x),
  tanh: (x: Tensor) => F.tanh(x),
  softplus: (x: Tensor) => F.softplus(x),
  softsign: (x: Tensor) => F.softsign(x),
  gelu: (x: Tensor) => F.gelu(x),
  silu: (x: Tensor) => F.silu(x),
  swish: (x: Tensor) => F.silu(x),
  mish: (x: Tensor) => F.mish(x),
  elu: (x: Tensor) => F.elu(x),
  selu: (x: Tensor) => F.selu(x),
  hardsigmoid: (x: Tensor) => F.hardsigmoid(x),
  softmax: (x: Tensor) => F.softmax(x, -1),
  logSoftmax: (x: Tensor) => F.logSoftmax(x, -1),
} as const;

/** A name that `Dense` knows. */
export type ActivationName = keyof typeof activations;

export interface DenseOptions extends FactoryOptions {
  /** What follows the product: a name, a function, or a block. Default: nothing. */
  activation?: ActivationName | ((x: Tensor) => Tensor) | null;
  /** Add a learned bias. Default true. */
  bias?: boolean;
  /** As `bias`. (Keras and Gluon: `use_bias`) */
  useBias?: boolean;
  /** Number of inputs. Default: that of the first input. (Gluon: `in_units`) */
  inFeatures?: number | null;
  /** As `inFeatures`. */
  inUnits?: number | null;
  /** Flatten everything but the batch first, as Gluon does. Default false: the last axis is transformed. */
  flatten?: boolean;
}

/**
 * activation(x W^T + b) of the last axis of x [..., in], giving [..., units]; the number of inputs is found at the first
 * call. Initialised like `Linear`. (Keras: `Dense`; Gluon: `nn.Dense`)
 */
export class Dense extends Linear {
  readonly units: number;
  readonly activation: ((x: Tensor) => Tensor) | null;
  readonly activationName: string | null;
  readonly flatten: boolean;

  constructor(
    ...args:
      | readonly [units: number, ...options: Trailing<DenseOptions, ['activation']>]
      | readonly [options: DenseOptions & { units: number }]
  ) {
    const read = readArguments<{ units: number }, DenseOptions>(
      'Dense',
      args,
      ['units'],
      ['activation'],
      ['bias', 'useBias', 'inFeatures', 'inUnits', 'flatten', 'dtype', 'device'],
    );
    const { units, activation = null, dtype, device } = read;
    if (!Number.isInteger(units) || units < 0)
      throw new TypeError(`Dense: expected a non-negative whole number of units, got ${String(units)}`);
    if (typeof activation === 'string' && !Object.hasOwn(activations, activation))
      throw new TypeError(
        `Dense: unknown activation '${activation}'; there are ${Object.keys(activations).join(', ')}, or give a function`,
      );
    if (activation !== null && typeof activation !== 'string' && typeof activation !== 'function')
      throw new TypeError(`Dense: expected activation to be a name or a function, got ${typeof activation}`);
    const bias = read.bias ?? read.useBias ?? true;
    const inFeatures = read.inFeatures ?? read.inUnits ?? 0;
    super(inFeatures, inFeatures === 0 ? 0 : units, { bias: bias && inFeatures > 0, dtype, device });
    this.units = units;
    this.flatten = read.flatten ?? false;
    this.activation = typeof activation === 'string' ? activations[activation] : activation;
    this.activationName =
      typeof activation === 'string'
        ? activation
        : activation === null
          ? null
          : isBlock(activation)
            ? (activation as object).constructor.name
            : activation.name || 'function';
    if (inFeatures > 0) return;
    Object.assign(this, { outFeatures: units });
    postpone(this, bias, { device, dtype });
  }

  /** Whether its parameters wait for their shape. */
  hasUninitializedParams(): boolean {
    return hasUninitialized(this);
  }
  override resetParameters(): void {
    if (!hasUninitialized(this)) super.resetParameters();
  }

  /** Gives the parameters their shape and draws them. */
  initializeParameters(x: Tensor): void {
    if (this.inFeatures === 0) initializeLinear(this, flattened(this, x));
  }

  override forward(x: Tensor): Tensor {
    this.initializeParameters(x);
    const y = linear(flattened(this, x), this.weight, this.bias);
    return this.activation === null ? y : this.activation(y);
  }

  override extraRepr(): string {
    return this.activationName === null ? super.extraRepr() : `${super.extraRepr()}, activation=${this.activationName}`;
  }
}

/** What a layer transforms: x, or one vector per sample. */
function flattened(layer: Dense, x: Tensor): Tensor {
  return layer.flatten && x.shape.length > 2 ? flatten(x, 1) : x;
}
