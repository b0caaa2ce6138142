import { sizeOf } from '@chimera-nn/core';
import type { ConvolutionOptions, Shape } from '@chimera-nn/core';
import type { Kernels } from './kernel.ts';

/**
 * Visits every product of the trilinear form that a convolution is: the positions in the images [N, C, H, W], in the
 * kernels [O, C/groups, kh, kw] and in the output [N, O, OH, OW] that meet. Padding takes part in nothing.
 */
function forEachTap(
  images: Shape,
  kernels: Shape,
  output: Shape,
  { stride, padLo, dilation, groups }: Omit<ConvolutionOptions, 'padHi'>,
  visit: (image: number, kernel: number, output: number) => void,
): void {
  const [batch, channels, height, width] = images as [number, number, number, number];
  const [out, perGroup, kernelHeight, kernelWidth] = kernels as [number, number, number, number];
  const [outHeight, outWidth] = output.slice(2) as [number, number];
  const outPerGroup = out / groups;
  for (let n = 0; n < batch; n++)
    for (let o = 0; o < out; o++)
      for (let c = 0; c < perGroup; c++) {
        const channel = Math.floor(o / outPerGroup) * perGroup + c;
        for (let y = 0; y < outHeight; y++)
          for (let x = 0; x < outWidth; x++)
            for (let i = 0; i < kernelHeight; i++)
              for (let j = 0; j < kernelWidth; j++) {
                const row = y * stride[0]! - padLo[0]! + i * dilation[0]!;
                const column = x * stride[1]! - padLo[1]! + j * dilation[1]!;
                if (row < 0 || row >= height || column < 0 || column >= width) continue;
                visit(
                  ((n * channels + channel) * height + row) * width + column,
                  ((o * perGroup + c) * kernelHeight + i) * kernelWidth + j,
                  ((n * out + o) * outHeight + y) * outWidth + x,
                );
              }
      }
}

/** Visits every element of every window [N, C, kh*kw, OH, OW] with its place in the images [N, C, H, W]. */
function forEachWindow(
  images: Shape,
  windows: Shape,
  {
    size,
    stride,
    dilation,
  }: { readonly size: readonly number[]; readonly stride: readonly number[]; readonly dilation: readonly number[] },
  visit: (image: number, window: number) => void,
): void {
  const [batch, channels, height, width] = images as [number, number, number, number];
  const [outHeight, outWidth] = windows.slice(3) as [number, number];
  let window = 0;
  for (let plane = 0; plane < batch * channels; plane++)
    for (let i = 0; i < size[0]!; i++)
      for (let j = 0; j < size[1]!; j++)
        for (let y = 0; y < outHeight; y++)
          for (let x = 0; x < outWidth; x++) {
            const row = y * stride[0]! + i * dilation[0]!;
            const column = x * stride[1]! + j * dilation[1]!;
            visit((plane * height + row) * width + column, window++);
          }
}

export const convolution = {
  conv2d: ([x, w], { shape, attributes }) => {
    const out = new Float64Array(sizeOf(shape));
    forEachTap(x!.shape, w!.shape, shape, attributes, (i, k, o) => (out[o]! += x!.data[i]! * w!.data[k]!));
    return out;
  },
  conv2dInputGrad: ([g, w], { shape, attributes }) => {
    const out = new Float64Array(sizeOf(shape));
    forEachTap(shape, w!.shape, g!.shape, attributes, (i, k, o) => (out[i]! += g!.data[o]! * w!.data[k]!));
    return out;
  },
  conv2dWeightGrad: ([x, g], { shape, attributes }) => {
    const out = new Float64Array(sizeOf(shape));
    forEachTap(x!.shape, shape, g!.shape, attributes, (i, k, o) => (out[k]! += x!.data[i]! * g!.data[o]!));
    return out;
  },
  windows: ([x], { shape, attributes }) => {
    const out = new Float64Array(sizeOf(shape));
    forEachWindow(x!.shape, shape, attributes, (i, window) => (out[window] = x!.data[i]!));
    return out;
  },
  windowsAdjoint: ([g], { shape, attributes }) => {
    const out = new Float64Array(sizeOf(shape));
    forEachWindow(shape, g!.shape, attributes, (i, window) => (out[i]! += g!.data[window]!));
    return out;
  },
} satisfies Partial<Kernels>;
