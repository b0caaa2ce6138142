import type { Tensor } from '../../tensor/tensor.ts';
import { Block } from '../block.ts';
import type { BinaryCrossEntropyWithLogitsOptions } from '../functional/binary-loss.ts';
import { binaryCrossEntropy, binaryCrossEntropyWithLogits } from '../functional/binary-loss.ts';
import type { CrossEntropyOptions, NllOptions } from '../functional/classification-loss.ts';
import { crossEntropy, nllLoss } from '../functional/classification-loss.ts';
import type { KLDivOptions } from '../functional/divergence-loss.ts';
import { klDiv } from '../functional/divergence-loss.ts';
import type { LossArguments } from '../functional/loss-arguments.ts';
import { readLoss } from '../functional/loss-arguments.ts';
import type { Reduction } from '../functional/reduction.ts';
import type {
  GaussianNllOptions,
  HuberOptions,
  PoissonNllOptions,
  SmoothL1Options,
} from '../functional/regression-loss.ts';
import {
  gaussianNllLoss,
  huberLoss,
  l1Loss,
  mseLoss,
  poissonNllLoss,
  smoothL1Loss,
} from '../functional/regression-loss.ts';
import { Loss, PlainLoss, PlainWeightedLoss, WeightedLoss } from './loss-base.ts';

/** (input - target)^2 of tensors of one shape. (PyTorch: `torch.nn.MSELoss`) */
export class MSELoss extends PlainLoss {
  override forward(input: Tensor, target: Tensor): Tensor {
    return mseLoss(input, target, { reduction: this.reduction });
  }
}

/** |input - target| of tensors of one shape. (PyTorch: `torch.nn.L1Loss`) */
export class L1Loss extends PlainLoss {
  override forward(input: Tensor, target: Tensor): Tensor {
    return l1Loss(input, target, { reduction: this.reduction });
  }
}

/** -weight[target] input[target] for logarithms of probabilities [N, C, ...] and class indices [N, ...]. (PyTorch: `torch.nn.NLLLoss`) */
export class NLLLoss extends WeightedLoss {
  readonly ignoreIndex: number;

  constructor(...args: LossArguments<NllOptions>) {
    const {
      weight,
      reduction,
      ignoreIndex = -100,
    } = readLoss<NllOptions>('NLLLoss', args, ['weight', 'sizeAverage', 'ignoreIndex', 'reduce', 'reduction']);
    super(weight, reduction);
    this.ignoreIndex = ignoreIndex;
  }
  override forward(input: Tensor, target: Tensor): Tensor {
    return nllLoss(input, target, { weight: this.weight, ignoreIndex: this.ignoreIndex, reduction: this.reduction });
  }
}

/** As `NLLLoss`, which takes images too. (PyTorch: `torch.nn.NLLLoss2d`) */
export class NLLLoss2d extends NLLLoss {}

/**
 * Cross entropy of softmax(input) and target: logits [C], [N, C] or [N, C, d1, ...], target class indices [], [N] or
 * [N, d1, ...], or probabilities of the shape of input. (PyTorch: `torch.nn.CrossEntropyLoss`)
 */
export class CrossEntropyLoss extends WeightedLoss {
  readonly ignoreIndex: number;
  readonly labelSmoothing: number;

  constructor(...args: LossArguments<CrossEntropyOptions>) {
    const {
      weight,
      reduction,
      ignoreIndex = -100,
      labelSmoothing = 0,
    } = readLoss<CrossEntropyOptions>('CrossEntropyLoss', args, [
      'weight',
      'sizeAverage',
      'ignoreIndex',
      'reduce',
      'reduction',
      'labelSmoothing',
    ]);
    super(weight, reduction);
    this.ignoreIndex = ignoreIndex;
    this.labelSmoothing = labelSmoothing;
  }
  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignoreIndex, reduction, labelSmoothing } = this;
    return crossEntropy(input, target, { weight, ignoreIndex, reduction, labelSmoothing });
  }
}

/** -(target ln input + (1 - target) ln(1 - input)), elementwise. (PyTorch: `torch.nn.BCELoss`) */
export class BCELoss extends PlainWeightedLoss {
  override forward(input: Tensor, target: Tensor): Tensor {
    return binaryCrossEntropy(input, target, { weight: this.weight, reduction: this.reduction });
  }
}

/** BCELoss of sigmoid(input), computed so that it does not overflow. (PyTorch: `torch.nn.BCEWithLogitsLoss`) */
export class BCEWithLogitsLoss extends WeightedLoss {
  declare pos_weight: Tensor | null;

  constructor(...args: LossArguments<BinaryCrossEntropyWithLogitsOptions>) {
    const {
      weight,
      reduction,
      posWeight = null,
    } = readLoss<BinaryCrossEntropyWithLogitsOptions>('BCEWithLogitsLoss', args, [
      'weight',
      'sizeAverage',
      'reduce',
      'reduction',
      'posWeight',
    ]);
    super(weight, reduction);
    this.registerBuffer('pos_weight', posWeight);
  }
  get posWeight(): Tensor | null {
    return this.pos_weight;
  }
  override forward(input: Tensor, target: Tensor): Tensor {
    return binaryCrossEntropyWithLogits(input, target, {
      weight: this.weight,
      posWeight: this.pos_weight,
      reduction: this.reduction,
    });
  }
}

/** With d = input - target: d^2 / (2 beta) where |d| < beta, |d| - beta / 2 elsewhere. (PyTorch: `torch.nn.SmoothL1Loss`) */
export class SmoothL1Loss extends Loss {
  readonly beta: number;

  constructor(...args: LossArguments<SmoothL1Options>) {
    const { beta = 1, reduction } = readLoss<SmoothL1Options>('SmoothL1Loss', args, [
      'sizeAverage',
      'reduce',
      'reduction',
      'beta',
    ]);
    super(reduction);
    this.beta = beta;
  }
  override forward(input: Tensor, target: Tensor): Tensor {
    const { beta, reduction } = this;
    return smoothL1Loss(input, target, { beta, reduction });
  }
}

/** With d = input - target: d^2 / 2 where |d| <= delta, delta (|d| - delta / 2) elsewhere. (PyTorch: `torch.nn.HuberLoss`) */
export class HuberLoss extends Loss {
  readonly delta: number;

  constructor(...args: LossArguments<Omit<HuberOptions, 'weight'>>) {
    const { delta = 1, reduction } = readLoss<Omit<HuberOptions, 'weight'>>('HuberLoss', args, ['reduction', 'delta']);
    super(reduction);
    this.delta = delta;
  }
  override forward(input: Tensor, target: Tensor): Tensor {
    const { delta, reduction } = this;
    return huberLoss(input, target, { delta, reduction });
  }
}

/** e^input - target input, or input - target ln(input + eps). (PyTorch: `torch.nn.PoissonNLLLoss`) */
export class PoissonNLLLoss extends Loss {
  readonly logInput: boolean;
  readonly full: boolean;
  readonly eps: number;

  constructor(...args: LossArguments<PoissonNllOptions>) {
    const {
      logInput = true,
      full = false,
      eps = 1e-8,
      reduction,
    } = readLoss<PoissonNllOptions>('PoissonNLLLoss', args, [
      'logInput',
      'full',
      'sizeAverage',
      'eps',
      'reduce',
      'reduction',
    ]);
    super(reduction);
    this.logInput = logInput;
    this.full = full;
    this.eps = eps;
  }
  override forward(input: Tensor, target: Tensor): Tensor {
    const { logInput, full, eps, reduction } = this;
    return poissonNllLoss(input, target, { logInput, full, eps, reduction });
  }
}

/** target (ln target - input), input being logarithms; `'batchmean'` divides the sum by the size of dimension 0. (PyTorch: `torch.nn.KLDivLoss`) */
export class KLDivLoss extends Block {
  reduction: Reduction | 'batchmean';
  readonly logTarget: boolean;

  constructor(...args: LossArguments<KLDivOptions>) {
    super();
    const { reduction = 'mean', logTarget = false } = readLoss<KLDivOptions>('KLDivLoss', args, [
      'sizeAverage',
      'reduce',
      'reduction',
      'logTarget',
    ]);
    this.reduction = reduction;
    this.logTarget = logTarget;
  }
  override forward(input: Tensor, target: Tensor): Tensor {
    const { reduction, logTarget } = this;
    return klDiv(input, target, { reduction, logTarget });
  }
}

/** (ln max(var, eps) + (input - target)^2 / max(var, eps)) / 2. (PyTorch: `torch.nn.GaussianNLLLoss`) */
export class GaussianNLLLoss extends Loss {
  readonly full: boolean;
  readonly eps: number;

  constructor(...args: LossArguments<GaussianNllOptions>) {
    const {
      full = false,
      eps = 1e-6,
      reduction,
    } = readLoss<GaussianNllOptions>('GaussianNLLLoss', args, ['full', 'eps', 'reduction']);
    super(reduction);
    this.full = full;
    this.eps = eps;
  }
  override forward(input: Tensor, target: Tensor, variance: Tensor | number): Tensor {
    const { full, eps, reduction } = this;
    return gaussianNllLoss(input, target, variance, { full, eps, reduction });
  }
}
