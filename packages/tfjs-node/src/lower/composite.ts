import type { AttributesOf, CompositeName } from '@chimera-nn/core';
import { isFloating, sizeOf } from '@chimera-nn/core';
import type { Kernels } from '../kernels.ts';
import type { AttributeValue, Tensor } from '../sink.ts';
import { Value, channelsLast } from '../value.ts';
import { binary, unary } from './elementwise.ts';
import { expand } from './expansion.ts';
import type { Lower, LowerWith } from './lower.ts';
import { widened } from './lower.ts';

/** TensorFlow normalises along the last axis. */
function alongLastAxis(name: string): LowerWith<{ readonly axis: number }> {
  return (k, [x], { attributes: { axis }, dtype, shape }) => {
    const { length } = shape;
    const order = x!.order[length - 1] === axis ? x!.order : [...shape.keys()].filter((i) => i !== axis).concat(axis);
    const logits = x!.in(order);
    const result = k.sink.op({
      name,
      inputs: [logits],
      attributes: { T: { type: dtype } },
      type: dtype,
      shape: logits.shape,
    });
    return new Value(k, dtype, shape, result, order);
  };
}

type Pool = AttributesOf<'maxPool2d'>;

function poolAttributes(type: Tensor['type'], { size, stride, padLo, padHi }: Pool): Record<string, AttributeValue> {
  const padded = [...padLo, ...padHi].some((n) => n !== 0);
  return {
    T: { type },
    ksize: { ints: [1, ...(size as [number, number]), 1] },
    strides: { ints: [1, ...(stride as [number, number]), 1] },
    padding: { text: padded ? 'EXPLICIT' : 'VALID' },
    ...(padded && { explicit_paddings: { ints: [0, 0, padLo[0]!, padHi[0]!, padLo[1]!, padHi[1]!, 0, 0] } }),
    data_format: { text: 'NHWC' },
  };
}

/** TensorFlow pools without dilation, and pads by less than a window. */
function isPoolable({ size, padLo, padHi, dilation }: Pool): boolean {
  return dilation.every((d) => d === 1) && size.every((extent, i) => padLo[i]! < extent && padHi[i]! < extent);
}

function pool(k: Kernels, x: Value, attributes: Pool, shape: Value['shape']): Tensor {
  return k.sink.op({
    name: 'MaxPool',
    inputs: [x.in(channelsLast)],
    attributes: poolAttributes(x.dtype, attributes),
    type: x.dtype,
    shape: channelsLast.map((axis) => shape[axis]!),
  });
}

/** The mean of each window, in which padding counts as zeros. */
function mean(k: Kernels, x: Value, attributes: Pool, shape: Value['shape']): Tensor {
  const { padLo, padHi } = attributes;
  // TensorFlow's own padding does not count.
  const images = k.pad(
    x.in(channelsLast),
    [0, padLo[0]!, padLo[1]!, 0],
    [0, padHi[0]!, padHi[1]!, 0],
    k.scalar(0, x.dtype),
  );
  return k.sink.op({
    name: 'AvgPool',
    inputs: [images],
    attributes: poolAttributes(x.dtype, { ...attributes, padLo: [0, 0], padHi: [0, 0] }),
    type: x.dtype,
    shape: channelsLast.map((axis) => shape[axis]!),
  });
}

const maxPool2d: Lower<'maxPool2d'> = (k, inputs, instruction) => {
  const [x] = inputs as [Value];
  const { attributes, dtype, shape } = instruction;
  if (!isPoolable(attributes)) return expand('maxPool2d', k, inputs, attributes);
  const maxima = pool(k, x, attributes, shape);
  if (!isFloating(dtype)) return new Value(k, dtype, shape, maxima, channelsLast);
  // TensorFlow's maximum of a window passes over NaN. Its mean does not, and is otherwise no larger than the maximum.
  const bounded = k.binary('Minimum', mean(k, x, attributes, shape), maxima);
  return new Value(k, dtype, shape, k.binary('Maximum', maxima, bounded), channelsLast);
};

const maxPool2dGrad: Lower<'maxPool2dGrad'> = (k, inputs, instruction) => {
  const [x, g] = inputs as [Value, Value];
  const { attributes, dtype, shape } = instruction;
  if (sizeOf(g.shape) === 0) return new Value(k, dtype, shape, k.zeros(shape, dtype));
  if (!isPoolable(attributes)) return expand('maxPool2dGrad', k, inputs, attributes);
  const images = x.in(channelsLast);
  const result = k.sink.op({
    name: 'MaxPoolGrad',
    inputs: [images, pool(k, x, attributes, g.shape), g.in(channelsLast)],
    attributes: poolAttributes(dtype, attributes),
    type: dtype,
    shape: images.shape,
  });
  return new Value(k, dtype, shape, result, channelsLast);
};

const averagePool2d: Lower<'averagePool2d'> = (k, inputs, { attributes, dtype, shape }) => {
  if (attributes.dilation.some((d) => d !== 1)) return expand('averagePool2d', k, inputs, attributes);
  return new Value(k, dtype, shape, mean(k, inputs[0]!, attributes, shape), channelsLast);
};

/**
 * The composites that TensorFlow has kernels for. Two of them are not used: its digamma gives NaN where PyTorch's has a
 * pole, and its erfinv is some bits less exact.
 */
export const compositeLowerings: { readonly [N in CompositeName]?: Lower<N> } = {
  relu: unary('Relu'),
  sigmoid: unary('Sigmoid'),
  log1p: unary('Log1p'),
  expm1: unary('Expm1'),
  softmax: widened(alongLastAxis('Softmax')),
  logSoftmax: widened(alongLastAxis('LogSoftmax')),
  maxPool2d,
  maxPool2dGrad,
  averagePool2d: widened(averagePool2d),
  softplus: widened(unary('Softplus')),
  sinh: widened(unary('Sinh')),
  cosh: widened(unary('Cosh')),
  asinh: widened(unary('Asinh')),
  acosh: widened(unary('Acosh')),
  atanh: widened(unary('Atanh')),
  erfc: widened(unary('Erfc')),
  lgamma: widened(unary('Lgamma')),
  atan2: widened(binary('Atan2')),
  fmod: widened(binary('TruncateMod')),
};
