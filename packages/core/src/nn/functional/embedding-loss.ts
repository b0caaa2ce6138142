import { ChimeraError, ShapeError } from '../../errors.ts';
import { recorder as b } from '../../graph/node.ts';
import { scoped } from '../../graph/scope.ts';
import type { Value } from '../../graph/value.ts';
import { promoteFloating, requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import { pairwiseDistance } from './distance.ts';
import type { LossArguments } from './loss-arguments.ts';
import { readLoss } from './loss-arguments.ts';
import type { MarginOptions } from './margin-loss.ts';
import type { LossOptions } from './reduction.ts';
import { positivePart, reduced, requireReduction } from './reduction.ts';
import { distanceOf } from './vector-distance.ts';

/**
 * With c the cosine of input1 and input2 ([N, D] or [D]): 1 - c where target is 1, max(0, c - margin) where it is -1.
 * `margin` is 0 by default. (PyTorch: `F.cosine_embedding_loss`)
 */
export function cosineEmbeddingLoss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  ...args: LossArguments<MarginOptions>
): Tensor {
  const { margin = 0, reduction } = readLoss<MarginOptions>('cosine_embedding_loss', args, [
    'margin',
    'sizeAverage',
    'reduce',
    'reduction',
  ]);
  requireTensor('cosine_embedding_loss', input1);
  requireTensor('cosine_embedding_loss', input2);
  const [first, second] = promoteFloating('cosine_embedding_loss', input1, input2);
  const { shape } = requireTensor('cosine_embedding_loss', target);
  if (shape.length > 1) throw new ShapeError(`0D or 1D target tensor expected, multi-target not supported`);
  if (first.shape.length !== shape.length + 1 || second.shape.length !== shape.length + 1)
    throw new ShapeError(
      `${shape.length}D target tensor expects ${shape.length + 1}D input tensors, but found inputs with sizes [${first.shape.join(', ')}] and [${second.shape.join(', ')}].`,
    );
  const y = b.cast(target.node, first.dtype);
  const along = (x: Value): Value => b.reduceSum(x, [x.shape.length - 1]);
  const square = (x: Value): Value => b.add(along(b.mul(x, x)), b.like(x, 1e-12));
  const cosine = b.div(along(b.mul(first, second)), b.sqrt(b.mul(square(first), square(second))));
  const zero = b.like(first, 0);
  const close = b.select(b.eq(y, b.like(y, 1)), b.sub(b.like(first, 1), cosine), zero);
  const far = b.select(b.eq(y, b.like(y, -1)), positivePart(b.sub(cosine, b.like(first, margin))), zero);
  return wrap(reduced(b.add(close, far), reduction));
}

export interface TripletMarginOptions extends MarginOptions {
  /** The order of the norm. Default 2. */
  p?: number;
  /** Added to each difference. Default 1e-6. */
  eps?: number;
  /** Use the distance of positive and negative where it is smaller. Default false. */
  swap?: boolean;
}

/** max(0, d(anchor, positive) - d(anchor, negative) + margin), d the p-norm. `margin` is 1 by default. (PyTorch: `F.triplet_margin_loss`) */
export function tripletMarginLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  ...args: LossArguments<TripletMarginOptions>
): Tensor {
  const {
    margin = 1,
    p = 2,
    eps = 1e-6,
    swap = false,
    reduction,
  } = readLoss<TripletMarginOptions>('triplet_margin_loss', args, [
    'margin',
    'p',
    'eps',
    'swap',
    'sizeAverage',
    'reduce',
    'reduction',
  ]);
  if (!(margin > 0)) throw new ChimeraError(`margin must be greater than 0, got ${margin}`);
  requireRanks(anchor, positive, negative);
  const [a, c] = promoteFloating('triplet_margin_loss', anchor, positive);
  const n = b.cast(negative.node, a.dtype);
  const close = distanceOf(a, c, p, eps, false);
  let far = distanceOf(a, n, p, eps, false);
  if (swap) far = b.minimum(far, distanceOf(c, n, p, eps, false));
  return wrap(reduced(positivePart(b.sub(b.add(b.like(close, margin), close), far)), reduction));
}

function requireRanks(anchor: Tensor, positive: Tensor, negative: Tensor): void {
  const [a, p, n] = [anchor, positive, negative].map((x) => requireTensor('triplet_margin_loss', x).shape.length);
  if (a !== p || a !== n)
    throw new ShapeError(
      `The anchor, positive, and negative tensors are expected to have the same number of dimensions, but got: anchor ${a}D, positive ${p}D, and negative ${n}D inputs`,
    );
}

/** The distance of two batches of vectors. */
export type DistanceFunction = (x1: Tensor, x2: Tensor) => Tensor;

export interface TripletMarginWithDistanceOptions extends LossOptions {
  /** Default: the Euclidean distance. */
  distanceFunction?: DistanceFunction | null;
  /** Default 1. */
  margin?: number;
  /** Use the distance of positive and negative where it is smaller. Default false. */
  swap?: boolean;
}

/** `tripletMarginLoss` with a distance of one's own. (PyTorch: `F.triplet_margin_with_distance_loss`) */
export function tripletMarginWithDistanceLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  ...args: LossArguments<TripletMarginWithDistanceOptions>
): Tensor {
  const {
    distanceFunction = null,
    margin = 1,
    swap = false,
    reduction = 'mean',
  } = readLoss<TripletMarginWithDistanceOptions>('triplet_margin_with_distance_loss', args, [
    'distanceFunction',
    'margin',
    'swap',
    'reduction',
  ]);
  requireReduction(reduction);
  if (!(margin > 0)) throw new ChimeraError(`margin must be greater than 0, got ${margin}`);
  requireRanks(anchor, positive, negative);
  const distance = distanceFunction ?? pairwiseDistance;
  const [close, near, other] = scoped(() => [
    distance(anchor, positive).node,
    distance(anchor, negative).node,
    swap ? distance(positive, negative).node : null,
  ]) as [Value, Value, Value | null];
  const far = other === null ? near : b.minimum(near, other);
  return wrap(reduced(positivePart(b.add(b.like(close, margin), b.sub(close, far))), reduction));
}
