import type { AttributesOf, CompositeName } from '@chimera-nn/core';
import { sizeOf } from '@chimera-nn/core';
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

const maxPool2d: Lower<'maxPool2d'> = (k, inputs, instruction) => {
  const [x] = inputs as [Value];
  const { attributes, dtype, shape } = instruction;
  if (!isPoolable(attributes)) return expand('maxPool2d', k, inputs, attributes);
  return new Value(k, dtype, shape, pool(k, x, attributes, shape), channelsLast);
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

// TensorFlow's kernel is good to 1e-14, some bits less than float64 has.
const erfinv: Lower<'erfinv'> = (k, inputs, instruction) =>
  instruction.dtype === 'float64'
    ? expand('erfinv', k, inputs, instruction.attributes)
    : widened(unary('Erfinv'))(k, inputs, instruction);

/** The composites that TensorFlow has kernels for. Its digamma gives NaN where PyTorch's has a pole. */
export const compositeLowerings = {
  relu: unary('Relu'),
  sigmoid: unary('Sigmoid'),
  log1p: unary('Log1p'),
  expm1: unary('Expm1'),
  softmax: widened(alongLastAxis('Softmax')),
  logSoftmax: widened(alongLastAxis('LogSoftmax')),
  maxPool2d,
  maxPool2dGrad,
  sinh: widened(unary('Sinh')),
  cosh: widened(unary('Cosh')),
  asinh: widened(unary('Asinh')),
  acosh: widened(unary('Acosh')),
  atanh: widened(unary('Atanh')),
  erfc: widened(unary('Erfc')),
  erfinv,
  lgamma: widened(unary('Lgamma')),
  atan2: widened(binary('Atan2')),
  fmod: widened(binary('TruncateMod')),
} satisfies { readonly [N in CompositeName]?: Lower<N> };
