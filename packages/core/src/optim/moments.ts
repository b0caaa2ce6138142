import type { Value } from '../graph/value.ts';
import type { ParameterState } from './optimizer.ts';
import { Optimizer } from './optimizer.ts';
import { requireBeta, requireNonNegative } from './options.ts';

/** Options of Adam and its kin. */
export interface MomentOptions {
  lr: number;
  betas: readonly [number, number];
  eps: number;
  weightDecay: number;
}

/** Throws PyTorch's texts for numbers out of range. */
export function requireMomentOptions({ lr, eps, betas, weightDecay }: MomentOptions): void {
  requireNonNegative('learning rate', lr);
  requireNonNegative('epsilon value', eps);
  requireBeta(betas, 0);
  requireBeta(betas, 1);
  requireNonNegative('weight_decay value', weightDecay);
}

/** What Adam and its kin begin with: weight decay of either kind, then the averages of gradient and squared gradient. */
export abstract class MomentOptimizer<
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
