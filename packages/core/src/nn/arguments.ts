import { ShapeError } from '../errors.ts';
import { readTrailing } from '../tensor/arguments.ts';

export { readTrailing } from '../tensor/arguments.ts';
export type { NeedingTwo, Trailing } from '../tensor/arguments.ts';

/**
 * All arguments of a call as one options object: the `needed` ones first, each positionally or by name, then what
 * `readTrailing` takes. Throws a TypeError for one that is missing.
 */
export function readArguments<Needed extends object, Options extends object>(
  name: string,
  args: readonly unknown[],
  needed: readonly (keyof Needed & string)[],
  order: readonly (keyof Options & string)[] = [],
  others: readonly (keyof Options & string)[] = [],
): Needed & Partial<Options> {
  const found = readTrailing<Needed & Options>(name, args, [...needed, ...order], others);
  for (const key of needed)
    if (found[key] === undefined) throw new TypeError(`${name}() missing a required argument: '${key}'`);
  return found as Needed & Partial<Options>;
}

/** One number for all dimensions, or one for each. */
export type Size = number | readonly number[];

/** A size per dimension. Throws PyTorch's text if their number does not fit. */
export function sizesOf(name: string, value: Size, dimensions: number, lowest = Number.NEGATIVE_INFINITY): number[] {
  const sizes = typeof value === 'number' ? new Array<number>(dimensions).fill(value) : value;
  if (!Array.isArray(sizes))
    throw new TypeError(
      `${name}: expected an integer or an array of ${dimensions} integers, got ${value === null ? 'null' : typeof value}`,
    );
  const expanded =
    sizes.length === 1 && dimensions !== 1
      ? new Array<number>(dimensions).fill(sizes[0] as number)
      : [...(sizes as number[])];
  if (expanded.length !== dimensions)
    throw new ShapeError(
      `expected ${name} to be a single integer value or a list of ${dimensions} values to match the convolution dimensions, but got ${name}=[${sizes.join(', ')}]`,
    );
  for (const size of expanded) {
    if (!Number.isInteger(size)) throw new TypeError(`${name}: expected integers, got ${String(size)}`);
    if (size < lowest) throw new ShapeError(`${name} must be at least ${lowest}, got ${size}`);
  }
  return expanded;
}
