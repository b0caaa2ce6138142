import type { Value } from '../graph/value.ts';
import type { Trailing } from '../tensor/arguments.ts';
import { MomentOptimizer, requireMomentOptions } from './moments.ts';
import type { ParameterGroup, ParametersArgument, ParameterState } from './optimizer.ts';
import type { ImplementationOptions } from './options.ts';
import { readOptions } from './options.ts';

export interface RAdamOptions extends ImplementationOptions {
  /** Learning rate. Default 1e-3. */
  lr?: number;
  /** Default [0.9, 0.999]. */
  betas?: readonly [number, number];
  /** Default 1e-8. */
  eps?: number;
  /** Default 0. */
  weightDecay?: number;
  /** Default false. */
  decoupledWeightDecay?: boolean;
  /** Default false. */
  maximize?: boolean;
}

/** Adam that waits with adaptive rates until their variance is known. (PyTorch: `torch.optim.RAdam`) */
export class RAdam extends MomentOptimizer<Required<RAdamOptions>> {
  constructor(
    params: ParametersArgument<Required<RAdamOptions>>,
    ...options: Trailing<RAdamOptions, ['lr', 'betas', 'eps', 'weightDecay', 'decoupledWeightDecay']>
  ) {
    const all = readOptions<RAdamOptions>(
      'RAdam',
      options,
      {
        lr: 1e-3,
        betas: [0.9, 0.999],
        eps: 1e-8,
        weightDecay: 0,
        maximize: false,
        foreach: null,
        capturable: false,
        decoupledWeightDecay: false,
        differentiable: false,
      },
      ['lr', 'betas', 'eps', 'weightDecay', 'decoupledWeightDecay'],
    );
    requireMomentOptions(all);
    super(params, all);
  }

  protected override update(
    parameter: Value,
    gradient: Value,
    state: ParameterState,
    group: ParameterGroup<Required<RAdamOptions>>,
  ): Value {
    const { b } = this;
    const { lr, betas, eps } = group;
    const step = this.count(state);
    const { p, mean, square } = this.moments(parameter, gradient, state, group);
    const correction = 1 - betas[1] ** step;
    const limit = 2 / (1 - betas[1]) - 1;
    const length = limit - (2 * step * betas[1] ** step) / correction;
    const size = lr / (1 - betas[0] ** step);
    // Below length 5 the variance of the adaptive rate is not tractable: a plain momentum step.
    if (length <= 5) return b.sub(p, b.mul(mean, this.number(size, p)));
    const rectified =
      Math.sqrt(((length - 4) * (length - 2) * limit) / ((limit - 4) * (limit - 2) * length)) * Math.sqrt(correction);
    return b.sub(p, b.mul(b.div(mean, b.add(b.sqrt(square), this.number(eps, p))), this.number(size * rectified, p)));
  }
}
