import { ChimeraError } from '../../errors.ts';
import type { Needing } from './needed.ts';
import { readNeeding } from './needed.ts';
import type { Schedulable, SchedulerOptions } from './scheduler.ts';
import { LRScheduler, perGroup } from './scheduler.ts';

export interface SWALROptions extends SchedulerOptions {
  /** Steps from the present rate to the one for averaging. Default 10. */
  annealEpochs?: number;
  /** Along half a cosine, or a line. Default 'cos'. */
  annealStrategy?: 'cos' | 'linear';
}

/** From the present rate to `swaLr`, where it stays while weights are averaged. (PyTorch: `torch.optim.swa_utils.SWALR`) */
export class SWALR extends LRScheduler {
  annealEpochs: number;
  _annealStrategy: 'cos' | 'linear';

  constructor(
    optimizer: Schedulable,
    ...args: Needing<'swaLr', number | readonly number[], SWALROptions, ['annealEpochs', 'annealStrategy', 'lastEpoch']>
  ) {
    const {
      swaLr,
      annealEpochs = 10,
      annealStrategy = 'cos',
      lastEpoch,
    } = readNeeding<{ swaLr: number | readonly number[] }, SWALROptions>(
      'SWALR',
      args,
      ['swaLr'],
      ['annealEpochs', 'annealStrategy', 'lastEpoch'],
    );
    const rates = perGroup('swa_lr', optimizer, swaLr);
    if (annealStrategy !== 'cos' && annealStrategy !== 'linear')
      throw new ChimeraError(`anneal_strategy must be one of 'cos' or 'linear', instead got ${String(annealStrategy)}`);
    if (!Number.isInteger(annealEpochs) || annealEpochs < 0)
      throw new ChimeraError(`anneal_epochs must be equal or greater than 0, got ${annealEpochs}`);
    super(optimizer, lastEpoch);
    for (const [i, group] of this.groups.entries()) group['swaLr'] = rates[i];
    this.annealEpochs = annealEpochs;
    this._annealStrategy = annealStrategy;
    this.start();
  }

  /** How far the rate has come, from 0 to 1, after a share of the steps. */
  #progress(step: number): number {
    const share = Math.max(0, Math.min(1, step / Math.max(1, this.annealEpochs)));
    return this._annealStrategy === 'cos' ? (1 - Math.cos(Math.PI * share)) / 2 : share;
  }

  override getLr(): number[] {
    const step = this.annealEpochs === 0 ? Math.max(1, this._stepCount - 1) : this._stepCount - 1;
    const [before, now] = [this.#progress(step - 1), this.#progress(step)];
    return this.groups.map((group) => {
      const target = group['swaLr'] as number;
      const start = before === 1 ? target : (group.lr - before * target) / (1 - before);
      return target * now + start * (1 - now);
    });
  }
}
