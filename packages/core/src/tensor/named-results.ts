import type { Tensor } from './tensor.ts';

/** Several results of one call: by name, or in order as `const [first, second] = ...`. */
export type NamedResults<Results> = Results & Iterable<Tensor>;

/** Results that can also be taken apart in order. */
export function namedResults<Results extends { readonly [name: string]: Tensor }>(
  results: Results,
): NamedResults<Results> {
  return { ...results, [Symbol.iterator]: () => Object.values(results).values() };
}
