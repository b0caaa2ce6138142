import type { Value } from '../graph/value.ts';
import type { Trailing } from '../tensor/arguments.ts';
import { MomentOptimizer, requireMomentOptions } from './moments.ts';
import type { ParameterGroup, ParametersArgument, ParameterState } from './optimizer.ts';
import type { FusedOptions } from './options.ts';
import { readOptions } from './options.ts';

export interface AdamOptions extends FusedOptions {
  /** Learning rate. Default 1e-3. */
  lr?: number;
  /** Decay of the averages of gradient and squared gradient. Default [0.9, 0.999]. */
  betas?: readonly [number, number];
  /** Added to the denominator. Default 1e-8. */
  eps?: number;
  /** Default 0 (AdamW: 1e-2). */
  weightDecay?: number;
  /** Divide by the largest average so far. Default false. */
  amsgrad?: boolean;
  /** Ascend instead of descend. Default false. */
  maximize?: boolean;
  /** Shrink the parameter itself instead of adding to the gradient. Default false (AdamW: true). */
  decoupledWeightDecay?: boolean;
}

type AdamOrder = ['lr', 'betas', 'eps', 'weightDecay', 'amsgrad'];

const adamDefaults: Required<AdamOptions> = {
  lr: 1e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  amsgrad: false,
  maximize: false,
  foreach: null,
  capturable: false,
  differentiable: false,
  fused: null,
  decoupledWeightDecay: false,
};

/**
 * m <- b1 m + (1 - b1) g; v <- b2 v + (1 - b2) g²; p <- p - lr m/(1 - b1^t) / (sqrt(v/(1 - b2^t)) + eps), with
 * g + weightDecay p for g. (PyTorch: `torch.optim.Adam`)
 */
export class Adam extends MomentOptimizer<Required<AdamOptions>> {
  constructor(params: ParametersArgument<Required<AdamOptions>>, ...options: Trailing<AdamOptions, AdamOrder>) {
    const all = readOptions<AdamOptions>('Adam', options, adamDefaults, [
      'lr',
      'betas',
      'eps',
      'weightDecay',
      'amsgrad',
    ]);
    requireMomentOptions(all);
    super(params, all);
  }

  protected override update(
    parameter: Value,
    gradient: Value,
    state: ParameterState,
    group: ParameterGroup<Required<AdamOptions>>,
  ): Value {
    const { b } = this;
    const { lr, betas, eps, amsgrad } = group;
    const step = this.count(state);
    const { p, mean, square } = this.moments(parameter, gradient, state, group);
    let largest = square;
    if (amsgrad) {
      largest = b.maximum(this.stateOr(state, 'max_exp_avg_sq', p), square);
      this.write(state, 'max_exp_avg_sq', largest);
    }
    const root = b.mul(b.sqrt(largest), this.number(1 / Math.sqrt(1 - betas[1] ** step), p));
    const stepSize = this.number(lr / (1 - betas[0] ** step), p);
    return b.sub(p, b.mul(b.div(mean, b.add(root, this.number(eps, p))), stepSize));
  }
}

/** Adam whose weight decay shrinks the parameter itself, 1e-2 by default. (PyTorch: `torch.optim.AdamW`) */
export class AdamW extends Adam {
  constructor(
    params: ParametersArgument<Required<AdamOptions>>,
    ...options: Trailing<Omit<AdamOptions, 'decoupledWeightDecay'>, AdamOrder>
  ) {
    const { decoupledWeightDecay: _, ...defaults } = { ...adamDefaults, weightDecay: 1e-2 };
    const all = readOptions<Omit<AdamOptions, 'decoupledWeightDecay'>>('AdamW', options, defaults, [
      'lr',
      'betas',
      'eps',
      'weightDecay',
      'amsgrad',
    ]);
    super(params, { ...all, decoupledWeightDecay: true });
  }
}
