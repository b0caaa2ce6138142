import { full } from '../../tensor/creation.ts';
import { getDefaultDtype } from '../../tensor/default-dtype.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';
import { Block } from '../block.ts';
import { prelu } from '../functional/activation.ts';
import type { RandomReluOptions } from '../functional/random-activation.ts';
import { rrelu } from '../functional/random-activation.ts';
import { fillWith } from '../init.ts';
import { Parameter } from '../parameter.ts';
import { pythonText } from '../python-text.ts';
import type { FactoryOptions } from './linear.ts';

export interface PReLUOptions extends FactoryOptions {
  /** 1, or the number of channels. Default 1. */
  numParameters?: number;
  /** The first slope. Default 0.25. */
  init?: number;
}

/** x where x > 0, a x elsewhere, with one trained slope or one per channel (dimension 1). (PyTorch: `torch.nn.PReLU`) */
export class PReLU extends Block {
  readonly numParameters: number;
  readonly init: number;
  declare weight: Parameter;

  constructor(...args: Trailing<PReLUOptions, ['numParameters', 'init', 'device', 'dtype']>) {
    super();
    const {
      numParameters = 1,
      init = 0.25,
      dtype = getDefaultDtype(),
      device,
    } = readTrailing<PReLUOptions>('PReLU', args, ['numParameters', 'init', 'device', 'dtype']);
    this.numParameters = numParameters;
    this.init = init;
    this.weight = new Parameter(full([numParameters], init, { dtype, device }));
  }

  /** Sets every slope to its first value. (PyTorch: `reset_parameters`) */
  resetParameters(): void {
    fillWith(this.weight, new Float64Array(this.numParameters).fill(this.init));
  }

  override forward(x: Tensor): Tensor {
    return prelu(x, this.weight);
  }

  override extraRepr(): string {
    return `num_parameters=${this.numParameters}`;
  }
}

/**
 * x where x > 0, a x elsewhere: in training a slope per element is drawn from [lower, upper), in evaluation it is their
 * mean. (PyTorch: `torch.nn.RReLU`)
 */
export class RReLU extends Block {
  readonly lower: number;
  readonly upper: number;
  readonly inplace: boolean;

  constructor(...args: Trailing<Omit<RandomReluOptions, 'training'>, ['lower', 'upper', 'inplace']>) {
    super();
    const {
      lower = 1 / 8,
      upper = 1 / 3,
      inplace = false,
    } = readTrailing<Omit<RandomReluOptions, 'training'>>('RReLU', args, ['lower', 'upper', 'inplace']);
    this.lower = lower;
    this.upper = upper;
    this.inplace = inplace;
  }

  override forward(x: Tensor): Tensor {
    return rrelu(x, this.lower, this.upper, this.training, this.inplace);
  }

  override extraRepr(): string {
    return `lower=${pythonText(this.lower)}, upper=${pythonText(this.upper)}${this.inplace ? ', inplace=True' : ''}`;
  }
}
