import { noGrad } from '../autograd/mode.ts';
import { evaluate } from '../device/evaluate.ts';
import { ChimeraError } from '../errors.ts';
import type { Node } from '../graph/node.ts';
import { recorder } from '../graph/node.ts';
import { scoped } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';
import { clearGrad } from '../nn/block.ts';
import { Parameter } from '../nn/parameter.ts';
import { alias, fromHost, Tensor } from '../tensor/tensor.ts';
import { numbersToHost } from '../graph/dtype.ts';

/** Options of one group of parameters: the optimizer's, by name. */
export type GroupOptions = object;

/** Parameters that are updated with the same options. */
export type ParameterGroup<Options extends GroupOptions> = Options & { params: Parameter[] };

/** What an optimizer is made for: parameters, named ones, or groups that override options. */
export type ParametersArgument<Options extends GroupOptions> =
  | Iterable<Tensor>
  | Iterable<readonly [string, Tensor]>
  | readonly (Partial<Options> & { params: Tensor | Iterable<Tensor> })[];

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
  readonly state = new Map<Parameter, ParameterState>();
  readonly defaults: Options;

  constructor(params: ParametersArgument<Options>, defaults: Options) {
    this.defaults = defaults;
    if (params instanceof Tensor)
      throw new TypeError('params argument given to the optimizer should be an iterable of Tensors or dicts, but got a Tensor');
    if (params === null || typeof params !== 'object' || !(Symbol.iterator in params))
      throw new TypeError(`params argument given to the optimizer should be an iterable of Tensors or dicts, but got ${typeof params}`);
    const list = [...(params as Iterable<unknown>)];
    if (list.length === 0) throw new ChimeraError('optimizer got an empty parameter list');
    const isGroup = typeof list[0] === 'object' && list[0] !== null && 'params' in list[0];
    for (const group of isGroup ? (list as (Partial<Options> & { params: Tensor | Iterable<Tensor> })[]) : [{ params: list as Iterable<Tensor> }])
      this.addParamGroup(group as Partial<Options> & { params: Tensor | Iterable<Tensor> });
  }

  /** Adds parameters with options of their own. (PyTorch: `add_param_group`) */
  addParamGroup(group: Partial<Options> & { params: Tensor | Iterable<Tensor> | Iterable<readonly [string, Tensor]> }): void {
    const given = group.params instanceof Tensor ? [group.params] : [...(group.params as Iterable<unknown>)];
    const params = given.map((entry) => (Array.isArray(entry) ? (entry as unknown[])[1] : entry));
    for (const parameter of params) {
      if (!(parameter instanceof Tensor)) throw new TypeError(`optimizer can only optimize Tensors, but one of the params is ${typeof parameter}`);
      if (!parameter.isLeaf) throw new ChimeraError("can't optimize a non-leaf Tensor");
      if (this.paramGroups.some((other) => other.params.includes(parameter as Parameter)))
        throw new ChimeraError('some parameters appear in more than one parameter group');
    }
    if (new Set(params).size !== params.length) throw new ChimeraError('optimizer contains a parameter group with duplicate parameters');
    for (const parameter of params as Tensor[]) parameter.becomeState();
    this.paramGroups.push({ ...this.defaults, ...group, params: params as Parameter[] });
  }

  /** Forgets the gradients, or sets them to zero. (PyTorch: `zero_grad`) */
  zeroGrad({ setToNone = true }: { setToNone?: boolean } = {}): void {
    for (const { params } of this.paramGroups) for (const parameter of params) clearGrad(parameter, setToNone);
  }

  /**
   * Updates every parameter that has a gradient, and computes everything pending. With a closure, calls it first and
   * gives its loss. If the run fails the parameters, the state and this optimizer are as they were. (PyTorch: `step`)
   */
  async step(closure?: () => Tensor | Promise<Tensor>): Promise<Tensor | undefined> {
    const loss = closure === undefined ? undefined : await closure();
    const undo: (() => void)[] = [];
    scoped(() =>
      noGrad(() => {
        for (const group of this.paramGroups)
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
            const updated = this.update(parameter.node, gradient.node, state, group);
            parameter.assignValue(updated as Node);
          }
      }),
    );
    try {
      await evaluate([]);
    } catch (error) {
      for (const restore of undo) restore();
      throw error;
    }
    return loss;
  }

  /** Records the update of one parameter and gives its new value; puts new state into `state`. */
  protected abstract update(parameter: Value, gradient: Value, state: ParameterState, group: ParameterGroup<Options>): Value;

  /** A number that may change from step to step without a new program, as a 0-d value. */
  protected number(value: number, like: Value): Value {
    return fromHost(numbersToHost([value], like.dtype), [], like.dtype, { device: null, transient: true }).node;
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
