import { ShapeError } from '../../errors.ts';
import { recorder as b } from '../../graph/node.ts';
import { sameShape } from '../../graph/shape.ts';
import type { Shape } from '../../graph/shape.ts';
import type { Value } from '../../graph/value.ts';
import { requireFloatingNode, requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readArguments } from '../arguments.ts';
import type { AffineOptions } from './per-channel.ts';
import { optional } from './per-channel.ts';

export type NormFunctionOptions = AffineOptions;
export interface RMSNormFunctionOptions {
  /** Multiplies the result. Default: nothing. */
  weight?: Tensor | null;
  /** Added to the mean of squares. Default: the dtype's epsilon. */
  eps?: number | null;
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
