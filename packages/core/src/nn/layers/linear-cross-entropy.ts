import { ChimeraError, ShapeError } from '../../errors.ts';
import { recorder as b } from '../../graph/node.ts';
import { sizeOf } from '../../graph/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import { readTrailing } from '../arguments.ts';
import type { LinearCrossEntropyOptions } from '../functional/linear-cross-entropy.ts';
import { linearCrossEntropy } from '../functional/linear-cross-entropy.ts';
import { pythonFloat, pythonText, pythonTuple } from '../python-text.ts';
import type { FactoryOptions } from './linear.ts';
import { Linear } from './linear.ts';
import { WeightedLoss } from './loss-base.ts';

export interface LinearCrossEntropyLossOptions extends Omit<LinearCrossEntropyOptions, 'linearBias'>, FactoryOptions {
  /** Dimensions of a loss per position. Default []. (PyTorch: `out_features`) */
  outFeatures?: readonly number[];
  /** Learn a bias. Default false. */
  bias?: boolean;
}

/** Cross entropy of a learned linear map of the input: [N, inFeatures] and targets [N, ...]. (PyTorch: `torch.nn.LinearCrossEntropyLoss`) */
export class LinearCrossEntropyLoss extends WeightedLoss {
  readonly numClasses: number;
  readonly outFeatures: readonly number[];
  readonly ignoreIndex: number | null;
  readonly labelSmoothing: number;
  declare linear: Linear;

  constructor(inFeatures: number, numClasses: number, options: LinearCrossEntropyLossOptions = {}) {
    const {
      outFeatures = [],
      bias = false,
      weight = null,
      reduction,
      ignoreIndex = null,
      labelSmoothing = 0,
      dtype,
      device,
    } = readTrailing<LinearCrossEntropyLossOptions>(
      'LinearCrossEntropyLoss',
      [options],
      [],
      ['outFeatures', 'bias', 'weight', 'reduction', 'ignoreIndex', 'labelSmoothing', 'dtype', 'device'],
    );
    if (weight !== null && (weight.ndim !== 1 || weight.shape[0] !== numClasses))
      throw new ShapeError(
        `expected weight shape to be ${pythonTuple([numClasses])}, got ${pythonTuple(weight.shape)}`,
      );
    if (!(labelSmoothing >= 0 && labelSmoothing <= 1))
      throw new ChimeraError(`expected label_smoothing to be in range [0, 1], got ${labelSmoothing}`);
    super(weight, reduction);
    this.numClasses = numClasses;
    this.outFeatures = [...outFeatures];
    this.ignoreIndex = ignoreIndex;
    this.labelSmoothing = labelSmoothing;
    this.linear = new Linear(inFeatures, numClasses * sizeOf(outFeatures), { bias, dtype, device });
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    const { linear, numClasses, outFeatures, weight, reduction, ignoreIndex, labelSmoothing } = this;
    const linearWeight = wrap(b.reshape(linear.weight.node, [numClasses, ...outFeatures, linear.inFeatures]));
    const linearBias = linear.bias === null ? null : wrap(b.reshape(linear.bias.node, [numClasses, ...outFeatures]));
    return linearCrossEntropy(input, linearWeight, target, {
      linearBias,
      weight,
      reduction,
      ignoreIndex,
      labelSmoothing,
    });
  }

  override extraRepr(): string {
    const { linear, numClasses, outFeatures, reduction, ignoreIndex, labelSmoothing } = this;
    const smoothing = labelSmoothing === 0 ? pythonFloat(0) : pythonText(labelSmoothing);
    return (
      `in_features=${linear.inFeatures}, num_classes=${numClasses}, out_features=${pythonTuple(outFeatures)}, bias=${linear.bias === null ? 'False' : 'True'}, ` +
      `reduction=${reduction}, ignore_index=${pythonText(ignoreIndex)}, label_smoothing=${smoothing}, options=None`
    );
  }
}
