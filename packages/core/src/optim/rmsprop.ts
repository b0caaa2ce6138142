import { ChimeraError } from '../errors.ts';
import type { Value } from '../graph/value.ts';
import type { Trailing } from '../tensor/arguments.ts';
import type { ParameterGroup, ParametersArgument, ParameterState } from './optimizer.ts';
import { Optimizer } from './optimizer.ts';
import type { ImplementationOptions } from './options.ts';
import { readOptions, requireNonNegative } from './options.ts';

export interface RMSpropOptions extends ImplementationOptions {
  /** Learning rate. Default 1e-2. */
  lr?: number;
  /** Decay of the average of squares. Default 0.99. */
  alpha?: number;
  /** Default 1e-8. */
  eps?: number;
  /** Default 0. */
  weightDecay?: number;
  /** Default 0. */
  momentum?: number;
  /** Divide by the standard deviation instead of the root mean square. Default false. */
  centered?: boolean;
  /** Default false. */
  maximize?: boolean;
}

/** v <- alpha v + (1 - alpha) g²; p <- p - lr g / (sqrt(v) + eps). (PyTorch: `torch.optim.RMSprop`) */
export class RMSprop extends Optimizer<Required<RMSpropOptions>> {
  constructor(
    params: ParametersArgument<Required<RMSpropOptions>>,
    ...options: Trailing<RMSpropOptions, ['lr', 'alpha', 'eps', 'weightDecay', 'momentum', 'centered']>
  ) {
    const all = readOptions<RMSpropOptions>(
      'RMSprop',
      options,
      {
        lr: 1e-2,
        momentum: 0,
        alpha: 0.99,
        eps: 1e-8,
        centered: false,
        weightDecay: 0,
        capturable: false,
        foreach: null,
        maximize: false,
        differentiable: false,
      },
      ['lr', 'alpha', 'eps', 'weightDecay', 'momentum', 'centered'],
    );
    requireNonNegative('learning rate', all.lr);
    requireNonNegative('epsilon value', all.eps);
    requireNonNegative('momentum value', all.momentum);
    requireNonNegative('weight_decay value', all.weightDecay);
    requireNonNegative('alpha value', all.alpha);
    super(params, all);
  }

  protected override update(
    p: Value,
    gradient: Value,
    state: ParameterState,
    group: ParameterGroup<Required<RMSpropOptions>>,
  ): Value {
    const { b } = this;
    const { lr, alpha, eps, momentum, centered } = group;
    this.count(state);
    const g = this.decayed(p, gradient, group);
    let square = this.average(state, 'square_avg', b.mul(g, g), alpha);
    const former = momentum === 0 ? null : this.stateOr(state, 'momentum_buffer', p);
    // State files list it before the average of the gradient.
    if (former !== null) this.write(state, 'momentum_buffer', former);
    if (centered) {
      const mean = this.average(state, 'grad_avg', g, alpha);
      square = b.sub(square, b.mul(mean, mean));
    }
    const scaled = b.div(g, b.add(b.sqrt(square), this.number(eps, p)));
    if (former === null) return b.sub(p, b.mul(scaled, this.number(lr, p)));
    const velocity = b.add(b.mul(former, this.number(momentum, p)), scaled);
    this.write(state, 'momentum_buffer', velocity);
    return b.sub(p, b.mul(velocity, this.number(lr, p)));
  }
}

export interface RpropOptions extends ImplementationOptions {
  /** First step size. Default 1e-2. */
  lr?: number;
  /** Factors where the gradient changes its sign, and where it keeps it. Default [0.5, 1.2]. */
  etas?: readonly [number, number];
  /** Bounds of the step size. Default [1e-6, 50]. */
  stepSizes?: readonly [number, number];
  /** Default false. */
  maximize?: boolean;
}

/** Steps by the sign of the gradient, with a step size per element. (PyTorch: `torch.optim.Rprop`) */
export class Rprop extends Optimizer<Required<RpropOptions>> {
  constructor(
    params: ParametersArgument<Required<RpropOptions>>,
    ...options: Trailing<RpropOptions, ['lr', 'etas', 'stepSizes']>
  ) {
    const all = readOptions<RpropOptions>(
      'Rprop',
      options,
      {
        lr: 1e-2,
        etas: [0.5, 1.2],
        stepSizes: [1e-6, 50],
        foreach: null,
        maximize: false,
        differentiable: false,
        capturable: false,
      },
      ['lr', 'etas', 'stepSizes'],
    );
    requireNonNegative('learning rate', all.lr);
    const [shrinking, growing] = all.etas;
    if (!(shrinking > 0 && shrinking < 1 && growing > 1))
      throw new ChimeraError(`Invalid eta values: ${shrinking}, ${growing}`);
    super(params, all);
  }

  protected override update(
    p: Value,
    gradient: Value,
    state: ParameterState,
    group: ParameterGroup<Required<RpropOptions>>,
  ): Value {
    const { b } = this;
    const { lr, etas, stepSizes, maximize } = group;
    this.count(state);
    const g = maximize ? b.neg(gradient) : gradient;
    const zero = b.like(p, 0);
    const agreement = b.mul(g, this.stateOr(state, 'prev', p));
    const turned = b.lt(agreement, zero);
    const factor = b.select(
      turned,
      this.number(etas[0], p),
      b.select(b.gt(agreement, zero), this.number(etas[1], p), b.like(p, 1)),
    );
    const size = b.minimum(
      b.maximum(b.mul(this.stateOr(state, 'step_size', p, lr), factor), this.number(stepSizes[0], p)),
      this.number(stepSizes[1], p),
    );
    // After a change of sign the element rests for one step.
    const kept = b.select(turned, zero, g);
    this.write(state, 'prev', kept);
    this.write(state, 'step_size', size);
    return b.sub(p, b.mul(b.sign(kept), size));
  }
}

export interface ASGDOptions extends ImplementationOptions {
  /** Learning rate. Default 1e-2. */
  lr?: number;
  /** Decay. Default 1e-4. */
  lambd?: number;
  /** Power of the rate's decay. Default 0.75. */
  alpha?: number;
  /** Step from which parameters are averaged. Default 1e6. */
  t0?: number;
  /** Default 0. */
  weightDecay?: number;
  /** Default false. */
  maximize?: boolean;
}

/** Averaged stochastic gradient descent; the average is in the state as `ax`. (PyTorch: `torch.optim.ASGD`) */
export class ASGD extends Optimizer<Required<ASGDOptions>> {
  constructor(
    params: ParametersArgument<Required<ASGDOptions>>,
    ...options: Trailing<ASGDOptions, ['lr', 'lambd', 'alpha', 't0', 'weightDecay']>
  ) {
    const all = readOptions<ASGDOptions>(
      'ASGD',
      options,
      {
        lr: 1e-2,
        lambd: 1e-4,
        alpha: 0.75,
        t0: 1e6,
        weightDecay: 0,
        foreach: null,
        maximize: false,
        differentiable: false,
        capturable: false,
      },
      ['lr', 'lambd', 'alpha', 't0', 'weightDecay'],
    );
    requireNonNegative('learning rate', all.lr);
    requireNonNegative('weight_decay value', all.weightDecay);
    super(params, all);
  }

  protected override get floats(): Readonly<Record<string, number>> {
    return { t0: 1e6 };
  }

  protected override update(
    p: Value,
    gradient: Value,
    state: ParameterState,
    group: ParameterGroup<Required<ASGDOptions>>,
  ): Value {
    const { b } = this;
    const { lr, lambd, alpha, t0 } = group;
    const step = this.count(state);
    const eta = (state['eta'] ??= Math.fround(lr)) as number;
    const mu = (state['mu'] ??= 1) as number;
    const g = this.decayed(p, gradient, group);
    const next = b.sub(b.mul(p, this.number(1 - lambd * eta, p)), b.mul(g, this.number(eta, p)));
    const average = this.stateOr(state, 'ax', p);
    this.write(state, 'ax', mu === 1 ? next : b.add(average, b.mul(b.sub(next, average), this.number(mu, p))));
    // PyTorch keeps both as float32, whatever the parameters are.
    state['eta'] = Math.fround(lr / (1 + lambd * lr * step) ** alpha);
    state['mu'] = Math.fround(1 / Math.max(1, step - t0));
    return next;
  }
}
