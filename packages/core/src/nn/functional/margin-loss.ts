import { ChimeraError, DTypeError, ShapeError } from '../../errors.ts';
import { recorder as b } from '../../graph/node.ts';
import { broadcastShapes, sameShape } from '../../graph/shape.ts';
import type { Value } from '../../graph/value.ts';
import { hostNumbers } from '../../tensor/host-values.ts';
import { promoteFloating, requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import { floatingNode, logSigmoidNode } from './activation-options.ts';
import type { LossArguments } from './loss-arguments.ts';
import { readLoss } from './loss-arguments.ts';
import type { LossOptions } from './reduction.ts';
import { positivePart, reduced, requireReduction, torchSize } from './reduction.ts';

export interface MarginOptions extends LossOptions {
  margin?: number;
}

/** input where target is 1, max(0, margin - input) where it is -1. `margin` is 1 by default. (PyTorch: `F.hinge_embedding_loss`) */
export function hingeEmbeddingLoss(input: Tensor, target: Tensor, ...args: LossArguments<MarginOptions>): Tensor {
  const { margin = 1, reduction } = readLoss<MarginOptions>('hinge_embedding_loss', args, [
    'margin',
    'sizeAverage',
    'reduce',
    'reduction',
  ]);
  requireTensor('hinge_embedding_loss', input);
  requireTensor('hinge_embedding_loss', target);
  const [x, y] = promoteFloating('hinge_embedding_loss', input, target);
  const zero = b.like(x, 0);
  const far = b.select(b.eq(y, b.like(y, 1)), zero, positivePart(b.sub(b.like(x, margin), x)));
  return wrap(reduced(b.add(far, b.select(b.eq(y, b.like(y, -1)), zero, x)), reduction));
}

/** max(0, -target (input1 - input2) + margin), target 1 or -1. `margin` is 0 by default. (PyTorch: `F.margin_ranking_loss`) */
export function marginRankingLoss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  ...args: LossArguments<MarginOptions>
): Tensor {
  const { margin = 0, reduction } = readLoss<MarginOptions>('margin_ranking_loss', args, [
    'margin',
    'sizeAverage',
    'reduce',
    'reduction',
  ]);
  const ranks = [input1, input2, target].map((x) => requireTensor('margin_ranking_loss', x).shape.length);
  if (ranks[0] !== ranks[1] || ranks[0] !== ranks[2])
    throw new ShapeError(
      `margin_ranking_loss : All input tensors should have same dimension but got sizes: input1: ${torchSize(input1.shape)}, input2: ${torchSize(input2.shape)}, target: ${torchSize(target.shape)} `,
    );
  const [first, second] = promoteFloating('margin_ranking_loss', input1, input2);
  const y = b.cast(target.node, first.dtype);
  const product = b.mul(b.neg(y), b.sub(first, second));
  return wrap(reduced(positivePart(margin === 0 ? product : b.add(product, b.like(product, margin))), reduction));
}

/** ln(1 + e^(-target input)), target 1 or -1. (PyTorch: `F.soft_margin_loss`) */
export function softMarginLoss(input: Tensor, target: Tensor, ...args: LossArguments<LossOptions>): Tensor {
  const { reduction } = readLoss<LossOptions>('soft_margin_loss', args, ['sizeAverage', 'reduce', 'reduction']);
  requireTensor('soft_margin_loss', input);
  requireTensor('soft_margin_loss', target);
  const [x, y] = promoteFloating('soft_margin_loss', input, target);
  const wide = broadcastShapes(x.shape, y.shape, 'soft_margin_loss');
  if (!sameShape(wide, x.shape))
    throw new ShapeError(
      `output with shape [${x.shape.join(', ')}] doesn't match the broadcast shape [${wide.join(', ')}]`,
    );
  return wrap(reduced(b.emit('softplus', [b.neg(b.mul(y, x))], {}), reduction));
}

export interface MultiLabelSoftMarginOptions extends LossOptions {
  /** One factor per class. Default: none. */
  weight?: Tensor | null;
}

/** The mean over classes of -(target ln sigmoid(input) + (1 - target) ln sigmoid(-input)); [N, C] or [C]. (PyTorch: `F.multilabel_soft_margin_loss`) */
export function multilabelSoftMarginLoss(
  input: Tensor,
  target: Tensor,
  ...args: LossArguments<MultiLabelSoftMarginOptions>
): Tensor {
  const { weight = null, reduction = 'mean' } = readLoss<MultiLabelSoftMarginOptions>(
    'multilabel_soft_margin_loss',
    args,
    ['weight', 'sizeAverage', 'reduce', 'reduction'],
  );
  requireReduction(reduction);
  requireTensor('multilabel_soft_margin_loss', input);
  requireTensor('multilabel_soft_margin_loss', target);
  const [x, y] = promoteFloating('multilabel_soft_margin_loss', input, target);
  const yes = b.mul(y, logSigmoidNode(x));
  const no = b.mul(b.sub(b.like(y, 1), y), b.emit('softplus', [x], {}));
  let loss = b.sub(no, yes);
  if (weight !== null) loss = b.mul(loss, b.cast(requireTensor('weight', weight), loss.dtype));
  const axis = loss.shape.length - 1;
  return wrap(reduced(axis < 0 ? loss : b.reduceMean(loss, [axis]), reduction));
}

/**
 * For input [N, C] or [C] and target classes listed before the first -1: the sum over targets j and other classes i of
 * max(0, 1 - (input_j - input_i)) / C. (PyTorch: `F.multilabel_margin_loss`)
 */
export function multilabelMarginLoss(input: Tensor, target: Tensor, ...args: LossArguments<LossOptions>): Tensor {
  const { reduction } = readLoss<LossOptions>('multilabel_margin_loss', args, ['sizeAverage', 'reduce', 'reduction']);
  const source = floatingNode('multilabel_margin_loss', input);
  const indices = requireTensor('multilabel_margin_loss', target);
  const rank = source.shape.length;
  if (rank > 2)
    throw new ShapeError(
      `Expected non-empty vector or matrix with optional 0-dim batch size, but got: [${source.shape.join(', ')}]`,
    );
  if (!sameShape(source.shape, indices.shape))
    throw new ShapeError(
      `inconsistent target size: [${indices.shape.join(', ')}] for input of size: [${source.shape.join(', ')}]`,
    );
  if (indices.dtype !== 'int32')
    throw new DTypeError(`multilabel_margin_loss: expected scalar type Long but found ${indices.dtype}`);
  const classes = source.shape.at(-1) ?? 1;
  if (hostNumbers(indices)?.some((value) => value < -1 || value >= classes))
    throw new ChimeraError('target is out of range');
  const rows = rank === 2 ? source.shape[0]! : 1;
  const x = b.reshape(source, [rows, 1, classes]);
  const y = b.reshape(indices, [rows, classes]);
  const ended = b.cumsum(b.mask(b.lt(y, b.scalar(0, 'int32')), source.dtype), 1);
  const isListed = b.reshape(b.eq(ended, b.like(ended, 0)), [rows, classes, 1]);
  // [rows, target, class]
  const isTarget = b.and(b.eq(b.reshape(y, [rows, classes, 1]), b.reshape(b.iota(classes), [1, 1, classes])), isListed);
  const zero = b.like(source, 0);
  const chosen = b.reduceSum(b.select(isTarget, x, zero), [2], true);
  const isOther = b.eq(b.reduceSum(b.mask(isTarget, source.dtype), [1], true), zero);
  const gap = b.add(b.sub(b.like(source, 1), chosen), x);
  const counts = b.and(b.and(isListed, isOther), b.gt(gap, zero));
  const losses = b.mul(b.reduceSum(b.select(counts, gap, zero), [1, 2]), b.like(source, 1 / classes));
  return wrap(reduced(rank === 2 ? losses : b.reshape(losses, []), reduction));
}

export interface MultiMarginOptions extends MarginOptions {
  /** 1 or 2: the power of each difference. Default 1. */
  p?: number;
  /** One factor per class. Default: none. */
  weight?: Tensor | null;
}

/**
 * For input [N, C] or [C] and target classes y [N] or []: the sum over other classes i of
 * weight_y max(0, margin - input_y + input_i)^p / C. `margin` is 1 by default. (PyTorch: `F.multi_margin_loss`)
 */
export function multiMarginLoss(input: Tensor, target: Tensor, ...args: LossArguments<MultiMarginOptions>): Tensor {
  const {
    p = 1,
    margin = 1,
    weight = null,
    reduction,
  } = readLoss<MultiMarginOptions>('multi_margin_loss', args, [
    'p',
    'margin',
    'weight',
    'sizeAverage',
    'reduce',
    'reduction',
  ]);
  if (p !== 1 && p !== 2) throw new ChimeraError('only p == 1 and p == 2 supported');
  const source = floatingNode('multi_margin_loss', input);
  const indices = requireTensor('multi_margin_loss', target);
  const rank = source.shape.length;
  if (rank > 2)
    throw new ShapeError(
      `Expected non-empty vector or matrix with optional 0-dim batch size, but got: [${source.shape.join(', ')}]`,
    );
  const classes = source.shape.at(-1) ?? 1;
  const rows = rank === 2 ? source.shape[0]! : 1;
  if (indices.shape.length > 1 || (indices.shape[0] ?? 1) !== rows)
    throw new ShapeError(
      `multi_margin_loss: target tensor should be 1-D with size equal to the number of input samples (batch size). Expected target size [${rows}], but got [${indices.shape.join(', ')}]. Input has shape [${source.shape.join(', ')}].`,
    );
  if (indices.dtype !== 'int32')
    throw new DTypeError(`multi_margin_loss: expected scalar type Long but found ${indices.dtype}`);
  if (hostNumbers(indices)?.some((value) => value < 0 || value >= classes))
    throw new ChimeraError('target out of range');
  if (weight !== null && (weight.shape.length !== 1 || weight.shape[0] !== classes))
    throw new ShapeError(
      weight.shape.length === 1
        ? `inconsistent weight size, expected ${classes} but got [${weight.shape.join(', ')}]`
        : 'weight must be one-dimensional',
    );
  const x = b.reshape(source, [rows, classes]);
  const isTarget = b.eq(b.reshape(indices, [rows, 1]), b.reshape(b.iota(classes), [1, classes]));
  const zero = b.like(source, 0);
  const pick = (value: Value): Value => b.reduceSum(b.select(isTarget, value, zero), [1], true);
  const gap = b.add(b.sub(b.like(source, margin), pick(x)), x);
  // No gradient flows at the margin itself.
  const inside = b.select(b.or(isTarget, b.le(gap, zero)), zero, gap);
  let losses = p === 1 ? inside : b.mul(inside, inside);
  if (weight !== null) losses = b.mul(losses, pick(b.cast(weight.node, source.dtype)));
  const sums = b.mul(b.reduceSum(losses, [1]), b.like(source, 1 / classes));
  return wrap(reduced(rank === 2 || indices.shape.length === 1 ? sums : b.reshape(sums, []), reduction));
}
