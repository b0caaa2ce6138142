import type { Device } from '../../device/contract.ts';
import type { DType } from '../../graph/dtype.ts';
import { zeros } from '../../tensor/creation.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readArguments } from '../arguments.ts';
import { Block } from '../block.ts';
import { linear } from '../functional/linear.ts';
import { uniform_ } from '../init.ts';
import { Parameter } from '../parameter.ts';

/** What every layer with parameters takes. */
export interface FactoryOptions {
  /** Default float32. */
  dtype?: DType;
  /** Default: the default device. */
  device?: Device | null;
}

export interface LinearOptions extends FactoryOptions {
  /** Add a learned bias. Default true. */
  bias?: boolean;
}

interface LinearSizes {
  inFeatures: number;
  outFeatures: number;
}
type LinearArguments =
  | readonly [inFeatures: number, outFeatures: number, ...options: Trailing<LinearOptions, ['bias', 'device', 'dtype']>]
  | readonly [inFeatures: number, options: LinearOptions & Pick<LinearSizes, 'outFeatures'>]
  | readonly [options: LinearOptions & LinearSizes];

/**
 * y = x W^T + b. Input [..., inFeatures], output [..., outFeatures]; weight [outFeatures, inFeatures] and bias
 * [outFeatures] start uniform in ±1/sqrt(inFeatures). (PyTorch: `torch.nn.Linear`)
 */
export class Linear extends Block {
  readonly inFeatures: number;
  readonly outFeatures: number;
  declare weight: Parameter;
  declare bias: Parameter | null;

  constructor(...args: LinearArguments) {
    super();
    const read = readArguments<LinearSizes, LinearOptions>(
      'Linear',
      args,
      ['inFeatures', 'outFeatures'],
      ['bias', 'device', 'dtype'],
    );
    const { inFeatures, outFeatures, bias = true, dtype, device } = read;
    for (const [name, value] of [
      ['inFeatures', inFeatures],
      ['outFeatures', outFeatures],
    ] as const)
      if (!Number.isInteger(value) || value < 0)
        throw new TypeError(`Linear: expected ${name} to be a non-negative whole number, got ${String(value)}`);
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.weight = new Parameter(zeros([outFeatures, inFeatures], { dtype, device }));
    this.registerParameter('bias', bias ? new Parameter(zeros([outFeatures], { dtype, device })) : null);
    this.resetParameters();
  }

  /** Draws new weights. (PyTorch: `reset_parameters`) */
  resetParameters(): void {
    // kaiming_uniform_ with a = sqrt(5) comes to this bound.
    const bound = this.inFeatures > 0 ? 1 / Math.sqrt(this.inFeatures) : 0;
    uniform_(this.weight, -bound, bound);
    if (this.bias !== null) uniform_(this.bias, -bound, bound);
  }

  override forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias);
  }

  override extraRepr(): string {
    return `in_features=${this.inFeatures}, out_features=${this.outFeatures}, bias=${this.bias === null ? 'False' : 'True'}`;
  }
}
