import { ShapeError } from '../../errors.ts';
import type { Node } from '../../graph/node.ts';
import { recorder as b } from '../../graph/node.ts';
import type { Shape } from '../../graph/shape.ts';
import { sameShape, sizeOf } from '../../graph/shape.ts';
import type { Value } from '../../graph/value.ts';
import { fillAlphaDropout, fillDropout } from '../../random/bernoulli.ts';
import { defaultGenerator } from '../../random/default-generator.ts';
import { numberTable } from '../../tensor/host-values.ts';
import { fromMemory, memoryOrder, shapeInMemory } from '../../tensor/memory-order.ts';
import { requireFloatingNode, requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';

export interface DropoutFunctionOptions {
  /** Probability that an element is dropped. Default 0.5. */
  p?: number;
  /** Whether to drop anything. Default true (false for the alpha forms, as in PyTorch). */
  training?: boolean;
  /** Write the result into the input. Default false. */
  inplace?: boolean;
}
type Arguments = Trailing<DropoutFunctionOptions, ['p', 'training', 'inplace']>;

/** Throws PyTorch's text unless 0 <= p <= 1. */
export function requireProbability(p: unknown): asserts p is number {
  if (typeof p !== 'number')
    throw new TypeError(`dropout: expected p to be a number, got ${p === null ? 'null' : typeof p}`);
  if (!(p >= 0 && p <= 1)) throw new RangeError(`dropout probability has to be between 0 and 1, but got ${p}`);
}

/** Zeros with probability p; what is left is divided by 1 - p. PyTorch's stream. (PyTorch: `F.dropout`) */
export function dropout(x: Tensor, ...options: Arguments): Tensor {
  return apply('dropout', x, options, true, drop, (shape) => shape);
}

/** `dropout` of whole channels of x [N, C, L] or [C, L]. (PyTorch: `F.dropout1d`) */
export function dropout1d(x: Tensor, ...options: Arguments): Tensor {
  return apply('dropout1d', x, options, true, drop, (shape) => {
    if (shape.length !== 2 && shape.length !== 3)
      throw new ShapeError(
        `dropout1d: Expected 2D or 3D input, but received a ${shape.length}D input. Note that dropout1d exists to provide channel-wise dropout on inputs with 1 ` +
          'spatial dimension, a channel dimension, and an optional batch dimension (i.e. 2D or 3D inputs).',
      );
    return shape.length === 2 ? [shape[0]!, 1] : [shape[0]!, shape[1]!, 1];
  });
}
/**
 * `dropout` of whole channels of x [N, C, H, W]. Input of 3 dimensions is taken as [N, C, L]. (PyTorch: `F.dropout2d`)
 */
export function dropout2d(x: Tensor, ...options: Arguments): Tensor {
  return apply('dropout2d', x, options, true, drop, (shape) => featureShape('dropout2d', shape));
}
/** `dropout` of whole channels of x [N, C, D, H, W] or [C, D, H, W]. (PyTorch: `F.dropout3d`) */
export function dropout3d(x: Tensor, ...options: Arguments): Tensor {
  return apply('dropout3d', x, options, true, drop, (shape) =>
    shape.length === 5 ? featureShape('dropout3d', shape) : [shape[0] ?? 1, ...shape.slice(1).map(() => 1)],
  );
}
/** Dropout that keeps mean and variance of SELU's output. (PyTorch: `F.alpha_dropout`) */
export function alphaDropout(x: Tensor, ...options: Arguments): Tensor {
  return apply('alphaDropout', x, options, false, dropAlpha, (shape) => shape);
}
/** `alphaDropout` of whole channels of x [N, C, ...]. (PyTorch: `F.feature_alpha_dropout`) */
export function featureAlphaDropout(x: Tensor, ...options: Arguments): Tensor {
  return apply('featureAlphaDropout', x, options, false, dropAlpha, (shape) =>
    featureShape('featureAlphaDropout', shape),
  );
}

/** One factor per sample and channel. */
function featureShape(name: string, shape: Shape): number[] {
  if (shape.length < 2) throw new ShapeError(`${name}: Feature dropout requires at least 2 dimensions in the input`);
  return [shape[0]!, shape[1]!, ...shape.slice(2).map(() => 1)];
}

type Drop = (x: Node, shape: Shape, p: number) => Value;

function apply(
  name: string,
  x: Tensor,
  args: Arguments,
  byDefault: boolean,
  how: Drop,
  noiseShape: (shape: Shape) => Shape,
): Tensor {
  const {
    p = 0.5,
    training = byDefault,
    inplace = false,
  } = readTrailing<DropoutFunctionOptions>(name, args, ['p', 'training', 'inplace']);
  requireProbability(p);
  const node = requireTensor(name, x);
  const shape = noiseShape(node.shape);
  if (!training || p === 0 || sizeOf(node.shape) === 0) return x;
  const value = how(requireFloatingNode(name, node), shape, p);
  if (!inplace) return wrap(value);
  x.assignNode(value as Node);
  return x;
}

/** Of one factor per element, the order of memory; factors per channel are drawn row by row. */
function orderOf(x: Node, shape: Shape): readonly number[] | null {
  return sameShape(x.shape, shape) ? memoryOrder(x) : null;
}

function drop(x: Node, shape: Shape, p: number): Value {
  const order = orderOf(x, shape);
  const mask = fillDropout(defaultGenerator(), host(x, shape), p, x.dtype as 'float32');
  return b.mul(x, fromMemory(numberTable(mask, shapeInMemory(shape, order), x.dtype), order));
}

function dropAlpha(x: Node, shape: Shape, p: number): Value {
  const scale = host(x, shape);
  const shift = host(x, shape);
  fillAlphaDropout(defaultGenerator(), scale, shift, p, x.dtype as 'float32');
  const order = orderOf(x, shape);
  const table = (values: Float32Array | Float64Array): Value =>
    fromMemory(numberTable(values, shapeInMemory(shape, order), x.dtype), order);
  return b.add(b.mul(x, table(scale)), table(shift));
}

function host(x: Node, shape: Shape): Float32Array | Float64Array {
  return x.dtype === 'float64' ? new Float64Array(sizeOf(shape)) : new Float32Array(sizeOf(shape));
}
