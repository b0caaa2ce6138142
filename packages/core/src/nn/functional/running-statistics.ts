import type { Node } from '../../graph/node.ts';
import { recorder as b } from '../../graph/node.ts';
import type { Value } from '../../graph/value.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { perChannel } from './per-channel.ts';

/** Mean and variance that are carried from batch to batch, and how. */
export interface RunningStatistics {
  readonly mean: Tensor;
  readonly variance: Tensor;
  /** Share of the new batch; a node where it is only known when it runs. */
  readonly momentum: number | Value;
}

/** Means, and sums of squares around them. Written as the expansion of standardize is, so that one program computes it once. */
export function batchSums(x: Value, axes: readonly number[], count: number): { mean: Value; squares: Value } {
  const mean = b.mul(b.reduceSum(x, axes, true), b.like(x, 1 / count));
  const centered = b.sub(x, mean);
  return { mean, squares: b.reduceSum(b.mul(centered, centered), axes, true) };
}

/** running = (1 - momentum) running + momentum scale batch. */
export function move(running: Tensor, batch: Value, scale: number, momentum: number | Value): void {
  const old = running.node;
  const value = b.cast(batch, old.dtype);
  const isNumber = typeof momentum === 'number';
  const share = isNumber ? b.like(old, momentum * scale) : b.mul(b.cast(momentum, old.dtype), b.like(old, scale));
  const kept = isNumber ? b.like(old, 1 - momentum) : b.sub(b.like(old, 1), b.cast(momentum, old.dtype));
  running.assignValue(b.add(b.mul(value, share), b.mul(old, kept)) as Node);
}

/** (x - mean) / sqrt(variance + eps) weight + bias with running statistics. */
export function normalizeByRunning(
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
