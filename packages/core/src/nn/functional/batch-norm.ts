import { noGrad } from '../../autograd/mode.ts';
import { ShapeError } from '../../errors.ts';
import type { Node } from '../../graph/node.ts';
import { recorder as b } from '../../graph/node.ts';
import { sizeOf } from '../../graph/shape.ts';
import type { Value } from '../../graph/value.ts';
import { requireFloatingNode, requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readArguments } from '../arguments.ts';
import type { AffineOptions } from './per-channel.ts';
import { optional, requirePerChannel, scaleChannels } from './per-channel.ts';
import { torchSize } from './reduction.ts';
import type { RunningStatistics } from './running-statistics.ts';
import { batchSums, move, normalizeByRunning } from './running-statistics.ts';

export interface BatchNormFunctionOptions extends AffineOptions {
  /** Normalise by the batch's own statistics, and update the running ones. Default false. */
  training?: boolean;
  /** Share of the batch in the running statistics. Default 0.1. */
  momentum?: number;
}

const batchNormOrder = ['weight', 'bias', 'training', 'momentum', 'eps'] as const;

/**
 * (x - mean) / sqrt(variance + eps) weight + bias over every channel of x [N, C, ...]. In training, mean and variance are
 * the batch's and move the running ones, whose variance is the unbiased one. (PyTorch: `F.batch_norm`)
 */
export function batchNorm(
  x: Tensor,
  ...args:
    | readonly [
        runningMean: Tensor | null,
        runningVar: Tensor | null,
        ...options: Trailing<BatchNormFunctionOptions, typeof batchNormOrder>,
      ]
    | readonly [options: BatchNormFunctionOptions & { runningMean: Tensor | null; runningVar: Tensor | null }]
): Tensor {
  const read = readArguments<{ runningMean: Tensor | null; runningVar: Tensor | null }, BatchNormFunctionOptions>(
    'batchNorm',
    args,
    ['runningMean', 'runningVar'],
    batchNormOrder,
  );
  const { runningMean, runningVar, weight, bias, training = false, momentum = 0.1, eps = 1e-5 } = read;
  const node = requireFloatingNode('batchNorm', requireTensor('batchNorm', x));
  const running =
    runningMean === null || runningVar === null ? null : { mean: runningMean, variance: runningVar, momentum };
  return wrap(normalizeBatch(node, running, optional('batchNorm', weight), optional('batchNorm', bias), training, eps));
}

/** See `batchNorm`. */
export function normalizeBatch(
  x: Node,
  running: RunningStatistics | null,
  weight: Node | null,
  bias: Node | null,
  training: boolean,
  eps: number,
): Value {
  const [n, channels, ...rest] = x.shape as [number, number, ...number[]];
  if (x.shape.length < 2) throw new ShapeError(`batchNorm: expected input [N, C, ...], got [${x.shape.join(', ')}]`);
  const count = n * sizeOf(rest);
  if (training && count === 1)
    throw new ShapeError(`Expected more than 1 value per channel when training, got input size ${torchSize(x.shape)}`);
  if (training ? eps <= 0 : eps < 0)
    throw new RangeError(
      training
        ? `batch_norm eps must be positive during training, but got ${eps}`
        : `batch_norm eps must be non-negative, but got ${eps}`,
    );
  if (!training && running === null)
    throw new ShapeError('Expected running_mean and running_var to be defined when training=False');
  requirePerChannel('running_mean', running?.mean.node ?? null, channels);
  requirePerChannel('running_var', running?.variance.node ?? null, channels);
  requirePerChannel('weight', weight, channels);
  requirePerChannel('bias', bias, channels);
  if (!training) return normalizeByRunning(x, running!, weight, bias, eps);
  const axes = x.shape.map((_, i) => i).filter((i) => i !== 1);
  const normalized = b.emit('standardize', [x], { axes, eps });
  if (running !== null) {
    noGrad(() => {
      const { mean, squares } = batchSums(x, axes, count);
      move(running.mean, b.reshape(mean, [channels]), 1, running.momentum);
      move(running.variance, b.reshape(squares, [channels]), 1 / (count - 1), running.momentum);
    });
  }
  return scaleChannels(normalized, weight, bias);
}
