import { storageOf } from '../device/storage.ts';
import { StateError } from '../errors.ts';
import { hostToNumbers, numbersToHost } from '../graph/dtype.ts';
import { sameShape } from '../graph/shape.ts';
import { noGrad } from '../autograd/mode.ts';
import { recorder as b } from '../graph/node.ts';
import type { Node } from '../graph/node.ts';
import { convert } from '../tensor/conversion.ts';
import { fromHost, Tensor } from '../tensor/tensor.ts';
import type { Block } from './block.ts';
import { hooksOf, joinPath } from './block.ts';
import { Parameter } from './parameter.ts';
import { registered, typeName } from './registration.ts';
import { isUninitialized } from './uninitialized.ts';

/** A model's state: names to tensors, in order, with extra state under `..._extra_state`. (PyTorch: an OrderedDict) */
export class StateDict extends Map<string, unknown> {
  /** Per block prefix: its version. (PyTorch: `_metadata`) */
  metadata: Map<string, { version: number }> = new Map();

  /** The tensor of a name; throws a StateError if there is none. */
  tensor(name: string): Tensor {
    const value = this.get(name);
    if (value instanceof Tensor) return value;
    throw new StateError(`state_dict has no tensor "${name}"`);
  }
}

export interface StateDictOptions {
  /** Where to put the entries. Default: a new StateDict. */
  destination?: StateDict;
  /** Put before every name. Default ''. */
  prefix?: string;
  /** Give the parameters themselves instead of detached values. Default false. (PyTorch: `keep_vars`) */
  keepVars?: boolean;
}

/** See `Block.stateDict`. */
export function gatherState(block: Block, { destination = new StateDict(), prefix = '', keepVars = false }: StateDictOptions): StateDict {
  destination.metadata.set(prefix.slice(0, -1), { version: block.stateVersion });
  const hooks = hooksOf(block);
  for (const hook of hooks.stateDictPre.list()) hook(block, prefix, keepVars);
  const { parameters, buffers, transientBuffers, blocks } = registered(block);
  for (const [name, parameter] of parameters) if (parameter !== null) destination.set(prefix + name, keepVars ? parameter : parameter.detach());
  for (const [name, buffer] of buffers)
    if (buffer !== null && !transientBuffers.has(name)) destination.set(prefix + name, keepVars ? buffer : buffer.detach());
  const extra = block.getExtraState?.();
  if (extra !== undefined) destination.set(`${prefix}_extra_state`, extra);
  for (const [name, child] of blocks) if (child !== null) gatherState(child, { destination, prefix: `${joinPath(prefix.slice(0, -1), name)}.`, keepVars });
  for (const hook of hooks.stateDict.list()) hook(block, destination, prefix);
  return destination;
}

export interface LoadStateDictOptions {
  /** Refuse missing and unexpected names. Default true. */
  strict?: boolean;
  /** Take the given tensors with their dtype and device instead of copying into the present ones. Default false. */
  assign?: boolean;
}

/** Names that a state lacked, and names that nobody took. */
export interface LoadResult {
  readonly missingKeys: string[];
  readonly unexpectedKeys: string[];
}

/** State as a map, or as a plain object. */
export type StateSource = ReadonlyMap<string, unknown> | Readonly<Record<string, unknown>>;

/** See `Block.loadStateDict`. Collects every problem before it changes anything. */
export function loadState(root: Block, source: StateSource, { strict = true, assign = false }: LoadStateDictOptions): LoadResult {
  if (typeof source !== 'object' || source === null) throw new TypeError(`Expected state_dict to be dict-like, got ${typeName(source)}.`);
  const state = new StateDict(source instanceof Map ? source : Object.entries(source));
  if (source instanceof StateDict) state.metadata = source.metadata;
  const missingKeys: string[] = [];
  const unexpectedKeys: string[] = [];
  const errors: string[] = [];
  const changes: (() => void)[] = [];
  const loaded: Block[] = [];

  const visit = (block: Block, prefix: string): void => {
    for (const hook of hooksOf(block).loadStateDictPre.list()) hook(block, state, prefix, strict);
    loaded.push(block);
    const { parameters, buffers, transientBuffers, blocks } = registered(block);
    const own: [string, Tensor][] = [];
    for (const [name, parameter] of parameters) if (parameter !== null) own.push([name, parameter]);
    for (const [name, buffer] of buffers) if (buffer !== null && !transientBuffers.has(name)) own.push([name, buffer]);
    for (const [name, target] of own) {
      const key = prefix + name;
      const value = state.get(key);
      if (value === undefined) {
        if (!state.has(key)) missingKeys.push(key);
        else errors.push(`While copying the parameter named "${key}", expected a Tensor but received undefined`);
      } else if (!(value instanceof Tensor))
        errors.push(`While copying the parameter named "${key}", expected torch.Tensor or Tensor-like object from checkpoint but received ${typeName(value)}`);
      else if (isUninitialized(target)) {
        // What waits for its shape takes the value's; without one, it goes on waiting.
        if (!isUninitialized(value))
          changes.push(() => {
            target.materialize(value.shape);
            put(block, name, target, value, assign);
          });
      } else if (!sameShape(value.shape, target.shape) && !(target.shape.length === 0 && value.shape.length === 1 && value.shape[0] === 1))
        errors.push(
          `size mismatch for ${key}: copying a param with shape torch.Size([${value.shape.join(', ')}]) from checkpoint, the shape in current model is torch.Size([${target.shape.join(', ')}]).`,
        );
      else changes.push(() => put(block, name, target, value, assign));
    }
    const extraKey = `${prefix}_extra_state`;
    if (block.setExtraState !== undefined || block.getExtraState !== undefined) {
      if (state.has(extraKey)) {
        if (block.setExtraState === undefined) unexpectedKeys.push(extraKey);
        else changes.push(() => block.setExtraState!(state.get(extraKey)));
      } else if (block.getExtraState !== undefined) missingKeys.push(extraKey);
    } else if (state.has(extraKey)) unexpectedKeys.push(extraKey);
    // As PyTorch does it: each block reports what lies under its prefix and belongs to none of its own.
    for (const key of state.keys()) {
      if (!key.startsWith(prefix) || key === extraKey) continue;
      const rest = key.slice(prefix.length).split('.');
      const known = rest.length > 1 ? blocks.get(rest[0]!) != null : own.some(([name]) => name === rest[0]);
      if (!known) unexpectedKeys.push(key);
    }
    for (const [name, child] of blocks) if (child !== null) visit(child, `${prefix}${name}.`);
  };
  visit(root, '');

  if (strict) {
    if (unexpectedKeys.length > 0) errors.unshift(`Unexpected key(s) in state_dict: ${unexpectedKeys.map((key) => `"${key}"`).join(', ')}. `);
    if (missingKeys.length > 0) errors.unshift(`Missing key(s) in state_dict: ${missingKeys.map((key) => `"${key}"`).join(', ')}. `);
  }
  if (errors.length > 0) throw new StateError(`Error(s) in loading state_dict for ${root.constructor.name}:\n\t${errors.join('\n\t')}`);
  noGrad(() => {
    for (const change of changes) change();
  });
  for (const block of loaded.reverse()) for (const hook of hooksOf(block).loadStateDictPost.list()) hook(block, { missingKeys, unexpectedKeys });
  return { missingKeys, unexpectedKeys };
}

function put(block: Block, name: string, target: Tensor, value: Tensor, assign: boolean): void {
  if (assign) {
    const { parameters } = registered(block);
    const replacement = value instanceof Parameter ? value : parameters.has(name) ? new Parameter(value, { requiresGrad: target.requiresGrad }) : value.detach();
    (block as unknown as Record<string, unknown>)[name] = replacement;
    return;
  }
  let node: Node = value.node;
  const host = storageOf(node)?.host;
  if (host && value.dtype !== target.dtype) {
    // What lies on the host is converted there: the device need not know the file's dtype.
    node = fromHost(numbersToHost(hostToNumbers(host, value.dtype), target.dtype), value.shape, target.dtype, { device: null }).node;
  }
  if (target.device !== null) node = convert(node, [target.device]);
  node = b.cast(node, target.dtype) as Node;
  target.assignValue(sameShape(node.shape, target.shape) ? node : (b.reshape(node, target.shape) as Node));
}
