import { ChimeraError } from '../errors.ts';
import { readTrailing } from '../tensor/arguments.ts';
import type { HookHandle } from '../tensor/tensor.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { Block } from './block.ts';
import { Buffer } from './buffer.ts';
import { Parameter } from './parameter.ts';
import { structureChanged, WatchedMap } from './structure-version.ts';

/** How a hook is registered. */
export interface HookOptions {
  /** Before the hooks that are there already. Default false. */
  prepend?: boolean;
  /** Also if `forward` or another hook throws; for forward hooks. Default false. (PyTorch: `always_call`) */
  alwaysCall?: boolean;
}

interface HookEntry<Hook> {
  readonly hook: Hook;
  readonly alwaysCall: boolean;
}

/** Hooks in the order in which they were registered. */
export class HookList<Hook> {
  #entries: HookEntry<Hook>[] = [];

  add(hook: Hook, options: HookOptions | boolean = {}): HookHandle {
    if (typeof hook !== 'function') throw new TypeError(`a hook must be a function, got ${typeof hook}`);
    const { prepend = false, alwaysCall = false } = readTrailing<HookOptions>(
      'register hook',
      [options],
      ['prepend'],
      ['alwaysCall'],
    );
    const entry = { hook, alwaysCall };
    // A new list each time, so that hooks may remove themselves while the former one is walked.
    this.#entries = prepend ? [entry, ...this.#entries] : [...this.#entries, entry];
    structureChanged();
    const remove = (): void => {
      this.#entries = this.#entries.filter((other) => other !== entry);
      structureChanged();
    };
    return { remove, [Symbol.dispose]: remove };
  }

  /** Takes a hook out, wherever it was registered. */
  remove(hook: Hook): void {
    this.#entries = this.#entries.filter((entry) => entry.hook !== hook);
    structureChanged();
  }

  get size(): number {
    return this.#entries.length;
  }

  /** The hooks at present. */
  list(): Hook[] {
    return this.#entries.map(({ hook }) => hook);
  }

  /** The hooks with their options. */
  entries(): readonly HookEntry<Hook>[] {
    return this.#entries;
  }
}

/** What a registration hook gives instead; nothing keeps what is being registered. */
export type ParameterRegistrationHook = (block: Block, name: string, parameter: Parameter) => Parameter | void | null;
export type BufferRegistrationHook = (block: Block, name: string, buffer: Tensor | null) => Tensor | void | null;
export type ModuleRegistrationHook = (block: Block, name: string, child: Block | null) => Block | void | null;

/** Hooks of every registration, of every block. */
export const registrationHooks = {
  parameter: new HookList<ParameterRegistrationHook>(),
  buffer: new HookList<BufferRegistrationHook>(),
  module: new HookList<ModuleRegistrationHook>(),
};

/** What the registration hooks make of something that is about to be registered. */
export function passed<T>(
  hooks: HookList<(block: Block, name: string, value: T) => T | void | null>,
  block: Block,
  name: string,
  value: T,
): T {
  let current = value;
  for (const { hook } of hooks.entries()) current = (hook(block, name, current) as T | null | undefined) ?? current;
  return current;
}

/** What a block has registered, in order of registration. */
export interface Registration {
  readonly parameters: Map<string, Parameter | null>;
  readonly buffers: Map<string, Tensor | null>;
  readonly transientBuffers: Set<string>;
  readonly blocks: Map<string, Block | null>;
}

/** The key under which a block keeps its registration. */
export const registration: unique symbol = Symbol('chimera.registration');

export function createRegistration(): Registration {
  return {
    parameters: new WatchedMap(),
    buffers: new WatchedMap(),
    transientBuffers: new Set(),
    blocks: new WatchedMap(),
  };
}

/** The registration of a block. */
export function registered(block: Block): Registration {
  return (block as unknown as { [registration]: Registration })[registration];
}

/** Whether something is a block, without importing the class. */
export function isBlock(value: unknown): value is Block {
  return typeof value === 'function' && registration in value;
}

/** What PyTorch's errors call a value. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (value instanceof Tensor) return value instanceof Parameter ? 'Parameter' : 'Tensor';
  if (typeof value === 'function' || typeof value === 'object') return value.constructor?.name ?? typeof value;
  return typeof value;
}

/** Throws unless `name` may be given to a parameter or buffer. */
export function requireName(kind: 'parameter' | 'buffer' | 'module', name: unknown): asserts name is string {
  if (typeof name !== 'string') throw new TypeError(`${kind} name should be a string. Got ${typeName(name)}`);
  if (name.includes('.'))
    throw new ChimeraError(`${kind} name can't contain "."${kind === 'module' ? `, got: ${name}` : ''}`);
  if (name === '') throw new ChimeraError(`${kind} name can't be empty string ""`);
}

/**
 * What an assignment `block.name = value` means, as PyTorch's `__setattr__` decides it: parameters, blocks and `Buffer`s
 * register themselves, registered names take only their own kind or `null`, everything else is an ordinary property.
 * Gives what the property becomes.
 */
export function assign(
  block: Block,
  { parameters, buffers, blocks, transientBuffers }: Registration,
  name: string,
  value: unknown,
): unknown {
  const owner = block.constructor.name;
  if (value instanceof Parameter) {
    const parameter = parameters.get(name) === value ? value : passed(registrationHooks.parameter, block, name, value);
    dropBuffer(buffers, name);
    transientBuffers.delete(name);
    blocks.delete(name);
    parameter.name ??= `${owner}.${name}`;
    parameters.set(name, parameter);
    return parameter;
  }
  if (parameters.has(name)) {
    if (value !== null)
      throw new TypeError(`cannot assign '${typeName(value)}' as parameter '${name}' (nn.Parameter or null expected)`);
    parameters.set(name, null);
    return null;
  }
  if (isBlock(value) || blocks.has(name)) {
    if (value !== null && !isBlock(value))
      throw new TypeError(`cannot assign '${typeName(value)}' as child module '${name}' (nn.Module or null expected)`);
    const child =
      blocks.has(name) && blocks.get(name) === value ? value : passed(registrationHooks.module, block, name, value);
    dropBuffer(buffers, name);
    transientBuffers.delete(name);
    blocks.set(name, child);
    return child;
  }
  if (value instanceof Buffer || buffers.has(name)) {
    if (value !== null && !(value instanceof Tensor))
      throw new TypeError(
        `cannot assign '${typeName(value)}' as buffer '${name}' (nn.Buffer, Tensor or null expected)`,
      );
    if (!buffers.has(name) && isTaken(block, name)) throw new ChimeraError(`attribute '${name}' already exists`);
    const known = buffers.has(name) && buffers.get(name) === value;
    const buffer = known ? value : passed(registrationHooks.buffer, block, name, value);
    if (value instanceof Buffer && !known) {
      if (value.persistent) transientBuffers.delete(name);
      else transientBuffers.add(name);
    }
    setBuffer(buffers, name, buffer, owner);
    return buffer;
  }
  return value;
}

/** Whether a block has something under a name; a class field that was declared without a value is nothing yet. */
export function isTaken(block: Block, name: string): boolean {
  return name in block && (block as unknown as Record<string, unknown>)[name] !== undefined;
}

// Under how many names a tensor is registered: shared buffers stay state until the last of them is gone.
const timesRegistered = new WeakMap<Tensor, number>();

/** Makes a tensor the state of a block. */
export function adopt(buffer: Tensor, name: string): void {
  buffer.name ??= name;
  timesRegistered.set(buffer, (timesRegistered.get(buffer) ?? 0) + 1);
  buffer.becomeState();
}

/** Registers a buffer in place of the one that a name has. */
export function setBuffer(
  buffers: Map<string, Tensor | null>,
  name: string,
  buffer: Tensor | null,
  owner: string,
): void {
  const former = buffers.get(name) ?? null;
  if (former !== buffer) {
    if (buffer !== null) adopt(buffer, `${owner}.${name}`);
    if (former !== null) disown(former);
  }
  buffers.set(name, buffer);
}

function dropBuffer(buffers: Map<string, Tensor | null>, name: string): void {
  const former = buffers.get(name) ?? null;
  if (former !== null) disown(former);
  buffers.delete(name);
}

/** Whoever still holds a buffer that is no longer registered may go on reading it. */
function disown(buffer: Tensor): void {
  const times = (timesRegistered.get(buffer) ?? 1) - 1;
  timesRegistered.set(buffer, times);
  if (times === 0 && !(buffer instanceof Parameter)) buffer.endState(true);
}

/** What `delete block.name` means. */
export function unassign({ parameters, buffers, blocks, transientBuffers }: Registration, name: string): void {
  parameters.delete(name);
  dropBuffer(buffers, name);
  transientBuffers.delete(name);
  blocks.delete(name);
}

/** `net.0`; throws if a child was registered under something that is not a name. */
export function joinPath(path: string, name: string): string {
  if (typeof name !== 'string')
    throw new TypeError(
      `module name should be a string. Got ${typeName(name)}: a child that is keyed by an object can be called, but has no path in state and listings. Register it with addModule(name, block).`,
    );
  return path === '' ? name : `${path}.${name}`;
}
