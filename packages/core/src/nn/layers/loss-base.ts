import type { Tensor } from '../../tensor/tensor.ts';
import { Block } from '../block.ts';
import type { Reduction } from '../functional/reduction.ts';

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
