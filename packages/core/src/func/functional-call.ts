import { ChimeraError, StateError } from '../errors.ts';
import type { AnyBlock, Block } from '../nn/block.ts';
import { isBlock, registered, typeName } from '../nn/registration.ts';
import type { StateSource } from '../nn/state-dict.ts';
import { stack } from '../tensor/joining.ts';
import { Tensor } from '../tensor/tensor.ts';

export interface FunctionalCallOptions {
  /** Refuse missing and unexpected names. Default false. */
  strict?: boolean;
  /** What is shared in the block stays shared: one of its names stands for all. Default true. (PyTorch: `tie_weights`) */
  tieWeights?: boolean;
}

/** A block whose forward gives what `Block.forward` of its class gives. */
type ResultOf<B extends Block> = unknown extends ReturnType<B['forward']> ? Tensor : ReturnType<B['forward']>;

/**
 * Calls a block with other tensors in the places of its parameters and buffers, by name: the block itself does not change.
 * Names that are not given keep the block's own. `args` is one argument, or a list of all. (PyTorch: `torch.func.functional_call`)
 *
 * ```ts
 * const loss = (params: Record<string, Tensor>) => F.mseLoss(func.functionalCall(net, params, x), y);
 * const gradients = func.grad(loss)(Object.fromEntries(net.namedParameters()));
 * ```
 */
export function functionalCall<B extends Block>(
  block: B,
  parametersAndBuffers: StateSource | readonly StateSource[],
  args: unknown = [],
  { strict = false, tieWeights = true }: FunctionalCallOptions = {},
): ResultOf<B> {
  if (!isBlock(block)) throw new TypeError(`functionalCall: expected a Module, got ${typeName(block)}`);
  const given = merged(parametersAndBuffers);
  const tensors = tieWeights ? untied(block, given) : given;
  if (strict) requireAll(block, tensors);
  const places = [...tensors].flatMap(([path, tensor]) => placeOf(block, path, tensor));
  const inputs = (Array.isArray(args) ? args : [args]) as readonly unknown[];
  const restore = places.map((place) => place());
  const undo = (): void => {
    for (const back of restore.reverse()) back();
  };
  let result: unknown;
  try {
    result = (block as unknown as (...all: readonly unknown[]) => unknown)(...inputs);
  } catch (error) {
    undo();
    throw error;
  }
  if (result instanceof Promise) return result.finally(undo) as ResultOf<B>;
  undo();
  return result as ResultOf<B>;
}

function merged(given: StateSource | readonly StateSource[]): Map<string, Tensor> {
  const sources = Array.isArray(given) ? (given as readonly StateSource[]) : [given as StateSource];
  const all = new Map<string, Tensor>();
  const repeated: string[] = [];
  for (const source of sources) {
    if (source === null || typeof source !== 'object' || source instanceof Tensor)
      throw new TypeError(
        `Expected parameter_and_buffer_dicts to be a dict, or a list/tuple of dicts, but got ${typeName(source)}`,
      );
    for (const [name, tensor] of source instanceof Map ? source : Object.entries(source)) {
      if (!(tensor instanceof Tensor))
        throw new TypeError(`functionalCall: expected a Tensor for '${String(name)}', got ${typeName(tensor)}`);
      if (all.has(String(name))) repeated.push(String(name));
      all.set(String(name), tensor);
    }
  }
  if (repeated.length > 0)
    throw new ChimeraError(
      `[${repeated.map((name) => `'${name}'`).join(', ')}] appeared in multiple dictionaries; behavior of functional call is ambiguous`,
    );
  return all;
}

function namesOf(block: Block): [string, Tensor][] {
  return [...block.namedParameters({ removeDuplicate: false }), ...block.namedBuffers({ removeDuplicate: false })];
}

/** With every name of what is shared in the block. */
function untied(block: Block, given: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  const names = new Map<Tensor, string[]>();
  for (const [name, tensor] of namesOf(block)) names.set(tensor, [...(names.get(tensor) ?? []), name]);
  const all = new Map(given);
  for (const tied of names.values()) {
    const values = new Set(tied.flatMap((name) => given.get(name) ?? []));
    if (values.size > 1)
      throw new ChimeraError(
        `functional_call got multiple values for keys [${tied
          .toSorted()
          .map((name) => `'${name}'`)
          .join(', ')}], which are tied. Consider using tieWeights: false`,
      );
    for (const value of values) for (const name of tied) all.set(name, value);
  }
  return all;
}

function requireAll(block: Block, given: ReadonlyMap<string, Tensor>): void {
  const known = new Set(namesOf(block).map(([name]) => name));
  const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');
  const unexpected = [...given.keys()].filter((name) => !known.has(name));
  const missing = [...known].filter((name) => !given.has(name));
  const problems = [
    ...(unexpected.length > 0 ? [`Unexpected key(s): ${quoted(unexpected)}.`] : []),
    ...(missing.length > 0 ? [`Missing key(s): ${quoted(missing)}.`] : []),
  ];
  if (problems.length > 0)
    throw new StateError(`Error(s) in reparametrizing for ${block.constructor.name}:\n\t${problems.join('\n\t')}`);
}

/** Puts a tensor in a place when it is called; that gives what puts back what was there. */
function placeOf(root: Block, path: string, tensor: Tensor): (() => () => void)[] {
  const dot = path.lastIndexOf('.');
  const block = root.getSubmodule(dot < 0 ? '' : path.slice(0, dot));
  const name = path.slice(dot + 1);
  const { parameters, buffers } = registered(block);
  const members = (parameters.has(name) ? parameters : buffers) as Map<string, Tensor | null>;
  const former = members.get(name);
  if (former === undefined || former === null) return [];
  return [
    () => {
      members.set(name, tensor);
      // Not by assignment, which would register the tensor.
      Object.defineProperty(block, name, { get: () => tensor, configurable: true, enumerable: true });
      return () => {
        members.set(name, former);
        Object.defineProperty(block, name, { value: former, writable: true, configurable: true, enumerable: true });
      };
    },
  ];
}

/**
 * Parameters and buffers of several blocks of one kind, each name stacked along a new first dimension, to be used with
 * `vmap` over `functionalCall`. (PyTorch: `torch.func.stack_module_state`)
 */
export function stackModuleState(blocks: readonly Block[]): [Record<string, Tensor>, Record<string, Tensor>] {
  const [first] = blocks;
  if (first === undefined) throw new ChimeraError('stack_module_state: Expected at least one model, got 0.');
  if (blocks.some(({ training }) => training !== first.training))
    throw new ChimeraError('stack_module_state: Expected all models to have the same training/eval mode.');
  if (blocks.some((block) => block.constructor !== first.constructor))
    throw new ChimeraError('stack_module_state: Expected all models to be of the same class.');
  const stacked = (list: (block: AnyBlock) => [string, Tensor][]): Record<string, Tensor> => {
    const states = blocks.map((block) => new Map(list(block as AnyBlock)));
    return Object.fromEntries(
      [...states[0]!].map(([name, { requiresGrad }]) => [
        name,
        stack(states.map((state) => state.get(name)!))
          .detach()
          .requiresGrad_(requiresGrad),
      ]),
    );
  };
  return [stacked((block) => block.namedParameters()), stacked((block) => block.namedBuffers())];
}
