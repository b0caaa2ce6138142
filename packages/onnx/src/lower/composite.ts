import type { CompositeName } from '@chimera-nn/core';
import type { CompositeTable, Lower, Target } from './lowering.ts';

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

const everywhere = {
  relu: plain('Relu'),
  sigmoid: plain('Sigmoid'),
  softmax: alongAxis('Softmax'),
  gelu: (lowering, [x], { attributes: { approximate }, dtype, shape }) =>
    lowering.elementwise('Gelu', [x!], dtype, shape, { approximate }),
  maxPool2d: (lowering, [x], { attributes: { size, stride, padLo, padHi, dilation }, dtype, shape }) =>
    lowering.node(
      'MaxPool',
      [x],
      { kernel_shape: size, strides: stride, pads: [...padLo, ...padHi], dilations: dilation },
      dtype,
      shape,
    ),
} satisfies CompositeTable;

const averagePool2d: Lower<'averagePool2d'> = (
  lowering,
  [x],
  { attributes: { size, stride, padLo, padHi, dilation }, dtype, shape },
) => {
  const places = { kernel_shape: size, strides: stride, pads: [...padLo, ...padHi] };
  if (dilation.every((d) => d === 1))
    return lowering.node('AveragePool', [x], { ...places, count_include_pad: 1 }, dtype, shape);
  // Pools of opset 18 know no dilation, convolutions do.
  const channels = x!.shape[1]!;
  const share = lowering.graph.full(lowering.uniform(1 / (size[0]! * size[1]!), dtype, [channels, 1, ...size]));
  return lowering.node('Conv', [x, share], { ...places, dilations: dilation, group: channels }, dtype, shape);
};

// ONNX Runtime has no WebGPU kernel for LogSoftmax.
const logSoftmax = { logSoftmax: alongAxis<'logSoftmax'>('LogSoftmax') } satisfies CompositeTable;

/** The composites that become nodes of their own on a target; all others must have been expanded. */
export const compositeTables: { readonly [T in Target]: CompositeTable } = {
  wasm: { ...everywhere, ...logSoftmax, averagePool2d },
  portable: { ...everywhere, ...logSoftmax },
  webgpu: { ...everywhere, averagePool2d },
};

/** The composites that a target has nodes for. */
export function nativeComposites(target: Target): readonly CompositeName[] {
  return Object.keys(compositeTables[target]) as CompositeName[];
}
