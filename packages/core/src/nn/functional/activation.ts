import { leadingTo } from '../../autograd/formal.ts';
import { ChimeraError, ShapeError } from '../../errors.ts';
import type { DType } from '../../graph/dtype.ts';
import type { Node } from '../../graph/node.ts';
import { recorder as b } from '../../graph/node.ts';
import { recording } from '../../graph/scope.ts';
import { normalizeDim } from '../../graph/shape.ts';
import type { Value } from '../../graph/value.ts';
import { requireTensor, toFloating } from '../../tensor/operand.ts';
import { piece } from '../../tensor/piecewise.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';
import { pythonText } from '../python-text.ts';
import type { InplaceOptions } from './activation-options.ts';
import { finishActivation, floatingNode, logSigmoidNode } from './activation-options.ts';

/** max(x, 0). (PyTorch: `F.relu`) */
export function relu(x: Tensor, ...args: Trailing<InplaceOptions, ['inplace']>): Tensor {
  const { inplace } = readTrailing<InplaceOptions>('relu', args, ['inplace']);
  const node = requireTensor('relu', x);
  return finishActivation(x, node.dtype === 'int32' ? b.maximum(node, b.like(node, 0)) : b.relu(node), inplace);
}

/** min(max(x, 0), 6). (PyTorch: `F.relu6`) */
export function relu6(x: Tensor, ...args: Trailing<InplaceOptions, ['inplace']>): Tensor {
  const { inplace } = readTrailing<InplaceOptions>('relu6', args, ['inplace']);
  return finishActivation(x, clip(requireTensor('relu6', x), 0, 6), inplace);
}

/** x clipped to [low, high]; the gradient is 0 at the bounds and beyond. NaN stays. */
function clip(x: Value, low: number, high: number): Value {
  const [lower, upper] = [b.like(x, low), b.like(x, high)];
  return b.select(b.le(x, lower), lower, piece(b.ge(x, upper), upper, x));
}

export interface HardtanhOptions extends InplaceOptions {
  /** Default -1. (PyTorch: `min_val`) */
  minVal?: number;
  /** Default 1. (PyTorch: `max_val`) */
  maxVal?: number;
}

/** x clipped to [minVal, maxVal]. (PyTorch: `F.hardtanh`) */
export function hardtanh(x: Tensor, ...args: Trailing<HardtanhOptions, ['minVal', 'maxVal', 'inplace']>): Tensor {
  const {
    minVal = -1,
    maxVal = 1,
    inplace,
  } = readTrailing<HardtanhOptions>('hardtanh', args, ['minVal', 'maxVal', 'inplace']);
  if (minVal > maxVal) throw new ChimeraError('min_val cannot be greater than max_val');
  return finishActivation(x, clip(requireTensor('hardtanh', x), minVal, maxVal), inplace);
}

/** min(max(x + 3, 0), 6) / 6. (PyTorch: `F.hardsigmoid`) */
export function hardsigmoid(x: Tensor, ...args: Trailing<InplaceOptions, ['inplace']>): Tensor {
  const { inplace } = readTrailing<InplaceOptions>('hardsigmoid', args, ['inplace']);
  const node = floatingNode('hardsigmoid', x);
  return finishActivation(x, b.mul(b.add(clip(node, -3, 3), b.like(node, 3)), b.like(node, 1 / 6)), inplace);
}

/** x min(max(x + 3, 0), 6) / 6. (PyTorch: `F.hardswish`) */
export function hardswish(x: Tensor, ...args: Trailing<InplaceOptions, ['inplace']>): Tensor {
  const { inplace } = readTrailing<InplaceOptions>('hardswish', args, ['inplace']);
  const node = floatingNode('hardswish', x);
  const gate = b.mul(b.add(node, b.like(node, 3)), b.like(node, 1 / 6));
  // The gradient at -3 is 0 and at 3 is 1: the pieces meet outside the gate. -Infinity times 0 is NaN, as in PyTorch.
  const upper = b.select(b.ge(node, b.like(node, 3)), node, b.mul(node, gate));
  return finishActivation(x, b.select(b.le(node, b.like(node, -3)), b.mul(node, b.like(node, 0)), upper), inplace);
}

/** 1 / (1 + e^-x). (PyTorch: `F.sigmoid`) */
export function sigmoid(x: Tensor): Tensor {
  return wrap(b.sigmoid(toFloating(requireTensor('sigmoid', x))));
}

/** Hyperbolic tangent. (PyTorch: `F.tanh`) */
export function tanh(x: Tensor): Tensor {
  return wrap(b.tanh(toFloating(requireTensor('tanh', x))));
}

/** ln(1 / (1 + e^-x)). (PyTorch: `F.logsigmoid`) */
export function logsigmoid(x: Tensor): Tensor {
  return wrap(logSigmoidNode(floatingNode('log_sigmoid', x)));
}

export interface AlphaInplaceOptions extends InplaceOptions {
  /** Default 1. */
  alpha?: number;
}

/** x where x > 0, alpha (e^x - 1) elsewhere. (PyTorch: `F.elu`) */
export function elu(x: Tensor, ...args: Trailing<AlphaInplaceOptions, ['alpha', 'inplace']>): Tensor {
  const { alpha = 1, inplace } = readTrailing<AlphaInplaceOptions>('elu', args, ['alpha', 'inplace']);
  return finishActivation(x, exponentialLinear(floatingNode('elu', x), alpha, 1, 1), inplace);
}

/** max(x, 0) + min(0, alpha (e^(x / alpha) - 1)). (PyTorch: `F.celu`) */
export function celu(x: Tensor, ...args: Trailing<AlphaInplaceOptions, ['alpha', 'inplace']>): Tensor {
  const { alpha = 1, inplace } = readTrailing<AlphaInplaceOptions>('celu', args, ['alpha', 'inplace']);
  if (alpha === 0) throw new ChimeraError('ZeroDivisionError: alpha cannot be 0 for CELU');
  return finishActivation(x, exponentialLinear(floatingNode('celu', x), alpha, 1, 1 / alpha), inplace);
}

/** scale (max(x, 0) + min(0, alpha (e^x - 1))), which keeps mean 0 and variance 1. (PyTorch: `F.selu`) */
export function selu(x: Tensor, ...args: Trailing<InplaceOptions, ['inplace']>): Tensor {
  const { inplace } = readTrailing<InplaceOptions>('selu', args, ['inplace']);
  return finishActivation(
    x,
    exponentialLinear(floatingNode('selu', x), 1.6732632423543772, 1.0507009873554805, 1),
    inplace,
  );
}

function exponentialLinear(x: Value, alpha: number, scale: number, inputScale: number): Value {
  const zero = b.like(x, 0);
  const positive = b.gt(x, zero);
  // e^x may overflow where the other branch is taken, and its gradient with it.
  const safe = b.select(positive, zero, x);
  const curved = b.emit('expm1', [inputScale === 1 ? safe : b.mul(safe, b.like(x, inputScale))], {}) as Node;
  // The slope at 0 is the curve's, its own derivative there is the line's: 0.
  curved.rule = (b, g, { output }) => {
    const slope = b.add(output, b.like(output, 1));
    if (!recording.gradEnabled) return [b.mul(g, slope)];
    return [b.mul(g, b.select(b.eq(output, b.like(output, 0)), b.like(output, 1), slope))];
  };
  return b.select(
    positive,
    scale === 1 ? x : b.mul(x, b.like(x, scale)),
    alpha * scale === 1 ? curved : b.mul(curved, b.like(x, alpha * scale)),
  );
}

export interface LeakyReluOptions extends InplaceOptions {
  /** Slope below 0. Default 0.01. (PyTorch: `negative_slope`) */
  negativeSlope?: number;
}

/** x where x > 0, negativeSlope x elsewhere. (PyTorch: `F.leaky_relu`) */
export function leakyRelu(x: Tensor, ...args: Trailing<LeakyReluOptions, ['negativeSlope', 'inplace']>): Tensor {
  const { negativeSlope = 0.01, inplace } = readTrailing<LeakyReluOptions>('leaky_relu', args, [
    'negativeSlope',
    'inplace',
  ]);
  const node = floatingNode('leaky_relu', x);
  const result = b.select(b.gt(node, b.like(node, 0)), node, b.mul(node, b.like(node, negativeSlope))) as Node;
  result.rule = (b, g, { inputs: [positive, input] }) => [
    null,
    leadingTo(input!, b, b.select(positive!, g, b.mul(g, b.like(g, negativeSlope)))),
    null,
  ];
  return finishActivation(x, result, inplace);
}

/** x sigmoid(x), also called swish. (PyTorch: `F.silu`) */
export function silu(x: Tensor, ...args: Trailing<InplaceOptions, ['inplace']>): Tensor {
  const { inplace } = readTrailing<InplaceOptions>('silu', args, ['inplace']);
  const node = floatingNode('silu', x);
  return finishActivation(x, b.mul(node, b.sigmoid(node)), inplace);
}

/** x tanh(softplus(x)). (PyTorch: `F.mish`) */
export function mish(x: Tensor, ...args: Trailing<InplaceOptions, ['inplace']>): Tensor {
  const { inplace } = readTrailing<InplaceOptions>('mish', args, ['inplace']);
  const node = floatingNode('mish', x);
  return finishActivation(x, b.mul(node, b.tanh(b.emit('softplus', [node], {}))), inplace);
}

export interface GeluOptions {
  /** `'none'`: by erf; `'tanh'`: by its approximation. Default `'none'`. */
  approximate?: 'none' | 'tanh';
}

/** x Phi(x), Phi the normal distribution function. (PyTorch: `F.gelu`) */
export function gelu(x: Tensor, ...args: Trailing<GeluOptions, ['approximate']>): Tensor {
  const { approximate = 'none' } = readTrailing<GeluOptions>('gelu', args, ['approximate']);
  if (approximate !== 'none' && approximate !== 'tanh')
    throw new ChimeraError('approximate argument must be either none or tanh.');
  return wrap(b.emit('gelu', [floatingNode('gelu', x)], { approximate }));
}

export interface SoftplusOptions {
  /** Default 1. */
  beta?: number;
  /** The function is x where beta x is above it. Default 20. */
  threshold?: number;
}

/** ln(1 + e^(beta x)) / beta. (PyTorch: `F.softplus`) */
export function softplus(x: Tensor, ...args: Trailing<SoftplusOptions, ['beta', 'threshold']>): Tensor {
  const { beta = 1, threshold = 20 } = readTrailing<SoftplusOptions>('softplus', args, ['beta', 'threshold']);
  const node = floatingNode('softplus', x);
  const scaled = beta === 1 ? node : b.mul(node, b.like(node, beta));
  const curved = b.emit('softplus', [scaled], {}) as Node;
  // The line's second derivative, 0, begins at the threshold itself.
  const border = b.like(node, threshold);
  curved.rule = (b, g, { inputs: [z] }) => [
    b.mul(g, b.sigmoid(recording.gradEnabled ? b.select(b.lt(z!, border), z!, border) : z!)),
  ];
  return wrap(b.select(b.gt(scaled, border), node, beta === 1 ? curved : b.div(curved, b.like(node, beta))));
}

export { hardshrink, prelu } from '../../tensor/activation.ts';

export interface LambdaOptions {
  /** Default 0.5. (PyTorch: `lambd`) */
  lambd?: number;
}

/** x moved towards 0 by lambd, 0 where |x| <= lambd. (PyTorch: `F.softshrink`) */
export function softshrink(x: Tensor, ...args: Trailing<LambdaOptions, ['lambd']>): Tensor {
  const { lambd = 0.5 } = readTrailing<LambdaOptions>('softshrink', args, ['lambd']);
  const node = floatingNode('softshrink', x);
  if (!(lambd >= 0))
    throw new ChimeraError(
      `lambda must be in range [0, 3.40282e+38] for input dtype ${node.dtype}, but found ${pythonText(lambd)}`,
    );
  const [shift, minus] = [b.like(node, lambd), b.like(node, -lambd)];
  // Between the bounds a product with 0 rather than 0, so that NaN stays.
  const inside = b.mul(node, b.like(node, 0)) as Node;
  inside.rule = (b, g, { inputs: [input] }) => [leadingTo(input!, b, b.mul(g, b.like(g, 0))), null];
  const low = b.select(b.lt(node, minus), b.add(node, shift), inside);
  return wrap(b.select(b.gt(node, shift), b.sub(node, shift), low));
}

/** x / (1 + |x|). (PyTorch: `F.softsign`) */
export function softsign(x: Tensor): Tensor {
  const node = toFloating(requireTensor('softsign', x));
  return wrap(b.div(node, b.add(b.abs(node), b.like(node, 1))));
}

/** x - tanh(x). (PyTorch: `F.tanhshrink`) */
export function tanhshrink(x: Tensor): Tensor {
  const node = toFloating(requireTensor('tanhshrink', x));
  return wrap(b.sub(node, b.tanh(node)));
}

/** x where x > threshold, value elsewhere. (PyTorch: `F.threshold`) */
export function threshold(
  x: Tensor,
  threshold: number,
  value: number,
  ...args: Trailing<InplaceOptions, ['inplace']>
): Tensor {
  const { inplace } = readTrailing<InplaceOptions>('threshold', args, ['inplace']);
  const node = requireTensor('threshold', x);
  if (typeof threshold !== 'number')
    throw new TypeError("threshold() missing 1 required positional argument: 'threshold'");
  if (typeof value !== 'number') throw new TypeError("threshold() missing 1 required positional argument: 'value'");
  return finishActivation(x, piece(b.le(node, b.like(node, threshold)), b.like(node, value), node), inplace);
}

/** a sigmoid(b), a and b the halves of x along a dimension (default the last). (PyTorch: `F.glu`) */
export function glu(x: Tensor, ...args: Trailing<{ dim?: number }, ['dim']>): Tensor {
  const { dim = -1 } = readTrailing<{ dim?: number }>('glu', args, ['dim']);
  const node = floatingNode('glu', x);
  if (node.shape.length === 0) throw new ShapeError('glu does not support 0-dimensional tensors');
  const axis = normalizeDim(dim, node.shape.length, 'glu');
  const extent = node.shape[axis]!;
  if (extent % 2 !== 0) throw new ShapeError(`Halving dimension must be even, but dimension ${axis} is size ${extent}`);
  return wrap(b.mul(b.narrow(node, axis, 0, extent / 2), b.sigmoid(b.narrow(node, axis, extent / 2, extent / 2))));
}

export interface SoftmaxOptions {
  /** The dimension that sums to 1. Without it PyTorch's old rule: 0 for 0, 1 and 3 dimensions, else 1. */
  dim?: number | null;
  /** Converts x first. Default: not. */
  dtype?: DType | null;
}

/** e^x / sum of e^x along a dimension. (PyTorch: `F.softmax`) */
export function softmax(x: Tensor, ...args: Trailing<SoftmaxOptions, ['dim']>): Tensor {
  return wrap(alongDim('softmax', x, args, (node, axis) => b.softmax(node, axis)));
}

/** x - ln sum of e^x along a dimension. (PyTorch: `F.log_softmax`) */
export function logSoftmax(x: Tensor, ...args: Trailing<SoftmaxOptions, ['dim']>): Tensor {
  return wrap(alongDim('log_softmax', x, args, (node, axis) => b.logSoftmax(node, axis)));
}

/** e^-x / sum of e^-x along a dimension. (PyTorch: `F.softmin`) */
export function softmin(x: Tensor, ...args: Trailing<SoftmaxOptions, ['dim']>): Tensor {
  return wrap(alongDim('softmin', x, args, (node, axis) => b.softmax(b.neg(node), axis)));
}

function alongDim(
  name: string,
  x: Tensor,
  args: readonly unknown[],
  compute: (node: Value, axis: number) => Value,
): Value {
  const { dim = null, dtype = null } = readTrailing<SoftmaxOptions>(name, args, ['dim'], ['dtype']);
  const source = requireTensor(name, x);
  const node = dtype === null ? floatingNode(name, x) : b.cast(source, dtype);
  const rank = node.shape.length;
  const axis = dim === null ? (rank === 0 || rank === 1 || rank === 3 ? 0 : 1) : normalizeDim(dim, rank, name);
  if (node.shape.includes(0)) return b.emit('reshape', [node], { shape: node.shape });
  return rank === 0 ? b.reshape(compute(b.reshape(node, [1]), 0), []) : compute(node, axis);
}
