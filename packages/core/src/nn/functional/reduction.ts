import { ChimeraError } from '../../errors.ts';
import { recorder as b } from '../../graph/node.ts';
import { sizeOf } from '../../graph/shape.ts';
import type { Value } from '../../graph/value.ts';

/** What a loss does with its values: keep them, average them, or add them up. */
export type Reduction = 'none' | 'mean' | 'sum';

export interface LossOptions {
  /** `'mean'`, `'sum'` or `'none'`. Default `'mean'`. */
  reduction?: Reduction;
}

/** Throws PyTorch's text for an unknown reduction. */
export function requireReduction(reduction: string, allowed: readonly string[] = ['none', 'mean', 'sum']): void {
  if (!allowed.includes(reduction)) throw new ChimeraError(`${reduction} is not a valid value for reduction`);
}

/** All elements added up. */
export function total(loss: Value): Value {
  return b.reduceSum(
    loss,
    loss.shape.map((_, i) => i),
  );
}

/** The mean of all elements; NaN for none. */
export function average(loss: Value): Value {
  const count = sizeOf(loss.shape);
  return b.mul(total(loss), b.like(loss, 1 / count));
}

/** A loss after its reduction. */
export function reduced(loss: Value, reduction: Reduction = 'mean'): Value {
  requireReduction(reduction);
  return reduction === 'none' ? loss : reduction === 'sum' ? total(loss) : average(loss);
}

/** A shape as PyTorch's errors print it. */
export function torchSize(shape: readonly number[]): string {
  return `torch.Size([${shape.join(', ')}])`;
}

/** max(x, 0), with the gradient 1 at 0. */
export function positivePart(x: Value): Value {
  const zero = b.like(x, 0);
  return b.select(b.lt(x, zero), zero, x);
}
