import type { Value } from '../graph/value.ts';
import type { Trailing } from '../tensor/arguments.ts';
import { MomentOptimizer, requireMomentOptions } from './moments.ts';
import type { ParameterGroup, ParametersArgument, ParameterState } from './optimizer.ts';
import type { ImplementationOptions } from './options.ts';
import { readOptions, requireNonNegative } from './options.ts';

export interface NAdamOptions extends ImplementationOptions {
  /** Learning rate. Default 2e-3. */
  lr?: number;
  /** Default [0.9, 0.999]. */
  betas?: readonly [number, number];
  /** Default 1e-8. */
  eps?: number;
  /** Default 0. */
  weightDecay?: number;
  /** Default 4e-3. */
  momentumDecay?: number;
  /** Default false. */
  decoupledWeightDecay?: boolean;
  /** Default false. */
  maximize?: boolean;
}

/** Adam with Nesterov momentum. (PyTorch: `torch.optim.NAdam`) */
export class NAdam extends MomentOptimizer<Required<NAdamOptions>> {
  constructor(
    params: ParametersArgument<Required<NAdamOptions>>,
    ...options: Trailing<NAdamOptions, ['lr', 'betas', 'eps', 'weightDecay', 'momentumDecay', 'decoupledWeightDecay']>
  ) {
    const all = readOptions<NAdamOptions>(
      'NAdam',
      options,
      {
        lr: 2e-3,
        betas: [0.9, 0.999],
        eps: 1e-8,
        weightDecay: 0,
        momentumDecay: 4e-3,
        decoupledWeightDecay: false,
        maximize: false,
        foreach: null,
        capturable: false,
        differentiable: false,
      },
      ['lr', 'betas', 'eps', 'weightDecay', 'momentumDecay', 'decoupledWeightDecay'],
    );
    requireMomentOptions(all);
    requireNonNegative('momentum_decay value', all.momentumDecay);
    super(params, all);
  }

  protected override update(
    parameter: Value,
    gradient: Value,
    state: ParameterState,
    group: ParameterGroup<Required<NAdamOptions>>,
  ): Value {
    const { b } = this;
    const { lr, betas, eps, momentumDecay } = group;
    const step = this.count(state);
    const mu = betas[0] * (1 - 0.5 * 0.96 ** (step * momentumDecay));
    const next = betas[0] * (1 - 0.5 * 0.96 ** ((step + 1) * momentumDecay));
    // PyTorch keeps it as float32, whatever the parameters are.
    const product = Math.fround(((state['mu_product'] as number | undefined) ?? 1) * Math.fround(mu));
    state['mu_product'] = product;
    const { p, g, mean, square } = this.moments(parameter, gradient, state, group);
    const root = b.add(b.sqrt(b.mul(square, this.number(1 / (1 - betas[1] ** step), p))), this.number(eps, p));
    const first = b.sub(p, b.mul(b.div(g, root), this.number((lr * (1 - mu)) / (1 - product), p)));
    return b.sub(first, b.mul(b.div(mean, root), this.number((lr * next) / (1 - product * next), p)));
  }
}
