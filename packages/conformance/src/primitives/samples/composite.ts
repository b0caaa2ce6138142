import type { AttributesOf, HostValue } from '@chimera-nn/core';
import type { Sample, Samples } from '../sample.ts';
import { distinct, floats, scattered } from '../sample.ts';

const infinity = Number.POSITIVE_INFINITY;
type Plain = Sample<'relu'>;

function one(name: string, x: HostValue, flags: Partial<Plain> = {}): Plain {
  return { name, inputs: [x], attributes: {}, ...flags };
}

const unary: Plain[] = [
  one('a matrix', distinct([3, 4], 241)),
  one('four axes', distinct([1, 2, 3, 2], 242)),
  one('a scalar', floats([], 0.75)),
  one('empty', floats([0, 3])),
];
const nonFinite = one('NaN and infinities', floats([3], Number.NaN, infinity, -infinity), {
  nonFinite: true,
  kink: true,
});
const tiny = floats([6], 1e-7, -1e-7, 1e-4, -1e-4, 0.3, -0.3);

function alongAxis(): Sample<'softmax'>[] {
  const along = (
    name: string,
    x: HostValue,
    axis: number,
    flags: Partial<Sample<'softmax'>> = {},
  ): Sample<'softmax'> => ({ name, inputs: [x], attributes: { axis }, ...flags });
  return [
    along('last axis', scattered([3, 5], 251), 1),
    along('first axis', scattered([3, 5], 252), 0),
    along('middle axis', scattered([2, 3, 2], 253), 1),
    along('rank 1', scattered([7], 254), 0),
    along('one class', scattered([3, 1], 255), 1),
    along('large numbers', floats([2, 3], 1000, 1001, 999, -1000, -1000, -1000), 1),
    along('empty', floats([0, 3]), 1),
    along('masked with minus infinity', floats([2, 3], 1, -infinity, 2, -infinity, 0, -infinity), 1, {
      nonFinite: true,
      kink: true,
    }),
  ];
}

interface Pool {
  readonly name: string;
  readonly images: readonly [number, number, number, number];
  readonly size: readonly [number, number];
  readonly stride?: readonly [number, number];
  readonly padLo?: readonly [number, number];
  readonly padHi?: readonly [number, number];
  readonly dilation?: readonly [number, number];
}

/** Windows that every kind of pooling is tried with. */
export const pools: readonly Pool[] = [
  { name: 'side by side', images: [2, 2, 4, 6], size: [2, 2], stride: [2, 2] },
  { name: 'overlapping', images: [1, 2, 5, 5], size: [3, 3], stride: [2, 2] },
  { name: 'padded', images: [1, 2, 4, 5], size: [3, 3], stride: [2, 2], padLo: [1, 1], padHi: [1, 1] },
  { name: 'padded unevenly', images: [1, 1, 3, 4], size: [2, 3], stride: [1, 2], padLo: [0, 1], padHi: [1, 0] },
  { name: 'dilated', images: [1, 1, 6, 6], size: [2, 2], stride: [1, 1], dilation: [2, 3] },
  {
    name: 'padded by a window',
    images: [1, 1, 5, 3],
    size: [2, 2],
    stride: [2, 2],
    padLo: [1, 1],
    padHi: [2, 2],
    dilation: [2, 2],
  },
  { name: 'a row (1-d)', images: [2, 2, 1, 8], size: [1, 3], stride: [1, 2] },
  { name: 'an empty batch', images: [0, 1, 4, 4], size: [2, 2], stride: [2, 2] },
];

/** The attributes of a pooling with these windows. */
export function poolAttributes({
  size,
  stride = [1, 1],
  padLo = [0, 0],
  padHi = [0, 0],
  dilation = [1, 1],
}: Pool): AttributesOf<'maxPool2d'> {
  return { size, stride, padLo, padHi, dilation };
}

function poolGradient(
  pool: Pool,
  fill: (shape: readonly number[]) => HostValue,
): Pick<Sample<'maxPool2dGrad'>, 'inputs' | 'attributes'> {
  const { images, size, stride = [1, 1], padLo = [0, 0], padHi = [0, 0], dilation = [1, 1] } = pool;
  const out = [0, 1].map(
    (i) => Math.floor((images[i + 2]! + padLo[i]! + padHi[i]! - dilation[i]! * (size[i]! - 1) - 1) / stride[i]!) + 1,
  );
  return { inputs: [fill(images), scattered([images[0], images[1], ...out], 261)], attributes: poolAttributes(pool) };
}

const tiedImages = (shape: readonly number[]): HostValue =>
  floats(shape, ...Array.from({ length: shape.reduce((n, extent) => n * extent, 1) }, (_, i) => [0, 1, 1, -1][i % 4]!));

export const composite = {
  relu: [
    ...unary,
    one('at zero', floats([3], -1, 0, 1), { kink: true }),
    one('infinities', floats([2], infinity, -infinity), { nonFinite: true, kink: true }),
  ],
  sigmoid: [...unary, one('saturated', floats([4], -100, -20, 20, 100)), nonFinite],
  log1p: [
    one('a matrix', scattered([3, 4], 243, -0.75, 3)),
    one('near zero', tiny),
    one('empty', floats([0])),
    one('a scalar', floats([], 0.5)),
    one('infinity and minus one', floats([2], infinity, -1), { nonFinite: true, kink: true }),
  ],
  expm1: [
    one('a matrix', scattered([3, 4], 244)),
    one('near zero', tiny),
    one('empty', floats([0])),
    one('large', floats([2], -50, 10)),
    one('infinities', floats([2], infinity, -infinity), { nonFinite: true, kink: true }),
  ],
  softmax: alongAxis(),
  logSoftmax: alongAxis(),
  gelu: (['none', 'tanh'] as const).flatMap((approximate): Sample<'gelu'>[] => [
    ...unary.map(({ name, inputs }) => ({ name: `${name} (${approximate})`, inputs, attributes: { approximate } })),
    { name: `saturated (${approximate})`, inputs: [floats([4], -20, -5, 5, 20)], attributes: { approximate } },
  ]),
  maxPool2d: [
    ...pools.map((pool): Sample<'maxPool2d'> => ({
      name: pool.name,
      inputs: [distinct(pool.images, 262)],
      attributes: poolAttributes(pool),
    })),
    {
      name: 'negative numbers, padded',
      inputs: [scattered([1, 1, 3, 3], 263, -4, -1)],
      attributes: { size: [2, 2], stride: [2, 2], padLo: [1, 1], padHi: [0, 0], dilation: [1, 1] },
      kink: true,
    },
  ],
  maxPool2dGrad: [
    ...pools.map((pool): Sample<'maxPool2dGrad'> => ({
      name: pool.name,
      ...poolGradient(pool, (shape) => distinct(shape, 264)),
    })),
    ...pools.slice(0, 3).map((pool): Sample<'maxPool2dGrad'> => ({
      name: `${pool.name}, ties go to the first`,
      ...poolGradient(pool, tiedImages),
      kink: true,
    })),
  ],
} satisfies Partial<Samples>;
