import { ChimeraError, ShapeError } from '../../errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type {
  DistanceFunction,
  TripletMarginOptions,
  TripletMarginWithDistanceOptions,
} from '../functional/embedding-loss.ts';
import { cosineEmbeddingLoss, tripletMarginLoss, tripletMarginWithDistanceLoss } from '../functional/embedding-loss.ts';
import type { LossArguments } from '../functional/loss-arguments.ts';
import { readLoss } from '../functional/loss-arguments.ts';
import type { MarginOptions, MultiMarginOptions } from '../functional/margin-loss.ts';
import {
  hingeEmbeddingLoss,
  marginRankingLoss,
  multiMarginLoss,
  multilabelMarginLoss,
  multilabelSoftMarginLoss,
  softMarginLoss,
} from '../functional/margin-loss.ts';
import { PairwiseDistance } from './distance.ts';
import { Loss, MarginLoss, PlainLoss, PlainWeightedLoss, WeightedLoss } from './loss-base.ts';

/** ln(1 + e^(-target input)), target 1 or -1. (PyTorch: `torch.nn.SoftMarginLoss`) */
export class SoftMarginLoss extends PlainLoss {
  override forward(input: Tensor, target: Tensor): Tensor {
    const { reduction } = this;
    return softMarginLoss(input, target, { reduction });
  }
}

/** input where target is 1, max(0, margin - input) where it is -1. `margin` is 1 by default. (PyTorch: `torch.nn.HingeEmbeddingLoss`) */
export class HingeEmbeddingLoss extends MarginLoss {
  constructor(...args: LossArguments<MarginOptions>) {
    super(1, args);
  }
  override forward(input: Tensor, target: Tensor): Tensor {
    const { margin, reduction } = this;
    return hingeEmbeddingLoss(input, target, { margin, reduction });
  }
}

/** max(0, -target (input1 - input2) + margin), target 1 or -1. `margin` is 0 by default. (PyTorch: `torch.nn.MarginRankingLoss`) */
export class MarginRankingLoss extends MarginLoss {
  constructor(...args: LossArguments<MarginOptions>) {
    super(0, args);
  }
  override forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    const { margin, reduction } = this;
    return marginRankingLoss(input1, input2, target, { margin, reduction });
  }
}

/** With c the cosine of both inputs: 1 - c where target is 1, max(0, c - margin) where it is -1. `margin` is 0 by default. (PyTorch: `torch.nn.CosineEmbeddingLoss`) */
export class CosineEmbeddingLoss extends MarginLoss {
  constructor(...args: LossArguments<MarginOptions>) {
    super(0, args);
  }
  override forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    const { margin, reduction } = this;
    return cosineEmbeddingLoss(input1, input2, target, { margin, reduction });
  }
}

/** Margins between each listed class and each other class; input [N, C], target [N, C] of classes before the first -1. (PyTorch: `torch.nn.MultiLabelMarginLoss`) */
export class MultiLabelMarginLoss extends PlainLoss {
  override forward(input: Tensor, target: Tensor): Tensor {
    const { reduction } = this;
    return multilabelMarginLoss(input, target, { reduction });
  }
}

/** The mean over classes of the binary cross entropy of logits; [N, C]. (PyTorch: `torch.nn.MultiLabelSoftMarginLoss`) */
export class MultiLabelSoftMarginLoss extends PlainWeightedLoss {
  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, reduction } = this;
    return multilabelSoftMarginLoss(input, target, { weight, reduction });
  }
}

/** The sum over other classes i of max(0, margin - input_y + input_i)^p / C. `p` and `margin` are 1 by default. (PyTorch: `torch.nn.MultiMarginLoss`) */
export class MultiMarginLoss extends WeightedLoss {
  readonly p: number;
  readonly margin: number;

  constructor(...args: LossArguments<MultiMarginOptions>) {
    const {
      weight,
      p = 1,
      margin = 1,
      reduction,
    } = readLoss<MultiMarginOptions>('MultiMarginLoss', args, [
      'p',
      'margin',
      'weight',
      'sizeAverage',
      'reduce',
      'reduction',
    ]);
    if (p !== 1 && p !== 2) throw new ChimeraError('only p == 1 and p == 2 supported');
    if (weight && weight.ndim !== 1)
      throw new ShapeError(`MultiMarginLoss: expected weight to be None or 1D tensor, got ${weight.ndim}D instead`);
    super(weight, reduction);
    this.p = p;
    this.margin = margin;
  }
  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, p, margin, reduction } = this;
    return multiMarginLoss(input, target, { weight, p, margin, reduction });
  }
}

/** max(0, d(anchor, positive) - d(anchor, negative) + margin), d the p-norm. `margin` is 1 by default. (PyTorch: `torch.nn.TripletMarginLoss`) */
export class TripletMarginLoss extends Loss {
  readonly margin: number;
  readonly p: number;
  readonly eps: number;
  readonly swap: boolean;

  constructor(...args: LossArguments<TripletMarginOptions>) {
    const {
      margin = 1,
      p = 2,
      eps = 1e-6,
      swap = false,
      reduction,
    } = readLoss<TripletMarginOptions>('TripletMarginLoss', args, [
      'margin',
      'p',
      'eps',
      'swap',
      'sizeAverage',
      'reduce',
      'reduction',
    ]);
    if (!(margin > 0))
      throw new ChimeraError(`TripletMarginLoss: expected margin to be greater than 0, got ${margin} instead`);
    super(reduction);
    this.margin = margin;
    this.p = p;
    this.eps = eps;
    this.swap = swap;
  }
  override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    const { margin, p, eps, swap, reduction } = this;
    return tripletMarginLoss(anchor, positive, negative, { margin, p, eps, swap, reduction });
  }
}

/** TripletMarginLoss with a distance of one's own: a function, or a block. (PyTorch: `torch.nn.TripletMarginWithDistanceLoss`) */
export class TripletMarginWithDistanceLoss extends Loss {
  declare distance_function: DistanceFunction;
  readonly margin: number;
  readonly swap: boolean;

  constructor(...args: LossArguments<TripletMarginWithDistanceOptions>) {
    const {
      distanceFunction = null,
      margin = 1,
      swap = false,
      reduction,
    } = readLoss<TripletMarginWithDistanceOptions>('TripletMarginWithDistanceLoss', args, [
      'distanceFunction',
      'margin',
      'swap',
      'reduction',
    ]);
    if (!(margin > 0))
      throw new ChimeraError(
        `TripletMarginWithDistanceLoss: expected margin to be greater than 0, got ${margin} instead`,
      );
    super(reduction);
    this.distance_function = distanceFunction ?? new PairwiseDistance();
    this.margin = margin;
    this.swap = swap;
  }
  get distanceFunction(): DistanceFunction {
    return this.distance_function;
  }
  override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    const { distance_function: distanceFunction, margin, swap, reduction } = this;
    return tripletMarginWithDistanceLoss(anchor, positive, negative, { distanceFunction, margin, swap, reduction });
  }
}
