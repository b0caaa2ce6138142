import type { AttributesOf, HostValue } from '@chimera-nn/core';
import type { Sample, SampleWith, Samples } from '../sample.ts';
import { floats, scattered } from '../sample.ts';
import { poolAttributes, pools } from './composite.ts';

function over(
  name: string,
  x: HostValue,
  axes: readonly number[],
  flags: Partial<Sample<'standardize'>> = {},
): Sample<'standardize'> {
  return { name, inputs: [x], attributes: { axes, eps: 1e-5 }, ...flags };
}

const lastAxes: readonly SampleWith<AttributesOf<'layerNorm'>>[] = [
  { name: 'the last axis', inputs: [scattered([3, 8], 331)], attributes: { axis: 1, eps: 1e-5 } },
  { name: 'the last two axes', inputs: [scattered([2, 3, 4], 332)], attributes: { axis: 1, eps: 1e-5 } },
  { name: 'every axis', inputs: [scattered([5, 3], 333)], attributes: { axis: 0, eps: 1e-3 } },
  { name: 'one element each', inputs: [scattered([2, 1], 334)], attributes: { axis: 1, eps: 1 } },
  { name: 'far from 0', inputs: [scattered([2, 6], 335, 60, 64)], attributes: { axis: 1, eps: 1e-5 } },
  {
    name: 'equal numbers',
    inputs: [floats([2, 3], 1, 1, 1, -2, -2, -2)],
    attributes: { axis: 1, eps: 1e-5 },
    kink: true,
    tooWideForFloat16: true,
  },
  { name: 'none left', inputs: [floats([0, 3])], attributes: { axis: 1, eps: 1e-5 } },
];

export const normalization: Pick<Samples, 'standardize' | 'layerNorm' | 'layerNormScale' | 'averagePool2d'> = {
  standardize: [
    over('the last axis', scattered([3, 8], 321), [1]),
    over('the last two axes', scattered([2, 3, 4], 322), [1, 2]),
    over('batch and space of images', scattered([2, 3, 2, 4], 323), [0, 2, 3]),
    over('the first axis', scattered([6, 2], 324), [0]),
    over('far from 0', scattered([2, 6], 325, 60, 64), [1]),
    over('equal numbers', floats([2, 3], 1, 1, 1, -2, -2, -2), [1], { kink: true, tooWideForFloat16: true }),
    over('none left', floats([0, 3]), [1]),
  ],
  layerNorm: lastAxes,
  layerNormScale: lastAxes,
  averagePool2d: pools.map((pool): Sample<'averagePool2d'> => ({
    name: pool.name,
    inputs: [scattered(pool.images, 326)],
    attributes: poolAttributes(pool),
  })),
};
