import { recorder as b } from '../graph/node.ts';
import type { Value } from '../graph/value.ts';

export interface SubstitutionOptions {
  /** Whether T is an upper triangle. */
  readonly upper: boolean;
  /** The diagonal of T counts as ones. Default false. */
  readonly unit?: boolean;
}

/**
 * T^-1 B for triangles T [..., n, n], whose other half is not looked at, and B [..., n, k] with the same leading axes: unknown after
 * unknown, each taken out of the equations that are left.
 */
export function substitute(triangle: Value, right: Value, { upper, unit = false }: SubstitutionOptions): Value {
  const n = triangle.shape.at(-1)!;
  const axis = triangle.shape.length - 2;
  const found: Value[] = [];
  let rest = right;
  for (let step = 0; step < n; step++) {
    const left = n - step - 1;
    const i = upper ? left : step;
    const own = b.narrow(rest, axis, upper ? left : 0, 1);
    const cell = b.narrow(b.narrow(triangle, axis, i, 1), axis + 1, i, 1);
    const solved = unit ? own : b.div(own, cell);
    found.push(solved);
    if (left === 0) break;
    const column = b.narrow(b.narrow(triangle, axis + 1, i, 1), axis, upper ? 0 : i + 1, left);
    rest = b.sub(b.narrow(rest, axis, upper ? 0 : 1, left), b.mul(column, solved));
  }
  if (upper) found.reverse();
  return n === 0 ? right : b.concat(found, axis);
}

/** Transposed: the lower triangle that an upper one becomes, or the other way round. */
export function substituteTransposed(
  triangle: Value,
  right: Value,
  { upper, unit = false }: SubstitutionOptions,
): Value {
  return substitute(b.transpose(triangle), right, { upper: !upper, unit });
}
