import { noGrad } from '../autograd/mode.ts';
import { evaluate } from '../device/evaluate.ts';
import { ChimeraError } from '../errors.ts';
import { numbersToHost } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { recorder } from '../graph/node.ts';
import { scoped } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';
import { pythonFloat, pythonText } from '../nn/python-text.ts';
import type { Trailing } from '../tensor/arguments.ts';
import { readTrailing } from '../tensor/arguments.ts';
import { convert } from '../tensor/target.ts';
import type { HookHandle } from '../tensor/tensor.ts';
import { alias, fromHost, Tensor } from '../tensor/tensor.ts';
import type { OptimizerStateDict, OptimizerStateSource, ParameterState } from './optimizer-state.ts';
import { gatherState, takeState } from './optimizer-state.ts';
import { snakeCase } from './options.ts';

export type { OptimizerStateDict, OptimizerStateSource, ParameterState } from './optimizer-state.ts';

/** Options of one group of parameters: the optimizer's, by name. */
export type GroupOptions = object;

/** Parameters that are updated with the same options, with their names if they were given any. (PyTorch: `param_names`) */
export type ParameterGroup<Options extends GroupOptions> = Options & { params: Tensor[]; paramNames?: string[] };

/** What an optimizer is made for: parameters, named ones, or groups that override options. */
export type ParametersArgument<Options extends GroupOptions> =
  | Iterable<Tensor>
  | Iterable<readonly [string, Tensor]>
  | readonly (Partial<Options> & { params: Tensor | Iterable<Tensor> })[];

/** State goes where its parameter has gone, and takes its dtype: after `net.to(...)` training goes on. */
function follow(parameter: Tensor, state: ParameterState): void {
  for (const value of Object.values(state)) {
    if (!(value instanceof Tensor) || (value.dtype === parameter.dtype && value.device === parameter.device)) continue;
    const targets = parameter.device === null ? [parameter.dtype] : [parameter.dtype, parameter.device];
    value.assignValue(convert(value.node, targets));
  }
}

/** Computes the loss and its gradients. */
export type StepClosure = () => Tensor | Promise<Tensor>;

/** Called before or after steps. */
export type StepHook = (optimizer: unknown) => void;

/** Sees what `stateDict` is about to give; may return something else. */
export type OptimizerStateHook = (optimizer: unknown, state: OptimizerStateDict) => OptimizerStateDict | void;

/** Sees what `loadStateDict` was given; may return something else. */
export type OptimizerLoadHook = (optimizer: unknown, source: OptimizerStateSource) => OptimizerStateSource | void;

function registered<Hook extends (...args: never[]) => unknown>(hooks: Hook[], hook: Hook): HookHandle {
  if (typeof hook !== 'function') throw new TypeError(`a hook must be a function, got ${typeof hook}`);
  // A function of its own, so that one hook may be registered twice.
  const entry = ((...args: never[]) => hook(...args)) as Hook;
  hooks.push(entry);
  const remove = (): void => {
    const at = hooks.indexOf(entry);
    if (at >= 0) hooks.splice(at, 1);
  };
  return { remove, [Symbol.dispose]: remove };
}

/**
 * Updates parameters from their gradients. `step()` records the update of every parameter and then computes
 * everything that is pending in one program. (PyTorch: `torch.optim.Optimizer`)
 */
export abstract class Optimizer<Options extends GroupOptions> {
  /** Groups with their options; change `group.lr` to change the learning rate. (PyTorch: `param_groups`) */
  readonly paramGroups: ParameterGroup<Options>[] = [];
  /** State by parameter. (PyTorch: `state`) */
  readonly state = new Map<Tensor, ParameterState>();
  readonly defaults: Options;
  // The parameters of a group share their numbers: each is an input of the program, and inputs cost more than arithmetic.
  // By order of use, not by value, since two numbers may be equal by chance in one step and not in the next.
  #numbers: { readonly value: number; readonly node: Node }[] = [];
  #position = 0;

  constructor(params: ParametersArgument<Options>, defaults: Options) {
    this.defaults = defaults;
    if (params instanceof Tensor)
      throw new TypeError(
        'params argument given to the optimizer should be an iterable of Tensors or dicts, but got a Tensor',
      );
    if (params === null || typeof params !== 'object' || !(Symbol.iterator in params))
      throw new TypeError(
        `params argument given to the optimizer should be an iterable of Tensors or dicts, but got ${typeof params}`,
      );
    const list = [...(params as Iterable<unknown>)];
    if (list.length === 0) throw new ChimeraError('optimizer got an empty parameter list');
    const isGroup = typeof list[0] === 'object' && list[0] !== null && 'params' in list[0];
    for (const group of isGroup
      ? (list as (Partial<Options> & { params: Tensor | Iterable<Tensor> })[])
      : [{ params: list as Iterable<Tensor> }])
      this.addParamGroup(group as Partial<Options> & { params: Tensor | Iterable<Tensor> });
  }

  /** Adds parameters with options of their own. (PyTorch: `add_param_group`) */
  addParamGroup(
    group: Partial<Options> & { params: Tensor | Iterable<Tensor> | Iterable<readonly [string, Tensor]> },
  ): void {
    const given = group.params instanceof Tensor ? [group.params] : [...(group.params as Iterable<unknown>)];
    const params = given.map((entry) => (Array.isArray(entry) ? (entry as unknown[])[1] : entry));
    const names = given.filter((entry) => Array.isArray(entry)).map(([name]) => String(name));
    if (names.length > 0 && names.length < params.length)
      throw new ChimeraError('all optimizer params should be with/without names. Some param names are missing');
    for (const parameter of params) {
      if (!(parameter instanceof Tensor))
        throw new TypeError(`optimizer can only optimize Tensors, but one of the params is ${typeof parameter}`);
      if (!parameter.isLeaf) throw new ChimeraError("can't optimize a non-leaf Tensor");
      if (this.paramGroups.some((other) => other.params.includes(parameter)))
        throw new ChimeraError('some parameters appear in more than one parameter group');
    }
    if (new Set(params).size !== params.length)
      throw new ChimeraError('optimizer contains a parameter group with duplicate parameters');
    const [first] = this.paramGroups;
    if (first !== undefined && (first.paramNames === undefined) !== (names.length === 0))
      throw new ChimeraError(
        `all optimizer param groups should be with/without names. cannot add param group ${names.length > 0 ? 'with' : 'without'} names to the optimizer`,
      );
    for (const parameter of params as Tensor[]) parameter.becomeState();
    this.paramGroups.push({
      ...({ ...group, ...this.defaults, ...group } as Options),
      params: params as Tensor[],
      ...(names.length > 0 ? { paramNames: names } : {}),
    });
  }

  /** Forgets the gradients, or sets them to zero. (PyTorch: `zero_grad`) */
  zeroGrad(...options: Trailing<{ setToNone?: boolean }, ['setToNone']>): void {
    const { setToNone = true } = readTrailing<{ setToNone?: boolean }>('zeroGrad', options, ['setToNone']);
    for (const { params } of this.paramGroups) for (const parameter of params) parameter.clearGrad(setToNone);
  }

  /**
   * Updates every parameter that has a gradient, and computes everything pending. With a closure, calls it first and
   * gives its loss. If the run fails the parameters, the state and this optimizer are as they were. (PyTorch: `step`)
   */
  async step(closure?: StepClosure): Promise<Tensor | undefined> {
    for (const hook of Array.from(this.#beforeStep)) hook(this);
    const loss = await this.takeStep(closure);
    for (const hook of Array.from(this.#afterStep)) hook(this);
    return loss;
  }
  readonly #beforeStep: StepHook[] = [];
  readonly #afterStep: StepHook[] = [];

  /** Calls `hook` with the optimizer before every step. (PyTorch: `register_step_pre_hook`) */
  registerStepPreHook(hook: StepHook): HookHandle {
    return registered(this.#beforeStep, hook);
  }
  /** Calls `hook` with the optimizer after every step. (PyTorch: `register_step_post_hook`) */
  registerStepPostHook(hook: StepHook): HookHandle {
    return registered(this.#afterStep, hook);
  }

  /** PyTorch's text: the options of every group. */
  toString(): string {
    const groups = this.paramGroups.map((group, i) => {
      const options = Object.entries<unknown>(group)
        .filter(([name]) => name !== 'params')
        .map(([name, value]): [string, unknown] => [
          snakeCase(name),
          // Text stands without quotes.
          typeof value === 'string'
            ? value
            : typeof value === 'number' && value === this.floats[name]
              ? pythonFloat(value)
              : pythonText(value),
        ])
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => `    ${name}: ${String(value)}\n`);
      return `\nParameter Group ${i}\n${options.join('')}`;
    });
    return `${this.constructor.name} (${groups.join('')})`;
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /** Whole numbers among the defaults that PyTorch writes as floats, by option. */
  protected get floats(): Readonly<Record<string, number>> {
    return {};
  }

  /** One step between the hooks. */
  protected async takeStep(closure?: StepClosure): Promise<Tensor | undefined> {
    const loss = closure === undefined ? undefined : await closure();
    const undo: (() => void)[] = [];
    scoped(() =>
      noGrad(() => {
        for (const group of this.paramGroups) {
          this.#numbers = [];
          for (const parameter of group.params) {
            const gradient = parameter.peekGrad();
            if (gradient === null) continue;
            const known = this.state.get(parameter);
            const before = known === undefined ? undefined : { ...known };
            const state = known ?? {};
            this.state.set(parameter, state);
            undo.push(() => {
              if (before === undefined) this.state.delete(parameter);
              else this.state.set(parameter, before);
            });
            this.#position = 0;
            follow(parameter, state);
            const updated = this.update(parameter.node, gradient.node, state, group);
            parameter.assignValue(updated as Node);
          }
        }
        this.#numbers = [];
      }),
    );
    try {
      await evaluate(this.paramGroups.flatMap(({ params }) => params.map((parameter) => parameter.node)));
    } catch (error) {
      for (const restore of undo) restore();
      throw error;
    }
    return loss;
  }

  /**
   * State and options as plain data, parameters by position, under PyTorch's names: what `torch.optim` reads and
   * writes. (PyTorch: `state_dict`)
   */
  stateDict(): OptimizerStateDict {
    for (const hook of Array.from(this.#beforeStateDict)) hook(this);
    let dict = this.gatherState();
    for (const hook of Array.from(this.#afterStateDict)) dict = hook(this, dict) ?? dict;
    return dict;
  }

  /** Takes over state and options of an optimizer with the same groups. Nothing changes if it does not fit. (PyTorch: `load_state_dict`) */
  loadStateDict(source: OptimizerStateSource): void {
    let given = source;
    for (const hook of Array.from(this.#beforeLoad)) given = hook(this, given) ?? given;
    this.takeState(given);
    for (const hook of Array.from(this.#afterLoad)) hook(this);
  }
  readonly #beforeStateDict: StepHook[] = [];
  readonly #afterStateDict: OptimizerStateHook[] = [];
  readonly #beforeLoad: OptimizerLoadHook[] = [];
  readonly #afterLoad: StepHook[] = [];

  /** Calls `hook` before the state is gathered. (PyTorch: `register_state_dict_pre_hook`) */
  registerStateDictPreHook(hook: StepHook): HookHandle {
    return registered(this.#beforeStateDict, hook);
  }
  /** Calls `hook` with what `stateDict` is about to give, which it may change or replace. (PyTorch: `register_state_dict_post_hook`) */
  registerStateDictPostHook(hook: OptimizerStateHook): HookHandle {
    return registered(this.#afterStateDict, hook);
  }
  /** Calls `hook` with what `loadStateDict` was given, which it may replace. (PyTorch: `register_load_state_dict_pre_hook`) */
  registerLoadStateDictPreHook(hook: OptimizerLoadHook): HookHandle {
    return registered(this.#beforeLoad, hook);
  }
  /** Calls `hook` after state was loaded. (PyTorch: `register_load_state_dict_post_hook`) */
  registerLoadStateDictPostHook(hook: StepHook): HookHandle {
    return registered(this.#afterLoad, hook);
  }

  /** What `stateDict` does between its hooks. */
  protected gatherState(): OptimizerStateDict {
    return gatherState(this.paramGroups, this.state);
  }
  /** What `loadStateDict` does between its hooks. */
  protected takeState(source: OptimizerStateSource): void {
    takeState(this.paramGroups, this.state, source);
  }

  /**
   * Records the update of one parameter and gives its new value; puts new state into `state`. A subclass overrides this,
   * or `step`.
   */
  protected update(
    _parameter: Value,
    _gradient: Value,
    _state: ParameterState,
    _group: ParameterGroup<Options>,
  ): Value {
    throw new ChimeraError(`${this.constructor.name} must override step() or update()`);
  }

  /** A number that may change from step to step without a new program, as a 0-d value. */
  protected number(value: number, like: Value): Value {
    const position = this.#position++;
    const known = this.#numbers[position];
    if (known !== undefined && known.node.dtype === like.dtype && Object.is(known.value, value)) return known.node;
    const { node } = fromHost(numbersToHost([value], like.dtype), [], like.dtype, { device: null, transient: true });
    this.#numbers[position] = { value, node };
    return node;
  }

  /** The recorded value of a state tensor, or `undefined` before there is one. */
  protected read(state: ParameterState, name: string): Value | undefined {
    const tensor = state[name];
    return tensor instanceof Tensor ? tensor.node : undefined;
  }

  /** Puts a recorded value into a state tensor. */
  protected write(state: ParameterState, name: string, value: Value): void {
    const known = state[name];
    if (known instanceof Tensor) {
      known.assignValue(value as Node);
      return;
    }
    const tensor = new Tensor((value as Node).storage === null ? (value as Node) : alias(value as Node));
    tensor.name = `optimizer state '${name}'`;
    tensor.becomeState();
    state[name] = tensor;
  }

  /** A state tensor, or `value` everywhere before there is one. */
  protected stateOr(state: ParameterState, name: string, like: Value, value = 0): Value {
    return this.read(state, name) ?? recorder.fullLike(like, value);
  }

  /** Moves a running average towards `value`: a <- decay a + (1 - decay) value. Gives the new average. */
  protected average(state: ParameterState, name: string, value: Value, decay: number): Value {
    const former = this.read(state, name);
    const fresh = recorder.mul(value, this.number(1 - decay, value));
    const next = former === undefined ? fresh : recorder.add(recorder.mul(former, this.number(decay, value)), fresh);
    this.write(state, name, next);
    return next;
  }

  /** The gradient with its sign for `maximize` and with weight decay added. */
  protected decayed(
    parameter: Value,
    gradient: Value,
    { weightDecay = 0, maximize = false }: { weightDecay?: number; maximize?: boolean },
  ): Value {
    const g = maximize ? recorder.neg(gradient) : gradient;
    return weightDecay === 0 ? g : recorder.add(g, recorder.mul(parameter, this.number(weightDecay, parameter)));
  }

  /** Counts steps of one parameter: 1 at the first. */
  protected count(state: ParameterState): number {
    const step = ((state['step'] as number | undefined) ?? 0) + 1;
    state['step'] = step;
    return step;
  }

  /** Shorthand for subclasses. */
  protected get b(): typeof recorder {
    return recorder;
  }
}
