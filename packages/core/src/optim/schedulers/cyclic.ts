import { ChimeraError } from '../../errors.ts';
import type { NeedingTwo } from './needed.ts';
import { readNeeding } from './needed.ts';
import type { Schedulable, SchedulerOptions, SchedulerState } from './scheduler.ts';
import { cyclesBetas, LRScheduler, perGroup, setMomentum } from './scheduler.ts';

export interface CyclicOptions extends SchedulerOptions {
  /** Steps of the rising half. Default 2000. */
  stepSizeUp?: number;
  /** Steps of the falling half. Default: as many. */
  stepSizeDown?: number | null;
  /** Cycles of one height, halved each time, or shrinking by gamma every step. Default 'triangular'. */
  mode?: 'triangular' | 'triangular2' | 'exp_range';
  /** The factor of 'exp_range'. Default 1. */
  gamma?: number;
  /** Height of the cycle, instead of `mode`. Default: none. */
  scaleFn?: ((x: number) => number) | null;
  /** Whether `scaleFn` is given the number of the cycle, or of the step. Default 'cycle'. */
  scaleMode?: 'cycle' | 'iterations';
  /** Move momentum against the rate. Default true. */
  cycleMomentum?: boolean;
  /** Momentum at the highest rate, for all groups or for each. Default 0.8. */
  baseMomentum?: number | readonly number[];
  /** Momentum at the lowest rate, for all groups or for each. Default 0.9. */
  maxMomentum?: number | readonly number[];
}

const order = [
  'stepSizeUp',
  'stepSizeDown',
  'mode',
  'gamma',
  'scaleFn',
  'scaleMode',
  'cycleMomentum',
  'baseMomentum',
  'maxMomentum',
  'lastEpoch',
] as const;

/** Between `baseLr` and `maxLr`, up and down. (PyTorch: `CyclicLR`) */
export class CyclicLR extends LRScheduler {
  maxLrs: number[];
  totalSize: number;
  stepRatio: number;
  mode: 'triangular' | 'triangular2' | 'exp_range';
  gamma: number;
  scaleMode: 'cycle' | 'iterations';
  cycleMomentum: boolean;
  declare useBeta1?: boolean;
  declare baseMomentums?: number[];
  declare maxMomentums?: number[];
  readonly _scaleFnCustom: ((x: number) => number) | null;

  constructor(
    optimizer: Schedulable,
    ...args: NeedingTwo<
      'baseLr',
      number | readonly number[],
      'maxLr',
      number | readonly number[],
      CyclicOptions,
      typeof order
    >
  ) {
    const given = readNeeding<{ baseLr: number | readonly number[]; maxLr: number | readonly number[] }, CyclicOptions>(
      'CyclicLR',
      args,
      ['baseLr', 'maxLr'],
      order,
    );
    const { baseLr, maxLr } = given;
    const { stepSizeUp = 2000, mode = 'triangular', gamma = 1, scaleFn = null, lastEpoch = -1 } = given;
    const { cycleMomentum = true, baseMomentum = 0.8, maxMomentum = 0.9 } = given;
    const bases = perGroup('base_lr', optimizer, baseLr);
    if (!['triangular', 'triangular2', 'exp_range'].includes(mode) && scaleFn === null)
      throw new ChimeraError('mode is invalid and scale_fn is None');
    const usesBeta1 = cycleMomentum && cyclesBetas(optimizer);
    if (lastEpoch === -1) for (const [i, group] of optimizer.paramGroups.entries()) group.lr = bases[i]!;
    super(optimizer, lastEpoch);
    this.maxLrs = perGroup('max_lr', optimizer, maxLr);
    this.totalSize = stepSizeUp + (given.stepSizeDown ?? stepSizeUp);
    this.stepRatio = stepSizeUp / this.totalSize;
    this.mode = mode;
    this.gamma = gamma;
    this._scaleFnCustom = scaleFn;
    this.scaleMode = scaleFn === null ? (mode === 'exp_range' ? 'iterations' : 'cycle') : (given.scaleMode ?? 'cycle');
    this.cycleMomentum = cycleMomentum;
    if (cycleMomentum) {
      this.useBeta1 = usesBeta1;
      this.baseMomentums = perGroup('base_momentum', optimizer, baseMomentum);
      this.maxMomentums = perGroup('max_momentum', optimizer, maxMomentum);
      if (lastEpoch === -1)
        for (const [i, group] of this.groups.entries()) {
          setMomentum(group, this.maxMomentums[i]!);
          Object.assign(group, { maxMomentum: this.maxMomentums[i], baseMomentum: this.baseMomentums[i] });
        }
    }
    this.start();
    this.baseLrs = bases;
  }

  /** The height of a cycle. (PyTorch: `scale_fn`) */
  scaleFn(x: number): number {
    if (this._scaleFnCustom !== null) return this._scaleFnCustom(x);
    return this.mode === 'triangular' ? 1 : this.mode === 'triangular2' ? 1 / 2 ** (x - 1) : this.gamma ** x;
  }

  override getLr(): number[] {
    const { lastEpoch, totalSize, stepRatio, baseLrs, maxLrs, baseMomentums, maxMomentums } = this;
    const cycle = Math.floor(1 + lastEpoch / totalSize);
    const x = 1 + lastEpoch / totalSize - cycle;
    const height = x <= stepRatio ? x / stepRatio : (x - 1) / (stepRatio - 1);
    const scale = this.scaleFn(this.scaleMode === 'cycle' ? cycle : lastEpoch);
    if (baseMomentums !== undefined && maxMomentums !== undefined)
      for (const [i, group] of this.groups.entries())
        setMomentum(group, maxMomentums[i]! - (maxMomentums[i]! - baseMomentums[i]!) * height * scale);
    return baseLrs.map((base, i) => base + (maxLrs[i]! - base) * height * scale);
  }

  protected override get unsaved(): readonly string[] {
    return [...super.unsaved, '_scaleFnCustom'];
  }
  /** A function is not state: its place is null. */
  override stateDict(): SchedulerState {
    return { ...super.stateDict(), _scale_fn_custom: null };
  }
}
