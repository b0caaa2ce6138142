import type { AttributesOf, Shape } from '@chimera-nn/core';
import { sizeOf } from '@chimera-nn/core';
import type { Kernels } from '../kernels.ts';
import type { AttributeValue, Tensor } from '../sink.ts';
import type { Order } from '../value.ts';
import { Value, channelsLast } from '../value.ts';
import type { Lower } from './lower.ts';
import { widened } from './lower.ts';

type Convolution = AttributesOf<'conv2d'>;

/** Kernels [O, I, kh, kw] stored as [kh, kw, I, O]. */
const outputLast: Order = [2, 3, 1, 0];

/** The attributes that convolutions and their adjoints share, for images stored channels-last. */
function convolutionAttributes(
  type: Tensor['type'],
  { stride, padLo, padHi, dilation }: Convolution,
): Record<string, AttributeValue> {
  const padded = [...padLo, ...padHi].some((n) => n !== 0);
  return {
    T: { type },
    strides: { ints: [1, ...(stride as [number, number]), 1] },
    padding: { text: padded ? 'EXPLICIT' : 'VALID' },
    ...(padded && { explicit_paddings: { ints: [0, 0, padLo[0]!, padHi[0]!, padLo[1]!, padHi[1]!, 0, 0] } }),
    data_format: { text: 'NHWC' },
    dilations: { ints: [1, ...(dilation as [number, number]), 1] },
  };
}

/** [kh, kw, ...] with dilation - 1 zeros between its rows and columns: the kernel that a dilated one stands for. */
function interleaveZeros(k: Kernels, w: Tensor, [dh, dw]: readonly [number, number]): Tensor {
  if (dh === 1 && dw === 1) return w;
  const [kh, kw, ...rest] = w.shape as [number, number, ...number[]];
  const none = [0, 0, 0, 0, ...rest.map(() => 0)];
  const spread = k.pad(
    k.reshape(w, [kh, 1, kw, 1, ...rest]),
    none,
    [0, dh - 1, 0, dw - 1, ...rest.map(() => 0)],
    k.cast(k.scalar(0, 'float32'), w.type),
  );
  const sizes = [dh * (kh - 1) + 1, dw * (kw - 1) + 1, ...rest];
  return k.slice(
    k.reshape(spread, [kh * dh, kw * dw, ...rest]),
    sizes.map(() => 0),
    sizes,
  );
}

/** The inverse of `interleaveZeros`: every dilation-th row and column. */
function takeStrided(
  k: Kernels,
  w: Tensor,
  [dh, dw]: readonly [number, number],
  [kh, kw]: readonly [number, number],
): Tensor {
  if (dh === 1 && dw === 1) return w;
  const rest = w.shape.slice(2);
  const padded = k.pad(
    w,
    w.shape.map(() => 0),
    [kh * dh - w.shape[0]!, kw * dw - w.shape[1]!, ...rest.map(() => 0)],
    k.cast(k.scalar(0, 'float32'), w.type),
  );
  const split = k.reshape(padded, [kh, dh, kw, dw, ...rest]);
  return k.reshape(
    k.slice(
      split,
      split.shape.map(() => 0),
      [kh, 1, kw, 1, ...rest],
    ),
    [kh, kw, ...rest],
  );
}

function pair(values: readonly number[]): readonly [number, number] {
  return values as readonly [number, number];
}

/** Dilation in the kernel's zeros instead of the attributes. */
function undilated(attributes: Convolution): Convolution {
  return { ...attributes, dilation: [1, 1] };
}

/** One channel per group, in a form that the depthwise kernels take. */
function isDepthwise(channels: number, { groups, stride, dilation }: Convolution): boolean {
  return groups > 1 && groups === channels && stride[0] === stride[1] && dilation.every((d) => d === 1);
}

/** [O, 1, kh, kw] as the depthwise kernels' [kh, kw, C, O/C]. */
function depthwiseKernel(k: Kernels, w: Value, channels: number): Tensor {
  const [o, , kh, kw] = w.shape as [number, number, number, number];
  return k.transpose(k.reshape(w.plain(), [channels, o / channels, kh, kw]), [2, 3, 0, 1]);
}

/** One of `groups` equal parts along an axis. */
function part(k: Kernels, x: Tensor, axis: number, group: number, groups: number): Tensor {
  const sizes = x.shape.map((extent, i) => (i === axis ? extent / groups : extent));
  return k.slice(
    x,
    sizes.map((extent, i) => (i === axis ? group * extent : 0)),
    sizes,
  );
}

function eachGroup(groups: number, compute: (group: number) => Tensor): Tensor[] {
  return Array.from({ length: groups }, (_, group) => compute(group));
}

function last(shape: Shape): Shape {
  return channelsLast.map((axis) => shape[axis]!);
}

function isEmpty(inputs: readonly Value[]): boolean {
  return inputs.some((x) => sizeOf(x.shape) === 0);
}

const conv2d: Lower<'conv2d'> = (k, [x, w], { attributes, dtype, shape }) => {
  if (isEmpty([x!, w!])) return new Value(k, dtype, shape, k.zeros(shape, dtype));
  const images = x!.in(channelsLast);
  const { groups } = attributes;
  const channels = x!.shape[1]!;
  if (isDepthwise(channels, attributes)) {
    // TensorFlow's optimizer loses the padding where it fuses a bias into this operation, and then ends the process.
    const { padLo, padHi } = attributes;
    const padded = k.pad(images, [0, padLo[0]!, padLo[1]!, 0], [0, padHi[0]!, padHi[1]!, 0], k.scalar(0, dtype));
    const result = k.sink.op({
      name: 'DepthwiseConv2dNative',
      inputs: [padded, depthwiseKernel(k, w!, channels)],
      attributes: convolutionAttributes(dtype, { ...attributes, padLo: [0, 0], padHi: [0, 0] }),
      type: dtype,
      shape: last(shape),
    });
    return new Value(k, dtype, shape, result, channelsLast);
  }
  const kernel = w!.in(outputLast);
  const convolve = (part_: Tensor, filter: Tensor): Tensor =>
    k.sink.op({
      name: 'Conv2D',
      inputs: [part_, filter],
      attributes: convolutionAttributes(dtype, attributes),
      type: dtype,
      shape: [...last(shape).slice(0, 3), filter.shape[3]!],
    });
  const results = eachGroup(groups, (group) =>
    convolve(part(k, images, 3, group, groups), part(k, kernel, 3, group, groups)),
  );
  return new Value(k, dtype, shape, k.concat(results, 3), channelsLast);
};

const conv2dInputGrad: Lower<'conv2dInputGrad'> = (k, [g, w], { attributes, dtype, shape }) => {
  if (isEmpty([g!, w!])) return new Value(k, dtype, shape, k.zeros(shape, dtype));
  const cotangent = g!.in(channelsLast);
  const { groups, dilation } = attributes;
  const channels = shape[1]!;
  const spread = (name: string, filter: Tensor, part_: Tensor, partShape: Shape): Tensor =>
    k.sink.op({
      name,
      inputs: [k.integers(partShape), filter, part_],
      attributes: convolutionAttributes(dtype, undilated(attributes)),
      type: dtype,
      shape: partShape,
    });
  const size = last(shape);
  if (isDepthwise(channels, attributes))
    return new Value(
      k,
      dtype,
      shape,
      spread('DepthwiseConv2dNativeBackpropInput', depthwiseKernel(k, w!, channels), cotangent, size),
      channelsLast,
    );
  const kernel = interleaveZeros(k, w!.in(outputLast), pair(dilation));
  const partSize = [...size.slice(0, 3), channels / groups];
  const results = eachGroup(groups, (group) =>
    spread('Conv2DBackpropInput', part(k, kernel, 3, group, groups), part(k, cotangent, 3, group, groups), partSize),
  );
  return new Value(k, dtype, shape, k.concat(results, 3), channelsLast);
};

const conv2dWeightGrad: Lower<'conv2dWeightGrad'> = (k, [x, g], { attributes, dtype, shape }) => {
  if (isEmpty([x!, g!])) return new Value(k, dtype, shape, k.zeros(shape, dtype));
  const images = x!.in(channelsLast);
  const cotangent = g!.in(channelsLast);
  const { groups, dilation } = attributes;
  const [outputs, perGroup, kh, kw] = shape as [number, number, number, number];
  const correlate = (name: string, part_: Tensor, cotangentPart: Tensor, filterShape: Shape): Tensor =>
    k.sink.op({
      name,
      inputs: [part_, k.integers(filterShape), cotangentPart],
      attributes: convolutionAttributes(dtype, undilated(attributes)),
      type: dtype,
      shape: filterShape,
    });
  const channels = x!.shape[1]!;
  if (isDepthwise(channels, attributes)) {
    const filter = correlate('DepthwiseConv2dNativeBackpropFilter', images, cotangent, [
      kh,
      kw,
      channels,
      outputs / channels,
    ]);
    return new Value(k, dtype, shape, k.reshape(k.transpose(filter, [2, 3, 0, 1]), shape));
  }
  const [dh, dw] = pair(dilation);
  const filterShape = [dh * (kh - 1) + 1, dw * (kw - 1) + 1, perGroup, outputs / groups];
  const results = eachGroup(groups, (group) =>
    correlate(
      'Conv2DBackpropFilter',
      part(k, images, 3, group, groups),
      part(k, cotangent, 3, group, groups),
      filterShape,
    ),
  );
  const filter = takeStrided(k, k.concat(results, 3), pair(dilation), [kh, kw]);
  // The update that follows is done in the parameter's own layout.
  return new Value(k, dtype, shape, k.transpose(filter, [3, 2, 0, 1]));
};

/** [N, C, kh kw, OH, OW] stored as [N, OH, OW, kh kw, C]. */
const windowsLast: Order = [0, 3, 4, 2, 1];

const windows: Lower<'windows'> = (k, [x], { attributes: { size, stride, dilation }, dtype, shape }) => {
  const [n, c, places, oh, ow] = shape as [number, number, number, number, number];
  const patches = k.sink.op({
    name: 'ExtractImagePatches',
    inputs: [x!.in(channelsLast)],
    attributes: {
      T: { type: dtype },
      ksizes: { ints: [1, ...pair(size), 1] },
      strides: { ints: [1, ...pair(stride), 1] },
      rates: { ints: [1, ...pair(dilation), 1] },
      padding: { text: 'VALID' },
    },
    type: dtype,
    shape: [n, oh, ow, places * c],
  });
  return new Value(k, dtype, shape, k.reshape(patches, [n, oh, ow, places, c]), windowsLast);
};

const windowsAdjoint: Lower<'windowsAdjoint'> = (
  k,
  [g],
  { attributes: { size, stride, dilation, inputSize }, dtype, shape },
) => {
  if (isEmpty([g!])) return new Value(k, dtype, shape, k.zeros(shape, dtype));
  const [n, c, , oh, ow] = g!.shape as [number, number, number, number, number];
  const [, kw] = pair(size);
  const [sh, sw] = pair(stride);
  const [dh, dw] = pair(dilation);
  const [h, w] = pair(inputSize);
  const zero = k.scalar(0, dtype);
  if (size[0] === sh && kw === sw && (dh === 1 || sh === 1) && (dw === 1 || sw === 1)) {
    // Windows that touch and do not overlap are the image in another arrangement, but for its uncovered edge.
    const tiles = k.transpose(k.reshape(g!.in(windowsLast), [n, oh, ow, sh, sw, c]), [0, 1, 3, 2, 4, 5]);
    const image = k.reshape(tiles, [n, oh * sh, ow * sw, c]);
    return new Value(k, dtype, shape, k.pad(image, [0, 0, 0, 0], [0, h - oh * sh, w - ow * sw, 0], zero), channelsLast);
  }
  const last5 = g!.in(windowsLast);
  // Every place of the window is a picture of its own: its pixels, stride apart, moved to where the place lies.
  const pictures = Array.from({ length: size[0]! * kw }, (_, place) => {
    const pixels = k.reshape(k.slice(last5, [0, 0, 0, place, 0], [n, oh, ow, 1, c]), [n, oh, 1, ow, 1, c]);
    const apart = k.reshape(k.pad(pixels, [0, 0, 0, 0, 0, 0], [0, 0, sh - 1, 0, sw - 1, 0], zero), [
      n,
      oh * sh,
      ow * sw,
      c,
    ]);
    const cropped = k.slice(apart, [0, 0, 0, 0], [n, (oh - 1) * sh + 1, (ow - 1) * sw + 1, c]);
    const top = dh * Math.floor(place / kw);
    const left = dw * (place % kw);
    return k.pad(cropped, [0, top, left, 0], [0, h - top - cropped.shape[1]!, w - left - cropped.shape[2]!, 0], zero);
  });
  const sum =
    pictures.length === 1
      ? pictures[0]!
      : k.sink.op({
          name: 'AddN',
          inputs: pictures,
          attributes: { N: { int: pictures.length }, T: { type: dtype } },
          type: dtype,
          shape: [n, h, w, c],
        });
  return new Value(k, dtype, shape, sum, channelsLast);
};

type ConvolutionName = 'conv2d' | 'conv2dInputGrad' | 'conv2dWeightGrad' | 'windows' | 'windowsAdjoint';

export const convolution: { readonly [N in ConvolutionName]: Lower<N> } = {
  conv2d: widened(conv2d),
  conv2dInputGrad: widened(conv2dInputGrad),
  conv2dWeightGrad: widened(conv2dWeightGrad),
  windows,
  windowsAdjoint: widened(windowsAdjoint),
};
