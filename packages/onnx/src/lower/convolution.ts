import type { ConvolutionOptions, DType, Shape } from '@chimera-nn/core';
import { numbersToHost } from '@chimera-nn/core';
import type { NodeAttributes, Term } from '../graph.ts';
import type { Lowering } from './lowering.ts';
import { family } from './lowering.ts';
import { concat, strided } from './movement.ts';

interface Windows {
  readonly size: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
}

function convolutionAttributes(
  { stride, padLo, padHi, dilation, groups }: ConvolutionOptions,
  kernel: Shape,
): NodeAttributes {
  return { kernel_shape: kernel, strides: stride, dilations: dilation, pads: [...padLo, ...padHi], group: groups };
}

/** A convolution, with an optional bias [O]. */
export function convolve(
  lowering: Lowering,
  x: Term,
  w: Term,
  options: ConvolutionOptions,
  dtype: DType,
  shape: Shape,
  bias?: Term,
): Term {
  const attributes = convolutionAttributes(options, w.shape.slice(2));
  return lowering.node('Conv', bias === undefined ? [x, w] : [x, w, bias], attributes, dtype, shape);
}

/** The adjoint of a convolution in its images. Output padding is what the strides of the convolution left over. */
function transposed(
  lowering: Lowering,
  g: Term,
  w: Term,
  options: ConvolutionOptions,
  inputSize: readonly number[],
  dtype: DType,
  shape: Shape,
): Term {
  const { stride, padLo, padHi, dilation } = options;
  const kernel = w.shape.slice(2);
  const rest = inputSize.map(
    (extent, i) =>
      extent - ((g.shape[i + 2]! - 1) * stride[i]! - padLo[i]! - padHi[i]! + dilation[i]! * (kernel[i]! - 1) + 1),
  );
  return lowering.node(
    'ConvTranspose',
    [g, w],
    { ...convolutionAttributes(options, kernel), output_padding: rest },
    dtype,
    shape,
  );
}

/** Swaps the first two axes within each of `groups` equal parts of the second: [N, G C, ...] to [C, G N, ...]. */
function swapWithinGroups(lowering: Lowering, x: Term, groups: number): Term {
  const [n, c, ...extent] = x.shape as [number, number, number, number];
  if (groups === 1) return lowering.permute(x, [1, 0, 2, 3]);
  const parts = lowering.reshape(x, [n, groups, c / groups, ...extent]);
  return lowering.reshape(lowering.permute(parts, [2, 1, 0, 3, 4]), [c / groups, groups * n, ...extent]);
}

/** Kernels [k, 1, kh, kw] of which the i-th holds a 1 in the i-th place: convolving with them takes windows apart. */
function places(lowering: Lowering, [kh, kw]: readonly number[], dtype: DType): Term {
  const k = kh! * kw!;
  const identity = Array.from({ length: k * k }, (_, i) => (i % (k + 1) === 0 ? 1 : 0));
  return lowering.graph.known(numbersToHost(identity, dtype), dtype, [k, 1, kh!, kw!]);
}

// Windows that lie side by side are a reshape away from the image.
function tiles(extent: readonly number[], { size, stride, dilation }: Windows): boolean {
  return size.every((k, i) => stride[i] === k && (dilation[i] === 1 || k === 1) && extent[i]! % k === 0);
}

function windowOptions({ stride, dilation }: Windows): ConvolutionOptions {
  return { stride, dilation, padLo: [0, 0], padHi: [0, 0], groups: 1 };
}

function windows(lowering: Lowering, x: Term, attributes: Windows, dtype: DType, shape: Shape): Term {
  const [n, c, h, w] = x.shape as [number, number, number, number];
  const [, , k, oh, ow] = shape as [number, number, number, number, number];
  const { size, stride, dilation } = attributes;
  const [kh, kw] = size as [number, number];
  if (k === 1 && stride.every((s) => s === 1)) return lowering.reshape(x, shape);
  if (tiles([h, w], attributes)) {
    const tiled = lowering.reshape(x, [n * c, oh, kh, ow, kw]);
    return lowering.reshape(lowering.permute(tiled, [0, 2, 4, 1, 3]), shape);
  }
  // One node instead of a slice per place, where nodes are what costs.
  if (lowering.webgpu && dtype !== 'int32' && dtype !== 'bool' && k > 2) {
    const images = lowering.reshape(x, [n * c, 1, h, w]);
    const apart = convolve(lowering, images, places(lowering, size, dtype), windowOptions(attributes), dtype, [
      n * c,
      k,
      oh,
      ow,
    ]);
    return lowering.reshape(apart, shape);
  }
  const parts: Term[] = [];
  for (let i = 0; i < kh; i++)
    for (let j = 0; j < kw; j++) {
      const part = strided(lowering, x, [0, 0, i * dilation[0]!, j * dilation[1]!], [n, c, oh, ow], [1, 1, ...stride]);
      parts.push(lowering.reshape(part, [n, c, 1, oh, ow]));
    }
  return concat(lowering, parts, 2, shape);
}

function windowsAdjoint(
  lowering: Lowering,
  g: Term,
  attributes: Windows & { readonly inputSize: readonly number[] },
  dtype: DType,
  shape: Shape,
): Term {
  const [n, c, h, w] = shape as [number, number, number, number];
  const [, , k, oh, ow] = g.shape as [number, number, number, number, number];
  const [kh, kw] = attributes.size as [number, number];
  if (k === 1 && attributes.stride.every((s) => s === 1)) return lowering.reshape(g, shape);
  if (tiles([h, w], attributes)) {
    const apart = lowering.reshape(g, [n * c, kh, kw, oh, ow]);
    return lowering.reshape(lowering.permute(apart, [0, 3, 1, 4, 2]), shape);
  }
  // Transposed convolutions exist for floats only.
  const floating: DType = dtype === 'int32' || dtype === 'bool' ? 'float32' : dtype;
  const images = lowering.cast(lowering.reshape(g, [n * c, k, oh, ow]), floating);
  const kernels = places(lowering, attributes.size, floating);
  const sum = transposed(lowering, images, kernels, windowOptions(attributes), attributes.inputSize, floating, [
    n * c,
    1,
    h,
    w,
  ]);
  return lowering.cast(lowering.reshape(sum, shape), dtype);
}

export const convolution = family({
  conv2d: (lowering, [x, w], { attributes, dtype, shape }) => convolve(lowering, x!, w!, attributes, dtype, shape),
  conv2dInputGrad: (lowering, [g, w], { attributes, dtype, shape }) =>
    transposed(lowering, g!, w!, attributes, attributes.inputSize, dtype, shape),
  // The same sum seen from the kernels: images and batch change places, and so do stride and dilation.
  conv2dWeightGrad: (lowering, [x, g], { attributes: { kernelSize, ...options }, dtype, shape }) => {
    const { stride, dilation, padLo, padHi, groups } = options;
    const [o, perGroup] = shape as [number, number];
    const images = swapWithinGroups(lowering, x!, groups);
    const kernels = lowering.permute(g!, [1, 0, 2, 3]);
    const swapped = { stride: dilation, dilation: stride, padLo, padHi, groups };
    // Rows and columns that the strides did not reach give further places, which are cut off.
    const extent = [0, 1].map((i) => {
      const reach = x!.shape[i + 2]! + padLo[i]! + padHi[i]! - stride[i]! * (g!.shape[i + 2]! - 1) - 1;
      return Math.floor(reach / dilation[i]!) + 1;
    });
    const sums = convolve(lowering, images, kernels, swapped, dtype, [perGroup, o, ...extent]);
    const cut = strided(lowering, sums, [0, 0, 0, 0], [perGroup, o, ...kernelSize], [1, 1, 1, 1]);
    return lowering.permute(cut, [1, 0, 2, 3]);
  },
  windows: (lowering, [x], { attributes, dtype, shape }) => windows(lowering, x!, attributes, dtype, shape),
  windowsAdjoint: (lowering, [g], { attributes, dtype, shape }) =>
    windowsAdjoint(lowering, g!, attributes, dtype, shape),
});
