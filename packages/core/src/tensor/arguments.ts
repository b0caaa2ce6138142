import { requireOptions } from './operand.ts';

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

/** Arguments of which the first has no default: `(10, { gamma: 0.5 })` or `({ stepSize: 10, gamma: 0.5 })`. */
export type Needing<Key extends string, Value, Options, Order extends readonly (keyof Options)[]> =
  | readonly [value: Value, ...options: Trailing<Options, Order>]
  | readonly [options: Options & { readonly [K in Key]: Value }];

/** Arguments of which the first two have no default. */
export type NeedingTwo<
  First extends string,
  A,
  Second extends string,
  B,
  Options,
  Order extends readonly (keyof Options)[],
> =
  | readonly [first: A, second: B, ...options: Trailing<Options, Order>]
  | readonly [first: A, options: Options & { readonly [K in Second]: B }]
  | readonly [options: Options & { readonly [K in First]: A } & { readonly [K in Second]: B }];

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

function isOptions(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
