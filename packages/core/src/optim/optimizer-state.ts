import { storageOf } from '../device/storage.ts';
import { StateError } from '../errors.ts';
import { hostToNumbers } from '../graph/dtype.ts';
import { convert } from '../tensor/target.ts';
import { alias, Tensor } from '../tensor/tensor.ts';
import { camelCase, snakeCase } from './options.ts';

/** State of one parameter: tensors that live with it, and numbers on the host. */
export type ParameterState = Record<string, Tensor | number>;

/** What `stateDict` gives: `state` by position of the parameter, and `param_groups`. */
export type OptimizerStateDict = Map<'state', Map<number, Map<string, Tensor | number>>> &
  Map<'param_groups', Map<string, unknown>[]>;

/** What `loadStateDict` takes: what `stateDict` gave, or the same as plain objects. */
export type OptimizerStateSource = ReadonlyMap<string, unknown> | Readonly<Record<string, unknown>>;

type Groups = readonly { readonly params: readonly Tensor[] }[];
type States = Map<Tensor, ParameterState>;

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

/** A dict of a state file. Throws a StateError for anything else. */
export function asMap(value: unknown, what: string): ReadonlyMap<unknown, unknown> {
  if (value instanceof Map) return value;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return new Map(Object.entries(value));
  throw new StateError(`loaded state dict: ${what} is not a dict`);
}

function asList(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  throw new StateError(`loaded state dict: ${what} is not a list`);
}

/** State and options as plain data, parameters by position. */
export function gatherState(groups: Groups, states: States): OptimizerStateDict {
  const positions = new Map<Tensor, number>();
  for (const { params } of groups) for (const parameter of params) positions.set(parameter, positions.size);
  const state = new Map<number, Map<string, Tensor | number>>();
  for (const [parameter, entries] of states)
    state.set(
      positions.get(parameter)!,
      new Map(Object.entries(entries).map(([name, value]) => [name, value instanceof Tensor ? value.detach() : value])),
    );
  const paramGroups = groups.map((group) => {
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

/** Takes over state and options of the same groups; nothing changes if they do not fit. */
export function takeState(groups: Groups, states: States, source: OptimizerStateSource): void {
  const root = asMap(source, 'state_dict');
  const saved = asList(root.get('param_groups'), 'param_groups').map((group) => asMap(group, 'param_groups'));
  if (saved.length !== groups.length)
    throw new StateError('loaded state dict has a different number of parameter groups');
  const positions = new Map<number, Tensor>();
  for (const [i, { params }] of groups.entries()) {
    const numbers = asList(saved[i]!.get('params'), 'params');
    if (numbers.length !== params.length)
      throw new StateError(
        "loaded state dict contains a parameter group that doesn't match the size of optimizer's group",
      );
    for (const [j, position] of numbers.entries()) positions.set(Number(position), params[j]!);
  }
  const loaded = new Map<Tensor, ParameterState>();
  for (const [position, entries] of asMap(root.get('state'), 'state')) {
    const parameter = positions.get(Number(position));
    if (parameter === undefined)
      throw new StateError(`loaded state dict has state for parameter ${String(position)}, which no group has`);
    const state: ParameterState = {};
    for (const [name, value] of asMap(entries, `state of parameter ${String(position)}`))
      if (value !== null) state[String(name)] = stateFrom(parameter, String(name), value);
    loaded.set(parameter, state);
  }
  for (const state of states.values()) endState(state);
  states.clear();
  for (const { params } of groups)
    for (const parameter of params) if (loaded.has(parameter)) states.set(parameter, loaded.get(parameter)!);
  for (const [i, group] of groups.entries())
    for (const [name, value] of saved[i]!)
      if (name !== 'params') (group as Record<string, unknown>)[camelCase(String(name))] = value;
}

/** One entry of a parameter's state, as a copy that goes where the parameter is. */
function stateFrom(parameter: Tensor, name: string, value: unknown): Tensor | number {
  if (typeof value === 'number') return value;
  if (!(value instanceof Tensor)) throw new StateError(`loaded state '${name}' is neither a tensor nor a number`);
  if (hostNumbers.includes(name)) {
    const number = hostNumber(value);
    if (number === null) throw new StateError(`loaded state '${name}' must be a number`);
    return number;
  }
  // Adafactor keeps sums over rows and columns, with that dimension as 1.
  const fits =
    value.shape.length === parameter.shape.length &&
    value.shape.every((extent, i) => extent === parameter.shape[i] || extent === 1);
  if (!fits && value.shape.length > 0)
    throw new StateError(
      `loaded state '${name}' has shape [${value.shape.join(', ')}], but the parameter has [${parameter.shape.join(', ')}]`,
    );
  const targets = parameter.device === null ? [parameter.dtype] : [parameter.dtype, parameter.device];
  const copy = new Tensor(alias(convert(value.node, targets)));
  copy.name = `optimizer state '${name}'`;
  copy.becomeState();
  return copy;
}
