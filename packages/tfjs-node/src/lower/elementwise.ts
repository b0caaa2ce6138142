import { broadcastShapes, isFloating, sameShape } from '@chimera-nn/core';
import type { Kernels } from '../kernels.ts';
import type { Tensor } from '../sink.ts';
import { Value, channelsLast, commonOrder, isPlain, operand, sameOrder } from '../value.ts';
import type { LowerWith, Lowering } from './lower.ts';
import { castValue, widened } from './lower.ts';

/** Computes in the order of axes that the inputs share, and leaves the result in it. */
export function inCommonOrder(
  compute: (kernels: Kernels, ...operands: [Tensor, ...Tensor[]]) => Tensor,
): LowerWith<unknown> {
  return (k, given, { dtype, shape }) => {
    // Repeated values are computed once, and the result is what repeats.
    const inputs = given.map((x) => x.source ?? x);
    const met = inputs.map((x) => x.shape).reduce((a, b) => broadcastShapes(a, b));
    const order = commonOrder(inputs, met);
    const operands = inputs.map((x) => operand(k, x, order)) as [Tensor, ...Tensor[]];
    const value = new Value(k, dtype, met, compute(k, ...operands), order);
    return sameShape(met, shape) ? value : new Value(k, dtype, shape, value);
  };
}

export function unary(name: string): LowerWith<unknown> {
  return inCommonOrder((k, x) => k.unary(name, x));
}

export function binary(name: string): LowerWith<unknown> {
  return inCommonOrder((k, a, b) => k.binary(name, a, b));
}

function comparison(name: string, ofBooleans: (k: Kernels, a: Tensor, b: Tensor) => Tensor): LowerWith<unknown> {
  return inCommonOrder((k, a, b) => (a.type === 'bool' ? ofBooleans(k, a, b) : k.binary(name, a, b, 'bool')));
}

const add: LowerWith<unknown> = (k, inputs, instruction) =>
  bias(k, inputs, instruction) ?? binary('AddV2')(k, inputs, instruction);

/**
 * x + b with one number per channel of images, or per column of a matrix, as a BiasAdd, which TensorFlow fuses with
 * the convolution or product before it.
 */
function bias(k: Kernels, inputs: readonly Value[], { dtype, shape }: Lowering<unknown>): Value | undefined {
  if (!isFloating(dtype) || shape.length < 2) return undefined;
  const x = inputs.find((value) => value.source === undefined && sameShape(value.shape, shape));
  const other = inputs.find((value) => value !== x);
  if (x === undefined || other === undefined) return undefined;
  const b = other.source ?? other;
  const axis = shape.length === 2 && isPlain(x.order) ? 1 : sameOrder(x.order, channelsLast) ? 1 : undefined;
  if (axis === undefined) return undefined;
  const channels = shape[axis]!;
  const expected = shape.map((_, i) => (i === axis ? channels : 1));
  if (!sameShape(b.shape, expected.slice(expected.length - b.shape.length)) || b.shape.length < shape.length - axis)
    return undefined;
  const sum = k.sink.op({
    name: 'BiasAdd',
    inputs: [x.tensor, k.reshape(b.plain(), [channels])],
    attributes: { T: { type: dtype }, data_format: { text: 'NHWC' } },
    type: dtype,
    shape: x.tensor.shape,
  });
  return new Value(k, dtype, shape, sum, x.order);
}

// TensorFlow's float64 kernel gives NaN for infinities; beyond 6 the result is 1 to the last bit.
const erf = inCommonOrder((k, x) =>
  k.unary(
    'Erf',
    x.type === 'float64'
      ? k.binary('Maximum', k.binary('Minimum', x, k.scalar(6, 'float64')), k.scalar(-6, 'float64'))
      : x,
  ),
);

// The sign of NaN is 0 in PyTorch and NaN in TensorFlow.
const sign = inCommonOrder((k, x) => {
  const signs = k.unary('Sign', x);
  return x.type === 'int32' ? signs : k.select(k.isNaN(x), k.cast(k.scalar(0, 'float32'), x.type), signs);
});

const cast: LowerWith<unknown> = (k, [x], { dtype }) => castValue(k, x!, dtype);

export const elementwise = {
  neg: unary('Neg'),
  abs: unary('Abs'),
  sign,
  floor: unary('Floor'),
  ceil: unary('Ceil'),
  round: unary('Round'),
  exp: unary('Exp'),
  log: unary('Log'),
  sqrt: unary('Sqrt'),
  sin: unary('Sin'),
  cos: unary('Cos'),
  tan: widened(unary('Tan')),
  asin: widened(unary('Asin')),
  acos: widened(unary('Acos')),
  atan: widened(unary('Atan')),
  tanh: unary('Tanh'),
  erf: widened(erf),

  add,
  sub: binary('Sub'),
  mul: binary('Mul'),
  div: binary('RealDiv'),
  integerDiv: binary('TruncateDiv'),
  pow: widened(binary('Pow')),
  maximum: binary('Maximum'),
  minimum: binary('Minimum'),

  less: comparison('Less', (k, a, b) => k.logical('LogicalAnd', k.logical('LogicalNot', a), b)),
  lessEqual: comparison('LessEqual', (k, a, b) => k.logical('LogicalOr', k.logical('LogicalNot', a), b)),
  equal: comparison('Equal', (k, a, b) => k.binary('Equal', a, b, 'bool')),
  logicalNot: inCommonOrder((k, a) => k.logical('LogicalNot', a)),
  logicalAnd: inCommonOrder((k, a, b) => k.logical('LogicalAnd', a, b)),
  logicalOr: inCommonOrder((k, a, b) => k.logical('LogicalOr', a, b)),
  select: inCommonOrder((k, condition, a, b) => k.select(condition, a, b)),
  cast,
};
