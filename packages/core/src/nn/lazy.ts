import type { Tensor } from '../tensor/tensor.ts';
import type { Block } from './block.ts';
import { registered } from './registration.ts';
import { structureChanged } from './structure-version.ts';
import { isUninitialized } from './uninitialized.ts';

/** What layers have that get their sizes from the first input. */
export interface LazyLayer {
  /** Whether its parameters wait for their shape. (PyTorch: `has_uninitialized_params`) */
  hasUninitializedParams(): boolean;
  /** Gives parameters and buffers their shape, and draws what is drawn. (PyTorch: `initialize_parameters`) */
  initializeParameters(x: Tensor): void;
}

/** Whether a block has parameters or buffers that wait for their shape. (PyTorch: `has_uninitialized_params`) */
export function hasUninitialized(block: object): boolean {
  const { parameters, buffers } = registered(block as Block);
  return [...parameters.values(), ...buffers.values()].some(isUninitialized);
}

/**
 * Makes a block an instance of another class, as PyTorch's lazy modules do once their shapes are known: from then on it
 * runs that class's `forward` and prints under its name.
 */
export function become(block: object, kind: { readonly prototype: object }): void {
  structureChanged();
  Object.setPrototypeOf(block, kind.prototype);
}

/** Sets properties that are read-only to everybody else. */
export function settle(block: object, values: Readonly<Record<string, unknown>>): void {
  Object.assign(block, values);
}
