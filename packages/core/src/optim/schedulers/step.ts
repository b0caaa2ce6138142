import type { Trailing } from '../../nn/arguments.ts';
import { readTrailing } from '../../nn/arguments.ts';
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
  constructor(optimizer: Schedulable, stepSize: number, ...options: Trailing<StepOptions, ['gamma', 'lastEpoch']>) {
    const { gamma = 0.1, lastEpoch } = readTrailing<StepOptions>('StepLR', options, ['gamma', 'lastEpoch']);
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
    milestones: Iterable<number>,
    ...options: Trailing<StepOptions, ['gamma', 'lastEpoch']>
  ) {
    const { gamma = 0.1, lastEpoch } = readTrailing<StepOptions>('MultiStepLR', options, ['gamma', 'lastEpoch']);
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
  constructor(optimizer: Schedulable, gamma: number, ...options: Trailing<SchedulerOptions, ['lastEpoch']>) {
    super(optimizer, readTrailing<SchedulerOptions>('ExponentialLR', options, ['lastEpoch']).lastEpoch);
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
