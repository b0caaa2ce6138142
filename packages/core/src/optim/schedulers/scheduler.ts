import { ChimeraError } from '../../errors.ts';
import type { Optimizer, ParameterGroup } from '../optimizer.ts';

/** An optimizer whose learning rates are scheduled. */
export type Schedulable = Optimizer<{ lr: number }>;

/** A group as schedulers see it. */
export type ScheduledGroup = ParameterGroup<{ lr: number }> & {
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

  protected get groups(): ScheduledGroup[] {
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

/** Sets the momentum, or the first beta. */
export function setMomentum(group: ScheduledGroup, momentum: number): void {
  if (group.betas !== undefined) group.betas = [momentum, group.betas[1]];
  else group.momentum = momentum;
}
