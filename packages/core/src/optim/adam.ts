import type { Value } from '../graph/value.ts';
import type { ParameterGroup, ParametersArgument, ParameterState } from './optimizer.ts';
import { Optimizer } from './optimizer.ts';
import { requireBeta, requireNonNegative } from './options.ts';

interface MomentOptions {
  lr: number;
  betas: readonly [number, number];
  eps: number;
  weightDecay: number;
}

function requireMomentOptions({ lr, eps, betas, weightDecay }: MomentOptions): void {
  requireNonNegative('learning rate', lr);
  requireNonNegative('epsilon value', eps);
  requireBeta(betas, 0);
  requireBeta(betas, 1);
  requireNonNegative('weight_decay value', weightDecay);
}

/** What Adam and its kin begin with: weight decay of either kind, then the averages of gradient and squared gradient. */
abstract class MomentOptimizer<
  Options extends MomentOptions & { decoupledWeightDecay: boolean; maximize: boolean },
> extends Optimizer<Options> {
  protected moments(
    parameter: Value,
    gradient: Value,
    state: ParameterState,
    group: Options,
  ): { p: Value; g: Value; mean: Value; square: Value } {
    const { b } = this;
    const { lr, betas, weightDecay, decoupledWeightDecay, maximize } = group;
    const shrinks = decoupledWeightDecay && weightDecay !== 0;
    const p = shrinks ? b.mul(parameter, this.number(1 - lr * weightDecay, parameter)) : parameter;
    const g = this.decayed(parameter, gradient, decoupledWeightDecay ? { maximize } : group);
    const mean = this.average(state, 'exp_avg', g, betas[0]);
    const square = this.average(state, 'exp_avg_sq', b.mul(g, g), betas[1]);
    return { p, g, mean, square };
  }
}

export interface AdamOptions {
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

/**
 * m <- b1 m + (1 - b1) g; v <- b2 v + (1 - b2) g²; p <- p - lr m/(1 - b1^t) / (sqrt(v/(1 - b2^t)) + eps), with
 * g + weightDecay p for g. (PyTorch: `torch.optim.Adam`)
 */
export class Adam extends MomentOptimizer<Required<AdamOptions>> {
  constructor(params: ParametersArgument<Required<AdamOptions>>, options: AdamOptions = {}) {
    const all = {
      lr: 1e-3,
      betas: [0.9, 0.999] as const,
      eps: 1e-8,
      weightDecay: 0,
      amsgrad: false,
      maximize: false,
      decoupledWeightDecay: false,
      ...options,
    };
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
  constructor(params: ParametersArgument<Required<AdamOptions>>, options: AdamOptions = {}) {
    super(params, { weightDecay: 1e-2, decoupledWeightDecay: true, ...options });
  }
}

export interface AdamaxOptions {
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
  constructor(params: ParametersArgument<Required<AdamaxOptions>>, options: AdamaxOptions = {}) {
    const all = { lr: 2e-3, betas: [0.9, 0.999] as const, eps: 1e-8, weightDecay: 0, maximize: false, ...options };
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

export interface NAdamOptions {
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
  constructor(params: ParametersArgument<Required<NAdamOptions>>, options: NAdamOptions = {}) {
    const all = {
      lr: 2e-3,
      betas: [0.9, 0.999] as const,
      eps: 1e-8,
      weightDecay: 0,
      momentumDecay: 4e-3,
      decoupledWeightDecay: false,
      maximize: false,
      ...options,
    };
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
    const product = ((state['mu_product'] as number | undefined) ?? 1) * mu;
    state['mu_product'] = product;
    const { p, g, mean, square } = this.moments(parameter, gradient, state, group);
    const root = b.add(b.sqrt(b.mul(square, this.number(1 / (1 - betas[1] ** step), p))), this.number(eps, p));
    const first = b.sub(p, b.mul(b.div(g, root), this.number((lr * (1 - mu)) / (1 - product), p)));
    return b.sub(first, b.mul(b.div(mean, root), this.number((lr * next) / (1 - product * next), p)));
  }
}

export interface RAdamOptions {
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
  constructor(params: ParametersArgument<Required<RAdamOptions>>, options: RAdamOptions = {}) {
    const all = {
      lr: 1e-3,
      betas: [0.9, 0.999] as const,
      eps: 1e-8,
      weightDecay: 0,
      decoupledWeightDecay: false,
      maximize: false,
      ...options,
    };
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
