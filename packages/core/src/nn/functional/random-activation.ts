import { ChimeraError } from '../../errors.ts';
import { recorder as b } from '../../graph/node.ts';
import { normalizeDim } from '../../graph/shape.ts';
import { fillRrelu } from '../../random/bernoulli.ts';
import { fillGumbel } from '../../random/continuous.ts';
import { defaultGenerator } from '../../random/default-generator.ts';
import { hostNumbers } from '../../tensor/host-values.ts';
import { noise } from '../../tensor/noise.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';
import type { InplaceOptions } from './activation-options.ts';
import { finishActivation, floatingNode } from './activation-options.ts';

export interface RandomReluOptions extends InplaceOptions {
  /** The least slope. Default 1/8. */
  lower?: number;
  /** The greatest slope. Default 1/3. */
  upper?: number;
  /** Draw slopes; otherwise the mean slope is used. Default false. */
  training?: boolean;
}

/**
 * x where x > 0, a x elsewhere, with a slope a per element drawn from [lower, upper), or their mean when not training.
 * Slopes are PyTorch's if the values of x are known when it is called; of computed values the signs are not, and a slope
 * is drawn for each element. (PyTorch: `F.rrelu`)
 */
export function rrelu(
  x: Tensor,
  ...args: Trailing<RandomReluOptions, ['lower', 'upper', 'training', 'inplace']>
): Tensor {
  const {
    lower = 1 / 8,
    upper = 1 / 3,
    training = false,
    inplace,
  } = readTrailing<RandomReluOptions>('rrelu', args, ['lower', 'upper', 'training', 'inplace']);
  if (!(lower <= upper))
    throw new ChimeraError(`Lower bound should be less than or equal to the upper bound, got ${lower} and ${upper}`);
  const node = floatingNode('rrelu', x);
  const slope = training
    ? noise(node.dtype, node.shape, (out, precision) =>
        fillRrelu(defaultGenerator(), out, hostNumbers(node) ?? new Float32Array(out.length), lower, upper, precision),
      )
    : b.like(node, (lower + upper) / 2);
  return finishActivation(x, b.select(b.gt(node, b.like(node, 0)), node, b.mul(node, slope)), inplace);
}

export interface GumbelSoftmaxOptions {
  /** Temperature. Default 1. */
  tau?: number;
  /** Give one-hot vectors; the gradient is that of the soft ones. Default false. */
  hard?: boolean;
  /** The dimension that sums to 1. Default -1. */
  dim?: number;
}

/** softmax((logits + g) / tau) with Gumbel noise g. (PyTorch: `F.gumbel_softmax`) */
export function gumbelSoftmax(
  logits: Tensor,
  ...args: Trailing<GumbelSoftmaxOptions & { eps?: number }, ['tau', 'hard', 'eps', 'dim']>
): Tensor {
  const {
    tau = 1,
    hard = false,
    dim = -1,
  } = readTrailing<GumbelSoftmaxOptions & { eps?: number }>('gumbel_softmax', args, ['tau', 'hard', 'eps', 'dim']);
  const node = floatingNode('gumbel_softmax', logits);
  const rank = node.shape.length;
  const axis = normalizeDim(dim, rank, 'gumbel_softmax');
  const gumbels = noise(node.dtype, node.shape, (out, precision) => fillGumbel(defaultGenerator(), out, precision));
  const scaled = b.div(b.add(node, gumbels), b.like(node, tau));
  if (rank === 0) return wrap(b.reshape(b.softmax(b.reshape(scaled, [1]), 0), []));
  const soft = b.softmax(scaled, axis);
  if (!hard) return wrap(soft);
  const classes = node.shape[axis]!;
  const index = b.restoreAxes(b.argMax(soft, axis), node.shape, [axis]);
  const oneHot = b.mask(
    b.eq(
      index,
      b.reshape(
        b.iota(classes),
        node.shape.map((_, i) => (i === axis ? classes : 1)),
      ),
    ),
    node.dtype,
  );
  return wrap(b.add(b.sub(oneHot, b.emit('stopGradient', [soft], {})), soft));
}
