import type { AttributesOf, CompositeName, DType } from '@chimera-nn/core';
import type { Term } from '../graph.ts';
import type { CompositeTable, Lower, Lowering, Target } from './lowering.ts';
import { pad } from './movement.ts';

function plain<N extends CompositeName>(op: string): Lower<N> {
  return (lowering, inputs, { dtype, shape }) => lowering.elementwise(op, inputs, dtype, shape);
}

function alongAxis<N extends 'softmax' | 'logSoftmax'>(op: string): Lower<N> {
  return (lowering, inputs, instruction) => {
    const { axis } = instruction.attributes as { readonly axis: number };
    if (instruction.shape.length === 0) return lowering.uniform(op === 'Softmax' ? 1 : 0, instruction.dtype);
    return lowering.node(op, inputs, { axis }, instruction.dtype, instruction.shape);
  };
}

/** What a pool pads itself; where that is a whole window or more, engines refuse, and the images are padded before. */
function padded(
  lowering: Lowering,
  x: Term,
  { size, padLo, padHi }: Pick<AttributesOf<'maxPool2d'>, 'size' | 'padLo' | 'padHi'>,
  value: number,
): { readonly images: Term; readonly pads: readonly number[] } {
  if (size.every((extent, i) => padLo[i]! < extent && padHi[i]! < extent))
    return { images: x, pads: [...padLo, ...padHi] };
  return { images: pad(lowering, x, [0, 0, ...padLo], [0, 0, ...padHi], value), pads: [0, 0, 0, 0] };
}

const everywhere = {
  relu: plain('Relu'),
  sigmoid: plain('Sigmoid'),
  softmax: alongAxis('Softmax'),
  gelu: (lowering, [x], { attributes: { approximate }, dtype, shape }) =>
    lowering.elementwise('Gelu', [x!], dtype, shape, { approximate }),
  maxPool2d: (lowering, [x], { attributes: { size, stride, padLo, padHi, dilation }, dtype, shape }) => {
    // Shaders may not know infinities.
    const lowest = dtype === 'float16' ? -65504 : -3.4028234663852886e38;
    const { images, pads } = padded(lowering, x!, { size, padLo, padHi }, lowest);
    return lowering.node(
      'MaxPool',
      [images],
      { kernel_shape: size, strides: stride, pads, dilations: dilation },
      dtype,
      shape,
    );
  },
} satisfies CompositeTable;

const averagePool2d: Lower<'averagePool2d'> = (
  lowering,
  [x],
  { attributes: { size, stride, padLo, padHi, dilation }, dtype, shape },
) => {
  if (dilation.every((d) => d === 1)) {
    const { images, pads } = padded(lowering, x!, { size, padLo, padHi }, 0);
    return lowering.node(
      'AveragePool',
      [images],
      { kernel_shape: size, strides: stride, pads, count_include_pad: 1 },
      dtype,
      shape,
    );
  }
  // Pools of opset 18 know no dilation, convolutions do.
  const channels = x!.shape[1]!;
  const share = lowering.graph.full(lowering.uniform(1 / (size[0]! * size[1]!), dtype, [channels, 1, ...size]));
  const places = { kernel_shape: size, strides: stride, pads: [...padLo, ...padHi], dilations: dilation };
  return lowering.node('Conv', [x, share], { ...places, group: channels }, dtype, shape);
};

// ONNX Runtime has no WebGPU kernel for LogSoftmax.
const logSoftmax = { logSoftmax: alongAxis<'logSoftmax'>('LogSoftmax') } satisfies CompositeTable;

/**
 * LayerNormalization of what is left when the mean is taken away: its variance is the mean of squares less the square of
 * the mean, which keeps no digits of values far from 0.
 */
export function normalize(
  lowering: Lowering,
  x: Term,
  { axis, eps }: AttributesOf<'layerNorm'>,
  weight?: Term,
  bias?: Term,
): { readonly y: Term; readonly scale: Term } {
  const { graph } = lowering;
  const { shape } = x;
  const dtype = x.dtype as DType;
  const kept = shape.map((extent, i) => (i < axis ? extent : 1));
  const axes = [...shape.keys()].slice(axis);
  const mean = lowering.node('ReduceMean', [x, graph.int64(axes)], { keepdims: 1 }, dtype, kept);
  const centered = lowering.elementwise('Sub', [x, mean], dtype, shape);
  const factor = weight ?? graph.full(lowering.uniform(1, dtype, shape.slice(axis)));
  const inputs = [centered, factor, ...(bias === undefined ? [] : [bias])];
  const name = graph.freshName('LayerNormalization');
  const scale = graph.freshName('LayerNormalization');
  graph.addNode('LayerNormalization', inputs, [name, '', scale], { axis, epsilon: { float: eps } });
  return {
    y: { name, dtype, shape, stored: shape },
    // In float32 whatever x is.
    scale: lowering.cast({ name: scale, dtype: 'float32', shape: kept, stored: kept }, dtype),
  };
}

/** Both results of a layer norm, from one node. */
function normalized(lowering: Lowering, x: Term, attributes: AttributesOf<'layerNorm'>): ReturnType<typeof normalize> {
  const { axis, eps } = attributes;
  const name = lowering.graph.nameOf(lowering.graph.full(x));
  return lowering.once(`layerNorm ${name} ${axis} ${eps}`, () => normalize(lowering, x, attributes));
}

const layerNorms = {
  layerNorm: (lowering, [x], { attributes }) => normalized(lowering, x!, attributes).y,
  layerNormScale: (lowering, [x], { attributes }) => normalized(lowering, x!, attributes).scale,
} satisfies CompositeTable;

/** The composites that become nodes of their own on a target; all others must have been expanded. */
export const compositeTables: { readonly [T in Target]: CompositeTable } = {
  wasm: { ...everywhere, ...logSoftmax, averagePool2d },
  portable: { ...everywhere, ...logSoftmax, ...layerNorms },
  webgpu: { ...everywhere, averagePool2d, ...layerNorms },
};

/** The composites that a target has nodes for. */
export function nativeComposites(target: Target): readonly CompositeName[] {
  return Object.keys(compositeTables[target]) as CompositeName[];
}
