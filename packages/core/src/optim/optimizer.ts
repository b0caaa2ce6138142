import { noGrad } from '../autograd/mode.ts';
import { evaluate } from '../device/evaluate.ts';
import { storageOf } from '../device/storage.ts';
import { ChimeraError, StateError } from '../errors.ts';
import { hostToNumbers, numbersToHost } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { recorder } from '../graph/node.ts';
import { scoped } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';
import { convert } from '../tensor/target.ts';
import type { HookHandle } from '../tensor/tensor.ts';
import { alias, fromHost, Tensor } from '../tensor/tensor.ts';
import { camelCase, snakeCase } from './options.ts';

/** Options of one group of parameters: the optimizer's, by name. */
export type GroupOptions = object;

/** Parameters that are updated with the same options. */
export type ParameterGroup<Options extends GroupOptions> = Options & { params: Tensor[] };

/** What an optimizer is made for: parameters, named ones, or groups that override options. */
export type ParametersArgument<Options extends GroupOptions> =
  | Iterable<Tensor>
  | Iterable<readonly [string, Tensor]>
  | readonly (Partial<Options> & { params: Tensor | Iterable<Tensor> })[];

/** What `stateDict` gives: `state` by position of the parameter, and `param_groups`. */
export type OptimizerStateDict = Map<'state', Map<number, Map<string, Tensor | number>>> &
  Map<'param_groups', Map<string, unknown>[]>;

// State that PyTorch keeps in 0-d tensors and that lives on the host here.
const hostNumbers = ['step', 'mu_product', 'eta', 'mu'];

function hostNumber(tensor: Tensor): number | null {
  const host = storageOf(tensor.node)?.host;
  return host === null || host === undefined || host.length !== 1 ? null : hostToNumbers(host, tensor.dtype)[0]!;
}

// What is loaded may be what `stateDict` of the same optimizer gave, so the former state's memory is not freed at once.
function endState(state: ParameterState): void {
  for (const value of Object.values(state)) if (value instanceof Tensor) value.endState(true);
}

/** State goes where its parameter has gone, and takes its dtype: after `net.to(...)` training goes on. */
function follow(parameter: Tensor, state: ParameterState): void {
  for (const value of Object.values(state)) {
    if (!(value instanceof Tensor) || (value.dtype === parameter.dtype && value.device === parameter.device)) continue;
    const targets = parameter.device === null ? [parameter.dtype] : [parameter.dtype, parameter.device];
    value.assignValue(convert(value.node, targets));
  }
}

function asMap(value: unknown, what: string): ReadonlyMap<unknown, unknown> {
  if (value instanceof Map) return value;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return new Map(Object.entries(value));
  throw new StateError(`loaded state dict: ${what} is not a dict`);
}

function asIterable(value: unknown, what: string): Iterable<unknown> {
  if (Array.isArray(value)) return value;
  throw new StateError(`loaded state dict: ${what} is not a list`);
}

/** Computes the loss and its gradients. */
export type StepClosure = () => Tensor | Promise<Tensor>;

/** Called before or after steps. */
export type StepHook = (optimizer: unknown) => void;

function registered(hooks: StepHook[], hook: StepHook): HookHandle {
  if (typeof hook !== 'function') throw new TypeError(`a hook must be a function, got ${typeof hook}`);
  // A function of its own, so that one hook may be registered twice.
  const entry: StepHook = (optimizer) => hook(optimizer);
  hooks.push(entry);
  const remove = (): void => {
    const at = hooks.indexOf(entry);
    if (at >= 0) hooks.splice(at, 1);
  };
  return { remove, [Symbol.dispose]: remove };
}

/** State of one parameter: tensors that live with it, and numbers on the host. */
export type ParameterState = Record<string, Tensor | number>;

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
    for (const parameter of params) {
      if (!(parameter instanceof Tensor))
        throw new TypeError(`optimizer can only optimize Tensors, but one of the params is ${typeof parameter}`);
      if (!parameter.isLeaf) throw new ChimeraError("can't optimize a non-leaf Tensor");
      if (this.paramGroups.some((other) => other.params.includes(parameter)))
        throw new ChimeraError('some parameters appear in more than one parameter group');
    }
    if (new Set(params).size !== params.length)
      throw new ChimeraError('optimizer contains a parameter group with duplicate parameters');
    for (const parameter of params as Tensor[]) parameter.becomeState();
    this.paramGroups.push({ ...this.defaults, ...group, params: params as Tensor[] });
  }

  /** Forgets the gradients, or sets them to zero. (PyTorch: `zero_grad`) */
  zeroGrad({ setToNone = true }: { setToNone?: boolean } = {}): void {
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
    const positions = new Map<Tensor, number>();
    for (const { params } of this.paramGroups) for (const parameter of params) positions.set(parameter, positions.size);
    const state = new Map<number, Map<string, Tensor | number>>();
    for (const [parameter, entries] of this.state)
      state.set(
        positions.get(parameter)!,
        new Map(
          Object.entries(entries).map(([name, value]) => [name, value instanceof Tensor ? value.detach() : value]),
        ),
      );
    const paramGroups = this.paramGroups.map((group) => {
      const options = new Map<string, unknown>();
      for (const [name, value] of Object.entries(group)) if (name !== 'params') options.set(snakeCase(name), value);
      options.set(
        'params',
        group.params.map((parameter) => positions.get(parameter)!),
      );
      return options;
    });
    return new Map<string, unknown>([
      ['state', state],
      ['param_groups', paramGroups],
    ]) as OptimizerStateDict;
  }

  /** Takes over state and options of an optimizer with the same groups. Nothing changes if it does not fit. (PyTorch: `load_state_dict`) */
  loadStateDict(source: ReadonlyMap<string, unknown> | Readonly<Record<string, unknown>>): void {
    const root = asMap(source, 'state_dict');
    const groups = [...asIterable(root.get('param_groups'), 'param_groups')].map((group) =>
      asMap(group, 'param_groups'),
    );
    if (groups.length !== this.paramGroups.length)
      throw new StateError('loaded state dict has a different number of parameter groups');
    const parameters: Tensor[] = [];
    const positions = new Map<number, Tensor>();
    for (const [i, group] of groups.entries()) {
      const saved = [...asIterable(group.get('params'), 'params')];
      const own = this.paramGroups[i]!.params;
      if (saved.length !== own.length)
        throw new StateError(
          "loaded state dict contains a parameter group that doesn't match the size of optimizer's group",
        );
      for (const [j, position] of saved.entries()) positions.set(Number(position), own[j]!);
      parameters.push(...own);
    }
    const loaded = new Map<Tensor, ParameterState>();
    for (const [position, entries] of asMap(root.get('state'), 'state')) {
      const parameter = positions.get(Number(position));
      if (parameter === undefined)
        throw new StateError(`loaded state dict has state for parameter ${String(position)}, which no group has`);
      const state: ParameterState = {};
      for (const [name, value] of asMap(entries, `state of parameter ${String(position)}`)) {
        if (value === null) continue;
        if (typeof value === 'number') state[name as string] = value;
        else if (value instanceof Tensor) {
          // Adafactor keeps sums over rows and columns, with that dimension as 1.
          const fits =
            value.shape.length === parameter.shape.length &&
            value.shape.every((extent, i) => extent === parameter.shape[i] || extent === 1);
          if (!fits && value.shape.length > 0)
            throw new StateError(
              `loaded state '${String(name)}' has shape [${value.shape.join(', ')}], but the parameter has [${parameter.shape.join(', ')}]`,
            );
          if (hostNumbers.includes(name as string)) {
            const number = hostNumber(value);
            if (number === null) throw new StateError(`loaded state '${String(name)}' must be a number`);
            state[name as string] = number;
          } else {
            const targets = parameter.device === null ? [parameter.dtype] : [parameter.dtype, parameter.device];
            const copy = new Tensor(alias(convert(value.node, targets)));
            copy.name = `optimizer state '${String(name)}'`;
            copy.becomeState();
            state[name as string] = copy;
          }
        } else throw new StateError(`loaded state '${String(name)}' is neither a tensor nor a number`);
      }
      loaded.set(parameter, state);
    }
    for (const [parameter, state] of this.state) if (loaded.get(parameter) !== state) endState(state);
    this.state.clear();
    for (const parameter of parameters) if (loaded.has(parameter)) this.state.set(parameter, loaded.get(parameter)!);
    for (const [i, group] of groups.entries()) {
      const own = this.paramGroups[i] as Record<string, unknown>;
      for (const [name, value] of group) {
        const option = camelCase(String(name));
        if (option !== 'params' && (option in own || option === 'initialLr')) own[option] = value;
      }
    }
  }

  /** Records the update of one parameter and gives its new value; puts new state into `state`. */
  protected abstract update(
    parameter: Value,
    gradient: Value,
    state: ParameterState,
    group: ParameterGroup<Options>,
  ): Value;

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
