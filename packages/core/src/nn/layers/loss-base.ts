import type { Tensor } from '../../tensor/tensor.ts';
import { Block } from '../block.ts';
import type { BinaryCrossEntropyOptions } from '../functional/binary-loss.ts';
import type { LossArguments } from '../functional/loss-arguments.ts';
import { readLoss } from '../functional/loss-arguments.ts';
import type { MarginOptions } from '../functional/margin-loss.ts';
import type { LossOptions, Reduction } from '../functional/reduction.ts';

/** What losses have in common. */
export abstract class Loss extends Block {
  reduction: Reduction;

  constructor(reduction: Reduction = 'mean') {
    super();
    this.reduction = reduction;
  }
}

/** A loss with weights, which are a buffer. */
export abstract class WeightedLoss extends Loss {
  declare weight: Tensor | null;

  constructor(weight: Tensor | null = null, reduction?: Reduction) {
    super(reduction);
    this.registerBuffer('weight', weight);
  }
}

/** A loss without options of its own. */
export abstract class PlainLoss extends Loss {
  constructor(...args: LossArguments<LossOptions>) {
    super(readLoss<LossOptions>(new.target.name, args, ['sizeAverage', 'reduce', 'reduction']).reduction);
  }
}

/** A loss with weights and without options of its own. */
export abstract class PlainWeightedLoss extends WeightedLoss {
  constructor(...args: LossArguments<BinaryCrossEntropyOptions>) {
    const { weight, reduction } = readLoss<BinaryCrossEntropyOptions>(new.target.name, args, [
      'weight',
      'sizeAverage',
      'reduce',
      'reduction',
    ]);
    super(weight, reduction);
  }
}

/** A loss with a margin. */
export abstract class MarginLoss extends Loss {
  readonly margin: number;

  constructor(otherwise: number, args: LossArguments<MarginOptions>) {
    const { margin = otherwise, reduction } = readLoss<MarginOptions>(new.target.name, args, [
      'margin',
      'sizeAverage',
      'reduce',
      'reduction',
    ]);
    super(reduction);
    this.margin = margin;
  }
}
