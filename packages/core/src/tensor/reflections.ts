import { ShapeError } from '../errors.ts';
import { recorder as b } from '../graph/node.ts';
import type { Value } from '../graph/value.ts';
import { identityLike } from './decomposition.ts';
import type { NamedResults } from './named-results.ts';
import { namedResults } from './named-results.ts';
import { requireOptions, requireTensor } from './operand.ts';
import { requireMatrices } from './singular.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

/** Reflections I - tau v v^T: their vectors below the diagonal of a matrix [..., m, n], with ones on it that are not kept. */
interface Reflections {
  readonly vectors: Value;
  /** [..., k], k <= n. */
  readonly tau: Value;
}

function requireReflections(name: string, x: Tensor, tau: Tensor): Reflections {
  const vectors = requireMatrices(name, x);
  const factors = requireTensor(name, tau);
  const [m, n] = vectors.shape.slice(-2) as [number, number];
  if (m < n) throw new ShapeError(`${name}: input.shape[-2] must be greater than or equal to input.shape[-1]`);
  if (factors.shape.length !== vectors.shape.length - 1)
    throw new ShapeError(
      `${name}: Expected tau to have one dimension less than input, but got tau.ndim equal to ${factors.shape.length} and input.ndim is equal to ${vectors.shape.length}`,
    );
  if (n < factors.shape.at(-1)!)
    throw new ShapeError(`${name}: input.shape[-1] must be greater than or equal to tau.shape[-1]`);
  if (factors.shape.slice(0, -1).some((extent, i) => extent !== vectors.shape[i]))
    throw new ShapeError(
      `${name}: Expected batch dimensions of tau to be equal to input.shape[:-2], but got [${factors.shape.slice(0, -1).join(', ')}]`,
    );
  return { vectors, tau: factors };
}

/** The product of the reflections H_1 ... H_k, or its transpose, times matrices [..., m, c]. */
function reflect({ vectors, tau }: Reflections, right: Value, transpose: boolean): Value {
  const m = vectors.shape.at(-2)!;
  const lead = vectors.shape.slice(0, -2);
  const axis = lead.length;
  const k = tau.shape.at(-1)!;
  const row = b.reshape(b.iota(m), [m, 1]);
  let result = right;
  for (let step = 0; step < k; step++) {
    const i = transpose ? step : k - 1 - step;
    const position = b.scalar(i, 'int32');
    const below = b.select(b.gt(row, position), b.narrow(vectors, axis + 1, i, 1), b.like(right, 0));
    const v = b.select(b.eq(row, position), b.like(right, 1), below);
    const factor = b.reshape(b.narrow(tau, axis, i, 1), [...lead, 1, 1]);
    result = b.sub(result, b.matmul(b.mul(v, factor), b.matmul(v, result, { transposeA: true })));
  }
  return result;
}

/**
 * The first n columns of H_1 ... H_k, H_i = I - tau_i v_i v_i^T, where v_i is the i-th column of x [..., m, n] below the diagonal
 * with a 1 on it. (PyTorch: `torch.linalg.householder_product`)
 */
export function householderProduct(x: Tensor, tau: Tensor): Tensor {
  const reflections = requireReflections('torch.linalg.householder_product', x, tau);
  const [m, n] = reflections.vectors.shape.slice(-2) as [number, number];
  const lead = reflections.vectors.shape.slice(0, -2);
  const square = identityLike(b.full([...lead, m, m], 0, reflections.vectors.dtype));
  return wrap(reflect(reflections, b.narrow(square, lead.length + 1, 0, n), false));
}

export interface OrmqrOptions {
  /** Q C; with false, C Q. Default true. */
  left?: boolean;
  /** With Q^T in the place of Q. Default false. */
  transpose?: boolean;
}

/** Q C for the product Q [..., m, m] of all reflections of x: see `householderProduct`. (PyTorch: `torch.ormqr`) */
export function ormqr(
  x: Tensor,
  tau: Tensor,
  other: Tensor,
  options: boolean | OrmqrOptions = {},
  transposed = false,
): Tensor {
  const given = typeof options === 'boolean' ? { left: options, transpose: transposed } : options;
  requireOptions('torch.ormqr', given, ['left', 'transpose']);
  const { left = true, transpose = false } = given;
  const reflections = requireReflections('torch.ormqr', x, tau);
  const right = requireMatrices('torch.ormqr', other);
  const m = reflections.vectors.shape.at(-2)!;
  if (right.shape.at(left ? -2 : -1) !== m)
    throw new ShapeError(`torch.ormqr: other.shape[${left ? -2 : -1}] must be equal to input.shape[-2]`);
  // C Q is the transpose of Q^T C^T.
  return wrap(
    left ? reflect(reflections, right, transpose) : b.transpose(reflect(reflections, b.transpose(right), !transpose)),
  );
}

/**
 * The reflections of a QR decomposition: `a` has R on and above its diagonal and the reflections' vectors below it, `tau` [..., k] their
 * factors. Without a gradient: see `qr`. (PyTorch: `torch.geqrf`)
 */
export function geqrf(x: Tensor): NamedResults<{ readonly a: Tensor; readonly tau: Tensor }> {
  const source = requireMatrices('torch.geqrf', x);
  const [m, n] = source.shape.slice(-2) as [number, number];
  const lead = source.shape.slice(0, -2);
  const axis = lead.length;
  const k = Math.min(m, n);
  const [row, column] = [b.reshape(b.iota(m), [m, 1]), b.iota(n)];
  const [zero, one] = [b.like(source, 0), b.like(source, 1)];
  let rest = b.emit('stopGradient', [source], {});
  const factors: Value[] = [];
  for (let i = 0; i < k; i++) {
    const position = b.scalar(i, 'int32');
    const own = b.narrow(rest, axis + 1, i, 1);
    const first = b.narrow(own, axis, i, 1);
    const below = b.select(b.gt(row, position), own, zero);
    const squares = b.reduceSum(b.mul(below, below), [axis], true);
    const isDone = b.eq(squares, zero);
    const length = b.sqrt(b.add(squares, b.mul(first, first)));
    const target = b.select(isDone, one, b.select(b.lt(first, zero), length, b.neg(length)));
    const tau = b.select(isDone, zero, b.div(b.sub(target, first), target));
    const tail = b.div(below, b.select(isDone, one, b.sub(first, target)));
    const v = b.add(b.mask(b.eq(row, position), source.dtype), tail);
    const reflected = b.sub(rest, b.matmul(b.mul(v, tau), b.matmul(v, rest, { transposeA: true })));
    const isRight = b.ge(column, position);
    const isOwn = b.and(b.eq(column, position), b.gt(row, position));
    rest = b.select(isOwn, tail, b.select(isRight, reflected, rest));
    factors.push(b.reshape(tau, [...lead, 1]));
  }
  const tau = k === 0 ? b.full([...lead, 0], 0, source.dtype) : b.concat(factors, axis);
  return namedResults({ a: wrap(rest), tau: wrap(tau) });
}
