import { DTypeError } from '../../errors.ts';
import { isFloating } from '../../graph/dtype.ts';
import type { Node } from '../../graph/node.ts';
import { recorder as b } from '../../graph/node.ts';
import type { Value } from '../../graph/value.ts';
import { requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { dropped } from './dropped.ts';

export interface AttendOptions {
  readonly scale: number;
  /** Each of a shape that broadcasts to [..., L, S]: true where a query may not attend, or numbers that are added. */
  readonly masks: readonly Value[];
  /** Probability that a weight is dropped. */
  readonly dropout: number;
  /** Whether a query that may attend to nothing gives zeros instead of NaN. */
  readonly isSafe: boolean;
}

/** softmax(scale Q K^T + masks) V, and the weights. */
export function attend(
  q: Value,
  k: Value,
  v: Value,
  { scale, masks, dropout, isSafe }: AttendOptions,
): { output: Value; weights: Value } {
  // The queries are smaller than the products.
  let scores = b.matmul(b.mul(q, b.like(q, scale)), k, { transposeB: true });
  const least = b.like(scores, Number.NEGATIVE_INFINITY);
  // Also what may not be attended to is added, as in PyTorch: gradients of a query that may attend to nothing are NaN too.
  for (const mask of masks)
    scores = b.add(
      scores,
      mask.dtype === 'bool' ? b.select(mask, least, b.like(scores, 0)) : b.cast(mask, scores.dtype),
    );
  const axis = scores.shape.length - 1;
  let weights: Value;
  if (isSafe && masks.length > 0) {
    const isLost = b.eq(b.reduceMax(scores, [axis], true), least);
    const zero = b.like(scores, 0);
    weights = b.select(isLost, zero, b.softmax(b.select(isLost, zero, scores), axis));
  } else weights = b.softmax(scores, axis);
  weights = dropped(weights, dropout, true);
  return { output: b.matmul(weights, v), weights };
}

/** True where a key comes after the query. */
export function causalMask(queries: number, keys: number): Value {
  return b.lt(b.reshape(b.iota(queries), [queries, 1]), b.iota(keys));
}

/** Throws unless a mask is boolean or of a floating dtype. */
export function requireMask(name: string, mask: Tensor): Node {
  const node = requireTensor(name, mask);
  if (node.dtype !== 'bool' && !isFloating(node.dtype))
    throw new DTypeError(`only bool and floating types of ${name} are supported`);
  return node;
}
