import type { Value } from '../graph/value.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

/** Elements that were picked along a dimension and where they were: by name, or as `const [values, indices] = ...`. */
export interface ValuesAndIndices extends Iterable<Tensor> {
  readonly values: Tensor;
  /** int32. */
  readonly indices: Tensor;
  [Symbol.iterator](): IterableIterator<Tensor>;
}

/** Wraps two recorded values. */
export function valuesAndIndices(values: Value, indices: Value): ValuesAndIndices {
  const pair = [wrap(values), wrap(indices)] as const;
  return { values: pair[0], indices: pair[1], [Symbol.iterator]: () => pair.values() };
}
