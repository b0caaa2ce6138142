import { ChimeraError } from '../../errors.ts';
import { readTrailing } from '../../tensor/arguments.ts';
import type { NeedingTwo } from './needed.ts';
import { readNeeding } from './needed.ts';
import { ReduceLROnPlateau } from './plateau.ts';
import type { Schedulable, SchedulerOptions, SchedulerState } from './scheduler.ts';
import { LRScheduler } from './scheduler.ts';

/** Schedulers of one optimizer, whose states are kept together. */
abstract class CombinedScheduler extends LRScheduler {
  readonly _schedulers: readonly LRScheduler[];

  constructor(name: string, schedulers: readonly LRScheduler[], optimizer: Schedulable | undefined, use: string) {
    if (!Array.isArray(schedulers)) throw new TypeError(`${name}: expected an array of schedulers`);
    if (schedulers.length < 1)
      throw new ChimeraError(`${name} expects at least one scheduler${use}, but got no scheduler.`);
    const owner = optimizer ?? (schedulers as readonly LRScheduler[])[0]!.optimizer;
    for (const [i, scheduler] of (schedulers as readonly LRScheduler[]).entries()) {
      if (!(scheduler instanceof LRScheduler))
        throw new TypeError(`${name} at index ${i} should have \`optimizer\` as its attribute.`);
      if (scheduler instanceof ReduceLROnPlateau)
        throw new ChimeraError(
          `${name} does not support \`ReduceLROnPlateau\` scheduler as it requires additional kwargs to be specified when calling \`step\`, but got one at index ${i} in the given schedulers sequence.`,
        );
      if (scheduler.optimizer !== owner)
        throw new ChimeraError(
          `${name} expects all schedulers to belong to the same optimizer, but got scheduler ${scheduler.constructor.name} at index ${i} has ${String(scheduler.optimizer)}, which is different from ${owner.constructor.name}.`,
        );
    }
    super(owner, null);
    this._schedulers = [...(schedulers as readonly LRScheduler[])];
  }

  /** The schedulers, in order. */
  get schedulers(): readonly LRScheduler[] {
    return this._schedulers;
  }
  override getLr(): number[] {
    return this.rates;
  }
  protected override get unsaved(): readonly string[] {
    return [...super.unsaved, 'baseLrs', '_schedulers', ...(this.#isInside ? [] : ['_stepCount'])];
  }
  // Another scheduler that begins with this one starts it; only then is there a count of steps, which stays 0.
  #isInside = false;
  override start(): void {
    this.#isInside = true;
    super.start();
  }
  override stateDict(): SchedulerState {
    return { ...super.stateDict(), _schedulers: this._schedulers.map((scheduler) => scheduler.stateDict()) };
  }
  override loadStateDict(state: Readonly<SchedulerState> | ReadonlyMap<string, unknown>): void {
    super.loadStateDict(state);
    const saved = (state instanceof Map ? state.get('_schedulers') : (state as SchedulerState)['_schedulers']) as
      | SchedulerState[]
      | undefined;
    for (const [i, one] of (saved ?? []).entries()) this._schedulers[i]!.loadStateDict(one);
  }
}

/** One scheduler after another, each from its milestone on. (PyTorch: `SequentialLR`) */
export class SequentialLR extends CombinedScheduler {
  readonly _milestones: readonly number[];

  constructor(
    optimizer: Schedulable,
    ...args: NeedingTwo<
      'schedulers',
      readonly LRScheduler[],
      'milestones',
      readonly number[],
      SchedulerOptions,
      ['lastEpoch']
    >
  ) {
    const {
      schedulers,
      milestones,
      lastEpoch = -1,
    } = readNeeding<{ schedulers: readonly LRScheduler[]; milestones: readonly number[] }, SchedulerOptions>(
      'SequentialLR',
      args,
      ['schedulers', 'milestones'],
      ['lastEpoch'],
    );
    super('SequentialLR', schedulers, optimizer, '');
    if (milestones.length !== schedulers.length - 1)
      throw new ChimeraError(
        `Sequential Schedulers expects number of schedulers provided to be one more than the number of milestone points, but got number of schedulers ${schedulers.length} and the number of milestones to be equal to ${milestones.length}`,
      );
    this._milestones = [...milestones];
    this.lastEpoch = lastEpoch + 1;
    // Constructing the schedulers has stepped them all: back to the initial rates, then the first one's step alone.
    for (const group of this.groups) group.lr = group.initialLr!;
    takeBack(this);
    const first = this.#at(0);
    first.start();
    this._lastLr = first.getLastLr();
  }

  /** Where the schedulers change. */
  get milestones(): readonly number[] {
    return this._milestones;
  }

  #at(epoch: number): LRScheduler {
    return this._schedulers[this._milestones.filter((milestone) => milestone <= epoch).length]!;
  }

  override step(): void {
    this.lastEpoch++;
    const scheduler = this.#at(this.lastEpoch);
    if (this._milestones[this._schedulers.indexOf(scheduler) - 1] === this.lastEpoch) scheduler.moveTo(0);
    else scheduler.step();
    this._lastLr = scheduler.getLastLr();
  }
}

/** Takes the step of their construction back from schedulers inside others. */
function takeBack(scheduler: LRScheduler): void {
  if (scheduler instanceof CombinedScheduler) for (const one of scheduler._schedulers) takeBack(one);
  else scheduler.lastEpoch--;
}

/** Several schedulers at once: each step takes a step of every one. (PyTorch: `ChainedScheduler`) */
export class ChainedScheduler extends CombinedScheduler {
  constructor(
    schedulers: readonly LRScheduler[],
    ...options: readonly [] | readonly [optimizer: Schedulable | { optimizer?: Schedulable }]
  ) {
    const { optimizer } = readTrailing<{ optimizer: Schedulable }>('ChainedScheduler', options, ['optimizer']);
    super('ChainedScheduler', schedulers, optimizer, ' to be chained');
    this._lastLr = this.rates;
  }

  protected override get unsaved(): readonly string[] {
    return [...super.unsaved, 'lastEpoch'];
  }

  override step(): void {
    for (const scheduler of this._schedulers) scheduler.step();
    this._lastLr = this.rates;
  }
}
