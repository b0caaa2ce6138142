import type { Tensor } from '../../tensor/tensor.ts';
import type { Block } from '../block.ts';
import type { ForwardPreHook } from '../hooks.ts';
import { hooksOf } from '../hooks.ts';
import type { BasePruningMethod } from './pruning-method.ts';

// By hook, not by block: copies of a block have its hooks.
const methods = new WeakMap<ForwardPreHook, BasePruningMethod>();

function hookOf(block: Block, name: string | null): ForwardPreHook | null {
  for (const hook of hooksOf(block).forwardPre.list()) {
    const method = methods.get(hook);
    if (method !== undefined && (name === null || method.tensorName === name)) return hook;
  }
  return null;
}

/** The pruning of a parameter, or of any. */
export function pruningOf(block: Block, name: string | null): BasePruningMethod | null {
  const hook = hookOf(block, name);
  return hook === null ? null : methods.get(hook)!;
}

/** Has a method compute the pruned parameter before every call. */
export function putOn(block: Block, method: BasePruningMethod): void {
  const hook: ForwardPreHook = (target) => {
    (target as unknown as Record<string, Tensor>)[method.tensorName] = method.applyMask(target);
  };
  methods.set(hook, method);
  block.registerForwardPreHook(hook);
}

/** Ends the pruning of a parameter; its tensors are left as they are. */
export function takeOff(block: Block, name: string): void {
  const hook = hookOf(block, name);
  if (hook !== null) hooksOf(block).forwardPre.remove(hook);
}
