import { ChimeraError } from '../../errors.ts';
import type { LRScheduler, Schedulable, ScheduledGroup } from './scheduler.ts';

/** One scheduler after another, each from its milestone on. (PyTorch: `SequentialLR`) */
export class SequentialLR {
  readonly schedulers: readonly LRScheduler[];
  readonly milestones: readonly number[];
  lastEpoch: number;
  constructor(optimizer: Schedulable, schedulers: readonly LRScheduler[], milestones: readonly number[]) {
    if (schedulers.length < 1)
      throw new ChimeraError('SequentialLR expects at least one scheduler, but got no scheduler.');
    if (milestones.length !== schedulers.length - 1)
      throw new ChimeraError(
        `Sequential Schedulers expects number of schedulers provided to be one more than the number of milestone points, but got number of schedulers ${schedulers.length} and the number of milestones to be equal to ${milestones.length}`,
      );
    for (const scheduler of schedulers)
      if (scheduler.optimizer !== optimizer)
        throw new ChimeraError('SequentialLR expects all schedulers to belong to the same optimizer');
    this.schedulers = schedulers;
    this.milestones = milestones;
    this.lastEpoch = 0;
    // Constructing the schedulers has stepped them all: back to the initial rates, then the first one's step alone.
    for (const group of optimizer.paramGroups as ScheduledGroup[]) group.lr = group.initialLr!;
    for (const scheduler of schedulers) scheduler.lastEpoch--;
    schedulers[0]!.step();
  }
  /** Sets the rates of the next step. */
  step(): void {
    this.lastEpoch++;
    const index = this.milestones.filter((milestone) => milestone <= this.lastEpoch).length;
    const scheduler = this.schedulers[index]!;
    if (index > 0 && this.milestones[index - 1] === this.lastEpoch) {
      scheduler.lastEpoch = -1;
      for (const [i, group] of (scheduler.optimizer.paramGroups as ScheduledGroup[]).entries())
        group.lr = scheduler.baseLrs[i]!;
    }
    scheduler.step();
  }
  getLastLr(): number[] {
    return (this.schedulers[0]!.optimizer.paramGroups as ScheduledGroup[]).map((group) => group.lr);
  }
}

/** Several schedulers at once: each step takes a step of every one. (PyTorch: `ChainedScheduler`) */
export class ChainedScheduler {
  readonly schedulers: readonly LRScheduler[];
  constructor(schedulers: readonly LRScheduler[]) {
    if (schedulers.length < 1)
      throw new ChimeraError('ChainedScheduler expects at least one scheduler to be chained, but got no scheduler.');
    this.schedulers = schedulers;
  }
  /** Sets the rates of the next step. */
  step(): void {
    for (const scheduler of this.schedulers) scheduler.step();
  }
  getLastLr(): number[] {
    return (this.schedulers[0]!.optimizer.paramGroups as ScheduledGroup[]).map((group) => group.lr);
  }
}
