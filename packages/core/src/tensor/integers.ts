/** Integers one by one or as one array: `permute(1, 0)` and `permute([1, 0])`. */
export type Integers = readonly number[] | readonly [readonly number[]];

/** The list that was meant, one by one or as one array, or a TypeError. */
export function integers(name: string, values: readonly unknown[]): readonly number[] {
  const list: readonly unknown[] = values.length === 1 && Array.isArray(values[0]) ? values[0] : values;
  for (const value of list) requireInteger(name, value);
  return list as readonly number[];
}

/** Throws a TypeError unless the argument is an integer. */
export function requireInteger(name: string, value: unknown, what = 'an integer'): number {
  if (typeof value !== 'number' || !Number.isInteger(value))
    throw new TypeError(
      `${name}: expected ${what}, got ${value === null ? 'null' : typeof value === 'number' ? value : typeof value}`,
    );
  return value;
}

/** A positional argument, or the one of this name in an options object that stands in its place. */
export function option<T>(value: unknown, key: string, initial: T, known: readonly string[] = [key]): T {
  if (value === undefined) return initial;
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !('node' in value)) {
    for (const name of Object.keys(value))
      if (!known.includes(name))
        throw new TypeError(
          `got an unexpected keyword argument '${name}'; there ${known.length > 1 ? 'are' : 'is'} ${known.join(', ')}`,
        );
    return (value as Record<string, T | undefined>)[key] ?? initial;
  }
  return value as T;
}
