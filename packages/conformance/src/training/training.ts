import type { nn } from '@chimera-nn/core';

/** A network, and the steps that train it; `tooling/goldens/training.py` has the same in PyTorch. */
export interface Training {
  readonly net: nn.Block;
  /** Does the step of number `i`, from 0, and gives its loss. */
  step(i: number): Promise<number>;
}
