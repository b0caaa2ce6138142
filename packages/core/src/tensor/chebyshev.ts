import { recorder as b } from '../graph/node.ts';
import type { Value } from '../graph/value.ts';

/** The sum of coefficients times Chebyshev polynomials of u, by Clenshaw's recurrence. Terms below what the dtype resolves are left out. */
export function chebyshev(u: Value, coefficients: readonly number[]): Value {
  const smallest = u.dtype === 'float64' ? 0 : 1e-9;
  let count = coefficients.length;
  while (Math.abs(coefficients[count - 1]!) < smallest) count--;
  const twice = b.add(u, u);
  let [later, last] = [b.like(u, 0), b.like(u, 0)];
  for (let k = count - 1; k >= 1; k--)
    [later, last] = [b.add(b.sub(b.mul(twice, later), last), b.like(u, coefficients[k]!)), later];
  return b.add(b.sub(b.mul(u, later), last), b.like(u, coefficients[0]!));
}
