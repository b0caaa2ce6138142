import { ChimeraError } from '../errors.ts';
import type { Value } from '../graph/value.ts';
import type { Trailing } from '../tensor/arguments.ts';
import type { ParameterGroup, ParametersArgument, ParameterState } from './optimizer.ts';
import { Optimizer } from './optimizer.ts';
import type { FusedOptions, ImplementationOptions } from './options.ts';
import { readOptions, requireNonNegative } from './options.ts';

export interface AdagradOptions extends Omit<FusedOptions, 'capturable'> {
  /** Learning rate. Default 1e-2. */
  lr?: number;
  /** The rate at step t is lr / (1 + (t - 1) lrDecay). Default 0. */
  lrDecay?: number;
  /** Default 0. */
  weightDecay?: number;
  /** What the sum of squares starts from. Default 0. */
  initialAccumulatorValue?: number;
  /** Default 1e-10. */
  eps?: number;
  /** Default false. */
  maximize?: boolean;
}

/** s <- s + g²; p <- p - lr_t g / (sqrt(s) + eps). (PyTorch: `torch.optim.Adagrad`) */
export class Adagrad extends Optimizer<Required<AdagradOptions>> {
  constructor(
    params: ParametersArgument<Required<AdagradOptions>>,
    ...options: Trailing<AdagradOptions, ['lr', 'lrDecay', 'weightDecay', 'initialAccumulatorValue', 'eps']>
  ) {
    const all = readOptions<AdagradOptions>(
      'Adagrad',
      options,
      {
        lr: 1e-2,
        lrDecay: 0,
        eps: 1e-10,
        weightDecay: 0,
        initialAccumulatorValue: 0,
        foreach: null,
        maximize: false,
        differentiable: false,
        fused: null,
      },
      ['lr', 'lrDecay', 'weightDecay', 'initialAccumulatorValue', 'eps'],
    );
    requireNonNegative('learning rate', all.lr);
    requireNonNegative('lr_decay value', all.lrDecay);
    requireNonNegative('weight_decay value', all.weightDecay);
    requireNonNegative('initial_accumulator_value value', all.initialAccumulatorValue);
    requireNonNegative('epsilon value', all.eps);
    super(params, all);
  }

  protected override update(
    p: Value,
    gradient: Value,
    state: ParameterState,
    group: ParameterGroup<Required<AdagradOptions>>,
  ): Value {
    const { b } = this;
    const step = this.count(state);
    const g = this.decayed(p, gradient, group);
    const sum = b.add(this.stateOr(state, 'sum', p, group.initialAccumulatorValue), b.mul(g, g));
    this.write(state, 'sum', sum);
    const rate = this.number(group.lr / (1 + (step - 1) * group.lrDecay), p);
    return b.sub(p, b.mul(b.div(g, b.add(b.sqrt(sum), this.number(group.eps, p))), rate));
  }
}

export interface AdadeltaOptions extends ImplementationOptions {
  /** Factor of the step. Default 1. */
  lr?: number;
  /** Decay of the averages. Default 0.9. */
  rho?: number;
  /** Default 1e-6. */
  eps?: number;
  /** Default 0. */
  weightDecay?: number;
  /** Default false. */
  maximize?: boolean;
}

/** v <- rho v + (1 - rho) g²; d = sqrt(u + eps)/sqrt(v + eps) g; u <- rho u + (1 - rho) d²; p <- p - lr d. (PyTorch: `torch.optim.Adadelta`) */
export class Adadelta extends Optimizer<Required<AdadeltaOptions>> {
  constructor(
    params: ParametersArgument<Required<AdadeltaOptions>>,
    ...options: Trailing<AdadeltaOptions, ['lr', 'rho', 'eps', 'weightDecay']>
  ) {
    const all = readOptions<AdadeltaOptions>(
      'Adadelta',
      options,
      {
        lr: 1,
        rho: 0.9,
        eps: 1e-6,
        weightDecay: 0,
        maximize: false,
        capturable: false,
        foreach: null,
        differentiable: false,
      },
      ['lr', 'rho', 'eps', 'weightDecay'],
    );
    requireNonNegative('learning rate', all.lr);
    requireNonNegative('epsilon value', all.eps);
    requireNonNegative('weight_decay value', all.weightDecay);
    if (!(all.rho >= 0 && all.rho <= 1)) throw new ChimeraError(`Invalid rho value: ${all.rho}`);
    super(params, all);
  }

  protected override get floats(): Readonly<Record<string, number>> {
    return { lr: 1 };
  }

  protected override update(
    p: Value,
    gradient: Value,
    state: ParameterState,
    group: ParameterGroup<Required<AdadeltaOptions>>,
  ): Value {
    const { b } = this;
    const { lr, rho } = group;
    this.count(state);
    const eps = this.number(group.eps, p);
    const g = this.decayed(p, gradient, group);
    const square = this.average(state, 'square_avg', b.mul(g, g), rho);
    const accumulated = this.stateOr(state, 'acc_delta', p);
    const delta = b.mul(b.div(b.sqrt(b.add(accumulated, eps)), b.sqrt(b.add(square, eps))), g);
    this.average(state, 'acc_delta', b.mul(delta, delta), rho);
    return b.sub(p, b.mul(delta, this.number(lr, p)));
  }
}
