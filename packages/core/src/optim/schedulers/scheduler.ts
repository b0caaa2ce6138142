import { ChimeraError } from '../../errors.ts';
import { Optimizer } from '../optimizer.ts';
import type { ParameterGroup } from '../optimizer.ts';
import { camelCase, snakeCase } from '../options.ts';

/** An optimizer whose learning rates are scheduled. */
export type Schedulable = Optimizer<{ lr: number }>;

/** A group as schedulers see it. */
export type ScheduledGroup = ParameterGroup<{ lr: number }> & {
  initialLr?: number;
  momentum?: number;
  betas?: readonly [number, number];
  [option: string]: unknown;
};

/** What every scheduler takes last. */
export interface SchedulerOptions {
  /** Steps taken by the scheduler that this one goes on from. Default -1: none. (PyTorch: `last_epoch`) */
  lastEpoch?: number;
}

/** What `stateDict` gives, under PyTorch's names. */
export type SchedulerState = Record<string, unknown>;

// What the naming rule does not give.
const pythonNames: Readonly<Record<string, string>> = {
  tMax: 'T_max',
  t0: 'T_0',
  tMult: 'T_mult',
  tI: 'T_i',
  tCur: 'T_cur',
};
const ownNames = new Map(Object.entries(pythonNames).map(([own, python]) => [python, own]));

/**
 * Sets the learning rate of every group, step after step. A subclass says in `getLr` which rates `lastEpoch` has, and
 * calls `start()` at the end of its constructor, which takes the first step. (PyTorch: `torch.optim.lr_scheduler.LRScheduler`)
 */
export abstract class LRScheduler {
  readonly optimizer: Schedulable;
  /** Rates that the groups had at first. (PyTorch: `base_lrs`) */
  baseLrs: number[];
  /** Steps taken. (PyTorch: `last_epoch`) */
  lastEpoch: number;
  protected _stepCount = 0;
  protected _lastLr: number[] = [];
  #isInitial = false;

  /** With `lastEpoch: null` the groups' initial rates are left as they are. */
  constructor(optimizer: Schedulable, lastEpoch: number | null = -1) {
    if (!(optimizer instanceof Optimizer)) throw new TypeError('scheduler: expected an optimizer');
    this.optimizer = optimizer;
    this.lastEpoch = lastEpoch ?? 0;
    for (const [i, group] of this.groups.entries()) {
      if (lastEpoch === -1) group.initialLr ??= group.lr;
      else if (lastEpoch !== null && group.initialLr === undefined)
        throw new ChimeraError(
          `param 'initial_lr' is not specified in param_groups[${i}] when resuming scheduler with last_epoch >= 0: load the optimizer's state first`,
        );
    }
    this.baseLrs = lastEpoch === null ? [] : this.groups.map((group) => group.initialLr!);
  }

  protected get groups(): ScheduledGroup[] {
    return this.optimizer.paramGroups;
  }
  /** The groups' rates at present. */
  protected get rates(): number[] {
    return this.groups.map((group) => group.lr);
  }
  /** Whether the first step, that of the construction, is being taken. */
  protected get isInitial(): boolean {
    return this.#isInitial;
  }

  /** The rates for `lastEpoch`, from those of the step before. (PyTorch: `get_lr`) */
  abstract getLr(): number[];

  /** The rates for `lastEpoch` from the initial ones alone, if there is such a formula. (PyTorch: `_get_closed_form_lr`) */
  protected closedForm?(): number[];

  /** Takes the first step; subclasses call it at the end of their construction. (PyTorch: `_initial_step`) */
  start(): void {
    this._stepCount = 0;
    this.#isInitial = true;
    try {
      this.step();
    } finally {
      this.#isInitial = false;
    }
  }

  /**
   * Sets the rates of the next step. Call it after `optimizer.step()`. With `epoch` goes to that step instead.
   * (PyTorch: `step`)
   */
  step(epoch: number | null = null): void {
    this._stepCount++;
    if (epoch === null) this.lastEpoch++;
    else this.lastEpoch = epoch;
    this.setRates(epoch !== null && this.closedForm !== undefined ? this.closedForm() : this.getLr());
  }

  /** Goes to a step without counting it as one. */
  moveTo(epoch: number): void {
    this.lastEpoch = epoch;
    this.setRates(this.closedForm?.() ?? this.getLr());
  }

  protected setRates(rates: readonly number[]): void {
    for (const [i, group] of this.groups.entries()) group.lr = rates[i]!;
    this._lastLr = this.rates;
  }

  /** The rates set last. (PyTorch: `get_last_lr`) */
  getLastLr(): number[] {
    return [...this._lastLr];
  }

  /** Names of properties that are no state. */
  protected get unsaved(): readonly string[] {
    return ['optimizer'];
  }

  /** Everything but functions and the optimizer, as plain data under PyTorch's names. (PyTorch: `state_dict`) */
  stateDict(): SchedulerState {
    const state: SchedulerState = {};
    for (const [name, value] of Object.entries(this))
      if (!this.unsaved.includes(name) && typeof value !== 'function')
        state[pythonNames[name] ?? snakeCase(name)] = structuredClone(value);
    return state;
  }

  /** Takes over the state of a scheduler of the same kind. (PyTorch: `load_state_dict`) */
  loadStateDict(state: Readonly<SchedulerState> | ReadonlyMap<string, unknown>): void {
    const own = this as unknown as Record<string, unknown>;
    for (const [key, value] of state instanceof Map ? (state as ReadonlyMap<string, unknown>) : Object.entries(state)) {
      const name = ownNames.get(key) ?? (key.startsWith('_') ? `_${camelCase(key.slice(1))}` : camelCase(key));
      if (Object.hasOwn(this, name) && !this.unsaved.includes(name)) own[name] = structuredClone(value);
    }
  }
}

/** A value for each group: those given, or one for all. */
export function perGroup(name: string, optimizer: Schedulable, value: number | readonly number[]): number[] {
  const { length } = optimizer.paramGroups;
  if (typeof value === 'number') return new Array<number>(length).fill(value);
  if (value.length !== length)
    throw new ChimeraError(
      `${name} must have the same length as optimizer.param_groups. ${name} has ${value.length} values, param_groups has ${length}.`,
    );
  return [...value];
}

/** Throws unless the optimizer has a momentum, or betas, to cycle. Gives whether it is betas. */
export function cyclesBetas(optimizer: Schedulable): boolean {
  const { defaults } = optimizer as { defaults: object };
  if (!('momentum' in defaults) && !('betas' in defaults))
    throw new ChimeraError('optimizer must support momentum or beta1 with `cycle_momentum` option enabled');
  return 'betas' in defaults;
}

/** Sets the momentum, or the first beta. */
export function setMomentum(group: ScheduledGroup, momentum: number): void {
  if (group.betas !== undefined) group.betas = [momentum, group.betas[1]];
  else group.momentum = momentum;
}
