import type { Tensor } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';
import { Block } from '../block.ts';
import type { CosineSimilarityOptions, PairwiseDistanceOptions } from '../functional/distance.ts';
import { cosineSimilarity, pairwiseDistance } from '../functional/distance.ts';

/** x1 x2 / (max(|x1|, eps) max(|x2|, eps)) along `dim`. (PyTorch: `torch.nn.CosineSimilarity`) */
export class CosineSimilarity extends Block {
  readonly dim: number;
  readonly eps: number;

  constructor(...args: Trailing<CosineSimilarityOptions, ['dim', 'eps']>) {
    super();
    const { dim = 1, eps = 1e-8 } = readTrailing<CosineSimilarityOptions>('CosineSimilarity', args, ['dim', 'eps']);
    this.dim = dim;
    this.eps = eps;
  }
  override forward(x1: Tensor, x2: Tensor): Tensor {
    return cosineSimilarity(x1, x2, this.dim, this.eps);
  }
}

/** The p-norm of x1 - x2 + eps over the last dimension. (PyTorch: `torch.nn.PairwiseDistance`) */
export class PairwiseDistance extends Block {
  readonly norm: number;
  readonly eps: number;
  readonly keepdim: boolean;

  constructor(...args: Trailing<PairwiseDistanceOptions, ['p', 'eps', 'keepdim']>) {
    super();
    const {
      p = 2,
      eps = 1e-6,
      keepdim = false,
    } = readTrailing<PairwiseDistanceOptions>('PairwiseDistance', args, ['p', 'eps', 'keepdim']);
    this.norm = p;
    this.eps = eps;
    this.keepdim = keepdim;
  }
  override forward(x1: Tensor, x2: Tensor): Tensor {
    return pairwiseDistance(x1, x2, this.norm, this.eps, this.keepdim);
  }
}
