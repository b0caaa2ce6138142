import type { Value } from '../graph/value.ts';
import type { Trailing } from '../tensor/arguments.ts';
import { requireMomentOptions } from './moments.ts';
import type { ParameterGroup, ParametersArgument, ParameterState } from './optimizer.ts';
import { Optimizer } from './optimizer.ts';
import type { ImplementationOptions } from './options.ts';
import { readOptions } from './options.ts';

export interface AdamaxOptions extends ImplementationOptions {
  /** Learning rate. Default 2e-3. */
  lr?: number;
  /** Default [0.9, 0.999]. */
  betas?: readonly [number, number];
  /** Default 1e-8. */
  eps?: number;
  /** Default 0. */
  weightDecay?: number;
  /** Default false. */
  maximize?: boolean;
}

/** Adam with the infinity norm: u <- max(b2 u, |g| + eps); p <- p - lr/(1 - b1^t) m/u. (PyTorch: `torch.optim.Adamax`) */
export class Adamax extends Optimizer<Required<AdamaxOptions>> {
  constructor(
    params: ParametersArgument<Required<AdamaxOptions>>,
    ...options: Trailing<AdamaxOptions, ['lr', 'betas', 'eps', 'weightDecay']>
  ) {
    const all = readOptions<AdamaxOptions>(
      'Adamax',
      options,
      {
        lr: 2e-3,
        betas: [0.9, 0.999],
        eps: 1e-8,
        weightDecay: 0,
        foreach: null,
        maximize: false,
        differentiable: false,
        capturable: false,
      },
      ['lr', 'betas', 'eps', 'weightDecay'],
    );
    requireMomentOptions(all);
    super(params, all);
  }

  protected override update(
    p: Value,
    gradient: Value,
    state: ParameterState,
    group: ParameterGroup<Required<AdamaxOptions>>,
  ): Value {
    const { b } = this;
    const { lr, betas, eps } = group;
    const step = this.count(state);
    const g = this.decayed(p, gradient, group);
    const mean = this.average(state, 'exp_avg', g, betas[0]);
    const norm = b.maximum(
      b.mul(this.stateOr(state, 'exp_inf', p), this.number(betas[1], p)),
      b.add(b.abs(g), this.number(eps, p)),
    );
    this.write(state, 'exp_inf', norm);
    return b.sub(p, b.mul(b.div(mean, norm), this.number(lr / (1 - betas[0] ** step), p)));
  }
}
