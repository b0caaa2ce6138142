import { DTypeError } from '../errors.ts';
import type { DType } from '../graph/dtype.ts';
import { isFloating } from '../graph/dtype.ts';
import { recorder as b } from '../graph/node.ts';
import { normalizeDim } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { requireOptions, requireTensor, toFloating } from './operand.ts';
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
