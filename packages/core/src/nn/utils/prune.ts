import { ChimeraError } from '../../errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import type { Block } from '../block.ts';
import { pruningOf, takeOff } from './pruning-hooks.ts';
import type { BasePruningMethod } from './pruning-method.ts';
import { PruningContainer } from './pruning-method.ts';
import {
  CustomFromMask,
  Identity,
  L1Unstructured,
  LnStructured,
  RandomStructured,
  RandomUnstructured,
} from './pruning-methods.ts';
import type { NormOrder } from './pruning-methods.ts';
import { tensorOf } from './pruning-values.ts';

export { BasePruningMethod, PruningContainer } from './pruning-method.ts';
export type { PruningType } from './pruning-method.ts';
export * from './pruning-methods.ts';

export interface ImportanceOptions {
  /** What is compared in place of the parameter's own values. Default: those. (PyTorch: `importance_scores`) */
  importanceScores?: Tensor | null;
}

/** Puts pruning on a parameter with a mask of ones. (PyTorch: `prune.identity`) */
export async function identity<B extends Block>(block: B, name: string): Promise<B> {
  await Identity.apply(block, name);
  return block;
}

/**
 * Prunes elements by chance: `amount` of them, or that fraction. Pruning reads values, so it is awaited; what is pruned
 * already stays so. The parameter becomes `<name>_orig`, the mask `<name>_mask`. (PyTorch: `prune.random_unstructured`)
 */
export async function randomUnstructured<B extends Block>(block: B, name: string, amount: number): Promise<B> {
  await RandomUnstructured.apply(block, name, amount);
  return block;
}

/** Prunes the elements of least absolute value. (PyTorch: `prune.l1_unstructured`) */
export async function l1Unstructured<B extends Block>(
  block: B,
  name: string,
  amount: number,
  ...options: Trailing<ImportanceOptions, ['importanceScores']>
): Promise<B> {
  await L1Unstructured.apply(block, name, amount, ...options);
  return block;
}

/** Prunes slices along `dim` by chance. (PyTorch: `prune.random_structured`) */
export async function randomStructured<B extends Block>(
  block: B,
  name: string,
  amount: number,
  dim: number,
): Promise<B> {
  await RandomStructured.apply(block, name, amount, dim);
  return block;
}

/** Prunes the slices along `dim` of least n-norm. (PyTorch: `prune.ln_structured`) */
export async function lnStructured<B extends Block>(
  block: B,
  name: string,
  amount: number,
  n: NormOrder,
  dim: number,
  ...options: Trailing<ImportanceOptions, ['importanceScores']>
): Promise<B> {
  await LnStructured.apply(block, name, amount, n, dim, ...options);
  return block;
}

/** Prunes where a mask is 0. (PyTorch: `prune.custom_from_mask`) */
export async function customFromMask<B extends Block>(block: B, name: string, mask: Tensor): Promise<B> {
  await CustomFromMask.apply(block, name, mask);
  return block;
}

export interface GlobalPruningOptions {
  /** How much of all elements together: a number of them, or a fraction. */
  amount: number;
  /** Scores in place of values, by block and name. */
  importanceScores?: ReadonlyMap<Block, Readonly<Record<string, Tensor>>> | null;
}

/** Prunes several parameters as if they were one. (PyTorch: `prune.global_unstructured`) */
export async function globalUnstructured(
  parameters: Iterable<readonly [Block, string]>,
  pruningMethod: new (amount: number) => BasePruningMethod,
  { amount, importanceScores = null }: GlobalPruningOptions,
): Promise<void> {
  const list = [...parameters];
  const method = new pruningMethod(amount);
  if (method.pruningType !== 'unstructured')
    throw new TypeError(
      `Only "unstructured" PRUNING_TYPE supported for the \`pruning_method\`. Found method ${pruningMethod.name} of type ${method.pruningType}`,
    );
  const scores: number[] = [];
  const masks: number[] = [];
  for (const [block, name] of list) {
    const own = block as unknown as Record<string, Tensor | undefined>;
    const value = own[name]!;
    scores.push(...(await (importanceScores?.get(block)?.[name] ?? value).data()));
    const mask = await own[`${name}_mask`]?.data();
    masks.push(...(mask ?? new Array<number>(value.numel()).fill(1)));
  }
  method.tensorName = 'temp';
  const container = new PruningContainer();
  container.tensorName = 'temp';
  container.addPruningMethod(method);
  const shape = [scores.length];
  const mask = await container.computeMask(tensorOf(scores, shape, 'float32'), tensorOf(masks, shape, 'float32'));
  const final = await mask.data();
  let offset = 0;
  for (const [block, name] of list) {
    const { shape: own, dtype } = (block as unknown as Record<string, Tensor>)[name]!;
    const size = own.reduce((product, extent) => product * extent, 1);
    await customFromMask(block, name, tensorOf(final.slice(offset, offset + size), own, dtype));
    offset += size;
  }
}

/** Makes a pruned parameter an ordinary one again, with zeros where it was pruned. (PyTorch: `prune.remove`) */
export function remove<B extends Block>(block: B, name: string): B {
  const found = pruningOf(block, name);
  if (found === null)
    throw new ChimeraError(
      `Parameter '${name}' of module ${String(block)} has to be pruned before pruning can be removed`,
    );
  found.remove(block);
  takeOff(block, name);
  return block;
}

/** Whether something in a block, or below it, is pruned. (PyTorch: `prune.is_pruned`) */
export function isPruned(block: Block): boolean {
  return block.modules().some((each) => pruningOf(each, null) !== null);
}
