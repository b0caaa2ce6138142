import { noGrad } from '../../autograd/mode.ts';
import { ShapeError } from '../../errors.ts';
import type { Node } from '../../graph/node.ts';
import { recorder as b } from '../../graph/node.ts';
import { sameShape, sizeOf } from '../../graph/shape.ts';
import type { Shape } from '../../graph/shape.ts';
import type { Value } from '../../graph/value.ts';
import { fixed, numberTable } from '../../tensor/host-values.ts';
import { requireFloatingNode, requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readArguments, readTrailing } from '../arguments.ts';

interface AffineOptions {
  /** Multiplies the result. Default: nothing. */
  weight?: Tensor | null;
  /** Is added to the result. Default: nothing. */
  bias?: Tensor | null;
  /** Added to the variance. Default 1e-5. */
  eps?: number;
}
export interface BatchNormFunctionOptions extends AffineOptions {
  /** Normalise by the batch's own statistics, and update the running ones. Default false. */
  training?: boolean;
  /** Share of the batch in the running statistics. Default 0.1. */
  momentum?: number;
}
export interface InstanceNormFunctionOptions extends AffineOptions {
  runningMean?: Tensor | null;
  runningVar?: Tensor | null;
  /** Normalise by the instance's own statistics. Default true. */
  useInputStats?: boolean;
  /** Share of the batch in the running statistics. Default 0.1. */
  momentum?: number;
}
export type NormFunctionOptions = AffineOptions;
export interface RMSNormFunctionOptions {
  /** Multiplies the result. Default: nothing. */
  weight?: Tensor | null;
  /** Added to the mean of squares. Default: the dtype's epsilon. */
  eps?: number | null;
}
export interface LocalResponseNormFunctionOptions {
  /** Default 1e-4. */
  alpha?: number;
  /** Default 0.75. */
  beta?: number;
  /** Default 1. */
  k?: number;
}

const batchNormOrder = ['weight', 'bias', 'training', 'momentum', 'eps'] as const;

/** Mean and variance that are carried from batch to batch, and how. */
export interface RunningStatistics {
  readonly mean: Tensor;
  readonly variance: Tensor;
  /** Share of the new batch; a node where it is only known when it runs. */
  readonly momentum: number | Value;
}

function optional(name: string, tensor: Tensor | null | undefined): Node | null {
  return tensor === null || tensor === undefined ? null : requireTensor(name, tensor);
}

/** A vector over channels, shaped to broadcast against [N, C, ...]. */
function perChannel(vector: Value, rank: number): Value {
  return b.reshape(vector, [vector.shape[0]!, ...new Array<number>(rank - 2).fill(1)]);
}

/** y weight + bias over channels. */
function scaleChannels(y: Value, weight: Node | null, bias: Node | null): Value {
  const rank = y.shape.length;
  const scaled = weight === null ? y : b.mul(y, perChannel(weight, rank));
  return bias === null ? scaled : b.add(scaled, perChannel(bias, rank));
}

function requirePerChannel(what: string, vector: Value | null, channels: number): void {
  if (vector !== null && sizeOf(vector.shape) !== channels)
    throw new ShapeError(`${what} should contain ${channels} elements not ${sizeOf(vector.shape)}`);
}

function torchSize(shape: Shape): string {
  return `torch.Size([${shape.join(', ')}])`;
}

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

// Written as the expansion of standardize is, so that one program computes it once.
function batchSums(x: Value, axes: readonly number[], count: number): { mean: Value; squares: Value } {
  const mean = b.mul(b.reduceSum(x, axes, true), b.like(x, 1 / count));
  const centered = b.sub(x, mean);
  return { mean, squares: b.reduceSum(b.mul(centered, centered), axes, true) };
}

/** running = (1 - momentum) running + momentum scale batch. */
function move(running: Tensor, batch: Value, scale: number, momentum: number | Value): void {
  const old = running.node;
  const value = b.cast(batch, old.dtype);
  const isNumber = typeof momentum === 'number';
  const share = isNumber ? b.like(old, momentum * scale) : b.mul(b.cast(momentum, old.dtype), b.like(old, scale));
  const kept = isNumber ? b.like(old, 1 - momentum) : b.sub(b.like(old, 1), b.cast(momentum, old.dtype));
  running.assignValue(b.add(b.mul(value, share), b.mul(old, kept)) as Node);
}

function normalizeByRunning(
  x: Value,
  { mean, variance }: RunningStatistics,
  weight: Value | null,
  bias: Value | null,
  eps: number,
): Value {
  const rank = x.shape.length;
  const m = b.cast(mean.node, x.dtype);
  const deviation = b.sqrt(b.add(b.cast(variance.node, x.dtype), b.like(x, eps)));
  // Per channel first: two operations on the whole tensor are left.
  const scale = b.div(weight ?? b.fullLike(m, 1), deviation);
  const drop = b.mul(m, scale);
  const shift = bias === null ? b.neg(drop) : b.sub(bias, drop);
  return b.add(b.mul(x, perChannel(scale, rank)), perChannel(shift, rank));
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

interface Normalized {
  /** The last dimensions of the input. */
  normalizedShape: number | Shape;
}

function requireTrailing(x: Value, normalizedShape: Shape, star: string): number[] {
  const start = x.shape.length - normalizedShape.length;
  if (start < 0 || !sameShape(x.shape.slice(start), normalizedShape))
    throw new ShapeError(
      `Given normalized_shape=[${normalizedShape.join(', ')}], expected input with shape [*${star}${normalizedShape.join(', ')}], but got input of size[${x.shape.join(', ')}]`,
    );
  return normalizedShape.map((_, i) => start + i);
}

function shapeArgument(name: string, shape: number | Shape): Shape {
  const sizes = typeof shape === 'number' ? [shape] : shape;
  if (!Array.isArray(sizes) || sizes.length === 0)
    throw new TypeError(
      `${name}: Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element, but got normalized_shape = ${String(shape)}`,
    );
  return sizes as Shape;
}

function requireShapeOf(what: string, tensor: Value | null, shape: Shape): void {
  if (tensor !== null && !sameShape(tensor.shape, shape))
    throw new ShapeError(
      `Expected ${what} to be of same shape as normalized_shape, but got ${what} of shape [${tensor.shape.join(', ')}] and normalized_shape = [${shape.join(', ')}]`,
    );
}

/**
 * (x - mean) / sqrt(variance + eps) weight + bias over the last dimensions, which have `normalizedShape`.
 * (PyTorch: `F.layer_norm`)
 */
export function layerNorm(
  x: Tensor,
  ...args:
    | readonly [normalizedShape: number | Shape, ...options: Trailing<NormFunctionOptions, ['weight', 'bias', 'eps']>]
    | readonly [options: NormFunctionOptions & Normalized]
): Tensor {
  const {
    normalizedShape,
    weight,
    bias,
    eps = 1e-5,
  } = readArguments<Normalized, NormFunctionOptions>('layerNorm', args, ['normalizedShape'], ['weight', 'bias', 'eps']);
  const node = requireFloatingNode('layerNorm', requireTensor('layerNorm', x));
  const shape = shapeArgument('layerNorm', normalizedShape);
  const w = optional('layerNorm', weight);
  const shift = optional('layerNorm', bias);
  const axes = requireTrailing(node, shape, ', ');
  requireShapeOf('weight', w, shape);
  requireShapeOf('bias', shift, shape);
  const y = b.emit('layerNorm', [node], { axis: axes[0]!, eps });
  const scaled = w === null ? y : b.mul(y, w);
  return wrap(shift === null ? scaled : b.add(scaled, shift));
}

/** x / sqrt(mean x² + eps) weight over the last dimensions, which have `normalizedShape`. (PyTorch: `F.rms_norm`) */
export function rmsNorm(
  x: Tensor,
  ...args:
    | readonly [normalizedShape: number | Shape, ...options: Trailing<RMSNormFunctionOptions, ['weight', 'eps']>]
    | readonly [options: RMSNormFunctionOptions & Normalized]
): Tensor {
  const { normalizedShape, weight, eps } = readArguments<Normalized, RMSNormFunctionOptions>(
    'rmsNorm',
    args,
    ['normalizedShape'],
    ['weight', 'eps'],
  );
  const node = requireFloatingNode('rmsNorm', requireTensor('rmsNorm', x));
  const shape = shapeArgument('rmsNorm', normalizedShape);
  const axes = requireTrailing(node, shape, '');
  const w = optional('rmsNorm', weight);
  requireShapeOf('weight', w, shape);
  const precision = node.dtype === 'float64' ? 2 ** -52 : node.dtype === 'float32' ? 2 ** -23 : 2 ** -10;
  const root = b.sqrt(b.add(b.reduceMean(b.mul(node, node), axes, true), b.like(node, eps ?? precision)));
  const y = b.div(node, root);
  return wrap(w === null ? y : b.mul(y, w));
}

/** `layerNorm` over groups of channels of x [N, C, ...], then weight and bias per channel. (PyTorch: `F.group_norm`) */
export function groupNorm(
  x: Tensor,
  ...args:
    | readonly [numGroups: number, ...options: Trailing<NormFunctionOptions, ['weight', 'bias', 'eps']>]
    | readonly [options: NormFunctionOptions & { numGroups: number }]
): Tensor {
  const {
    numGroups,
    weight,
    bias,
    eps = 1e-5,
  } = readArguments<{ numGroups: number }, NormFunctionOptions>(
    'groupNorm',
    args,
    ['numGroups'],
    ['weight', 'bias', 'eps'],
  );
  const node = requireFloatingNode('groupNorm', requireTensor('groupNorm', x));
  const { shape } = node;
  if (shape.length < 2)
    throw new ShapeError(`Expected at least 2 dimensions for input tensor but received ${shape.length}`);
  const [n, channels, ...rest] = shape as [number, number, ...number[]];
  const perGroup = Math.floor((n * channels) / numGroups);
  if (perGroup * sizeOf(rest) === 1)
    throw new ShapeError(
      `Expected more than 1 value per channel when training, got input size [${[perGroup, numGroups, ...rest].join(', ')}]`,
    );
  if (channels % numGroups !== 0)
    throw new ShapeError(
      `Expected number of channels in input to be divisible by num_groups, but got input of shape [${shape.join(', ')}] and num_groups=${numGroups}`,
    );
  const w = optional('groupNorm', weight);
  const shift = optional('groupNorm', bias);
  for (const [what, vector] of [
    ['weight', w],
    ['bias', shift],
  ] as const)
    if (vector !== null && (vector.shape.length !== 1 || vector.shape[0] !== channels))
      throw new ShapeError(
        `Expected ${what} to be a vector of size equal to the number of channels in input, but got ${what} of shape [${vector.shape.join(', ')}] and input of shape [${shape.join(', ')}]`,
      );
  const groups = b.reshape(node, [n, numGroups, (channels / numGroups) * sizeOf(rest)]);
  return wrap(scaleChannels(b.reshape(b.emit('layerNorm', [groups], { axis: 2, eps }), shape), w, shift));
}

/**
 * x / (k + alpha mean of x² over `size` neighbouring channels)^beta, x [N, C, ...]; channels beyond the ends count as 0.
 * (PyTorch: `F.local_response_norm`)
 */
export function localResponseNorm(
  x: Tensor,
  ...args:
    | readonly [size: number, ...options: Trailing<LocalResponseNormFunctionOptions, ['alpha', 'beta', 'k']>]
    | readonly [options: LocalResponseNormFunctionOptions & { size: number }]
): Tensor {
  const read = readArguments<{ size: number }, LocalResponseNormFunctionOptions>(
    'localResponseNorm',
    args,
    ['size'],
    ['alpha', 'beta', 'k'],
  );
  const { size, alpha = 1e-4, beta = 0.75, k = 1 } = read;
  const node = requireFloatingNode('localResponseNorm', requireTensor('localResponseNorm', x));
  if (node.shape.length < 3)
    throw new ShapeError(
      `Expected 3D or higher dimensionality                          input (got ${node.shape.length} dimensions)`,
    );
  return wrap(normalizeAcrossChannels(node, Math.floor(size / 2), Math.floor((size - 1) / 2), alpha / size, beta, k));
}

/** x / (k + scale sum of x² from `below` channels before to `above` channels after)^beta. */
export function normalizeAcrossChannels(
  x: Node,
  below: number,
  above: number,
  scale: number,
  beta: number,
  k: number,
  more: Value | null = null,
): Value {
  if (sizeOf(x.shape) === 0) return x;
  const [n, channels] = x.shape as [number, number];
  const squares = b.reshape(b.mul(x, x), [n, 1, channels, sizeOf(x.shape.slice(2))]);
  const windows = b.windows(b.pad(squares, [0, 0, below, 0], [0, 0, above, 0]), {
    size: [below + above + 1, 1],
    stride: [1, 1],
    dilation: [1, 1],
  });
  const sums = b.reshape(b.reduceSum(windows, [2]), x.shape);
  const total = more === null ? sums : b.add(sums, more);
  return b.div(x, b.pow(b.add(b.mul(total, b.like(x, scale)), b.like(x, k)), b.like(x, beta)));
}

/**
 * x / (k + alpha / size sum of x² over neighbouring channels)^beta, x [N, C, H, W], with what PyTorch's running sum does:
 * the first channel stays in it for good, which the gradient does not take for intended.
 */
export function normalizeAcrossMaps(x: Node, size: number, alpha: number, beta: number, k: number): Value {
  const reach = Math.floor((size - 1) / 2);
  const channels = x.shape[1]!;
  const first = b.emit('stopGradient', [b.narrow(x, 1, 0, 1)], {});
  const isBeyond = fixed(
    numberTable(
      Array.from({ length: channels }, (_, c) => (c > reach ? 1 : 0)),
      [channels, 1, 1],
      x.dtype,
    ),
  );
  return normalizeAcrossChannels(x, reach, reach, alpha / size, beta, k, b.mul(b.mul(first, first), isBeyond));
}
