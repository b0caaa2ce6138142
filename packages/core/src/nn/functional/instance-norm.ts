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
import { readTrailing } from '../arguments.ts';
import type { AffineOptions } from './per-channel.ts';
import { optional, requirePerChannel, scaleChannels } from './per-channel.ts';
import { torchSize } from './reduction.ts';
import type { RunningStatistics } from './running-statistics.ts';
import { batchSums, move, normalizeByRunning } from './running-statistics.ts';

export interface InstanceNormFunctionOptions extends AffineOptions {
  runningMean?: Tensor | null;
  runningVar?: Tensor | null;
  /** Normalise by the instance's own statistics. Default true. */
  useInputStats?: boolean;
  /** Share of the batch in the running statistics. Default 0.1. */
  momentum?: number;
}

/**
 * (x - mean) / sqrt(variance + eps) weight + bias, over every channel of every sample of x [N, C, ...].
 * (PyTorch: `F.instance_norm`)
 */
export function instanceNorm(
  x: Tensor,
  ...options: Trailing<
    InstanceNormFunctionOptions,
    ['runningMean', 'runningVar', 'weight', 'bias', 'useInputStats', 'momentum', 'eps']
  >
): Tensor {
  const order = ['runningMean', 'runningVar', 'weight', 'bias', 'useInputStats', 'momentum', 'eps'] as const;
  const {
    runningMean,
    runningVar,
    weight,
    bias,
    useInputStats = true,
    momentum = 0.1,
    eps = 1e-5,
  } = readTrailing<InstanceNormFunctionOptions>('instanceNorm', options, order);
  const node = requireFloatingNode('instanceNorm', requireTensor('instanceNorm', x));
  const running = runningMean && runningVar ? { mean: runningMean, variance: runningVar, momentum } : null;
  return wrap(
    normalizeInstances(
      node,
      running,
      optional('instanceNorm', weight),
      optional('instanceNorm', bias),
      useInputStats,
      eps,
    ),
  );
}

/** See `instanceNorm`. */
export function normalizeInstances(
  x: Node,
  running: RunningStatistics | null,
  weight: Node | null,
  bias: Node | null,
  useInputStats: boolean,
  eps: number,
): Value {
  const [n, channels, ...rest] = x.shape as [number, number, ...number[]];
  const count = sizeOf(rest);
  if (useInputStats && count === 1)
    throw new ShapeError(`Expected more than 1 spatial element when training, got input size ${torchSize(x.shape)}`);
  requirePerChannel('running_mean', running?.mean.node ?? null, channels);
  requirePerChannel('weight', weight, channels);
  requirePerChannel('bias', bias, channels);
  if (!useInputStats) {
    if (running === null)
      throw new ShapeError('Expected running_mean and running_var to be defined when use_input_stats is false');
    return normalizeByRunning(x, running, weight, bias, eps);
  }
  const axes = rest.map((_, i) => i + 2);
  const normalized = b.emit('layerNorm', [x], { axis: 2, eps });
  if (running !== null) {
    noGrad(() => {
      const { mean, squares } = batchSums(x, axes, count);
      move(running.mean, b.reduceSum(b.reshape(mean, [n, channels]), [0]), 1 / n, running.momentum);
      move(
        running.variance,
        b.reduceSum(b.reshape(squares, [n, channels]), [0]),
        1 / (n * (count - 1)),
        running.momentum,
      );
    });
  }
  return scaleChannels(normalized, weight, bias);
}
