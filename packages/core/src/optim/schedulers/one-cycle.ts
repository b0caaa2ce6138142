import { ChimeraError } from '../../errors.ts';
import { camelCase } from '../options.ts';
import type { Needing } from './needed.ts';
import { readNeeding } from './needed.ts';
import type { Schedulable, ScheduledGroup, SchedulerOptions } from './scheduler.ts';
import { cyclesBetas, LRScheduler, perGroup, setMomentum } from './scheduler.ts';

export interface OneCycleOptions extends SchedulerOptions {
  /** Steps of the whole cycle; or give `epochs` and `stepsPerEpoch`. */
  totalSteps?: number | null;
  epochs?: number | null;
  stepsPerEpoch?: number | null;
  /** Share of the cycle in which the rate rises. Default 0.3. */
  pctStart?: number;
  /** Along half a cosine, or a line. Default 'cos'. */
  annealStrategy?: 'cos' | 'linear';
  /** Move momentum against the rate. Default true. */
  cycleMomentum?: boolean;
  /** Momentum at the highest rate, for all groups or for each. Default 0.85. */
  baseMomentum?: number | readonly number[];
  /** Momentum at the lowest rate, for all groups or for each. Default 0.95. */
  maxMomentum?: number | readonly number[];
  /** Initial rate = maxLr / divFactor. Default 25. */
  divFactor?: number;
  /** Last rate = initial rate / finalDivFactor. Default 1e4. */
  finalDivFactor?: number;
  /** Fall to the initial rate as slowly as the rate rose, and then to the last one. Default false. */
  threePhase?: boolean;
}

const order = [
  'totalSteps',
  'epochs',
  'stepsPerEpoch',
  'pctStart',
  'annealStrategy',
  'cycleMomentum',
  'baseMomentum',
  'maxMomentum',
  'divFactor',
  'finalDivFactor',
  'threePhase',
  'lastEpoch',
] as const;

/** Until `end_step`, from one of a group's options to another; as state files have it. */
interface Phase {
  readonly end_step: number;
  readonly start_lr: string;
  readonly end_lr: string;
  readonly start_momentum: string;
  readonly end_momentum: string;
}

function phase(end_step: number, lr: readonly [string, string], momentum: readonly [string, string]): Phase {
  return { end_step, start_lr: lr[0], end_lr: lr[1], start_momentum: momentum[0], end_momentum: momentum[1] };
}

function phasesOf(totalSteps: number, pctStart: number, threePhase: boolean): Phase[] {
  const rise = phase(pctStart * totalSteps - 1, ['initial_lr', 'max_lr'], ['max_momentum', 'base_momentum']);
  if (!threePhase) return [rise, phase(totalSteps - 1, ['max_lr', 'min_lr'], ['base_momentum', 'max_momentum'])];
  return [
    rise,
    phase(2 * pctStart * totalSteps - 2, ['max_lr', 'initial_lr'], ['base_momentum', 'max_momentum']),
    phase(totalSteps - 1, ['initial_lr', 'min_lr'], ['max_momentum', 'max_momentum']),
  ];
}

function stepsOf({ totalSteps = null, epochs = null, stepsPerEpoch = null }: OneCycleOptions): number {
  const requirePositive = (name: string, value: number): void => {
    if (!(value > 0 && Number.isInteger(value)))
      throw new ChimeraError(`Expected positive integer ${name}, but got ${value}`);
  };
  if (totalSteps !== null) {
    requirePositive('total_steps', totalSteps);
    return totalSteps;
  }
  if (epochs === null || stepsPerEpoch === null)
    throw new ChimeraError('You must define either total_steps OR (epochs AND steps_per_epoch)');
  requirePositive('epochs', epochs);
  requirePositive('steps_per_epoch', stepsPerEpoch);
  return epochs * stepsPerEpoch;
}

/** One rise to `maxLr` and one fall, over all steps. (PyTorch: `OneCycleLR`) */
export class OneCycleLR extends LRScheduler {
  totalSteps: number;
  _schedulePhases: Phase[];
  _annealFuncType: 'cos' | 'linear';
  cycleMomentum: boolean;
  declare useBeta1?: boolean;

  constructor(
    optimizer: Schedulable,
    ...args: Needing<'maxLr', number | readonly number[], OneCycleOptions, typeof order>
  ) {
    const given = readNeeding<{ maxLr: number | readonly number[] }, OneCycleOptions>(
      'OneCycleLR',
      args,
      ['maxLr'],
      order,
    );
    const { maxLr } = given;
    const { pctStart = 0.3, annealStrategy = 'cos', cycleMomentum = true, lastEpoch = -1 } = given;
    const { baseMomentum = 0.85, maxMomentum = 0.95, divFactor = 25, finalDivFactor = 1e4, threePhase = false } = given;
    const totalSteps = stepsOf(given);
    if (!(pctStart >= 0 && pctStart <= 1))
      throw new ChimeraError(`Expected float between 0 and 1 pct_start, but got ${pctStart}`);
    if (annealStrategy !== 'cos' && annealStrategy !== 'linear')
      throw new ChimeraError(`anneal_strategy must be one of 'cos' or 'linear', instead got ${String(annealStrategy)}`);
    const highest = perGroup('max_lr', optimizer, maxLr);
    const usesBeta1 = cycleMomentum && cyclesBetas(optimizer);
    if (lastEpoch === -1)
      for (const [i, group] of optimizer.paramGroups.entries()) {
        const initialLr = highest[i]! / divFactor;
        Object.assign(group, { initialLr, maxLr: highest[i], minLr: initialLr / finalDivFactor });
      }
    super(optimizer, lastEpoch);
    this.totalSteps = totalSteps;
    this._schedulePhases = phasesOf(totalSteps, pctStart, threePhase);
    this._annealFuncType = annealStrategy;
    this.cycleMomentum = cycleMomentum;
    if (cycleMomentum) {
      this.useBeta1 = usesBeta1;
      const most = perGroup('max_momentum', optimizer, maxMomentum);
      const least = perGroup('base_momentum', optimizer, baseMomentum);
      if (lastEpoch === -1)
        for (const [i, group] of this.groups.entries()) {
          setMomentum(group, most[i]!);
          Object.assign(group, { maxMomentum: most[i], baseMomentum: least[i] });
        }
    }
    this.start();
  }

  #between(group: ScheduledGroup, start: string, end: string, share: number): number {
    const [from, to] = [group[camelCase(start)] as number, group[camelCase(end)] as number];
    return this._annealFuncType === 'cos'
      ? to + ((from - to) / 2) * (Math.cos(Math.PI * share) + 1)
      : (to - from) * share + from;
  }

  override getLr(): number[] {
    const step = this.lastEpoch;
    if (step > this.totalSteps)
      throw new ChimeraError(`Tried to step ${step} times. The specified number of total steps is ${this.totalSteps}`);
    const at = this._schedulePhases.findIndex(({ end_step }) => step <= end_step);
    const index = at < 0 ? this._schedulePhases.length - 1 : at;
    const current = this._schedulePhases[index]!;
    const start = index === 0 ? 0 : this._schedulePhases[index - 1]!.end_step;
    const share = (step - start) / (current.end_step - start);
    return this.groups.map((group) => {
      if (this.cycleMomentum)
        setMomentum(group, this.#between(group, current.start_momentum, current.end_momentum, share));
      return this.#between(group, current.start_lr, current.end_lr, share);
    });
  }
}
