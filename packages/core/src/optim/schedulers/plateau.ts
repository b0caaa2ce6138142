import { ChimeraError } from '../../errors.ts';
import type { Trailing } from '../../tensor/arguments.ts';
import { readTrailing } from '../../tensor/arguments.ts';
import type { Schedulable } from './scheduler.ts';
import { LRScheduler, perGroup } from './scheduler.ts';

export interface PlateauOptions {
  /** Whether the metric should fall or rise. Default 'min'. */
  mode?: 'min' | 'max';
  /** Below 1. Default 0.1. */
  factor?: number;
  /** Steps without improvement that are allowed. Default 10. */
  patience?: number;
  /** What an improvement is measured by. Default 1e-4. */
  threshold?: number;
  /** Whether the threshold is a share of the best metric, or a distance. Default 'rel'. */
  thresholdMode?: 'rel' | 'abs';
  /** Steps to wait after a reduction. Default 0. */
  cooldown?: number;
  /** The lowest rate, for all groups or for each. Default 0. */
  minLr?: number | readonly number[];
  /** Smallest change that is made. Default 1e-8. */
  eps?: number;
}

const order = ['mode', 'factor', 'patience', 'threshold', 'thresholdMode', 'cooldown', 'minLr', 'eps'] as const;

/** Times `factor` when a metric has stopped improving: `scheduler.step(await loss.item())`. (PyTorch: `ReduceLROnPlateau`) */
export class ReduceLROnPlateau extends LRScheduler {
  factor: number;
  defaultMinLr: number | null;
  minLrs: number[];
  patience: number;
  cooldown: number;
  eps: number;
  modeWorse: number;
  mode: 'min' | 'max';
  threshold: number;
  thresholdMode: 'rel' | 'abs';
  /** Best metric so far. */
  best: number;
  cooldownCounter = 0;
  numBadEpochs = 0;

  constructor(
    optimizer: Schedulable,
    ...options: Trailing<
      PlateauOptions,
      ['mode', 'factor', 'patience', 'threshold', 'thresholdMode', 'cooldown', 'minLr', 'eps']
    >
  ) {
    const {
      mode = 'min',
      factor = 0.1,
      patience = 10,
      threshold = 1e-4,
      thresholdMode = 'rel',
      cooldown = 0,
      minLr = 0,
      eps = 1e-8,
    } = readTrailing<PlateauOptions>('ReduceLROnPlateau', options, order);
    if (factor >= 1) throw new ChimeraError('Factor should be < 1.0.');
    super(optimizer, null);
    const groups = optimizer.paramGroups.length;
    if (typeof minLr !== 'number' && minLr.length !== groups)
      throw new ChimeraError(`expected ${groups} min_lrs, got ${minLr.length}`);
    if (mode !== 'min' && mode !== 'max') throw new ChimeraError(`mode ${String(mode)} is unknown!`);
    if (thresholdMode !== 'rel' && thresholdMode !== 'abs')
      throw new ChimeraError(`threshold mode ${String(thresholdMode)} is unknown!`);
    this.factor = factor;
    this.defaultMinLr = typeof minLr === 'number' ? minLr : null;
    this.minLrs = perGroup('min_lr', optimizer, minLr);
    this.patience = patience;
    this.cooldown = cooldown;
    this.eps = eps;
    this.modeWorse = mode === 'min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    this.mode = mode;
    this.threshold = threshold;
    this.thresholdMode = thresholdMode;
    this.best = this.modeWorse;
    this._lastLr = this.rates;
  }

  override getLr(): number[] {
    return this.rates;
  }
  protected override get unsaved(): readonly string[] {
    return [...super.unsaved, 'baseLrs', '_stepCount'];
  }
  /** Whether reductions wait at present. (PyTorch: `in_cooldown`) */
  get inCooldown(): boolean {
    return this.cooldownCounter > 0;
  }

  #improves(metric: number): boolean {
    const { mode, threshold, thresholdMode, best } = this;
    if (mode === 'min') return metric < (thresholdMode === 'rel' ? best * (1 - threshold) : best - threshold);
    return metric > (thresholdMode === 'rel' ? best * (1 + threshold) : best + threshold);
  }

  /** Takes the metric of the step that has ended. */
  override step(metric: number | null, epoch: number | null = null): void {
    if (typeof metric !== 'number')
      throw new TypeError('ReduceLROnPlateau.step: expected a number; read it first: await loss.item()');
    this.lastEpoch = epoch ?? this.lastEpoch + 1;
    if (this.#improves(metric)) {
      this.best = metric;
      this.numBadEpochs = 0;
    } else this.numBadEpochs++;
    if (this.inCooldown) {
      this.cooldownCounter--;
      this.numBadEpochs = 0;
    }
    if (this.numBadEpochs > this.patience) {
      this.#reduce();
      this.cooldownCounter = this.cooldown;
      this.numBadEpochs = 0;
    }
    this._lastLr = this.rates;
  }

  #reduce(): void {
    const { groups, defaultMinLr } = this;
    if (groups.length !== this.minLrs.length) {
      if (defaultMinLr === null)
        throw new ChimeraError(
          `The number of param groups in the \`optimizer\` (${groups.length}) differs from when \`ReduceLROnPlateau\` was initialized (${this.minLrs.length}), usually due to a new param group being added to the optimizer. Please modify the \`min_lrs\` field to match the length of the \`optimizer\` param groups.`,
        );
      this.minLrs = groups.map(() => defaultMinLr);
    }
    for (const [i, group] of groups.entries()) {
      const next = Math.max(group.lr * this.factor, this.minLrs[i]!);
      if (group.lr - next > this.eps) group.lr = next;
    }
  }
}
