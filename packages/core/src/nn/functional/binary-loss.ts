import { ChimeraError, DTypeError, ShapeError } from '../../errors.ts';
import { recorder as b } from '../../graph/node.ts';
import { sameShape } from '../../graph/shape.ts';
import type { Value } from '../../graph/value.ts';
import { hostNumbers } from '../../tensor/host-values.ts';
import { requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import { floatingNode, logSigmoidNode } from './activation-options.ts';
import type { LossArguments } from './loss-arguments.ts';
import { readLoss } from './loss-arguments.ts';
import type { LossOptions } from './reduction.ts';
import { reduced, torchSize } from './reduction.ts';

export interface BinaryCrossEntropyOptions extends LossOptions {
  /** Multiplies each element's loss; broadcasts. Default: none. */
  weight?: Tensor | null;
}

/** -(target ln input + (1 - target) ln(1 - input)), logarithms being at least -100. (PyTorch: `F.binary_cross_entropy`) */
export function binaryCrossEntropy(
  input: Tensor,
  target: Tensor,
  ...args: LossArguments<BinaryCrossEntropyOptions>
): Tensor {
  const { weight = null, reduction } = readLoss<BinaryCrossEntropyOptions>('binary_cross_entropy', args, [
    'weight',
    'sizeAverage',
    'reduce',
    'reduction',
  ]);
  const x = floatingNode('binary_cross_entropy', input);
  const y = requireTensor('binary_cross_entropy', target);
  if (!sameShape(x.shape, y.shape))
    throw new ShapeError(
      `Using a target size (${torchSize(y.shape)}) that is different to the input size (${torchSize(x.shape)}) is deprecated. Please ensure they have the same size.`,
    );
  if (y.dtype !== x.dtype)
    throw new DTypeError(
      `binary_cross_entropy: Found dtype ${y.dtype} but expected ${x.dtype}; convert the target with to('${x.dtype}')`,
    );
  if (hostNumbers(x)?.some((value) => !(value >= 0 && value <= 1)))
    throw new ChimeraError('all elements of input should be between 0 and 1');
  let loss = b.emit('binaryCrossEntropy', [x, y], {});
  if (weight !== null) loss = b.mul(loss, b.cast(requireTensor('binary_cross_entropy', weight), x.dtype));
  return wrap(reduced(loss, reduction));
}

export interface BinaryCrossEntropyWithLogitsOptions extends BinaryCrossEntropyOptions {
  /** Multiplies the loss of positive examples; broadcasts. Default: none. (PyTorch: `pos_weight`) */
  posWeight?: Tensor | null;
}

/** `binaryCrossEntropy` of sigmoid(input), computed so that it does not overflow. (PyTorch: `F.binary_cross_entropy_with_logits`) */
export function binaryCrossEntropyWithLogits(
  input: Tensor,
  target: Tensor,
  ...args: LossArguments<BinaryCrossEntropyWithLogitsOptions>
): Tensor {
  const {
    weight = null,
    posWeight = null,
    reduction,
  } = readLoss<BinaryCrossEntropyWithLogitsOptions>('binary_cross_entropy_with_logits', args, [
    'weight',
    'sizeAverage',
    'reduce',
    'reduction',
    'posWeight',
  ]);
  const x = floatingNode('binary_cross_entropy_with_logits', input);
  const y = requireTensor('binary_cross_entropy_with_logits', target);
  if (!sameShape(x.shape, y.shape))
    throw new ShapeError(`Target size (${torchSize(y.shape)}) must be the same as input size (${torchSize(x.shape)})`);
  if (y.dtype !== x.dtype)
    throw new DTypeError(
      `binary_cross_entropy_with_logits: result type ${x.dtype} can't be cast to the desired output type ${y.dtype}; convert the target with to('${x.dtype}')`,
    );
  let loss: Value;
  const one = b.like(y, 1);
  const no = b.mul(b.sub(one, y), x);
  if (posWeight === null) loss = b.sub(no, logSigmoidNode(x));
  else {
    const factor = b.add(b.mul(b.sub(b.cast(requireTensor('pos_weight', posWeight), x.dtype), one), y), one);
    loss = b.sub(no, b.mul(factor, logSigmoidNode(x)));
  }
  if (weight !== null) loss = b.mul(loss, b.cast(requireTensor('weight', weight), x.dtype));
  return wrap(reduced(loss, reduction));
}
