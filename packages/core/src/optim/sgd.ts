import { ChimeraError } from '../errors.ts';
import type { Value } from '../graph/value.ts';
import type { Trailing } from '../tensor/arguments.ts';
import type { ParameterGroup, ParametersArgument, ParameterState } from './optimizer.ts';
import { Optimizer } from './optimizer.ts';
import type { FusedOptions } from './options.ts';
import { readOptions, requireNonNegative } from './options.ts';

export interface SGDOptions extends Omit<FusedOptions, 'capturable'> {
  /** Learning rate. Default 1e-3. */
  lr?: number;
  /** Share of the former step that is kept. Default 0. */
  momentum?: number;
  /** Share of the gradient that does not enter the momentum. Default 0. */
  dampening?: number;
  /** Added to the gradient, times the parameter. Default 0. */
  weightDecay?: number;
  /** Look ahead along the momentum. Default false. */
  nesterov?: boolean;
  /** Ascend instead of descend. Default false. */
  maximize?: boolean;
}

/**
 * v <- momentum v + (1 - dampening) g; p <- p - lr v, with g + weightDecay p for g. The first step takes v = g.
 * (PyTorch: `torch.optim.SGD`)
 */
export class SGD extends Optimizer<Required<SGDOptions>> {
  constructor(
    params: ParametersArgument<Required<SGDOptions>>,
    ...options: Trailing<SGDOptions, ['lr', 'momentum', 'dampening', 'weightDecay', 'nesterov']>
  ) {
    const all = readOptions<SGDOptions>(
      'SGD',
      options,
      {
        lr: 1e-3,
        momentum: 0,
        dampening: 0,
        weightDecay: 0,
        nesterov: false,
        maximize: false,
        foreach: null,
        differentiable: false,
        fused: null,
      },
      ['lr', 'momentum', 'dampening', 'weightDecay', 'nesterov'],
    );
    requireNonNegative('learning rate', all.lr);
    requireNonNegative('momentum value', all.momentum);
    requireNonNegative('weight_decay value', all.weightDecay);
    if (all.nesterov && (all.momentum <= 0 || all.dampening !== 0))
      throw new ChimeraError('Nesterov momentum requires a momentum and zero dampening');
    super(params, all);
  }

  protected override update(
    parameter: Value,
    gradient: Value,
    state: ParameterState,
    group: ParameterGroup<Required<SGDOptions>>,
  ): Value {
    const { b } = this;
    const { lr, momentum, dampening, weightDecay, nesterov, maximize } = group;
    let g = maximize ? b.neg(gradient) : gradient;
    if (weightDecay !== 0) g = b.add(g, b.mul(parameter, this.number(weightDecay, parameter)));
    if (momentum !== 0) {
      const former = this.read(state, 'momentum_buffer');
      const factor = this.number(momentum, parameter);
      const fresh = dampening === 0 || former === undefined ? g : b.mul(g, this.number(1 - dampening, parameter));
      const velocity = former === undefined ? fresh : b.add(b.mul(former, factor), fresh);
      this.write(state, 'momentum_buffer', velocity);
      g = nesterov ? b.add(g, b.mul(velocity, factor)) : velocity;
    }
    return b.sub(parameter, b.mul(g, this.number(lr, parameter)));
  }
}
