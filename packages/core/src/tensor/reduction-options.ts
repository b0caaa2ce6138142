import type { DType } from '../graph/dtype.ts';
import { requireOptions } from './operand.ts';
import { Tensor } from './tensor.ts';

export interface KeepdimOptions {
  /** Keep reduced dimensions with size 1. Default false. */
  keepdim?: boolean;
}

/** One dimension, several, or all of them (`null`). */
export type Dims = number | readonly number[] | null;

/** What reductions over any dimensions take. */
export interface ReductionOptions extends KeepdimOptions {
  /** Default: all dimensions. */
  dim?: Dims;
}

/** What reductions over one dimension take. */
export interface DimOptions extends KeepdimOptions {
  dim?: number | null;
}

/** Reductions that compute in a dtype of one's choice. */
export interface DTypeOptions {
  /** Converts x first. Default: not. */
  dtype?: DType | null;
}

/**
 * The arguments of a reduction in whichever way they were written: `(1)`, `(1, true)`, `(1, { keepdim: true })` or
 * `({ dim: 1, keepdim: true })`.
 */
export function reductionArguments<O extends object>(
  name: string,
  dim: unknown,
  options: boolean | O | undefined,
  known: readonly string[],
  more?: O,
): O & { dim: Dims; keepdim: boolean } {
  let chosen: Record<string, unknown> = {};
  if (typeof dim === 'object' && dim !== null && !Array.isArray(dim)) {
    if (dim instanceof Tensor) throw new TypeError(`${name}: expected a dimension, got a Tensor`);
    chosen = { ...dim };
  } else if (dim !== undefined) {
    if (dim !== null && typeof dim !== 'number' && !Array.isArray(dim))
      throw new TypeError(`${name}: expected a dimension or an array of them, got ${typeof dim}`);
    chosen = { dim };
  }
  if (typeof options === 'boolean') chosen.keepdim = options;
  else if (options !== undefined) {
    requireOptions(name, options, known);
    chosen = { ...chosen, ...options };
  }
  if (more !== undefined) {
    requireOptions(name, more, known);
    chosen = { ...chosen, ...more };
  }
  requireOptions(name, chosen, ['dim', ...known]);
  if (chosen.keepdim !== undefined && typeof chosen.keepdim !== 'boolean')
    throw new TypeError(`${name}: keepdim must be a boolean, got ${typeof chosen.keepdim}`);
  return {
    ...chosen,
    dim: (chosen.dim ?? null) as Dims,
    keepdim: chosen.keepdim ?? false,
  } as O & { dim: Dims; keepdim: boolean };
}
