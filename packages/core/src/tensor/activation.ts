import { DTypeError, ShapeError } from '../errors.ts';
import type { DType } from '../graph/dtype.ts';
import { isFloating } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { recorder as b } from '../graph/node.ts';
import { recording } from '../graph/scope.ts';
import { normalizeDim } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { option } from './integers.ts';
import { requireFloatingNode, requireOptions, requireTensor, toFloating } from './operand.ts';
import { piece } from './piecewise.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

/** max(x, 0). (PyTorch: `torch.relu`) */
export function relu(x: Tensor): Tensor {
  const node = requireTensor('relu', x);
  if (node.dtype === 'bool') throw new DTypeError('Boolean inputs not supported for relu');
  return wrap(node.dtype === 'int32' ? b.maximum(node, b.like(node, 0)) : b.relu(node));
}

/** 1 / (1 + e^-x). (PyTorch: `torch.sigmoid`) */
export function sigmoid(x: Tensor): Tensor {
  return wrap(b.sigmoid(toFloating(requireTensor('sigmoid', x))));
}

export interface LogitOptions {
  /** x is clamped to [eps, 1 - eps] first. Default: not. */
  eps?: number | null;
}

/** ln(x / (1 - x)). (PyTorch: `torch.logit`) */
export function logit(x: Tensor, options: LogitOptions | number | null = {}): Tensor {
  if (typeof options === 'object' && options !== null) requireOptions('logit', options, ['eps']);
  const { eps = null } = typeof options === 'number' ? { eps: options } : (options ?? {});
  const node = toFloating(requireTensor('logit', x));
  let inside: Value = node;
  if (eps !== null) {
    inside = b.select(b.lt(inside, b.like(node, eps)), b.like(node, eps), inside);
    inside = b.select(b.gt(inside, b.like(node, 1 - eps)), b.like(node, 1 - eps), inside);
  }
  return wrap(b.sub(b.log(inside), b.log(b.sub(b.like(node, 1), inside))));
}

export interface SoftmaxOptions {
  /** The dimension that sums to 1. */
  dim?: number;
  /** Converts x first. Default: not. */
  dtype?: DType | null;
}

/** e^x / sum of e^x along a dimension. (PyTorch: `torch.softmax`) */
export function softmax(x: Tensor, dim: number | SoftmaxOptions, options: SoftmaxOptions | DType = {}): Tensor {
  return wrap(alongDim('softmax', x, dim, options, (node, axis) => b.softmax(node, axis)));
}

/** x - ln sum of e^x along a dimension. (PyTorch: `torch.log_softmax`) */
export function logSoftmax(x: Tensor, dim: number | SoftmaxOptions, options: SoftmaxOptions | DType = {}): Tensor {
  return wrap(alongDim('log_softmax', x, dim, options, (node, axis) => b.logSoftmax(node, axis)));
}

function alongDim(
  name: string,
  x: Tensor,
  dim: number | SoftmaxOptions,
  options: SoftmaxOptions | DType,
  compute: (node: Value, axis: number) => Value,
): Value {
  const chosen =
    typeof dim === 'object' && dim !== null
      ? dim
      : { dim, ...(typeof options === 'string' ? { dtype: options } : options) };
  requireOptions(name, chosen, ['dim', 'dtype']);
  if (typeof chosen.dim !== 'number')
    throw new TypeError(
      `${name}() missing 1 required argument: 'dim', for example x.${name === 'softmax' ? 'softmax' : 'logSoftmax'}(-1)`,
    );
  const source = requireTensor(name, x);
  const node = chosen.dtype ? b.cast(source, chosen.dtype) : source;
  if (!isFloating(node.dtype))
    throw new DTypeError(
      `${name}: not implemented for '${node.dtype}'; convert it with float() or pass { dtype: 'float32' }`,
    );
  const axis = normalizeDim(chosen.dim, node.shape.length, name);
  if (node.shape.includes(0)) return b.emit('reshape', [node], { shape: node.shape });
  return node.shape.length === 0 ? b.reshape(compute(b.reshape(node, [1]), 0), []) : compute(node, axis);
}

/** x where x > 0, weight x elsewhere; weight [1] or one per channel (dimension 1). (PyTorch: `F.prelu`) */
export function prelu(x: Tensor, weight: Tensor): Tensor {
  const node = requireFloatingNode('prelu', requireTensor('prelu', x));
  const slope = requireTensor('prelu', weight);
  const rank = node.shape.length;
  let shaped: Value = slope;
  if (slope.shape.length !== 0) {
    if (slope.shape.length !== 1)
      throw new ShapeError(
        `prelu: Expected \`weight\` to be a scalar or 1D tensor, but got: ndim = ${slope.shape.length}`,
      );
    const [count] = slope.shape as [number];
    const channels = rank >= 2 ? node.shape[1]! : 1;
    if (count !== 1 && rank === 0) throw new ShapeError('Not allow zero-dim input tensor.');
    if (count !== 1 && count !== channels)
      throw new ShapeError(
        `Mismatch of parameter numbers and input channel size. Found parameter numbers = ${count} and channel size = ${channels}.`,
      );
    shaped = b.reshape(
      slope,
      node.shape.map((_, i) => (i === 1 ? count : 1)),
    );
  }
  const product = b.mul(node, shaped) as Node;
  // Neither factor has a second derivative at 0, where the line begins.
  product.rule = (b, g, { inputs: [input, factor], needs }) => {
    const isCorner = recording.gradEnabled ? b.eq(input!, b.like(input!, 0)) : null;
    const without = (value: Value): Value =>
      isCorner === null ? value : b.select(isCorner, b.emit('stopGradient', [value], {}), value);
    return [needs[0] ? b.mul(g, without(factor!)) : null, needs[1] ? b.mul(g, without(input!)) : null];
  };
  return wrap(b.select(b.gt(node, b.like(node, 0)), node, product));
}

/** x where |x| > lambd (default 0.5), 0 elsewhere. (PyTorch: `torch.hardshrink`) */
export function hardshrink(x: Tensor, lambd: number | { lambd?: number } = 0.5): Tensor {
  const limit = option(lambd, 'lambd', 0.5);
  const node = requireFloatingNode('hardshrink', requireTensor('hardshrink', x));
  const inside = b.and(b.ge(node, b.like(node, -limit)), b.le(node, b.like(node, limit)));
  return wrap(piece(inside, b.like(node, 0), node));
}
