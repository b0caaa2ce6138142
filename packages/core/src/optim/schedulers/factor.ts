import { ChimeraError } from '../../errors.ts';
import type { Trailing } from '../../tensor/arguments.ts';
import { readTrailing } from '../../tensor/arguments.ts';
import type { Schedulable, SchedulerOptions } from './scheduler.ts';
import { LRScheduler } from './scheduler.ts';

export interface ConstantOptions extends SchedulerOptions {
  /** The factor, from 0 to 1. Default 1/3. */
  factor?: number;
  /** Steps that it lasts. Default 5. */
  totalIters?: number;
}

/** Times `factor` for the first `totalIters` steps. (PyTorch: `ConstantLR`) */
export class ConstantLR extends LRScheduler {
  readonly factor: number;
  readonly totalIters: number;
  constructor(optimizer: Schedulable, ...options: Trailing<ConstantOptions, ['factor', 'totalIters', 'lastEpoch']>) {
    const {
      factor = 1 / 3,
      totalIters = 5,
      lastEpoch,
    } = readTrailing<ConstantOptions>('ConstantLR', options, ['factor', 'totalIters', 'lastEpoch']);
    if (!(factor >= 0 && factor <= 1))
      throw new ChimeraError('Constant multiplicative factor expected to be between 0 and 1.');
    super(optimizer, lastEpoch);
    this.factor = factor;
    this.totalIters = totalIters;
    this.start();
  }
  override getLr(): number[] {
    if (this.lastEpoch === 0) return this.rates.map((lr) => lr * this.factor);
    if (this.lastEpoch === this.totalIters) return this.rates.map((lr) => lr * (1 / this.factor));
    return this.rates;
  }
  protected override closedForm(): number[] {
    const isOver = this.lastEpoch >= this.totalIters;
    return this.baseLrs.map((base) => base * (this.factor + (isOver ? 1 - this.factor : 0)));
  }
}

export interface LinearScheduleOptions extends SchedulerOptions {
  /** First factor, above 0 and at most 1. Default 1/3. */
  startFactor?: number;
  /** Last factor, from 0 to 1. Default 1. */
  endFactor?: number;
  /** Steps between the two. Default 5. */
  totalIters?: number;
}

/** From `startFactor` to `endFactor` in `totalIters` steps, linearly. (PyTorch: `LinearLR`) */
export class LinearLR extends LRScheduler {
  readonly startFactor: number;
  readonly endFactor: number;
  readonly totalIters: number;
  constructor(
    optimizer: Schedulable,
    ...options: Trailing<LinearScheduleOptions, ['startFactor', 'endFactor', 'totalIters', 'lastEpoch']>
  ) {
    const {
      startFactor = 1 / 3,
      endFactor = 1,
      totalIters = 5,
      lastEpoch,
    } = readTrailing<LinearScheduleOptions>('LinearLR', options, [
      'startFactor',
      'endFactor',
      'totalIters',
      'lastEpoch',
    ]);
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
  override getLr(): number[] {
    const { lastEpoch, startFactor, endFactor, totalIters } = this;
    if (lastEpoch === 0) return this.rates.map((lr) => lr * startFactor);
    if (this.isInitial || lastEpoch > totalIters) return this.rates;
    const rise = endFactor - startFactor;
    return this.rates.map((lr) => lr * (1 + rise / (totalIters * startFactor + (lastEpoch - 1) * rise)));
  }
  protected override closedForm(): number[] {
    const { lastEpoch, startFactor, endFactor, totalIters } = this;
    const passed = Math.min(totalIters, lastEpoch);
    return this.baseLrs.map((base) => base * (startFactor + ((endFactor - startFactor) * passed) / totalIters));
  }
}

export interface PolynomialOptions extends SchedulerOptions {
  /** Steps down to 0. Default 5. */
  totalIters?: number;
  /** Default 1. */
  power?: number;
}

/** Down to 0 in `totalIters` steps along (1 - t/T)^power. (PyTorch: `PolynomialLR`) */
export class PolynomialLR extends LRScheduler {
  readonly totalIters: number;
  readonly power: number;
  constructor(optimizer: Schedulable, ...options: Trailing<PolynomialOptions, ['totalIters', 'power', 'lastEpoch']>) {
    const {
      totalIters = 5,
      power = 1,
      lastEpoch,
    } = readTrailing<PolynomialOptions>('PolynomialLR', options, ['totalIters', 'power', 'lastEpoch']);
    super(optimizer, lastEpoch);
    this.totalIters = totalIters;
    this.power = power;
    this.start();
  }
  override getLr(): number[] {
    const { lastEpoch, totalIters, power } = this;
    if (this.isInitial || lastEpoch > totalIters) return this.rates;
    const factor = ((1 - lastEpoch / totalIters) / (1 - (lastEpoch - 1) / totalIters)) ** power;
    return this.rates.map((lr) => lr * factor);
  }
  protected override closedForm(): number[] {
    const { lastEpoch, totalIters, power } = this;
    return this.baseLrs.map((base) => base * (1 - Math.min(totalIters, lastEpoch) / totalIters) ** power);
  }
}
