import { ChimeraError } from '../../errors.ts';
import type { Needing } from './needed.ts';
import { readNeeding } from './needed.ts';
import type { Schedulable, SchedulerOptions } from './scheduler.ts';
import { LRScheduler } from './scheduler.ts';

export interface CosineAnnealingOptions extends SchedulerOptions {
  /** The lowest rate. Default 0. */
  etaMin?: number;
}

/** Half a cosine from the initial rate to `etaMin` in `tMax` steps, and back. (PyTorch: `CosineAnnealingLR`) */
export class CosineAnnealingLR extends LRScheduler {
  readonly tMax: number;
  readonly etaMin: number;
  constructor(
    optimizer: Schedulable,
    ...args: Needing<'tMax', number, CosineAnnealingOptions, ['etaMin', 'lastEpoch']>
  ) {
    const {
      tMax,
      etaMin = 0,
      lastEpoch,
    } = readNeeding<{ tMax: number }, CosineAnnealingOptions>(
      'CosineAnnealingLR',
      args,
      ['tMax'],
      ['etaMin', 'lastEpoch'],
    );
    super(optimizer, lastEpoch);
    this.tMax = tMax;
    this.etaMin = etaMin;
    this.start();
  }
  override getLr(): number[] {
    const { lastEpoch, tMax, etaMin } = this;
    if (this.isInitial) return this.rates;
    if (this._stepCount === 1 && lastEpoch > 0) return this.closedForm();
    if ((lastEpoch - 1 - tMax) % (2 * tMax) === 0)
      return this.rates.map((lr, i) => lr + ((this.baseLrs[i]! - etaMin) * (1 - Math.cos(Math.PI / tMax))) / 2);
    return this.rates.map(
      (lr) =>
        ((1 + Math.cos((Math.PI * lastEpoch) / tMax)) / (1 + Math.cos((Math.PI * (lastEpoch - 1)) / tMax))) *
          (lr - etaMin) +
        etaMin,
    );
  }
  protected override closedForm(): number[] {
    const { lastEpoch, tMax, etaMin } = this;
    return this.baseLrs.map((base) => etaMin + ((base - etaMin) * (1 + Math.cos((Math.PI * lastEpoch) / tMax))) / 2);
  }
}

export interface WarmRestartsOptions extends CosineAnnealingOptions {
  /** Each cycle is that many times as long as the one before. Default 1. (PyTorch: `T_mult`) */
  tMult?: number;
}

/** Cosine annealing that starts anew after t0, t0 tMult, ... steps. (PyTorch: `CosineAnnealingWarmRestarts`) */
export class CosineAnnealingWarmRestarts extends LRScheduler {
  readonly t0: number;
  readonly tMult: number;
  readonly etaMin: number;
  tI: number;
  tCur: number;
  constructor(
    optimizer: Schedulable,
    ...args: Needing<'t0', number, WarmRestartsOptions, ['tMult', 'etaMin', 'lastEpoch']>
  ) {
    const {
      t0,
      tMult = 1,
      etaMin = 0,
      lastEpoch = -1,
    } = readNeeding<{ t0: number }, WarmRestartsOptions>(
      'CosineAnnealingWarmRestarts',
      args,
      ['t0'],
      ['tMult', 'etaMin', 'lastEpoch'],
    );
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
  override getLr(): number[] {
    const { etaMin, tCur, tI } = this;
    return this.baseLrs.map((base) => etaMin + ((base - etaMin) * (1 + Math.cos((Math.PI * tCur) / tI))) / 2);
  }
  /** The next step, or the place `epoch`, which may lie between two: `scheduler.step(epoch + i / iterations)`. */
  override step(epoch: number | null = null): void {
    const { t0, tMult } = this;
    const target = epoch ?? (this.lastEpoch < 0 ? 0 : null);
    if (target === null) {
      this.tCur++;
      if (this.tCur >= this.tI) {
        this.tCur %= this.tI;
        this.tI *= tMult;
      }
    } else {
      if (target < 0) throw new ChimeraError(`Expected non-negative epoch, but got ${target}`);
      if (target < t0) [this.tI, this.tCur] = [t0, target];
      else if (tMult === 1) this.tCur = target % t0;
      else {
        const cycles = Math.floor(Math.log((target / t0) * (tMult - 1) + 1) / Math.log(tMult));
        this.tCur = target - (t0 * (tMult ** cycles - 1)) / (tMult - 1);
        this.tI = t0 * tMult ** cycles;
      }
    }
    this.lastEpoch = Math.floor(target ?? this.lastEpoch + 1);
    this.setRates(this.getLr());
  }
  override moveTo(epoch: number): void {
    this.lastEpoch = epoch;
    this.setRates(this.getLr());
  }
}
