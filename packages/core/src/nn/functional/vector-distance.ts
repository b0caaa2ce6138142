import { ShapeError } from '../../errors.ts';
import { recorder as b } from '../../graph/node.ts';
import type { Value } from '../../graph/value.ts';
import { normOver } from '../../tensor/statistics.ts';

/** The p-norm of first - second + eps over the last axis. */
export function distanceOf(first: Value, second: Value, p: number, eps: number, keepdim: boolean): Value {
  const difference = b.add(b.sub(first, second), b.like(first, eps));
  if (difference.shape.length === 0) throw new ShapeError('pairwise_distance: expected at least 1 dimension');
  return normOver(difference, p, [difference.shape.length - 1], keepdim);
}
