import { recorder as b } from '../../graph/node.ts';
import { normalizeDim } from '../../graph/shape.ts';
import type { Value } from '../../graph/value.ts';
import { promoteFloating, requireTensor } from '../../tensor/operand.ts';
import { normOver } from '../../tensor/statistics.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';
import { floatingNode } from './activation-options.ts';
import { distanceOf } from './vector-distance.ts';

export { pdist } from '../../tensor/distance.ts';

export interface CosineSimilarityOptions {
  /** The dimension of the vectors. Default 1. */
  dim?: number;
  /** The least norm. Default 1e-8. */
  eps?: number;
}

/** x1 x2 / (max(|x1|, eps) max(|x2|, eps)) along a dimension, broadcasting. (PyTorch: `F.cosine_similarity`) */
export function cosineSimilarity(
  x1: Tensor,
  x2: Tensor,
  ...args: Trailing<CosineSimilarityOptions, ['dim', 'eps']>
): Tensor {
  const { dim = 1, eps = 1e-8 } = readTrailing<CosineSimilarityOptions>('cosine_similarity', args, ['dim', 'eps']);
  requireTensor('cosine_similarity', x1);
  requireTensor('cosine_similarity', x2);
  const [first, second] = promoteFloating('cosine_similarity', x1, x2);
  const product = b.mul(first, second);
  const axis = normalizeDim(dim, product.shape.length, 'cosine_similarity');
  const unit = (x: Value): Value => {
    const wide =
      x.shape.length === product.shape.length && x.shape[axis] === product.shape[axis]
        ? x
        : b.broadcastTo(x, product.shape);
    const norm = wide.shape.length === 0 ? b.abs(wide) : normOver(wide, 2, [axis], true);
    // The bound has no gradient of its own: where it holds, the norm's passes.
    const least = b.like(norm, eps);
    const bounded = b.add(norm, b.emit('stopGradient', [b.sub(b.select(b.lt(norm, least), least, norm), norm)], {}));
    return b.div(wide, bounded);
  };
  const terms = b.mul(unit(first), unit(second));
  return wrap(terms.shape.length === 0 ? terms : b.reduceSum(terms, [axis]));
}

export interface PairwiseDistanceOptions {
  /** The order of the norm. Default 2. */
  p?: number;
  /** Added to each difference. Default 1e-6. */
  eps?: number;
  /** Keep the last dimension with size 1. Default false. */
  keepdim?: boolean;
}

/** The p-norm of x1 - x2 + eps over the last dimension, broadcasting. (PyTorch: `F.pairwise_distance`) */
export function pairwiseDistance(
  x1: Tensor,
  x2: Tensor,
  ...args: Trailing<PairwiseDistanceOptions, ['p', 'eps', 'keepdim']>
): Tensor {
  const {
    p = 2,
    eps = 1e-6,
    keepdim = false,
  } = readTrailing<PairwiseDistanceOptions>('pairwise_distance', args, ['p', 'eps', 'keepdim']);
  requireTensor('pairwise_distance', x1);
  requireTensor('pairwise_distance', x2);
  const [first, second] = promoteFloating('pairwise_distance', x1, x2);
  return wrap(distanceOf(first, second, p, eps, keepdim));
}

export interface NormalizeOptions {
  /** The order of the norm. Default 2. */
  p?: number;
  /** The dimension, or dimensions, of the vectors. Default 1. */
  dim?: number | readonly number[];
  /** The least norm. Default 1e-12. */
  eps?: number;
}

/** x / max(|x|_p, eps) along a dimension. (PyTorch: `F.normalize`) */
export function normalize(x: Tensor, ...args: Trailing<NormalizeOptions, ['p', 'dim', 'eps']>): Tensor {
  const { p = 2, dim = 1, eps = 1e-12 } = readTrailing<NormalizeOptions>('normalize', args, ['p', 'dim', 'eps']);
  const node = floatingNode('normalize', x);
  const axes = (typeof dim === 'number' ? [dim] : [...dim])
    .map((axis) => normalizeDim(axis, node.shape.length, 'normalize'))
    .sort((i, j) => i - j);
  const norm = normOver(node, p, node.shape.length === 0 ? [] : axes, true);
  const least = b.like(norm, eps);
  return wrap(b.div(node, b.select(b.lt(norm, least), least, norm)));
}
