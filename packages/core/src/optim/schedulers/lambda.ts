import { ChimeraError } from '../../errors.ts';
import type { Needing } from './needed.ts';
import { readNeeding } from './needed.ts';
import type { Schedulable, SchedulerOptions, SchedulerState } from './scheduler.ts';
import { LRScheduler } from './scheduler.ts';

/** A factor for each step. */
export type RateLambda = (epoch: number) => number;

abstract class LambdaScheduler extends LRScheduler {
  readonly lrLambdas: RateLambda[];

  constructor(name: string, optimizer: Schedulable, args: readonly unknown[]) {
    const { lrLambda, lastEpoch } = readNeeding<{ lrLambda: RateLambda | readonly RateLambda[] }, SchedulerOptions>(
      name,
      args,
      ['lrLambda'],
      ['lastEpoch'],
    );
    super(optimizer, lastEpoch);
    this.lrLambdas = typeof lrLambda === 'function' ? this.groups.map(() => lrLambda) : [...lrLambda];
    if (this.lrLambdas.length !== this.groups.length)
      throw new ChimeraError(`Expected ${this.groups.length} lr_lambdas, but got ${this.lrLambdas.length}`);
    for (const one of this.lrLambdas)
      if (typeof one !== 'function')
        throw new TypeError(`lr_lambda should be a function, but got ${one === null ? 'null' : typeof one}`);
    this.start();
  }

  protected override get unsaved(): readonly string[] {
    return [...super.unsaved, 'lrLambdas'];
  }
  /** Functions are not state: their places are null. */
  override stateDict(): SchedulerState {
    return { ...super.stateDict(), lr_lambdas: this.lrLambdas.map(() => null) };
  }
}

/** Rate = initial rate times a function of the step, one for all groups or one each. (PyTorch: `LambdaLR`) */
export class LambdaLR extends LambdaScheduler {
  constructor(
    optimizer: Schedulable,
    ...args: Needing<'lrLambda', RateLambda | readonly RateLambda[], SchedulerOptions, ['lastEpoch']>
  ) {
    super('LambdaLR', optimizer, args);
  }
  override getLr(): number[] {
    return this.baseLrs.map((base, i) => base * this.lrLambdas[i]!(this.lastEpoch));
  }
}

/** Rate = former rate times a function of the step. (PyTorch: `MultiplicativeLR`) */
export class MultiplicativeLR extends LambdaScheduler {
  constructor(
    optimizer: Schedulable,
    ...args: Needing<'lrLambda', RateLambda | readonly RateLambda[], SchedulerOptions, ['lastEpoch']>
  ) {
    super('MultiplicativeLR', optimizer, args);
  }
  override getLr(): number[] {
    return this.isInitial ? this.rates : this.rates.map((lr, i) => lr * this.lrLambdas[i]!(this.lastEpoch));
  }
}
