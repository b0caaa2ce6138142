import { ChimeraError, DTypeError, ShapeError } from '../../errors.ts';
import { isFloating } from '../../graph/dtype.ts';
import { recorder as b } from '../../graph/node.ts';
import type { Node } from '../../graph/node.ts';
import { sameShape, sizeOf } from '../../graph/shape.ts';
import type { Value } from '../../graph/value.ts';
import { hostNumbers } from '../../tensor/host-values.ts';
import { requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import { floatingNode } from './activation-options.ts';
import type { LossArguments } from './loss-arguments.ts';
import { readLoss } from './loss-arguments.ts';
import type { LossOptions, Reduction } from './reduction.ts';
import { reduced, requireReduction, total } from './reduction.ts';

export interface NllOptions extends LossOptions {
  /** One factor per class. Default: none. */
  weight?: Tensor | null;
  /** Targets of this value do not count. Default -100. (PyTorch: `ignore_index`) */
  ignoreIndex?: number;
}

export interface CrossEntropyOptions extends NllOptions {
  /** The share of the target that is spread over all classes. Default 0. */
  labelSmoothing?: number;
}

/**
 * -weight[target] input[target], input being logarithms of probabilities: [C] and target [], [N, C] and [N], or
 * [N, C, d1, ...] and [N, d1, ...]. The mean is over the weights of the targets. (PyTorch: `F.nll_loss`)
 */
export function nllLoss(input: Tensor, target: Tensor, ...args: LossArguments<NllOptions>): Tensor {
  const {
    weight = null,
    ignoreIndex = -100,
    reduction = 'mean',
  } = readLoss<NllOptions>('nll_loss', args, ['weight', 'sizeAverage', 'ignoreIndex', 'reduce', 'reduction']);
  requireReduction(reduction);
  const logs = floatingNode('nll_loss', input);
  const picked = pickClasses(logs, requireTensor('nll_loss', target), classWeights(logs, weight), ignoreIndex);
  return wrap(picked.loss(reduction));
}

/**
 * -weight[target] ln softmax(input)[target] for class indices (shapes as in `nllLoss`), or -sum over classes of
 * weight target ln softmax(input) for probabilities (target of the shape and kind of input). The mean is over the
 * weights of the targets, or over the samples. (PyTorch: `F.cross_entropy`)
 */
export function crossEntropy(input: Tensor, target: Tensor, ...args: LossArguments<CrossEntropyOptions>): Tensor {
  const {
    weight = null,
    ignoreIndex = -100,
    reduction = 'mean',
    labelSmoothing = 0,
  } = readLoss<CrossEntropyOptions>('cross_entropy', args, [
    'weight',
    'sizeAverage',
    'ignoreIndex',
    'reduce',
    'reduction',
    'labelSmoothing',
  ]);
  requireReduction(reduction);
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1))
    throw new ChimeraError(`label_smoothing must be between 0.0 and 1.0. Got: ${labelSmoothing}`);
  const x = floatingNode('cross_entropy', input);
  const y = requireTensor('cross_entropy', target);
  const axis = x.shape.length === 1 ? 0 : 1;
  const classes = x.shape[axis] ?? 1;
  if (sameShape(x.shape, y.shape)) {
    if (!isFloating(y.dtype))
      throw new DTypeError(`Expected floating point type for target with class probabilities, got ${y.dtype}`);
    if (x.shape.length === 0) throw new ShapeError('Expected 1 or more dimensions (got 0)');
    if (ignoreIndex >= 0) throw new ChimeraError('ignore_index is not supported for floating point target');
    const weights = classWeights(x, weight);
    let shares = b.cast(y, x.dtype);
    if (labelSmoothing > 0)
      shares = b.add(b.mul(shares, b.like(shares, 1 - labelSmoothing)), b.like(shares, labelSmoothing / classes));
    if (weights !== null) shares = b.mul(shares, weights);
    const products = b.mul(b.logSoftmax(x, axis), shares);
    if (reduction === 'none') return wrap(b.neg(b.reduceSum(products, [axis])));
    return wrap(b.mul(total(products), b.like(x, reduction === 'sum' ? -1 : -classes / sizeOf(x.shape))));
  }
  const weights = classWeights(x, weight);
  checkTarget(x, y);
  const logs = b.logSoftmax(x, axis);
  const picked = pickClasses(logs, y, weights, ignoreIndex);
  if (labelSmoothing === 0) return wrap(picked.loss(reduction));
  const spread = b.reduceSum(weights === null ? logs : b.mul(logs, weights), [axis]);
  const counted = b.select(picked.isCounted(), spread, b.like(x, 0));
  const mixed = b.add(
    b.mul(picked.value(), b.like(x, labelSmoothing - 1)),
    b.mul(counted, b.like(x, -labelSmoothing / classes)),
  );
  return wrap(picked.reduce(mixed, reduction));
}

/** Weights of classes, shaped to lie along the class axis. */
function classWeights(x: Value, weight: Tensor | null): Value | null {
  if (weight === null) return null;
  const node = requireTensor('weight', weight);
  const axis = x.shape.length === 1 ? 0 : 1;
  const classes = x.shape[axis]!;
  if (node.shape.length !== 1 || node.shape[0] !== classes)
    throw new ShapeError(
      `weight tensor should be defined either for all ${classes} classes or no classes but got weight tensor of shape: [${node.shape.join(', ')}]`,
    );
  return b.reshape(
    b.cast(node, x.dtype),
    x.shape.map((_, i) => (i === axis ? classes : 1)),
  );
}

/** Throws unless the target has the shape and dtype of class indices for `x`. */
function checkTarget(x: Value, y: Node): void {
  const [rank, targetRank] = [x.shape.length, y.shape.length];
  if (rank === 0) throw new ShapeError('Expected 1 or more dimensions (got 0)');
  if (rank > 1 && x.shape[0] !== (y.shape[0] ?? 1))
    throw new ShapeError(`Expected input batch_size (${x.shape[0]}) to match target batch_size (${y.shape[0] ?? 1}).`);
  const expected = rank === 1 ? [] : [x.shape[0]!, ...x.shape.slice(2)];
  if (!sameShape(y.shape, expected)) {
    if (rank === 1 && targetRank === 1 && y.shape[0] === 1) return;
    if (rank === 2 || (rank === 1 && targetRank > 1))
      throw new ShapeError('0D or 1D target tensor expected, multi-target not supported');
    if (rank === 1)
      throw new ShapeError(`size mismatch (got input: [${x.shape.join(', ')}], target: [${y.shape.join(', ')}])`);
    throw new ShapeError(
      rank === 4 && targetRank === 3
        ? `size mismatch (got input: [${x.shape.join(', ')}] , target: [${y.shape.join(', ')}]`
        : `Expected target size [${expected.join(', ')}], got [${y.shape.join(', ')}]`,
    );
  }
}

interface Picked {
  /** The elements of the targets, weighted; 0 for those that do not count. */
  value(): Value;
  /** Which targets count. */
  isCounted(): Value;
  /** A loss per target after its reduction: the mean is over what counts. */
  reduce(loss: Value, reduction: Reduction): Value;
  /** The negated elements after their reduction. */
  loss(reduction: Reduction): Value;
}

function pickClasses(logs: Value, y: Node, weights: Value | null, ignoreIndex: number): Picked {
  checkTarget(logs, y);
  if (y.dtype !== 'int32') throw new DTypeError(`expected target dtype to be Long or Byte, but got ${y.dtype}`);
  const axis = logs.shape.length === 1 ? 0 : 1;
  const classes = logs.shape[axis]!;
  const known = hostNumbers(y);
  let allCount = known !== null;
  for (const value of known ?? []) {
    if (value === ignoreIndex) allCount = false;
    else if (value < 0 || value >= classes) throw new ChimeraError(`Target ${value} is out of bounds.`);
  }
  // A comparison with every class rather than a gather: its derivative needs no scatter, and -100 matches nothing.
  const index = b.reshape(y, [...logs.shape.slice(0, axis), 1, ...logs.shape.slice(axis + 1)]);
  const places = b.reshape(b.iota(classes), [classes, ...logs.shape.slice(axis + 1).map(() => 1)]);
  const ignored = b.scalar(ignoreIndex, 'int32');
  const zero = b.like(logs, 0);
  let chosen = b.eq(index, places);
  if (!allCount && ignoreIndex >= 0 && ignoreIndex < classes) chosen = b.and(chosen, b.not(b.eq(index, ignored)));
  const pick = (x: Value): Value => {
    const found = b.reduceSum(b.select(chosen, x, zero), [axis]);
    return y.shape.length === 1 && logs.shape.length === 1 ? b.reshape(found, [1]) : found;
  };
  const factor = weights === null ? null : pick(weights);
  const value = (): Value => (factor === null ? pick(logs) : b.mul(pick(logs), factor));
  const isCounted = (): Value => b.not(b.eq(y, ignored));
  const reduce = (loss: Value, reduction: Reduction): Value => {
    if (reduction !== 'mean') return reduced(loss, reduction);
    return b.div(total(loss), total(factor ?? b.mask(isCounted(), logs.dtype)));
  };
  const loss = (reduction: Reduction): Value => {
    if (factor !== null || reduction === 'none') return reduce(b.neg(value()), reduction);
    const sum = total(b.select(chosen, logs, zero));
    if (reduction === 'sum') return b.neg(sum);
    if (allCount) return b.mul(sum, b.like(logs, -1 / sizeOf(y.shape)));
    return b.div(sum, total(b.select(b.eq(y, ignored), zero, b.like(logs, -1))));
  };
  return { value, isCounted, reduce, loss };
}
