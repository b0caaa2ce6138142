import { recorder as b } from '../../graph/node.ts';
import type { Value } from '../../graph/value.ts';
import { promoteFloating, requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { LossArguments } from './loss-arguments.ts';
import { readLoss } from './loss-arguments.ts';
import type { Reduction } from './reduction.ts';
import { reduced, requireReduction, total } from './reduction.ts';

export interface KLDivOptions {
  /** As for other losses, or `'batchmean'`: the sum over the size of dimension 0. Default `'mean'`. */
  reduction?: Reduction | 'batchmean';
  /** The target holds logarithms too. Default false. */
  logTarget?: boolean;
}

/** target (ln target - input), input being logarithms. (PyTorch: `F.kl_div`) */
export function klDiv(input: Tensor, target: Tensor, ...args: LossArguments<KLDivOptions>): Tensor {
  const { reduction = 'mean', logTarget = false } = readLoss<KLDivOptions>('kl_div', args, [
    'sizeAverage',
    'reduce',
    'reduction',
    'logTarget',
  ]);
  requireReduction(reduction, ['none', 'mean', 'sum', 'batchmean']);
  requireTensor('kl_div', input);
  requireTensor('kl_div', target);
  const [x, y] = promoteFloating('kl_div', input, target);
  let loss: Value;
  if (logTarget) loss = b.mul(b.exp(y), b.sub(y, x));
  else {
    // 0 ln 0 is 0.
    const isZero = b.eq(y, b.like(y, 0));
    loss = b.sub(b.mul(y, b.log(b.select(isZero, b.like(y, 1), y))), b.mul(y, x));
  }
  if (reduction !== 'batchmean') return wrap(reduced(loss, reduction));
  return wrap(b.mul(total(loss), b.like(loss, 1 / (x.shape[0] ?? 1))));
}
