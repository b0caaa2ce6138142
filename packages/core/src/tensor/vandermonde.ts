import { DTypeError, ShapeError } from '../errors.ts';
import { recorder as b } from '../graph/node.ts';
import type { Value } from '../graph/value.ts';
import { requireInteger } from './integers.ts';
import { requireOptions, requireTensor, toNumeric } from './operand.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

/** x^0, x^1, ... x^(n-1) along a new last axis. */
function powers(x: Value, n: number): Value {
  const column = b.reshape(x, [...x.shape, 1]);
  const found: Value[] = [];
  for (let i = 0; i < n; i++)
    found.push(i === 0 ? b.fullLike(column, 1) : i === 1 ? column : b.mul(found[i - 1]!, column));
  return n === 0 ? b.full([...x.shape, 0], 0, x.dtype) : b.concat(found, x.shape.length);
}

/** V[..., i, j] = x[..., i]^j for j < N, by default the size of the last dimension of x. (PyTorch: `torch.linalg.vander`) */
export function vander(x: Tensor, N?: number | null | { N?: number | null }): Tensor {
  const node = requireTensor('linalg.vander', x);
  if (node.dtype === 'bool')
    throw new DTypeError('linalg.vander supports floating point, complex, and integer tensors, but got Bool');
  const given = typeof N === 'object' && N !== null ? N : { N: N ?? null };
  requireOptions('linalg.vander', given, ['N']);
  const n = given.N ?? node.shape.at(-1) ?? 1;
  if (requireInteger('linalg.vander', n) <= 1) throw new ShapeError('N must be greater than 1.');
  return wrap(powers(node, n));
}

export interface VanderOptions {
  /** How many columns. Default: the size of x. */
  N?: number | null;
  /** Powers rise from left to right. Default false. */
  increasing?: boolean;
}

/** V[i, j] = x[i]^(N - 1 - j), or x[i]^j if `increasing`; x is a vector. (PyTorch: `torch.vander`) */
export function vandermonde(x: Tensor, N?: number | null | VanderOptions, increasing = false): Tensor {
  const node = toNumeric(requireTensor('vander', x));
  const given = typeof N === 'object' && N !== null ? N : { N: N ?? null, increasing };
  requireOptions('vander', given, ['N', 'increasing']);
  if (node.shape.length !== 1) throw new ShapeError('x must be a one-dimensional tensor.');
  const n = given.N ?? node.shape[0]!;
  if (requireInteger('vander', n) < 0) throw new ShapeError('N must be non-negative.');
  const rising = powers(node, n);
  return wrap((given.increasing ?? false) || n < 2 ? rising : b.flip(rising, [1]));
}
