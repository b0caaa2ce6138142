import { ChimeraError, ShapeError } from '../../errors.ts';
import { recorder as b } from '../../graph/node.ts';
import type { Value } from '../../graph/value.ts';
import { hostNumbers } from '../../tensor/host-values.ts';
import { promoteFloating, requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { LossArguments } from './loss-arguments.ts';
import { readLoss } from './loss-arguments.ts';
import type { LossOptions } from './reduction.ts';
import { reduced, requireReduction } from './reduction.ts';

function pair(name: string, input: Tensor, target: Tensor): [Value, Value] {
  requireTensor(name, input);
  requireTensor(name, target);
  return promoteFloating(name, input, target);
}

export interface WeightedLossOptions extends LossOptions {
  /** Multiplies each element's loss; the mean is then over the sum of the weights. Default: none. */
  weight?: Tensor | null;
}

/** Weights of the elements applied, then the reduction. */
function weighted(loss: Value, { weight = null, reduction = 'mean' }: WeightedLossOptions): Tensor {
  if (weight === null) return wrap(reduced(loss, reduction));
  if (weight.shape.join() !== loss.shape.join()) throw new ShapeError('Weights and input must have the same size.');
  const factors = b.cast(requireTensor('weight', weight), loss.dtype);
  const scaled = b.mul(loss, factors);
  if (reduction !== 'mean') return wrap(reduced(scaled, reduction));
  return wrap(b.div(reduced(scaled, 'sum'), reduced(factors, 'sum')));
}

/** (input - target)^2. (PyTorch: `F.mse_loss`) */
export function mseLoss(input: Tensor, target: Tensor, ...args: LossArguments<WeightedLossOptions>): Tensor {
  const read = readLoss<WeightedLossOptions>('mse_loss', args, ['sizeAverage', 'reduce', 'reduction', 'weight']);
  const difference = b.sub(...pair('mse_loss', input, target));
  return weighted(b.mul(difference, difference), read);
}

/** |input - target|. (PyTorch: `F.l1_loss`) */
export function l1Loss(input: Tensor, target: Tensor, ...args: LossArguments<WeightedLossOptions>): Tensor {
  const read = readLoss<WeightedLossOptions>('l1_loss', args, ['sizeAverage', 'reduce', 'reduction', 'weight']);
  return weighted(b.abs(b.sub(...pair('l1_loss', input, target))), read);
}

export interface SmoothL1Options extends LossOptions {
  /** Where the square ends and the line begins. Default 1. */
  beta?: number;
}

/** With d = input - target: d^2 / (2 beta) where |d| < beta, |d| - beta / 2 elsewhere. (PyTorch: `F.smooth_l1_loss`) */
export function smoothL1Loss(input: Tensor, target: Tensor, ...args: LossArguments<SmoothL1Options>): Tensor {
  const { beta = 1, reduction } = readLoss<SmoothL1Options>('smooth_l1_loss', args, [
    'sizeAverage',
    'reduce',
    'reduction',
    'beta',
  ]);
  if (beta < 0) throw new ChimeraError('smooth_l1_loss does not support negative values for beta.');
  const difference = b.sub(...pair('smooth_l1_loss', input, target));
  const distance = b.abs(difference);
  if (beta === 0) return wrap(reduced(distance, reduction));
  const square = b.mul(b.mul(difference, difference), b.like(difference, 0.5 / beta));
  return wrap(
    reduced(
      b.select(b.lt(distance, b.like(distance, beta)), square, b.sub(distance, b.like(distance, beta / 2))),
      reduction,
    ),
  );
}

export interface HuberOptions extends WeightedLossOptions {
  /** Where the square ends and the line begins. Default 1. */
  delta?: number;
}

/** With d = input - target: d^2 / 2 where |d| <= delta, delta (|d| - delta / 2) elsewhere. (PyTorch: `F.huber_loss`) */
export function huberLoss(input: Tensor, target: Tensor, ...args: LossArguments<HuberOptions>): Tensor {
  const { delta = 1, ...rest } = readLoss<HuberOptions>('huber_loss', args, ['reduction', 'delta', 'weight']);
  if (!(delta > 0)) throw new ChimeraError('huber_loss does not support non-positive values for delta.');
  const difference = b.sub(...pair('huber_loss', input, target));
  const distance = b.abs(difference);
  const square = b.mul(b.mul(difference, difference), b.like(difference, 0.5));
  const line = b.mul(b.sub(distance, b.like(distance, delta / 2)), b.like(distance, delta));
  // At delta both have one slope, and the line's second derivative, 0, is taken.
  return weighted(b.select(b.lt(distance, b.like(distance, delta)), square, line), rest);
}

export interface PoissonNllOptions extends LossOptions {
  /** The input is the logarithm of the rate. Default true. */
  logInput?: boolean;
  /** Adds Stirling's approximation of ln(target!). Default false. */
  full?: boolean;
  /** Keeps ln away from 0 when `logInput` is false. Default 1e-8. */
  eps?: number;
}

/** e^input - target input, or input - target ln(input + eps). (PyTorch: `F.poisson_nll_loss`) */
export function poissonNllLoss(input: Tensor, target: Tensor, ...args: LossArguments<PoissonNllOptions>): Tensor {
  const {
    logInput = true,
    full = false,
    eps = 1e-8,
    reduction,
  } = readLoss<PoissonNllOptions>('poisson_nll_loss', args, [
    'logInput',
    'full',
    'sizeAverage',
    'eps',
    'reduce',
    'reduction',
  ]);
  const [x, y] = pair('poisson_nll_loss', input, target);
  const core = logInput ? b.sub(b.exp(x), b.mul(y, x)) : b.sub(x, b.mul(y, b.log(b.add(x, b.like(x, eps)))));
  if (!full) return wrap(reduced(core, reduction));
  const isLarge = b.gt(y, b.like(y, 1));
  const safe = b.select(isLarge, y, b.like(y, 1));
  const stirling = b.add(
    b.sub(b.mul(y, b.log(safe)), y),
    b.mul(b.like(y, 0.5), b.log(b.mul(b.like(y, 2 * Math.PI), safe))),
  );
  return wrap(reduced(b.add(core, b.select(isLarge, stirling, b.like(y, 0))), reduction));
}

export interface GaussianNllOptions extends LossOptions {
  /** Adds ln(2 pi) / 2. Default false. */
  full?: boolean;
  /** The least variance. Default 1e-6. */
  eps?: number;
}

/**
 * (ln max(var, eps) + (input - target)^2 / max(var, eps)) / 2. `variance` has the shape of input, or lacks its last
 * dimension, or has 1 there, or is a number. (PyTorch: `F.gaussian_nll_loss`)
 */
export function gaussianNllLoss(
  input: Tensor,
  target: Tensor,
  variance: Tensor | number,
  ...args: LossArguments<GaussianNllOptions>
): Tensor {
  const {
    full = false,
    eps = 1e-6,
    reduction = 'mean',
  } = readLoss<GaussianNllOptions>('gaussian_nll_loss', args, ['full', 'eps', 'reduction']);
  const [x, y] = pair('gaussian_nll_loss', input, target);
  if (typeof variance === 'number' && variance < 0) throw new ChimeraError('var has negative entry/entries');
  let v: Value =
    typeof variance === 'number'
      ? b.full(x.shape, variance, x.dtype)
      : b.cast(requireTensor('gaussian_nll_loss', variance), x.dtype);
  if (typeof variance !== 'number' && hostNumbers(variance.node)?.some((value) => value < 0))
    throw new ChimeraError('var has negative entry/entries');
  if (v.shape.join() !== x.shape.join()) {
    const leading = x.shape.slice(0, -1);
    if (v.shape.join() === leading.join()) v = b.reshape(v, [...v.shape, 1]);
    // PyTorch lets one dimension of the variance be 1.
    else if (
      !(
        v.shape.length === x.shape.length &&
        v.shape.filter((extent, i) => extent !== x.shape[i]).every((extent) => extent === 1)
      )
    )
      throw new ShapeError('var is of incorrect size');
  }
  requireReduction(reduction);
  const least = b.like(v, eps);
  // The bound is applied without a gradient: where it holds the gradient passes as if it did not.
  const bounded = b.add(v, b.emit('stopGradient', [b.sub(b.select(b.lt(v, least), least, v), v)], {}));
  const difference = b.sub(x, y);
  let loss = b.mul(b.like(x, 0.5), b.add(b.log(bounded), b.div(b.mul(difference, difference), bounded)));
  if (full) loss = b.add(loss, b.like(x, 0.5 * Math.log(2 * Math.PI)));
  return wrap(reduced(loss, reduction));
}
