import { ChimeraError } from '../../errors.ts';
import type { Schedulable, ScheduledGroup } from './scheduler.ts';

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
    for (const [i, group] of (this.optimizer.paramGroups as ScheduledGroup[]).entries()) {
      const next = Math.max(group.lr * factor, typeof minLr === 'number' ? minLr : minLr[i]!);
      if (group.lr - next > eps) group.lr = next;
    }
    this.cooldownCounter = cooldown;
    this.numBadEpochs = 0;
  }

  getLastLr(): number[] {
    return (this.optimizer.paramGroups as ScheduledGroup[]).map((group) => group.lr);
  }
}
