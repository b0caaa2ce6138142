import type { Value } from '../graph/value.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

/** Elements that were picked along a dimension and where they were: by name, by position, or as `const [values, indices] = ...`. */
export interface ValuesAndIndices extends Iterable<Tensor> {
  readonly values: Tensor;
  /** int32. */
  readonly indices: Tensor;
  readonly 0: Tensor;
  readonly 1: Tensor;
  [Symbol.iterator](): IterableIterator<Tensor>;
}

/** Wraps two recorded values. */
export function valuesAndIndices(values: Value, indices: Value): ValuesAndIndices {
  const pair = [wrap(values), wrap(indices)] as const;
  const named = { values: pair[0], indices: pair[1], [Symbol.iterator]: () => pair.values() };
  // Not enumerable: they are the same two, and would be printed twice.
  for (const [position, value] of pair.entries()) Object.defineProperty(named, position, { value });
  return named as Iterable<Tensor> as ValuesAndIndices;
}
