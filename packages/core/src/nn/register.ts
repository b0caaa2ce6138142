import { ChimeraError } from '../errors.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { Block } from './block.ts';
import { Parameter } from './parameter.ts';
import {
  isBlock,
  isTaken,
  passed,
  registered,
  registrationHooks,
  requireName,
  setBuffer,
  typeName,
} from './registration.ts';

// Functions, not private methods: those ask for the object that the constructor was called on, and `this` is the proxy that it
// returned.

/** Under which a block has the function behind its proxy. */
export const rawKey: unique symbol = Symbol('chimera.raw');

/** Adds a parameter to a block under a name. */
export function registerParameter(block: Block, name: string, parameter: Parameter | null): void {
  const { parameters } = registered(block);
  requireName('parameter', name);
  if (isTaken(block, name) && !parameters.has(name)) throw new ChimeraError(`attribute '${name}' already exists`);
  if (parameter !== null && !(parameter instanceof Parameter))
    throw new TypeError(
      `cannot assign '${typeName(parameter)}' object to parameter '${name}' (nn.Parameter or null required)`,
    );
  if (parameter !== null && !parameter.isLeaf)
    throw new ChimeraError(
      `Cannot assign non-leaf Tensor to parameter '${name}'. Model parameters must be created explicitly. To express '${name}' as a function of another Tensor, compute the value in the forward() method.`,
    );
  const value = parameter === null ? null : passed(registrationHooks.parameter, block, name, parameter);
  if (value !== null) value.name ??= `${block.constructor.name}.${name}`;
  parameters.set(name, value);
  setProperty(block, name, value);
}

/** Adds a buffer to a block under a name. */
export function registerBuffer(block: Block, name: string, tensor: Tensor | null, persistent: boolean): void {
  const { buffers, transientBuffers } = registered(block);
  requireName('buffer', name);
  if (isTaken(block, name) && !buffers.has(name)) throw new ChimeraError(`attribute '${name}' already exists`);
  if (tensor !== null && !(tensor instanceof Tensor))
    throw new TypeError(`cannot assign '${typeName(tensor)}' object to buffer '${name}' (Tensor or null required)`);
  const value = passed<Tensor | null>(registrationHooks.buffer, block, name, tensor);
  setBuffer(buffers, name, value, block.constructor.name);
  if (persistent) transientBuffers.delete(name);
  else transientBuffers.add(name);
  setProperty(block, name, value);
}

/** Adds a child to a block under a name. */
export function addModule(block: Block, name: string, child: Block | null): void {
  const { blocks } = registered(block);
  if (child !== null && !isBlock(child)) throw new TypeError(`${typeName(child)} is not a Module subclass`);
  if (typeof name !== 'string') throw new TypeError(`module name should be a string. Got ${typeName(name)}`);
  if (isTaken(block, name) && !blocks.has(name)) throw new ChimeraError(`attribute '${name}' already exists`);
  requireName('module', name);
  const value = passed<Block | null>(registrationHooks.module, block, name, child);
  blocks.set(name, value);
  setProperty(block, name, value);
}

/** What has just been registered as a property, past the proxy that would register it again. */
function setProperty(block: Block, name: string, value: unknown): void {
  Object.defineProperty((block as unknown as { readonly [rawKey]: object })[rawKey], name, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}
