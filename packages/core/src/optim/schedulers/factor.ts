import { ChimeraError } from '../../errors.ts';
import type { Schedulable } from './scheduler.ts';
import { LRScheduler } from './scheduler.ts';

/** Rate = initial rate times a function of the step, one for all groups or one each. (PyTorch: `LambdaLR`) */
export class LambdaLR extends LRScheduler {
  readonly lrLambda: ((epoch: number) => number)[];
  constructor(
    optimizer: Schedulable,
    lrLambda: ((epoch: number) => number) | readonly ((epoch: number) => number)[],
    { lastEpoch = -1 } = {},
  ) {
    super(optimizer, lastEpoch);
    this.lrLambda = typeof lrLambda === 'function' ? this.groups.map(() => lrLambda) : [...lrLambda];
    if (this.lrLambda.length !== this.groups.length)
      throw new ChimeraError(`Expected ${this.groups.length} lr_lambdas, but got ${this.lrLambda.length}`);
    this.start();
  }
  protected override rates(): number[] {
    return this.baseLrs.map((base, i) => base * this.lrLambda[i]!(this.lastEpoch));
  }
  override stateDict(): Record<string, unknown> {
    return { lastEpoch: this.lastEpoch, baseLrs: [...this.baseLrs], lastLrs: this.getLastLr() };
  }
}

/** Rate = former rate times a function of the step. (PyTorch: `MultiplicativeLR`) */
export class MultiplicativeLR extends LRScheduler {
  readonly lrLambda: ((epoch: number) => number)[];
  constructor(
    optimizer: Schedulable,
    lrLambda: ((epoch: number) => number) | readonly ((epoch: number) => number)[],
    { lastEpoch = -1 } = {},
  ) {
    super(optimizer, lastEpoch);
    this.lrLambda = typeof lrLambda === 'function' ? this.groups.map(() => lrLambda) : [...lrLambda];
    this.start();
  }
  protected override rates(): number[] {
    return this.groups.map((group, i) =>
      this.lastEpoch > 0 ? group.lr * this.lrLambda[i]!(this.lastEpoch) : group.lr,
    );
  }
  override stateDict(): Record<string, unknown> {
    return { lastEpoch: this.lastEpoch, baseLrs: [...this.baseLrs], lastLrs: this.getLastLr() };
  }
}

/** Times gamma every `stepSize` steps. (PyTorch: `StepLR`) */
export class StepLR extends LRScheduler {
  readonly stepSize: number;
  readonly gamma: number;
  constructor(optimizer: Schedulable, stepSize: number, { gamma = 0.1, lastEpoch = -1 } = {}) {
    super(optimizer, lastEpoch);
    this.stepSize = stepSize;
    this.gamma = gamma;
    this.start();
  }
  protected override rates(): number[] {
    const falls = this.lastEpoch > 0 && this.lastEpoch % this.stepSize === 0;
    return this.groups.map((group) => (falls ? group.lr * this.gamma : group.lr));
  }
}

/** Times gamma at each milestone. (PyTorch: `MultiStepLR`) */
export class MultiStepLR extends LRScheduler {
  readonly milestones: number[];
  readonly gamma: number;
  constructor(optimizer: Schedulable, milestones: readonly number[], { gamma = 0.1, lastEpoch = -1 } = {}) {
    super(optimizer, lastEpoch);
    this.milestones = [...milestones].sort((a, b) => a - b);
    this.gamma = gamma;
    this.start();
  }
  protected override rates(): number[] {
    const count = this.milestones.filter((milestone) => milestone === this.lastEpoch).length;
    return this.groups.map((group) => group.lr * this.gamma ** count);
  }
}

/** Times `factor` for the first `totalIters` steps. (PyTorch: `ConstantLR`) */
export class ConstantLR extends LRScheduler {
  readonly factor: number;
  readonly totalIters: number;
  constructor(optimizer: Schedulable, { factor = 1 / 3, totalIters = 5, lastEpoch = -1 } = {}) {
    if (!(factor >= 0 && factor <= 1))
      throw new ChimeraError('Constant multiplicative factor expected to be between 0 and 1.');
    super(optimizer, lastEpoch);
    this.factor = factor;
    this.totalIters = totalIters;
    this.start();
  }
  protected override rates(): number[] {
    if (this.lastEpoch === 0) return this.groups.map((group) => group.lr * this.factor);
    if (this.lastEpoch === this.totalIters) return this.groups.map((group) => group.lr / this.factor);
    return this.groups.map((group) => group.lr);
  }
}

/** From `startFactor` to `endFactor` in `totalIters` steps, linearly. (PyTorch: `LinearLR`) */
export class LinearLR extends LRScheduler {
  readonly startFactor: number;
  readonly endFactor: number;
  readonly totalIters: number;
  constructor(optimizer: Schedulable, { startFactor = 1 / 3, endFactor = 1, totalIters = 5, lastEpoch = -1 } = {}) {
    if (!(startFactor > 0 && startFactor <= 1))
      throw new ChimeraError('Starting multiplicative factor expected to be greater than 0 and less or equal to 1.');
    if (!(endFactor >= 0 && endFactor <= 1))
      throw new ChimeraError('Ending multiplicative factor expected to be between 0 and 1.');
    super(optimizer, lastEpoch);
    this.startFactor = startFactor;
    this.endFactor = endFactor;
    this.totalIters = totalIters;
    this.start();
  }
  protected override rates(): number[] {
    const { lastEpoch, startFactor, endFactor, totalIters } = this;
    if (lastEpoch === 0) return this.groups.map((group) => group.lr * startFactor);
    if (lastEpoch > totalIters) return this.groups.map((group) => group.lr);
    const rise = endFactor - startFactor;
    return this.groups.map((group) => group.lr * (1 + rise / (totalIters * startFactor + (lastEpoch - 1) * rise)));
  }
}

/** Times gamma every step. (PyTorch: `ExponentialLR`) */
export class ExponentialLR extends LRScheduler {
  readonly gamma: number;
  constructor(optimizer: Schedulable, gamma: number, { lastEpoch = -1 } = {}) {
    super(optimizer, lastEpoch);
    this.gamma = gamma;
    this.start();
  }
  protected override rates(): number[] {
    return this.groups.map((group) => (this.lastEpoch === 0 ? group.lr : group.lr * this.gamma));
  }
}

/** Down to 0 in `totalIters` steps along (1 - t/T)^power. (PyTorch: `PolynomialLR`) */
export class PolynomialLR extends LRScheduler {
  readonly totalIters: number;
  readonly power: number;
  constructor(optimizer: Schedulable, { totalIters = 5, power = 1, lastEpoch = -1 } = {}) {
    super(optimizer, lastEpoch);
    this.totalIters = totalIters;
    this.power = power;
    this.start();
  }
  protected override rates(): number[] {
    const { lastEpoch, totalIters, power } = this;
    if (lastEpoch === 0 || lastEpoch > totalIters) return this.groups.map((group) => group.lr);
    const factor = ((1 - lastEpoch / totalIters) / (1 - (lastEpoch - 1) / totalIters)) ** power;
    return this.groups.map((group) => group.lr * factor);
  }
}
