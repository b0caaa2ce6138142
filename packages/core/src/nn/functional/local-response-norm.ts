import { ShapeError } from '../../errors.ts';
import type { Node } from '../../graph/node.ts';
import { recorder as b } from '../../graph/node.ts';
import { sizeOf } from '../../graph/shape.ts';
import type { Value } from '../../graph/value.ts';
import { fixed, numberTable } from '../../tensor/host-values.ts';
import { requireFloatingNode, requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readArguments } from '../arguments.ts';

export interface LocalResponseNormFunctionOptions {
  /** Default 1e-4. */
  alpha?: number;
  /** Default 0.75. */
  beta?: number;
  /** Default 1. */
  k?: number;
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
