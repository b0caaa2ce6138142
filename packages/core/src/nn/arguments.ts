import { ShapeError } from '../errors.ts';
import { requireOptions } from '../tensor/operand.ts';

/**
 * Trailing arguments: values in PyTorch's positional order, an options object, or the former ended by the latter:
 * `(3, 3, 5, 2, 1)`, `(3, 3, 5, { stride: 2, padding: 1 })` and `(3, 3, 5, 2, { padding: 1 })` are one call.
 */
export type Trailing<Options, Order extends readonly (keyof Options)[]> = Order extends readonly [
  infer First extends keyof Options,
  ...infer Others extends readonly (keyof Options)[],
]
  ? readonly [] | readonly [options: Options] | readonly [value: Options[First], ...others: Trailing<Options, Others>]
  : readonly [] | readonly [options: Options];

/**
 * Trailing arguments as one options object. Values come in `order`; `others` are the keys that only the object has.
 * Throws a TypeError for a key that does not exist, for one given twice, and for too many values.
 */
export function readTrailing<Options extends object>(
  name: string,
  args: readonly unknown[],
  order: readonly (keyof Options & string)[],
  others: readonly (keyof Options & string)[] = [],
): Partial<Options> {
  const found: Record<string, unknown> = {};
  for (const [i, arg] of args.entries()) {
    if (isOptions(arg)) {
      if (i !== args.length - 1) throw new TypeError(`${name}(): options come last`);
      requireOptions(name, arg, [...order, ...others]);
      for (const [key, value] of Object.entries(arg)) {
        if (value === undefined) continue;
        if (key in found) throw new TypeError(`${name}() got multiple values for argument '${key}'`);
        found[key] = value;
      }
    } else if (i >= order.length)
      throw new TypeError(
        `${name}() takes at most ${order.length} of these arguments (${order.join(', ')}), but ${args.length} were given`,
      );
    else if (arg !== undefined) found[order[i]!] = arg;
  }
  return found as Partial<Options>;
}

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

function isOptions(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
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
