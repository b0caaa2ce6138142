import { ChimeraError } from '../../errors.ts';
import type { Schedulable } from './scheduler.ts';
import { LRScheduler } from './scheduler.ts';

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
