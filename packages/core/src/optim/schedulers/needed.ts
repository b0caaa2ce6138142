import { readTrailing } from '../../tensor/arguments.ts';

export type { Needing, NeedingTwo } from '../../tensor/arguments.ts';

/** Arguments that need some as one object. Throws a TypeError if one of the needed ones is missing. */
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
