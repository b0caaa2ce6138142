/** All parameters, or all gradients, one after another on the host. */
export type Vector = Float64Array;

export function dot(a: Vector, b: Vector): number {
  return a.reduce((sum, x, i) => sum + x * b[i]!, 0);
}

/** The largest absolute value. */
export function largest(a: Vector): number {
  return a.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}

export function concatenated(parts: readonly ArrayLike<number>[]): Vector {
  const out = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}
