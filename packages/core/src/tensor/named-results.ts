/** Several results of one call: by name, by position, or in order as `const [first, second] = ...`. */
export type NamedResults<Results extends { readonly [name: string]: unknown }> = Results &
  Iterable<Results[keyof Results]> & { readonly [position: number]: Results[keyof Results] };

/** Results that can also be read by position and taken apart in order. */
export function namedResults<Results extends { readonly [name: string]: unknown }>(
  results: Results,
): NamedResults<Results> {
  const list = Object.values(results) as Results[keyof Results][];
  const named = { ...results, [Symbol.iterator]: () => list.values() };
  // Not enumerable: they are the same ones, and would be printed twice.
  for (const [position, value] of list.entries()) Object.defineProperty(named, position, { value });
  return named as NamedResults<Results>;
}
