import { ChimeraError } from '../errors.ts';
import { byteSize } from '../graph/dtype.ts';
import { sizeOf } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import type { Trailing } from '../tensor/arguments.ts';
import type { ParameterGroup, ParametersArgument, ParameterState } from './optimizer.ts';
import { Optimizer } from './optimizer.ts';
import type { ImplementationOptions } from './options.ts';
import { readOptions } from './options.ts';

export interface AdafactorOptions extends Pick<ImplementationOptions, 'foreach'> {
  /** Upper bound of the relative step. Default 1e-2. */
  lr?: number;
  /** Power of the step with which the average's decay approaches 1. Default -0.8. */
  beta2Decay?: number;
  /** Bounds from below of the variance (default: the dtype's resolution) and of the parameter's scale (1e-3). */
  eps?: readonly [number | null, number];
  /** Bound of the update's root mean square. Default 1. */
  d?: number;
  /** Default 0. */
  weightDecay?: number;
  /** Default false. */
  maximize?: boolean;
}

/**
 * Adam without momentum whose second moment is kept as row and column means, with steps relative to the scale of the
 * parameter. (PyTorch: `torch.optim.Adafactor`)
 */
export class Adafactor extends Optimizer<Required<AdafactorOptions>> {
  constructor(
    params: ParametersArgument<Required<AdafactorOptions>>,
    ...options: Trailing<AdafactorOptions, ['lr', 'beta2Decay', 'eps', 'd', 'weightDecay']>
  ) {
    const all = readOptions<AdafactorOptions>(
      'Adafactor',
      options,
      { lr: 1e-2, beta2Decay: -0.8, eps: [null, 1e-3], d: 1, weightDecay: 0, foreach: null, maximize: false },
      ['lr', 'beta2Decay', 'eps', 'd', 'weightDecay'],
    );
    const { lr, beta2Decay, eps, d, weightDecay } = all;
    if (!(lr >= 0)) throw new ChimeraError(`Learning rate should be >= 0 but is: ${lr}`);
    if (!(beta2Decay <= 0)) throw new ChimeraError(`beta2_decay should be <= 0 but is: ${beta2Decay}`);
    if (eps[0] !== null && !(eps[0] >= 0)) throw new ChimeraError(`epsilon1 should be >= 0 but is: ${eps[0]}`);
    if (!(eps[1] >= 0)) throw new ChimeraError(`epsilon2 should be >= 0 but is: ${eps[1]}`);
    if (!(d >= 1)) throw new ChimeraError(`Clipping threshold d should be >= 1 but is: ${d}`);
    if (!(weightDecay >= 0)) throw new ChimeraError(`weight_decay should be >= 0 but is: ${weightDecay}`);
    super(params, all);
  }

  protected override get floats(): Readonly<Record<string, number>> {
    return { d: 1, weightDecay: 0 };
  }

  protected override update(
    parameter: Value,
    gradient: Value,
    state: ParameterState,
    group: ParameterGroup<Required<AdafactorOptions>>,
  ): Value {
    const { b } = this;
    const { lr, beta2Decay, eps, d, weightDecay, maximize } = group;
    const step = this.count(state);
    const { shape } = parameter;
    const rank = shape.length;
    const size = sizeOf(shape);
    const lowest =
      eps[0] ??
      (byteSize(parameter.dtype) === 8
        ? 2.220446049250313e-16
        : byteSize(parameter.dtype) === 4
          ? 1.1920928955078125e-7
          : 9.765625e-4);
    const all = shape.map((_, i) => i);
    const scaleOf = (x: Value): Value => b.sqrt(b.mul(b.reduceSum(b.mul(x, x), all), b.like(x, 1 / size)));
    const g = maximize ? b.neg(gradient) : gradient;
    const weight = step ** beta2Decay;
    const rate = b.mul(
      b.maximum(scaleOf(parameter), this.number(eps[1], parameter)),
      this.number(Math.min(lr, 1 / Math.sqrt(step)), parameter),
    );
    const decayed = weightDecay === 0 ? parameter : b.mul(parameter, this.number(1 - lr * weightDecay, parameter));
    const square = b.mul(g, g);
    let variance: Value;
    if (rank > 1) {
      const rows = this.average(state, 'row_var', b.reduceMean(square, [rank - 1], true), 1 - weight);
      const columns = this.average(state, 'col_var', b.reduceMean(square, [rank - 2], true), 1 - weight);
      const mean = b.maximum(b.reduceMean(rows, [rank - 2], true), this.number(lowest, parameter));
      variance = b.div(b.mul(rows, columns), mean);
    } else variance = this.average(state, 'variance', square, 1 - weight);
    const update = b.div(g, b.sqrt(b.maximum(variance, this.number(lowest * lowest, parameter))));
    const bound = b.maximum(b.mul(scaleOf(update), this.number(1 / d, parameter)), b.like(parameter, 1));
    return b.sub(decayed, b.mul(update, b.div(rate, bound)));
  }
}
