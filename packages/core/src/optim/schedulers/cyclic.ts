import { ChimeraError } from '../../errors.ts';
import type { Schedulable, ScheduledGroup } from './scheduler.ts';
import { LRScheduler, setMomentum } from './scheduler.ts';

export interface OneCycleOptions {
  totalSteps?: number;
  epochs?: number;
  stepsPerEpoch?: number;
  /** Share of the cycle in which the rate rises. Default 0.3. */
  pctStart?: number;
  /** Default 'cos'. */
  annealStrategy?: 'cos' | 'linear';
  /** Move momentum against the rate. Default true. */
  cycleMomentum?: boolean;
  baseMomentum?: number;
  maxMomentum?: number;
  /** Initial rate = maxLr / divFactor. Default 25. */
  divFactor?: number;
  /** Last rate = initial rate / finalDivFactor. Default 1e4. */
  finalDivFactor?: number;
  threePhase?: boolean;
  lastEpoch?: number;
}

interface Phase {
  readonly end: number;
  readonly lr: readonly [from: (group: number) => number, to: (group: number) => number];
  readonly momentum: readonly [from: number, to: number];
}

/** One rise to `maxLr` and one fall, over all steps. (PyTorch: `OneCycleLR`) */
export class OneCycleLR extends LRScheduler {
  readonly totalSteps: number;
  readonly #phases: readonly Phase[];
  readonly #anneal: (from: number, to: number, share: number) => number;
  readonly #cycleMomentum: boolean;

  constructor(optimizer: Schedulable, maxLr: number | readonly number[], options: OneCycleOptions = {}) {
    const {
      epochs,
      stepsPerEpoch,
      pctStart = 0.3,
      annealStrategy = 'cos',
      baseMomentum = 0.85,
      maxMomentum = 0.95,
    } = options;
    const { divFactor = 25, finalDivFactor = 1e4, threePhase = false, lastEpoch = -1, cycleMomentum = true } = options;
    const totalSteps =
      options.totalSteps ?? (epochs !== undefined && stepsPerEpoch !== undefined ? epochs * stepsPerEpoch : undefined);
    if (totalSteps === undefined)
      throw new ChimeraError('You must define either total_steps OR (epochs AND steps_per_epoch)');
    if (!(totalSteps > 0 && Number.isInteger(totalSteps)))
      throw new ChimeraError(`Expected positive integer total_steps, but got ${totalSteps}`);
    if (!(pctStart >= 0 && pctStart <= 1))
      throw new ChimeraError(`Expected float between 0 and 1 pct_start, but got ${pctStart}`);
    const groups = optimizer.paramGroups as ScheduledGroup[];
    const highest = typeof maxLr === 'number' ? groups.map(() => maxLr) : [...maxLr];
    if (lastEpoch === -1) for (const [i, group] of groups.entries()) group.lr = highest[i]! / divFactor;
    if (cycleMomentum && groups.some((group) => group.momentum === undefined && group.betas === undefined))
      throw new ChimeraError('optimizer must support momentum or beta1 with `cycle_momentum` option enabled');
    super(optimizer, lastEpoch);
    this.totalSteps = totalSteps;
    const first = (i: number): number => highest[i]! / divFactor;
    const top = (i: number): number => highest[i]!;
    const last = (i: number): number => first(i) / finalDivFactor;
    this.#phases = threePhase
      ? [
          { end: pctStart * totalSteps - 1, lr: [first, top], momentum: [maxMomentum, baseMomentum] },
          { end: 2 * pctStart * totalSteps - 2, lr: [top, first], momentum: [baseMomentum, maxMomentum] },
          { end: totalSteps - 1, lr: [first, last], momentum: [maxMomentum, maxMomentum] },
        ]
      : [
          { end: pctStart * totalSteps - 1, lr: [first, top], momentum: [maxMomentum, baseMomentum] },
          { end: totalSteps - 1, lr: [top, last], momentum: [baseMomentum, maxMomentum] },
        ];
    this.#anneal =
      annealStrategy === 'cos'
        ? (from, to, share) => to + ((from - to) / 2) * (Math.cos(Math.PI * share) + 1)
        : (from, to, share) => (to - from) * share + from;
    this.#cycleMomentum = cycleMomentum;
    this.start();
  }

  protected override rates(): number[] {
    const step = this.lastEpoch;
    if (step > this.totalSteps)
      throw new ChimeraError(`Tried to step ${step} times. The total number of steps is ${this.totalSteps}`);
    return this.groups.map((group, g) => {
      let start = 0;
      for (const [i, phase] of this.#phases.entries()) {
        if (step <= phase.end || i === this.#phases.length - 1) {
          const share = (step - start) / (phase.end - start);
          if (this.#cycleMomentum) setMomentum(group, this.#anneal(phase.momentum[0], phase.momentum[1], share));
          return this.#anneal(phase.lr[0](g), phase.lr[1](g), share);
        }
        start = phase.end;
      }
      return group.lr;
    });
  }
}

export interface CyclicOptions {
  /** Steps of the rising half. Default 2000. */
  stepSizeUp?: number;
  /** Steps of the falling half. Default: as many. */
  stepSizeDown?: number | null;
  /** Default 'triangular'. */
  mode?: 'triangular' | 'triangular2' | 'exp_range';
  gamma?: number;
  scaleFn?: ((x: number) => number) | null;
  scaleMode?: 'cycle' | 'iterations';
  cycleMomentum?: boolean;
  baseMomentum?: number;
  maxMomentum?: number;
  lastEpoch?: number;
}

/** Between `baseLr` and `maxLr`, up and down. (PyTorch: `CyclicLR`) */
export class CyclicLR extends LRScheduler {
  readonly #max: readonly number[];
  readonly #options: Required<Omit<CyclicOptions, 'lastEpoch' | 'stepSizeDown' | 'scaleFn'>> & {
    scaleFn: (x: number) => number;
  };
  readonly #total: number;
  readonly #ratio: number;

  constructor(
    optimizer: Schedulable,
    baseLr: number | readonly number[],
    maxLr: number | readonly number[],
    options: CyclicOptions = {},
  ) {
    const {
      stepSizeUp = 2000,
      stepSizeDown = null,
      mode = 'triangular',
      gamma = 1,
      scaleFn = null,
      cycleMomentum = true,
    } = options;
    const { baseMomentum = 0.8, maxMomentum = 0.9, lastEpoch = -1 } = options;
    const groups = optimizer.paramGroups as ScheduledGroup[];
    const bases = typeof baseLr === 'number' ? groups.map(() => baseLr) : [...baseLr];
    if (lastEpoch === -1) for (const [i, group] of groups.entries()) group.lr = bases[i]!;
    if (cycleMomentum && groups.some((group) => group.momentum === undefined && group.betas === undefined))
      throw new ChimeraError('optimizer must support momentum or beta1 with `cycle_momentum` option enabled');
    super(optimizer, lastEpoch);
    this.baseLrs = bases;
    this.#max = typeof maxLr === 'number' ? groups.map(() => maxLr) : [...maxLr];
    this.#total = stepSizeUp + (stepSizeDown ?? stepSizeUp);
    this.#ratio = stepSizeUp / this.#total;
    const scale: (x: number) => number =
      scaleFn ??
      (mode === 'triangular' ? () => 1 : mode === 'triangular2' ? (x) => 1 / 2 ** (x - 1) : (x) => gamma ** x);
    const scaleMode =
      scaleFn === null ? (mode === 'exp_range' ? 'iterations' : 'cycle') : (options.scaleMode ?? 'cycle');
    this.#options = { stepSizeUp, mode, gamma, scaleFn: scale, scaleMode, cycleMomentum, baseMomentum, maxMomentum };
    this.start();
  }

  protected override rates(): number[] {
    const { scaleFn, scaleMode, cycleMomentum, baseMomentum, maxMomentum } = this.#options;
    const cycle = Math.floor(1 + this.lastEpoch / this.#total);
    const x = 1 + this.lastEpoch / this.#total - cycle;
    const height = x <= this.#ratio ? x / this.#ratio : (x - 1) / (this.#ratio - 1);
    const factor = scaleFn(scaleMode === 'cycle' ? cycle : this.lastEpoch);
    return this.groups.map((group, i) => {
      if (cycleMomentum) setMomentum(group, maxMomentum - (maxMomentum - baseMomentum) * height * factor);
      return this.baseLrs[i]! + (this.#max[i]! - this.baseLrs[i]!) * height * factor;
    });
  }
}
