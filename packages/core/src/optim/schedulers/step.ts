import type { Needing } from './needed.ts';
import { readNeeding } from './needed.ts';
import type { Schedulable, SchedulerOptions } from './scheduler.ts';
import { LRScheduler } from './scheduler.ts';

export interface StepOptions extends SchedulerOptions {
  /** The factor. Default 0.1. */
  gamma?: number;
}

/** Times gamma every `stepSize` steps. (PyTorch: `StepLR`) */
export class StepLR extends LRScheduler {
  readonly stepSize: number;
  readonly gamma: number;
  constructor(optimizer: Schedulable, ...args: Needing<'stepSize', number, StepOptions, ['gamma', 'lastEpoch']>) {
    const read = readNeeding<{ stepSize: number }, StepOptions>('StepLR', args, ['stepSize'], ['gamma', 'lastEpoch']);
    const { stepSize, gamma = 0.1, lastEpoch } = read;
    if (!Number.isInteger(stepSize) || stepSize <= 0)
      throw new TypeError(`StepLR: expected stepSize to be a positive whole number, got ${String(stepSize)}`);
    super(optimizer, lastEpoch);
    this.stepSize = stepSize;
    this.gamma = gamma;
    this.start();
  }
  override getLr(): number[] {
    if (this.lastEpoch === 0 || this.lastEpoch % this.stepSize !== 0) return this.rates;
    return this.rates.map((lr) => lr * this.gamma);
  }
  protected override closedForm(): number[] {
    return this.baseLrs.map((base) => base * this.gamma ** Math.floor(this.lastEpoch / this.stepSize));
  }
}

/** Times gamma at each milestone. (PyTorch: `MultiStepLR`) */
export class MultiStepLR extends LRScheduler {
  /** How often each step is a milestone. */
  readonly milestones: Map<number, number>;
  readonly gamma: number;
  constructor(
    optimizer: Schedulable,
    ...args: Needing<'milestones', Iterable<number>, StepOptions, ['gamma', 'lastEpoch']>
  ) {
    const {
      milestones,
      gamma = 0.1,
      lastEpoch,
    } = readNeeding<{ milestones: Iterable<number> }, StepOptions>(
      'MultiStepLR',
      args,
      ['milestones'],
      ['gamma', 'lastEpoch'],
    );
    super(optimizer, lastEpoch);
    this.milestones = new Map();
    for (const milestone of milestones) this.milestones.set(milestone, (this.milestones.get(milestone) ?? 0) + 1);
    this.gamma = gamma;
    this.start();
  }
  override getLr(): number[] {
    const times = this.milestones.get(this.lastEpoch);
    return times === undefined ? this.rates : this.rates.map((lr) => lr * this.gamma ** times);
  }
  protected override closedForm(): number[] {
    let passed = 0;
    for (const [milestone, times] of this.milestones) if (milestone <= this.lastEpoch) passed += times;
    return this.baseLrs.map((base) => base * this.gamma ** passed);
  }
}

/** Times gamma every step. (PyTorch: `ExponentialLR`) */
export class ExponentialLR extends LRScheduler {
  readonly gamma: number;
  constructor(optimizer: Schedulable, ...args: Needing<'gamma', number, SchedulerOptions, ['lastEpoch']>) {
    const read = readNeeding<{ gamma: number }, SchedulerOptions>('ExponentialLR', args, ['gamma'], ['lastEpoch']);
    const { gamma, lastEpoch } = read;
    super(optimizer, lastEpoch);
    this.gamma = gamma;
    this.start();
  }
  override getLr(): number[] {
    return this.isInitial ? this.rates : this.rates.map((lr) => lr * this.gamma);
  }
  protected override closedForm(): number[] {
    return this.baseLrs.map((base) => base * this.gamma ** this.lastEpoch);
  }
}
