import type { Trailing } from '../../tensor/arguments.ts';
import { readTrailing } from '../../tensor/arguments.ts';

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

/** Such arguments as one object. Throws a TypeError if one of the needed ones is missing. */
export function readNeeding<Needed extends object, Options extends object>(
  name: string,
  args: readonly unknown[],
  needed: readonly (keyof Needed & string)[],
  order: readonly (keyof Options & string)[],
): Needed & Partial<Options> {
  const found = readTrailing<Needed & Options>(name, args, [...needed, ...order]);
  for (const key of needed)
    if (found[key] === undefined) throw new TypeError(`${name}() missing a required argument: '${key}'`);
  return found as Needed & Partial<Options>;
}
