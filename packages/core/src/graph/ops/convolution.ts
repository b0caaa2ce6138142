import { ShapeError } from '../../errors.ts';
import type { ConvolutionOptions } from '../builder.ts';
import { primitive } from '../operation.ts';
import type { Value } from '../value.ts';
import { requireFloating, requireSame } from './elementwise.ts';

export type ConvolutionAttributes = ConvolutionOptions;

export interface WindowAttributes {
  readonly size: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
}

/** floor((input + lo + hi - dilation (kernel - 1) - 1) / stride) + 1, the number of places a kernel fits. */
export function outputExtent(
  input: number,
  kernel: number,
  stride: number,
  lo: number,
  hi: number,
  dilation: number,
): number {
  return Math.floor((input + lo + hi - dilation * (kernel - 1) - 1) / stride) + 1;
}

function spatial(
  name: string,
  size: readonly number[],
  kernel: readonly number[],
  { stride, padLo, padHi, dilation }: ConvolutionOptions,
): number[] {
  return size.map((extent, i) => {
    const out = outputExtent(extent, kernel[i]!, stride[i]!, padLo[i]!, padHi[i]!, dilation[i]!);
    if (out <= 0)
      throw new ShapeError(
        `${name}: Calculated padded input size per channel: (${size.map((n, j) => n + padLo[j]! + padHi[j]!).join(' x ')}). ` +
          `Kernel size: (${kernel.map((n, j) => dilation[j]! * (n - 1) + 1).join(' x ')}). Kernel size can't be greater than actual input size`,
      );
    return out;
  });
}

function requireImages(name: string, a: Value, b: Value): void {
  requireSame(name, a, b);
  requireFloating(name, a);
  if (a.shape.length !== 4 || b.shape.length !== 4)
    throw new ShapeError(`${name}: expected 4-d tensors, got [${a.shape.join(', ')}] and [${b.shape.join(', ')}]`);
}

// A convolution is one trilinear form in input, weight and output; the three operations are its three sides, so
// they close under differentiation.
export const convolution = {
  // x [N, C, H, W], w [O, C/groups, kh, kw] -> [N, O, OH, OW]
  conv2d: primitive<ConvolutionAttributes>({
    doc: 'cross-correlation of images [N, C, H, W] with kernels [O, C/groups, kh, kw]',
    arity: 2,
    infer: ([x, w], attributes) => {
      requireImages('conv2d', x!, w!);
      const [n, c, ...size] = x!.shape as [number, number, number, number];
      const [o, perGroup, ...kernel] = w!.shape as [number, number, number, number];
      const { groups } = attributes;
      if (c !== perGroup * groups)
        throw new ShapeError(
          `Given groups=${groups}, weight of size [${w!.shape.join(', ')}], expected input[${x!.shape.join(', ')}] to have ${perGroup * groups} channels, but got ${c} channels instead`,
        );
      if (o % groups !== 0) throw new ShapeError(`conv2d: ${o} output channels are not divisible by ${groups} groups`);
      return { dtype: x!.dtype, shape: [n, o, ...spatial('conv2d', size, kernel, attributes)] };
    },
    vjp: (b, g, { inputs: [x, w], attributes, needs }) => [
      needs[0] ? b.conv2dInputGrad(g, w!, { ...attributes, inputSize: x!.shape.slice(2) }) : null,
      needs[1] ? b.conv2dWeightGrad(x!, g, { ...attributes, kernelSize: w!.shape.slice(2) }) : null,
    ],
  }),
  // g [N, O, OH, OW], w [O, C/groups, kh, kw] -> [N, C, H, W]; the transposed convolution
  conv2dInputGrad: primitive<ConvolutionAttributes & { readonly inputSize: readonly number[] }>({
    doc: 'the adjoint of conv2d in its images: a transposed convolution onto inputSize',
    arity: 2,
    infer: ([g, w], attributes) => {
      requireImages('conv2dInputGrad', g!, w!);
      const { groups, inputSize } = attributes;
      const [n, o] = g!.shape as [number, number];
      const [o2, perGroup, ...kernel] = w!.shape as [number, number, number, number];
      const expected = spatial('conv2dInputGrad', inputSize, kernel, attributes);
      if (o !== o2 || o % groups !== 0 || expected.some((extent, i) => extent !== g!.shape[i + 2]))
        throw new ShapeError(
          `conv2dInputGrad: cotangent [${g!.shape.join(', ')}] does not fit weight [${w!.shape.join(', ')}] and input size [${inputSize.join(', ')}]`,
        );
      return { dtype: g!.dtype, shape: [n, perGroup * groups, ...inputSize] };
    },
    vjp: (b, h, { inputs: [g, w], attributes, needs }) => [
      needs[0] ? b.conv2d(h, w!, attributes) : null,
      needs[1] ? b.conv2dWeightGrad(h, g!, { ...attributes, kernelSize: w!.shape.slice(2) }) : null,
    ],
  }),
  // x [N, C, H, W], g [N, O, OH, OW] -> [O, C/groups, kh, kw]
  conv2dWeightGrad: primitive<ConvolutionAttributes & { readonly kernelSize: readonly number[] }>({
    doc: 'the adjoint of conv2d in its kernels',
    arity: 2,
    infer: ([x, g], attributes) => {
      requireImages('conv2dWeightGrad', x!, g!);
      const { groups, kernelSize } = attributes;
      const [n, c, ...size] = x!.shape as [number, number, number, number];
      const [n2, o] = g!.shape as [number, number];
      const expected = spatial('conv2dWeightGrad', size, kernelSize, attributes);
      if (n !== n2 || c % groups !== 0 || o % groups !== 0 || expected.some((extent, i) => extent !== g!.shape[i + 2]))
        throw new ShapeError(
          `conv2dWeightGrad: cotangent [${g!.shape.join(', ')}] does not fit images [${x!.shape.join(', ')}] and kernel size [${kernelSize.join(', ')}]`,
        );
      return { dtype: x!.dtype, shape: [o, c / groups, ...kernelSize] };
    },
    vjp: (b, h, { inputs: [x, g], attributes, needs }) => [
      needs[0] ? b.conv2dInputGrad(g!, h, { ...attributes, inputSize: x!.shape.slice(2) }) : null,
      needs[1] ? b.conv2d(x!, h, attributes) : null,
    ],
  }),
  // x [N, C, H, W] -> [N, C, kh kw, OH, OW]: every place of the window, without padding
  windows: primitive<WindowAttributes>({
    doc: 'all windows of images [N, C, H, W] as [N, C, kh*kw, OH, OW]',
    arity: 1,
    infer: ([x], { size, stride, dilation }) => {
      if (x!.shape.length !== 4) throw new ShapeError(`windows: expected a 4-d tensor, got [${x!.shape.join(', ')}]`);
      const [n, c, ...extent] = x!.shape as [number, number, number, number];
      const out = spatial('windows', extent, size, { stride, dilation, padLo: [0, 0], padHi: [0, 0], groups: 1 });
      return { dtype: x!.dtype, shape: [n, c, size[0]! * size[1]!, ...out] };
    },
    vjp: (b, g, { inputs: [x], attributes }) => [b.windowsAdjoint(g, { ...attributes, inputSize: x!.shape.slice(2) })],
  }),
  // g [N, C, kh kw, OH, OW] -> [N, C, H, W]: adds every window back in its place
  windowsAdjoint: primitive<WindowAttributes & { readonly inputSize: readonly number[] }>({
    doc: 'the adjoint of windows: adds windows back into images of inputSize',
    arity: 1,
    infer: ([g], { size, stride, dilation, inputSize }) => {
      const [n, c, k, ...out] = g!.shape as [number, number, number, number, number];
      const expected = spatial('windowsAdjoint', inputSize, size, {
        stride,
        dilation,
        padLo: [0, 0],
        padHi: [0, 0],
        groups: 1,
      });
      if (g!.shape.length !== 5 || k !== size[0]! * size[1]! || expected.some((extent, i) => extent !== out[i]))
        throw new ShapeError(
          `windowsAdjoint: [${g!.shape.join(', ')}] does not fit input size [${inputSize.join(', ')}]`,
        );
      return { dtype: g!.dtype, shape: [n, c, ...inputSize] };
    },
    vjp: (b, h, { attributes: { size, stride, dilation } }) => [b.windows(h, { size, stride, dilation })],
  }),
} as const;
