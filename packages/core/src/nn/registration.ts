import type { HookHandle } from '../tensor/tensor.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { Block } from './block.ts';
import { Parameter } from './parameter.ts';

/** Hooks in the order in which they were registered. */
export class HookList<Hook> {
  readonly #hooks = new Map<object, Hook>();

  add(hook: Hook, prepend = false): HookHandle {
    if (typeof hook !== 'function') throw new TypeError(`a hook must be a function, got ${typeof hook}`);
    const key = {};
    if (prepend) {
      const others = [...this.#hooks];
      this.#hooks.clear();
      this.#hooks.set(key, hook);
      for (const [k, h] of others) this.#hooks.set(k, h);
    } else this.#hooks.set(key, hook);
    return { remove: () => void this.#hooks.delete(key) };
  }

  get size(): number {
    return this.#hooks.size;
  }

  /** A copy, so that hooks may remove themselves while they run. */
  list(): Hook[] {
    return [...this.#hooks.values()];
  }
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
  return { parameters: new Map(), buffers: new Map(), transientBuffers: new Set(), blocks: new Map() };
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
  if (typeof value === 'function' || typeof value === 'object') return (value as object).constructor?.name ?? typeof value;
  return typeof value;
}

/** Throws unless `name` may be given to a parameter, buffer or child. */
export function requireName(kind: 'parameter' | 'buffer' | 'module', name: unknown): asserts name is string {
  if (typeof name !== 'string') throw new TypeError(`${kind} name should be a string. Got ${typeName(name)}`);
  if (name.includes('.')) throw new TypeError(`${kind} name can't contain ".", got: "${name}"`);
  if (name === '') throw new TypeError(`${kind} name can't be empty string ""`);
}

/**
 * What an assignment `block.name = value` means, as PyTorch's `__setattr__` decides it: parameters and blocks register
 * themselves, registered names take only their own kind or `null`, everything else is an ordinary property.
 */
export function assign(owner: string, { parameters, buffers, blocks, transientBuffers }: Registration, name: string, value: unknown): void {
  if (value instanceof Parameter) {
    buffers.delete(name);
    transientBuffers.delete(name);
    blocks.delete(name);
    value.name ??= `${owner}.${name}`;
    parameters.set(name, value);
  } else if (parameters.has(name)) {
    if (value !== null) throw new TypeError(`cannot assign '${typeName(value)}' as parameter '${name}' (nn.Parameter or null expected)`);
    parameters.set(name, null);
  } else if (isBlock(value)) {
    buffers.delete(name);
    transientBuffers.delete(name);
    blocks.set(name, value);
  } else if (blocks.has(name)) {
    if (value !== null) throw new TypeError(`cannot assign '${typeName(value)}' as child module '${name}' (nn.Module or null expected)`);
    blocks.set(name, null);
  } else if (buffers.has(name)) {
    if (value !== null && !(value instanceof Tensor)) throw new TypeError(`cannot assign '${typeName(value)}' object to buffer '${name}' (Tensor or null required)`);
    const former = buffers.get(name);
    if (former !== value) former?.endState();
    if (value instanceof Tensor) adopt(value, `${owner}.${name}`);
    buffers.set(name, value);
  }
}

/** Makes a tensor the state of a block. */
export function adopt(buffer: Tensor, name: string): void {
  buffer.name ??= name;
  buffer.becomeState();
}

/** What `delete block.name` means. */
export function unassign({ parameters, buffers, blocks, transientBuffers }: Registration, name: string): void {
  parameters.delete(name);
  buffers.get(name)?.endState();
  buffers.delete(name);
  transientBuffers.delete(name);
  blocks.delete(name);
}
