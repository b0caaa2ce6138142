import { GraphError } from '../errors.ts';
import { Generator } from '../random/generator.ts';
import { Tensor } from '../tensor/tensor.ts';
import { Block } from './block.ts';
import { Buffer } from './buffer.ts';
import { hooksOf } from './hooks.ts';
import { Parameter } from './parameter.ts';
import { HookList, isBlock, registered, setBuffer } from './registration.ts';
import { UninitializedBuffer, UninitializedParameter } from './uninitialized.ts';

/**
 * An independent copy of a block: new parameters and buffers with the same values, copies of children. What is shared
 * inside the original is shared inside the copy. Hooks are kept. The constructor is not run again, so subclasses that
 * keep state in `#private` fields must be built anew instead. (PyTorch: `copy.deepcopy`)
 */
export function deepcopy<B extends Block>(block: B): B {
  return copyBlock(block, new Map()) as B;
}

function copyBlock(block: Block, memo: Map<object, unknown>): Block {
  const known = memo.get(block);
  if (known !== undefined) return known as Block;
  const copy = Reflect.construct(Block, [], block.constructor) as Block;
  memo.set(block, copy);
  copy.training = block.training;
  const source = registered(block);
  const target = registered(copy);
  for (const [name, parameter] of source.parameters)
    target.parameters.set(name, copyValue(parameter, memo) as Parameter | null);
  for (const [name, buffer] of source.buffers) {
    setBuffer(target.buffers, name, copyValue(buffer, memo) as Tensor | null, block.constructor.name);
  }
  for (const name of source.transientBuffers) target.transientBuffers.add(name);
  for (const [name, child] of source.blocks) target.blocks.set(name, child === null ? null : copyBlock(child, memo));
  const { parameters, buffers, blocks } = target;
  const registeredValues = new Map<string, unknown>([...parameters, ...buffers, ...blocks]);
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(block))) {
    if (!('value' in descriptor)) continue;
    const value = registeredValues.has(name) ? registeredValues.get(name) : copyValue(descriptor.value, memo);
    Object.defineProperty(copy, name, { ...descriptor, value });
  }
  const hooks = hooksOf(copy);
  for (const [kind, list] of Object.entries(hooksOf(block)))
    if (list instanceof HookList)
      for (const { hook, ...options } of list.entries())
        (hooks[kind as keyof typeof hooks] as HookList<unknown>).add(hook, options);
  if (hooksOf(block).replay !== null) copy.hybridize();
  return copy;
}

function copyValue(value: unknown, memo: Map<object, unknown>): unknown {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return value;
  const known = memo.get(value);
  if (known !== undefined) return known;
  if (isBlock(value)) return copyBlock(value, memo);
  let copy: unknown;
  if (value instanceof UninitializedParameter)
    copy = new UninitializedParameter({ requiresGrad: value.requiresGrad, dtype: value.dtype, device: value.device });
  else if (value instanceof UninitializedBuffer)
    copy = new UninitializedBuffer({ dtype: value.dtype, device: value.device });
  else if (value instanceof Parameter) {
    copy = new Parameter(value, { requiresGrad: value.requiresGrad });
    (copy as Parameter).name = value.name;
  } else if (value instanceof Buffer) copy = new Buffer(value, { persistent: value.persistent });
  else if (value instanceof Tensor) {
    if (!value.isLeaf)
      throw new GraphError(
        'Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the moment',
      );
    copy = value.detach();
    if (value.requiresGrad) (copy as Tensor).requiresGrad_();
  } else if (value instanceof Generator) copy = value.clone();
  else if (value instanceof Date) copy = new Date(value);
  else if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) copy = structuredClone(value);
  else if (Array.isArray(value)) {
    const list: unknown[] = [];
    memo.set(value, list);
    for (const element of value) list.push(copyValue(element, memo));
    return list;
  } else if (value instanceof Map) {
    // Known before it is filled, since it may contain itself.
    const map = new Map<unknown, unknown>();
    memo.set(value, map);
    for (const [key, element] of value) map.set(copyValue(key, memo), copyValue(element, memo));
    return map;
  } else if (value instanceof Set) {
    const set = new Set<unknown>();
    memo.set(value, set);
    for (const element of value) set.add(copyValue(element, memo));
    return set;
  } else if (Object.getPrototypeOf(value) === Object.prototype) {
    const object: Record<string, unknown> = {};
    memo.set(value, object);
    for (const [key, element] of Object.entries(value)) object[key] = copyValue(element, memo);
    return object;
  }
  // Functions, devices and instances of other classes are shared.
  else copy = value;
  memo.set(value, copy);
  return copy;
}
