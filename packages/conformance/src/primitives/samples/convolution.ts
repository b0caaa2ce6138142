import type { AttributesOf } from '@chimera-nn/core';
import type { Sample, Samples } from '../sample.ts';
import { floats, scattered } from '../sample.ts';

interface Geometry {
  readonly name: string;
  /** N, C, H, W */
  readonly images: readonly [number, number, number, number];
  /** O, kh, kw */
  readonly kernels: readonly [number, number, number];
  readonly stride?: readonly [number, number];
  readonly padLo?: readonly [number, number];
  readonly padHi?: readonly [number, number];
  readonly dilation?: readonly [number, number];
  readonly groups?: number;
}

// Channel counts that are divisible by 3 and not by 4 into outputs divisible by 4, and a kernel of one, are among
// them on purpose: engines pick other code paths there.
const geometries: readonly Geometry[] = [
  { name: 'plain', images: [1, 1, 4, 5], kernels: [1, 2, 3] },
  { name: 'channels', images: [2, 3, 4, 4], kernels: [4, 3, 3] },
  { name: 'six channels into four', images: [1, 6, 5, 5], kernels: [4, 3, 3], padLo: [1, 1], padHi: [1, 1] },
  { name: 'pointwise', images: [2, 3, 3, 3], kernels: [2, 1, 1] },
  { name: 'a row (1-d)', images: [2, 2, 1, 7], kernels: [3, 1, 3], padLo: [0, 1], padHi: [0, 1] },
  { name: 'strided', images: [1, 2, 5, 5], kernels: [2, 2, 2], stride: [2, 2] },
  { name: 'strided, sizes that do not divide', images: [1, 1, 6, 7], kernels: [1, 3, 2], stride: [2, 3] },
  { name: 'unequal strides', images: [1, 2, 5, 6], kernels: [2, 2, 3], stride: [1, 2] },
  { name: 'asymmetric padding', images: [1, 2, 3, 4], kernels: [2, 2, 3], padLo: [1, 0], padHi: [0, 2] },
  { name: 'padding wider than the kernel', images: [1, 1, 2, 2], kernels: [1, 2, 2], padLo: [2, 3], padHi: [2, 1] },
  { name: 'dilated', images: [1, 2, 6, 6], kernels: [2, 2, 2], dilation: [2, 3] },
  {
    name: 'dilated, strided and padded',
    images: [1, 2, 6, 7],
    kernels: [2, 3, 2],
    stride: [2, 1],
    dilation: [2, 2],
    padLo: [1, 2],
    padHi: [2, 1],
  },
  { name: 'groups', images: [2, 4, 4, 4], kernels: [6, 2, 2], groups: 2 },
  { name: 'depthwise', images: [1, 3, 4, 4], kernels: [3, 3, 3], groups: 3, padLo: [1, 1], padHi: [1, 1] },
  {
    name: 'depthwise with a multiplier, unequal strides',
    images: [1, 2, 5, 6],
    kernels: [4, 2, 2],
    groups: 2,
    stride: [2, 1],
  },
  { name: 'depthwise, dilated', images: [1, 2, 5, 5], kernels: [2, 2, 2], groups: 2, dilation: [2, 2] },
  {
    name: 'groups, strided, dilated and padded',
    images: [1, 4, 7, 6],
    kernels: [4, 2, 2],
    groups: 2,
    stride: [2, 2],
    dilation: [2, 1],
    padLo: [1, 0],
    padHi: [0, 1],
  },
  { name: 'the kernel covers the image', images: [2, 2, 3, 3], kernels: [2, 3, 3] },
];

function attributesOf({
  stride = [1, 1],
  padLo = [0, 0],
  padHi = [0, 0],
  dilation = [1, 1],
  groups = 1,
}: Geometry): AttributesOf<'conv2d'> {
  return { stride, padLo, padHi, dilation, groups };
}

function extents({
  images,
  kernels,
  stride = [1, 1],
  padLo = [0, 0],
  padHi = [0, 0],
  dilation = [1, 1],
}: Geometry): number[] {
  return [0, 1].map(
    (i) =>
      Math.floor((images[i + 2]! + padLo[i]! + padHi[i]! - dilation[i]! * (kernels[i + 1]! - 1) - 1) / stride[i]!) + 1,
  );
}

function imagesOf({ images }: Geometry) {
  return scattered(images, 221);
}
function kernelsOf({ images, kernels, groups = 1 }: Geometry) {
  return scattered([kernels[0], images[1] / groups, kernels[1], kernels[2]], 222);
}
function outputOf(geometry: Geometry) {
  return scattered([geometry.images[0], geometry.kernels[0], ...extents(geometry)], 223);
}

const conv2d = geometries.map((geometry): Sample<'conv2d'> => ({
  name: geometry.name,
  inputs: [imagesOf(geometry), kernelsOf(geometry)],
  attributes: attributesOf(geometry),
}));

const conv2dInputGrad = geometries.map((geometry): Sample<'conv2dInputGrad'> => ({
  name: geometry.name,
  inputs: [outputOf(geometry), kernelsOf(geometry)],
  attributes: { ...attributesOf(geometry), inputSize: geometry.images.slice(2) },
}));

const conv2dWeightGrad = geometries.map((geometry): Sample<'conv2dWeightGrad'> => ({
  name: geometry.name,
  inputs: [imagesOf(geometry), outputOf(geometry)],
  attributes: { ...attributesOf(geometry), kernelSize: geometry.kernels.slice(1) },
}));

interface WindowGeometry {
  readonly name: string;
  readonly images: readonly [number, number, number, number];
  readonly size: readonly [number, number];
  readonly stride?: readonly [number, number];
  readonly dilation?: readonly [number, number];
}

const windowGeometries: readonly WindowGeometry[] = [
  { name: 'overlapping', images: [1, 2, 4, 4], size: [2, 3] },
  { name: 'side by side', images: [2, 1, 4, 6], size: [2, 2], stride: [2, 2] },
  { name: 'with gaps', images: [1, 2, 5, 7], size: [2, 2], stride: [3, 3] },
  { name: 'unequal strides', images: [1, 2, 5, 5], size: [3, 2], stride: [2, 1] },
  { name: 'dilated', images: [1, 1, 6, 5], size: [2, 2], dilation: [3, 2] },
  { name: 'dilated and strided', images: [2, 2, 6, 7], size: [2, 3], stride: [2, 2], dilation: [2, 2] },
  { name: 'one place', images: [1, 2, 2, 3], size: [2, 3] },
  { name: 'of one element', images: [1, 2, 3, 3], size: [1, 1], stride: [2, 1] },
];

const windows = windowGeometries.map(
  ({ name, images, size, stride = [1, 1], dilation = [1, 1] }): Sample<'windows'> => ({
    name,
    inputs: [scattered(images, 231)],
    attributes: { size, stride, dilation },
  }),
);

const windowsAdjoint = windowGeometries.map(
  ({ name, images, size, stride = [1, 1], dilation = [1, 1] }): Sample<'windowsAdjoint'> => {
    const [n, c, ...inputSize] = images;
    const out = inputSize.map((extent, i) => Math.floor((extent - dilation[i]! * (size[i]! - 1) - 1) / stride[i]!) + 1);
    return {
      name,
      inputs: [scattered([n, c, size[0] * size[1], ...out], 232)],
      attributes: { size, stride, dilation, inputSize },
    };
  },
);

const plain = { stride: [1, 1], padLo: [0, 0], padHi: [0, 0], dilation: [1, 1], groups: 1 };

export const convolution = {
  conv2d: [
    ...conv2d,
    { name: 'an empty batch', inputs: [floats([0, 2, 3, 3]), scattered([2, 2, 2, 2], 224)], attributes: plain },
  ],
  conv2dInputGrad: [
    ...conv2dInputGrad,
    {
      name: 'an empty batch',
      inputs: [floats([0, 2, 2, 2]), scattered([2, 2, 2, 2], 225)],
      attributes: { ...plain, inputSize: [3, 3] },
    },
  ],
  conv2dWeightGrad: [
    ...conv2dWeightGrad,
    {
      name: 'an empty batch gives 0',
      inputs: [floats([0, 2, 3, 3]), floats([0, 2, 2, 2])],
      attributes: { ...plain, kernelSize: [2, 2] },
    },
  ],
  windows: [
    ...windows,
    {
      name: 'an empty batch',
      inputs: [floats([0, 1, 3, 3])],
      attributes: { size: [2, 2], stride: [1, 1], dilation: [1, 1] },
    },
  ],
  windowsAdjoint: [
    ...windowsAdjoint,
    {
      name: 'an empty batch',
      inputs: [floats([0, 1, 4, 2, 2])],
      attributes: { size: [2, 2], stride: [1, 1], dilation: [1, 1], inputSize: [3, 3] },
    },
  ],
} satisfies Partial<Samples>;
