import { noGrad } from '../autograd/mode.ts';
import { storageOf } from '../device/storage.ts';
import { StateError } from '../errors.ts';
import { hostToNumbers, numbersToHost } from '../graph/dtype.ts';
import { recorder as b } from '../graph/node.ts';
import type { Node } from '../graph/node.ts';
import { sameShape } from '../graph/shape.ts';
import { convert } from '../tensor/target.ts';
import { fromHost, Tensor } from '../tensor/tensor.ts';
import type { Block } from './block.ts';
import { hooksOf } from './hooks.ts';
import { Parameter } from './parameter.ts';
import { pythonText } from './python-text.ts';
import { joinPath, registered, typeName } from './registration.ts';
import { isUninitialized } from './uninitialized.ts';

/** What a state keeps about one block. */
export interface StateMetadata {
  /** The block's `stateVersion` when its state was gathered. */
  version: number;
}

/** A model's state: names to tensors, in order, with extra state under `..._extra_state`. (PyTorch: an OrderedDict) */
export class StateDict extends Map<string, unknown> {
  /** Per block prefix: its version. (PyTorch: `_metadata`) */
  metadata: Map<string, StateMetadata> = new Map();

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

// Blocks whose state is being gathered or loaded: one that contains itself would have names without end.
const open = new Set<Block>();

function enter<T>(block: Block, prefix: string, body: () => T): T {
  if (open.has(block))
    throw new StateError(
      `${block.constructor.name} contains itself, as "${prefix.slice(0, -1)}": its state would have names without end. Keep the reference in a plain array or a closure instead.`,
    );
  open.add(block);
  try {
    return body();
  } finally {
    open.delete(block);
  }
}

/** See `Block.stateDict`. */
export function gatherState(block: Block, options: StateDictOptions): StateDict {
  return enter(block, options.prefix ?? '', () => gather(block, options));
}

function gather(
  block: Block,
  { destination = new StateDict(), prefix = '', keepVars = false }: StateDictOptions,
): StateDict {
  const localMetadata = { version: block.stateVersion };
  destination.metadata.set(prefix.slice(0, -1), localMetadata);
  const hooks = hooksOf(block);
  for (const hook of hooks.stateDictPre.list()) hook(block, prefix, keepVars);
  const { parameters, buffers, transientBuffers, blocks } = registered(block);
  for (const [name, parameter] of parameters)
    if (parameter !== null) destination.set(prefix + name, keepVars ? parameter : parameter.detach());
  for (const [name, buffer] of buffers)
    if (buffer !== null && !transientBuffers.has(name))
      destination.set(prefix + name, keepVars ? buffer : buffer.detach());
  const extra = block.getExtraState?.();
  if (extra !== undefined) destination.set(`${prefix}_extra_state`, extra);
  // Through the child's own method, which its class may have overridden.
  for (const [name, child] of blocks)
    if (child !== null) child.stateDict({ destination, prefix: `${joinPath(prefix.slice(0, -1), name)}.`, keepVars });
  for (const hook of hooks.stateDict.list()) {
    const result: unknown = hook(block, destination, prefix, localMetadata);
    if (result !== undefined && result !== null) throw new StateError('state_dict post-hook must return null');
  }
  return destination;
}

export interface LoadStateDictOptions {
  /** Refuse missing and unexpected names. Default true. */
  strict?: boolean;
  /** Take the given tensors with their dtype and device instead of copying into the present ones. Default false. */
  assign?: boolean;
}

/** Names that a state lacked, and names that nobody took. (PyTorch: `_IncompatibleKeys`) */
export class LoadResult {
  readonly missingKeys: string[];
  readonly unexpectedKeys: string[];

  constructor(missingKeys: string[], unexpectedKeys: string[]) {
    this.missingKeys = missingKeys;
    this.unexpectedKeys = unexpectedKeys;
  }

  /** PyTorch's text. */
  toString(): string {
    const { missingKeys, unexpectedKeys } = this;
    if (missingKeys.length + unexpectedKeys.length === 0) return '<All keys matched successfully>';
    const list = (keys: readonly string[]): string => `[${keys.map(pythonText).join(', ')}]`;
    return `_IncompatibleKeys(missing_keys=${list(missingKeys)}, unexpected_keys=${list(unexpectedKeys)})`;
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** State as a map, or as a plain object. */
export type StateSource = ReadonlyMap<string, unknown> | Readonly<Record<string, unknown>>;

/** A load that is under way. */
interface Plan {
  readonly strict: boolean;
  readonly assign: boolean;
  readonly metadata: ReadonlyMap<string, StateMetadata>;
  readonly missingKeys: string[];
  readonly unexpectedKeys: string[];
  readonly errors: string[];
  /** Whether hooks run after each block, which must then have its values. */
  readonly hooked: boolean;
  /** What is still to be taken over. */
  readonly changes: Change[];
  /** What takes back what has been taken over. */
  readonly undo: (() => void)[];
}

/** One value to be taken over; gives what takes it back. */
type Change = () => () => void;

/** See `Block.loadStateDict`. Unless it has hooks to run in between, it collects every problem before it changes anything. */
export function loadState(
  root: Block,
  source: StateSource,
  { strict = true, assign = false }: LoadStateDictOptions,
): LoadResult {
  if (typeof source !== 'object' || source === null || Array.isArray(source) || source instanceof Tensor)
    throw new TypeError(`Expected state_dict to be dict-like, got ${typeName(source)}.`);
  const state = new StateDict(source instanceof Map ? source : Object.entries(source));
  const metadata = source instanceof StateDict ? source.metadata : new Map<string, StateMetadata>();
  state.metadata = metadata;
  const hooked = root.modules().some((block) => hooksOf(block).loadStateDictPost.size > 0);
  const plan: Plan = {
    strict,
    assign,
    metadata,
    hooked,
    missingKeys: [],
    unexpectedKeys: [],
    errors: [],
    changes: [],
    undo: [],
  };
  const { missingKeys, unexpectedKeys } = plan;
  try {
    visit(plan, root, state, '');
    const problems = describe(plan);
    if (problems.length > 0)
      throw new StateError(`Error(s) in loading state_dict for ${root.constructor.name}:\n\t${problems.join('\n\t')}`);
    carryOut(plan);
  } catch (error) {
    noGrad(() => {
      for (const restore of plan.undo.reverse()) restore();
    });
    throw error;
  }
  return new LoadResult(missingKeys, unexpectedKeys);
}

function carryOut({ changes, undo }: Plan): void {
  noGrad(() => {
    for (const change of changes.splice(0)) undo.push(change());
  });
}

function describe({ strict, errors, missingKeys, unexpectedKeys }: Plan): string[] {
  const texts = [...errors];
  const quoted = (keys: readonly string[]): string => keys.map((key) => `"${key}"`).join(', ');
  if (strict && unexpectedKeys.length > 0)
    texts.unshift(`Unexpected key(s) in state_dict: ${quoted(unexpectedKeys)}. `);
  if (strict && missingKeys.length > 0) texts.unshift(`Missing key(s) in state_dict: ${quoted(missingKeys)}. `);
  return texts;
}

/** One block and what is below it; `state` has the entries under its prefix. */
function visit(plan: Plan, block: Block, state: StateDict, prefix: string): void {
  enter(block, prefix, () => {
    examine(plan, block, state, prefix);
    if (plan.hooked) carryOut(plan);
    for (const [name, child] of registered(block).blocks) {
      if (child === null) continue;
      const path = `${prefix}${name}.`;
      const part = new StateDict();
      for (const [key, value] of state) if (key.startsWith(path)) part.set(key, value);
      part.metadata = state.metadata;
      visit(plan, child, part, path);
    }
    const { missingKeys, unexpectedKeys } = plan;
    for (const hook of hooksOf(block).loadStateDictPost.list()) {
      const result: unknown = hook(block, { missingKeys, unexpectedKeys });
      if (result !== undefined && result !== null)
        throw new StateError(
          'A hook of registerLoadStateDictPostHook returns nothing: it changes the lists of missing and unexpected keys in place.',
        );
    }
  });
}

function examine(
  { strict, assign, metadata, missingKeys, unexpectedKeys, errors, changes }: Plan,
  block: Block,
  state: StateDict,
  prefix: string,
): void {
  const localMetadata = metadata.get(prefix.slice(0, -1)) ?? {};
  for (const hook of hooksOf(block).loadStateDictPre.list())
    hook(block, state, prefix, localMetadata, strict, missingKeys, unexpectedKeys, errors);
  const { parameters, buffers, transientBuffers, blocks } = registered(block);
  const own = new Map<string, Tensor>();
  for (const [name, parameter] of parameters) if (parameter !== null) own.set(name, parameter);
  for (const [name, buffer] of buffers) if (buffer !== null && !transientBuffers.has(name)) own.set(name, buffer);
  for (const [name, target] of own) {
    const key = prefix + name;
    const value = state.get(key);
    if (!state.has(key)) missingKeys.push(key);
    else if (!(value instanceof Tensor))
      errors.push(
        `While copying the parameter named "${key}", expected torch.Tensor or Tensor-like object from checkpoint but received ${typeName(value)}`,
      );
    else if (isUninitialized(target)) {
      // What waits for its shape takes the value's; without one, it goes on waiting.
      if (!isUninitialized(value))
        changes.push(() => {
          target.materialize(value.shape);
          return put(block, name, target, value, assign);
        });
    } else if (
      !sameShape(value.shape, target.shape) &&
      !(target.shape.length === 0 && value.shape.length === 1 && value.shape[0] === 1)
    )
      errors.push(
        `size mismatch for ${key}: copying a param with shape ${sizeText(value)} from checkpoint, the shape in current model is ${sizeText(target)}.`,
      );
    else changes.push(() => put(block, name, target, value, assign));
  }
  const extraKey = `${prefix}_extra_state`;
  if (block.setExtraState !== undefined) {
    if (state.has(extraKey)) changes.push(() => putExtra(block, state.get(extraKey)));
    else missingKeys.push(extraKey);
  } else if (state.has(extraKey)) unexpectedKeys.push(extraKey);
  // Each block reports what lies under its prefix and belongs to none of its own.
  for (const key of state.keys()) {
    if (!key.startsWith(prefix) || key === extraKey) continue;
    const rest = key.slice(prefix.length);
    const dot = rest.indexOf('.');
    const known = dot < 0 ? own.has(rest) : blocks.has(rest.slice(0, dot));
    if (!known) unexpectedKeys.push(key);
  }
}

function sizeText({ shape }: Tensor): string {
  return `torch.Size([${shape.join(', ')}])`;
}

function putExtra(block: Block, value: unknown): () => void {
  const former = block.getExtraState?.();
  block.setExtraState!(value);
  return () => {
    if (block.getExtraState !== undefined) block.setExtraState!(former);
  };
}

/** Takes over one value; gives what takes it back. */
function put(block: Block, name: string, target: Tensor, value: Tensor, assign: boolean): () => void {
  if (assign) {
    const properties = block as unknown as Record<string, unknown>;
    properties[name] = replacementOf(target, value);
    return () => {
      properties[name] = target;
    };
  }
  let node: Node = value.node;
  const host = storageOf(node)?.host;
  if (host && value.dtype !== target.dtype) {
    // What lies on the host is converted there: the device need not know the file's dtype.
    node = fromHost(numbersToHost(hostToNumbers(host, value.dtype), target.dtype), value.shape, target.dtype, {
      device: null,
    }).node;
  }
  if (target.device !== null) node = convert(node, [target.device]);
  node = b.cast(node, target.dtype) as Node;
  const former = target.node;
  target.assignValue(sameShape(node.shape, target.shape) ? node : (b.reshape(node, target.shape) as Node));
  return () => target.assignValue(former);
}

/** The given tensor as state, with the former state's `requiresGrad`. */
function replacementOf(target: Tensor, value: Tensor): Tensor {
  if (!(target instanceof Parameter)) return value.detach();
  if (value instanceof Parameter) return value.requiresGrad_(target.requiresGrad);
  return new Parameter(value, { requiresGrad: target.requiresGrad });
}
