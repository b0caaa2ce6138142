import { readTrailing } from '../arguments.ts';
import type { LossOptions } from './reduction.ts';

/** How PyTorch's losses said what `reduction` says now; `reduction` is meant to be used. */
interface FormerOptions {
  /** (PyTorch: `size_average`) */
  sizeAverage?: boolean | null;
  reduce?: boolean | null;
}

/** What a loss takes after its inputs: values in PyTorch's order, ended by an options object or not. */
export type LossArguments<Options> = readonly (Options | Options[keyof Options] | boolean | null)[];

/** The options of a loss; `order` is PyTorch's, with `sizeAverage` and `reduce` where it has them. */
export function readLoss<Options extends Omit<LossOptions, 'reduction'>>(
  name: string,
  args: readonly unknown[],
  order: readonly (keyof Options | keyof FormerOptions)[],
): Partial<Options> {
  const { sizeAverage, reduce, ...options } = readTrailing<FormerOptions>(
    name,
    args,
    order as readonly (keyof FormerOptions)[],
    order.includes('sizeAverage') ? [] : ['sizeAverage', 'reduce'],
  );
  for (const [key, value] of Object.entries({ sizeAverage, reduce }))
    if (value !== undefined && value !== null && typeof value !== 'boolean')
      throw new TypeError(
        `${name}(): ${key} must be a boolean, got ${JSON.stringify(value)}; say { reduction: 'sum' } and the like`,
      );
  const found = options as { reduction?: string };
  if ((sizeAverage ?? null) !== null || (reduce ?? null) !== null)
    found.reduction = reduce === false ? 'none' : sizeAverage === false ? 'sum' : 'mean';
  return found as Partial<Options>;
}
