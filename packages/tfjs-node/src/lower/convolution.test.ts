import type { ConvolutionOptions, Device, DType, HostValue } from '@chimera-nn/core';
import { hostToNumbers, sizeOf } from '@chimera-nn/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tfjsNode } from '../device.ts';
import { emit } from '../emit.ts';
import { numbers, programOf, scattered } from '../testing.ts';

interface Case extends ConvolutionOptions {
  readonly name: string;
  readonly x: readonly [number, number, number, number];
  /** [outputs, kh, kw] */
  readonly kernel: readonly [number, number, number];
}

const base = { stride: [1, 1], padLo: [0, 0], padHi: [0, 0], dilation: [1, 1], groups: 1 };
const cases: readonly Case[] = [
  { ...base, name: 'plain', x: [2, 3, 5, 6], kernel: [4, 3, 2] },
  { ...base, name: 'strided, with a rest', x: [1, 2, 8, 7], kernel: [3, 3, 2], stride: [2, 3] },
  { ...base, name: 'padded unevenly', x: [1, 2, 4, 4], kernel: [2, 3, 3], padLo: [1, 2], padHi: [2, 0] },
  { ...base, name: 'dilated', x: [2, 2, 9, 8], kernel: [3, 3, 2], dilation: [2, 3] },
  {
    ...base,
    name: 'dilated, strided and padded',
    x: [1, 2, 9, 9],
    kernel: [2, 3, 3],
    dilation: [2, 2],
    stride: [2, 1],
    padLo: [1, 2],
    padHi: [0, 1],
  },
  { ...base, name: 'grouped', x: [2, 6, 5, 5], kernel: [4, 3, 3], groups: 2, padLo: [1, 1], padHi: [1, 1] },
  { ...base, name: 'grouped and dilated', x: [1, 4, 7, 7], kernel: [6, 3, 3], groups: 2, dilation: [2, 1] },
  {
    ...base,
    name: 'depthwise',
    x: [2, 3, 5, 5],
    kernel: [3, 3, 3],
    groups: 3,
    stride: [2, 2],
    padLo: [1, 1],
    padHi: [1, 1],
  },
  { ...base, name: 'depthwise with a multiplier', x: [2, 3, 5, 4], kernel: [6, 2, 2], groups: 3 },
  { ...base, name: 'depthwise, unequal strides', x: [1, 3, 6, 6], kernel: [3, 2, 2], groups: 3, stride: [1, 2] },
  { ...base, name: 'depthwise, dilated', x: [1, 2, 7, 7], kernel: [4, 3, 3], groups: 2, dilation: [2, 2] },
  { ...base, name: 'pointwise', x: [2, 5, 3, 3], kernel: [4, 1, 1] },
  { ...base, name: 'no images', x: [0, 2, 4, 4], kernel: [3, 3, 3] },
];

function weightShape({ x, kernel: [outputs, kh, kw], groups }: Case): [number, number, number, number] {
  return [outputs, x[1] / groups, kh, kw];
}

function outputSize({ x, kernel, stride, padLo, padHi, dilation }: Case, i: 0 | 1): number {
  return Math.floor((x[i + 2]! + padLo[i]! + padHi[i]! - dilation[i]! * (kernel[i + 1]! - 1) - 1) / stride[i]!) + 1;
}

/** Calls `term` with the positions in x, w and y of every product that the convolution adds up. */
function eachTerm(c: Case, term: (x: number, w: number, y: number) => void): void {
  const [n, channels, h, width] = c.x;
  const [outputs, kh, kw] = c.kernel;
  const perGroup = channels / c.groups;
  const [oh, ow] = [outputSize(c, 0), outputSize(c, 1)];
  for (let b = 0; b < n; b++)
    for (let o = 0; o < outputs; o++)
      for (let i = 0; i < oh; i++)
        for (let j = 0; j < ow; j++)
          for (let k = 0; k < perGroup; k++)
            for (let p = 0; p < kh; p++)
              for (let q = 0; q < kw; q++) {
                const row = i * c.stride[0]! + p * c.dilation[0]! - c.padLo[0]!;
                const column = j * c.stride[1]! + q * c.dilation[1]! - c.padLo[1]!;
                if (row < 0 || row >= h || column < 0 || column >= width) continue;
                const channel = Math.floor(o / (outputs / c.groups)) * perGroup + k;
                term(
                  ((b * channels + channel) * h + row) * width + column,
                  ((o * perGroup + k) * kh + p) * kw + q,
                  ((b * outputs + o) * oh + i) * ow + j,
                );
              }
}

function expectClose(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of actual.entries()) expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(tolerance);
}

const accuracies: readonly (readonly [DType, number])[] = [
  ['float32', 1e-5],
  ['float64', 1e-13],
  ['float16', 2e-2],
];

describe.each(['interpret', 'compile'] as const)('convolutions (%s)', (tier) => {
  let device: Device;
  beforeAll(async () => {
    device = await tfjsNode({ tier });
  });
  afterAll(() => device.close());

  describe.each(accuracies)('in %s', (dtype, tolerance) => {
    it.each(cases)('$name: the sum of products over its three sides', async (c) => {
      const x = scattered(c.x, 1, dtype);
      const w = scattered(weightShape(c), 2, dtype);
      const g = scattered([c.x[0], c.kernel[0], outputSize(c, 0), outputSize(c, 1)], 3, dtype);
      const plain = (value: HostValue): number[] => Array.from(hostToNumbers(value.data, dtype));
      const [xs, ws, gs] = [plain(x), plain(w), plain(g)] as [number[], number[], number[]];
      const y = gs.map(() => 0);
      const dx = xs.map(() => 0);
      const dw = ws.map(() => 0);
      eachTerm(c, (i, j, k) => {
        y[k]! += xs[i]! * ws[j]!;
        dx[i]! += gs[k]! * ws[j]!;
        dw[j]! += gs[k]! * xs[i]!;
      });
      expectClose(await numbers(device, [x, w], (b, a, f) => b.conv2d(a, f, c)), y, tolerance);
      const inputSize = c.x.slice(2);
      expectClose(
        await numbers(device, [g, w], (b, a, f) => b.conv2dInputGrad(a, f, { ...c, inputSize })),
        dx,
        tolerance,
      );
      const kernelSize = c.kernel.slice(1);
      expectClose(
        await numbers(device, [x, g], (b, a, f) => b.conv2dWeightGrad(a, f, { ...c, kernelSize })),
        dw,
        tolerance,
      );
    });
  });

  it.each([
    { name: 'overlapping', size: [3, 2], stride: [1, 2], dilation: [1, 1] },
    { name: 'dilated', size: [2, 2], stride: [2, 1], dilation: [2, 3] },
    { name: 'touching', size: [2, 3], stride: [2, 3], dilation: [1, 1] },
    { name: 'apart', size: [2, 1], stride: [3, 2], dilation: [1, 1] },
  ])('$name windows and their adjoint', async ({ size, stride, dilation }) => {
    const x = scattered([2, 3, 7, 8], 4);
    const [oh, ow] = [0, 1].map(
      (i) => Math.floor((x.shape[i + 2]! - dilation[i]! * (size[i]! - 1) - 1) / stride[i]!) + 1,
    ) as [number, number];
    const places = size[0]! * size[1]!;
    const g = scattered([2, 3, places, oh, ow], 5);
    const y: number[] = [];
    const dx = Array.from(x.data, () => 0);
    for (let image = 0; image < 6; image++)
      for (let place = 0; place < places; place++)
        for (let i = 0; i < oh; i++)
          for (let j = 0; j < ow; j++) {
            const row = i * stride[0]! + Math.floor(place / size[1]!) * dilation[0]!;
            const column = j * stride[1]! + (place % size[1]!) * dilation[1]!;
            const at = (image * 7 + row) * 8 + column;
            dx[at]! += g.data[y.length]!;
            y.push(x.data[at]!);
          }
    expect(await numbers(device, [x], (b, a) => b.windows(a, { size, stride, dilation }))).toEqual(y);
    const adjoint = await numbers(device, [g], (b, a) =>
      b.windowsAdjoint(a, { size, stride, dilation, inputSize: [7, 8] }),
    );
    expectClose(adjoint, dx, 1e-5);
    expect(sizeOf(x.shape)).toBe(adjoint.length);
  });
});

describe('layout', () => {
  const operations = (program: Parameters<typeof emit>[0]): string[] =>
    emit(program)
      .metaGraphs[0]!.graphDef!.node.map(({ op }) => op)
      .filter((op) => op !== 'Const' && op !== 'Placeholder');

  it('of images stays channels-last between convolutions', () => {
    const inputs = [
      scattered([2, 3, 8, 8], 1),
      scattered([4, 3, 3, 3], 2),
      scattered([4], 3),
      scattered([5, 4, 3, 3], 4),
    ];
    const pool = { size: [2, 2], stride: [2, 2], padLo: [0, 0], padHi: [0, 0], dilation: [1, 1] };
    const program = programOf(inputs, (b, x, w1, bias, w2) => {
      const hidden = b.relu(b.add(b.conv2d(x, w1, base), b.reshape(bias, [1, 4, 1, 1])));
      const normal = b.mul(hidden, b.fullLike(hidden, 0.5));
      return [b.reduceSum(b.maxPool2d(b.conv2d(normal, w2, base), pool), [2, 3])];
    });
    // The images once and each kernel once; nothing on the way.
    expect(operations(program)).toEqual([
      'Transpose',
      'Transpose',
      'Conv2D',
      'Reshape',
      'Reshape',
      'BiasAdd',
      'Relu',
      'PlaceholderWithDefault',
      'Mul',
      'Transpose',
      'Conv2D',
      'MaxPool',
      'AvgPool',
      'Minimum',
      'Maximum',
      'Sum',
      'Identity',
    ]);
  });

  it('of permutations is left to products, and cancels', () => {
    const inputs = [scattered([2, 3, 4], 1), scattered([2, 5, 4], 2)];
    const program = programOf(inputs, (b, x, y) => [
      b.matmul(x, b.permute(y, [0, 2, 1])),
      b.permute(b.exp(b.permute(x, [2, 0, 1])), [1, 2, 0]),
    ]);
    expect(operations(program)).toEqual(['BatchMatMulV2', 'Exp', 'Identity', 'Identity']);
  });
});
