import { ChimeraError } from '../errors.ts';
import type { Optimizer, ParameterGroup } from './optimizer.ts';

/** An optimizer whose learning rates are scheduled. */
export type Schedulable = Optimizer<{ lr: number }>;
type Group = ParameterGroup<{ lr: number }> & {
  initialLr?: number;
  momentum?: number;
  betas?: readonly [number, number];
};

/**
 * Sets the learning rate of every group, step after step. Construction takes the first step, as in PyTorch.
 * (PyTorch: `torch.optim.lr_scheduler.LRScheduler`)
 */
export abstract class LRScheduler {
  readonly optimizer: Schedulable;
  /** Rates that the groups had at first. (PyTorch: `base_lrs`) */
  baseLrs: number[];
  /** Steps taken. (PyTorch: `last_epoch`) */
  lastEpoch: number;
  #lastLrs: number[] = [];

  constructor(optimizer: Schedulable, lastEpoch = -1) {
    if (typeof optimizer !== 'object' || optimizer === null || !Array.isArray(optimizer.paramGroups))
      throw new TypeError('scheduler: expected an optimizer');
    this.optimizer = optimizer;
    this.lastEpoch = lastEpoch;
    for (const group of this.groups) {
      if (lastEpoch === -1) group.initialLr ??= group.lr;
      else if (group.initialLr === undefined)
        throw new ChimeraError("param 'initial_lr' is not specified in param_groups when resuming an optimizer");
    }
    this.baseLrs = this.groups.map((group) => group.initialLr!);
  }

  protected get groups(): Group[] {
    return this.optimizer.paramGroups;
  }

  /** The rates for `lastEpoch`, from the present ones. */
  protected abstract rates(): number[];

  /** Takes the first step; subclasses call it at the end of their construction. */
  protected start(): void {
    this.step();
  }

  /** Sets the rates of the next step. Call it after `optimizer.step()`. (PyTorch: `step`) */
  step(): void {
    this.lastEpoch++;
    const rates = this.rates();
    for (const [i, group] of this.groups.entries()) group.lr = rates[i]!;
    this.#lastLrs = this.groups.map((group) => group.lr);
  }

  /** The rates set last. (PyTorch: `get_last_lr`) */
  getLastLr(): number[] {
    return [...this.#lastLrs];
  }

  /** Plain numbers that `loadStateDict` takes. (PyTorch: `state_dict`) */
  stateDict(): Record<string, unknown> {
    const state: Record<string, unknown> = { lastLrs: this.getLastLr() };
    for (const [name, value] of Object.entries(this))
      if (name !== 'optimizer' && typeof value !== 'function') state[name] = value;
    return structuredClone(state);
  }

  /** Takes over the state of a scheduler of the same kind. (PyTorch: `load_state_dict`) */
  loadStateDict(state: Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>): void {
    for (const [name, value] of state instanceof Map ? state : Object.entries(state)) {
      if (name === 'lastLrs') this.#lastLrs = [...(value as number[])];
      else if (name in this && name !== 'optimizer')
        (this as unknown as Record<string, unknown>)[name as string] = value;
    }
  }
}

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

/** Half a cosine from the initial rate to `etaMin` in `tMax` steps, and back. (PyTorch: `CosineAnnealingLR`) */
export class CosineAnnealingLR extends LRScheduler {
  readonly tMax: number;
  readonly etaMin: number;
  constructor(optimizer: Schedulable, tMax: number, { etaMin = 0, lastEpoch = -1 } = {}) {
    super(optimizer, lastEpoch);
    this.tMax = tMax;
    this.etaMin = etaMin;
    this.start();
  }
  protected override rates(): number[] {
    const { lastEpoch, tMax, etaMin } = this;
    if (lastEpoch === 0) return this.groups.map((group) => group.lr);
    if ((lastEpoch - 1 - tMax) % (2 * tMax) === 0)
      return this.groups.map(
        (group, i) => group.lr + ((this.baseLrs[i]! - etaMin) * (1 - Math.cos(Math.PI / tMax))) / 2,
      );
    return this.groups.map(
      (group) =>
        ((1 + Math.cos((Math.PI * lastEpoch) / tMax)) / (1 + Math.cos((Math.PI * (lastEpoch - 1)) / tMax))) *
          (group.lr - etaMin) +
        etaMin,
    );
  }
}

/** Cosine annealing that starts anew after t0, t0 tMult, ... steps. (PyTorch: `CosineAnnealingWarmRestarts`) */
export class CosineAnnealingWarmRestarts extends LRScheduler {
  readonly t0: number;
  readonly tMult: number;
  readonly etaMin: number;
  tI: number;
  tCur: number;
  constructor(optimizer: Schedulable, t0: number, { tMult = 1, etaMin = 0, lastEpoch = -1 } = {}) {
    if (!(t0 > 0 && Number.isInteger(t0))) throw new ChimeraError(`Expected positive integer T_0, but got ${t0}`);
    if (!(tMult >= 1 && Number.isInteger(tMult)))
      throw new ChimeraError(`Expected integer T_mult >= 1, but got ${tMult}`);
    super(optimizer, lastEpoch);
    this.t0 = t0;
    this.tI = t0;
    this.tMult = tMult;
    this.etaMin = etaMin;
    this.tCur = lastEpoch;
    this.start();
  }
  protected override rates(): number[] {
    this.tCur++;
    if (this.tCur >= this.tI) {
      this.tCur -= this.tI;
      this.tI *= this.tMult;
    }
    return this.baseLrs.map(
      (base) => this.etaMin + ((base - this.etaMin) * (1 + Math.cos((Math.PI * this.tCur) / this.tI))) / 2,
    );
  }
}

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
    for (const group of optimizer.paramGroups as Group[]) group.lr = group.initialLr!;
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
      for (const [i, group] of (scheduler.optimizer.paramGroups as Group[]).entries()) group.lr = scheduler.baseLrs[i]!;
    }
    scheduler.step();
  }
  getLastLr(): number[] {
    return (this.schedulers[0]!.optimizer.paramGroups as Group[]).map((group) => group.lr);
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
    return (this.schedulers[0]!.optimizer.paramGroups as Group[]).map((group) => group.lr);
  }
}

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
    const groups = optimizer.paramGroups as Group[];
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

function setMomentum(group: Group, momentum: number): void {
  if (group.betas !== undefined) group.betas = [momentum, group.betas[1]];
  else group.momentum = momentum;
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
    const groups = optimizer.paramGroups as Group[];
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

export interface PlateauOptions {
  /** Whether the metric should fall or rise. Default 'min'. */
  mode?: 'min' | 'max';
  /** Default 0.1. */
  factor?: number;
  /** Steps without improvement that are allowed. Default 10. */
  patience?: number;
  /** Default 1e-4. */
  threshold?: number;
  thresholdMode?: 'rel' | 'abs';
  /** Steps to wait after a reduction. Default 0. */
  cooldown?: number;
  minLr?: number | readonly number[];
  /** Smallest change that is made. Default 1e-8. */
  eps?: number;
}

/** Times `factor` when a metric has stopped improving: `scheduler.step(await loss.item())`. (PyTorch: `ReduceLROnPlateau`) */
export class ReduceLROnPlateau {
  readonly optimizer: Schedulable;
  readonly #options: Required<PlateauOptions>;
  /** Best metric so far. */
  best: number;
  numBadEpochs = 0;
  cooldownCounter = 0;
  lastEpoch = 0;

  constructor(optimizer: Schedulable, options: PlateauOptions = {}) {
    const {
      mode = 'min',
      factor = 0.1,
      patience = 10,
      threshold = 1e-4,
      thresholdMode = 'rel',
      cooldown = 0,
      minLr = 0,
      eps = 1e-8,
    } = options;
    if (factor >= 1) throw new ChimeraError('Factor should be < 1.0.');
    this.optimizer = optimizer;
    this.#options = { mode, factor, patience, threshold, thresholdMode, cooldown, minLr, eps };
    this.best = mode === 'min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }

  #improved(metric: number): boolean {
    const { mode, threshold, thresholdMode } = this.#options;
    // The first metric is always an improvement: an infinite best has no relative margin.
    const margin = thresholdMode === 'rel' ? (Number.isFinite(this.best) ? threshold * this.best : 0) : threshold;
    return mode === 'min' ? metric < this.best - margin : metric > this.best + margin;
  }

  /** Takes the metric of the step that has ended. */
  step(metric: number): void {
    if (typeof metric !== 'number')
      throw new TypeError('ReduceLROnPlateau.step: expected a number; read it first: await loss.item()');
    const { patience, cooldown, factor, minLr, eps } = this.#options;
    this.lastEpoch++;
    if (this.#improved(metric)) {
      this.best = metric;
      this.numBadEpochs = 0;
    } else this.numBadEpochs++;
    if (this.cooldownCounter > 0) {
      this.cooldownCounter--;
      this.numBadEpochs = 0;
    }
    if (this.numBadEpochs <= patience) return;
    for (const [i, group] of (this.optimizer.paramGroups as Group[]).entries()) {
      const next = Math.max(group.lr * factor, typeof minLr === 'number' ? minLr : minLr[i]!);
      if (group.lr - next > eps) group.lr = next;
    }
    this.cooldownCounter = cooldown;
    this.numBadEpochs = 0;
  }

  getLastLr(): number[] {
    return (this.optimizer.paramGroups as Group[]).map((group) => group.lr);
  }
}
