import type { HostValue } from '@chimera-nn/core';
import type { Sample, Samples } from '../sample.ts';
import { booleans, distinct, floats, integers, scattered, scatteredIntegers } from '../sample.ts';

const none = {} as const;
const infinity = Number.POSITIVE_INFINITY;
type Plain = Sample<'neg'>;

function one(name: string, x: HostValue, flags: Partial<Plain> = {}): Plain {
  return { name, inputs: [x], attributes: none, ...flags };
}

function two(name: string, a: HostValue, b: HostValue, flags: Partial<Plain> = {}): Plain {
  return { name, inputs: [a, b], attributes: none, ...flags };
}

/** What every function of one floating tensor is tried on, within `low` and `high`. */
function unary(low: number, high: number, ...special: Plain[]): Plain[] {
  return [
    one('a matrix', scattered([3, 5], 11, low, high)),
    one('a scalar', scattered([], 12, low, high)),
    one('four axes', scattered([2, 1, 3, 2], 13, low, high)),
    one('empty', floats([0, 3])),
    ...special,
  ];
}

const nonFinite = (...values: number[]): Plain =>
  one('NaN and infinities', floats([values.length], ...values), { nonFinite: true, kink: true });
const signs = one('int32', integers([5], -7, -1, 0, 1, 2147483647));

// Off the grid of `scattered`, so that no pair of elements ties by chance.
const between = 1 / 128;

/** Pairs of shapes that meet in every way of broadcasting. */
function pairs(low = -2, high = 2, lowB = low, highB = high): Plain[] {
  const pair = (name: string, a: readonly number[], b: readonly number[]): Plain =>
    two(name, scattered(a, 21, low, high), scattered(b, 22, lowB + between, highB + between));
  return [
    pair('one shape', [2, 3], [2, 3]),
    pair('matrix and row', [2, 3], [3]),
    pair('row and matrix', [3], [2, 3]),
    pair('matrix and column', [2, 3], [2, 1]),
    pair('column and matrix', [3, 1], [3, 4]),
    // Kernels that read four elements at once.
    pair('columns of four', [3, 8], [3, 1]),
    pair('rows of four', [3, 8], [8]),
    pair('column and row', [4, 1], [1, 3]),
    pair('columns and rows of a batch', [3, 4, 1], [3, 1, 4]),
    pair('scalar and matrix', [], [2, 2]),
    pair('matrix and scalar', [2, 2], []),
    pair('scalars', [], []),
    pair('four axes and two', [2, 3, 2, 2], [2, 1]),
    pair('three axes, inner ones broadcast', [2, 1, 3], [1, 4, 1]),
    pair('empty', [0, 3], [3]),
  ];
}

const wrap = two(
  'int32 wraps around',
  integers([4], 2147483647, -2147483648, 65536, -7),
  integers([4], 2147483647, -1, 65536, 3),
);
const integerPair = two('int32, broadcast', scatteredIntegers([2, 3], 31, -9, 9), scatteredIntegers([3], 32, -9, 9));
const awkward = (name = 'NaN and infinities'): Plain =>
  two(
    name,
    floats([6], Number.NaN, 1, infinity, -infinity, infinity, 0),
    floats([6], 1, Number.NaN, 1, 2, -infinity, infinity),
    {
      nonFinite: true,
      kink: true,
    },
  );

const comparisons: Plain[] = [
  two('ties', floats([4], 1, 2, 3, -0), floats([4], 1, 3, 2, 0)),
  two('broadcast', scattered([2, 3], 41), scattered([3], 42)),
  two('matrix and column', scattered([3, 4], 45), scattered([3, 1], 46)),
  two('column and matrix', scattered([2, 1], 47), scattered([2, 3], 48)),
  two('int32, matrix and column', scatteredIntegers([3, 4], 49, 0, 2), scatteredIntegers([3, 1], 50, 0, 2)),
  two('int32, column and row', integers([3, 1], 0, 2, 1), integers([4], 0, 1, 2, 3)),
  two('columns and rows of a batch', scattered([3, 4, 1], 43), scattered([3, 1, 4], 44)),
  two('rank 1 and rank 3', scattered([4], 43), scattered([2, 1, 1], 44)),
  two('int32', integers([4], -1, 0, 2147483647, 16777217), integers([4], 0, 0, -2147483648, 16777216)),
  two('bool', booleans([4], 0, 0, 1, 1), booleans([4], 0, 1, 0, 1)),
  two('scalars', floats([], 0.5), floats([], 0.5)),
  two('empty', floats([0]), floats([], 1)),
  two(
    'NaN and infinities',
    floats([5], Number.NaN, 1, Number.NaN, infinity, -infinity),
    floats([5], 1, Number.NaN, Number.NaN, infinity, infinity),
    {
      nonFinite: true,
    },
  ),
];

const logicals: Plain[] = [
  two('all four cases', booleans([4], 0, 0, 1, 1), booleans([4], 0, 1, 0, 1)),
  two('broadcast', booleans([2, 2], 0, 1, 1, 0), booleans([], 1)),
  two('column and row', booleans([2, 1], 0, 1), booleans([3], 1, 0, 1)),
  two(
    'columns and rows of a batch',
    booleans([3, 4, 1], 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 1),
    booleans([3, 1, 4], 0, 1, 1, 0, 1, 0, 1, 1, 0, 0, 1, 0),
  ),
  two('columns and rows of four', booleans([4, 1], 1, 0, 0, 1), booleans([4], 0, 1, 1, 0)),
  two(
    'columns and rows of a batch of five',
    booleans([2, 5, 1], 1, 0, 0, 0, 1, 1, 0, 0, 1, 1),
    booleans([2, 1, 3], 0, 1, 1, 1, 0, 1),
  ),
  two('matrix and column', booleans([2, 3], 1, 0, 1, 0, 1, 1), booleans([2, 1], 0, 1)),
  two('matrix and row', booleans([2, 3], 1, 0, 1, 0, 1, 1), booleans([3], 0, 1, 1)),
  two('matrix of four and column', booleans([3, 4], 1, 0, 1, 0, 1, 1, 0, 0, 1, 1, 1, 1), booleans([3, 1], 0, 1, 1)),
  two('column and matrix of four', booleans([3, 1], 0, 1, 1), booleans([3, 4], 1, 0, 1, 0, 1, 1, 0, 0, 1, 1, 1, 1)),
  two('empty', booleans([0, 2]), booleans([2], 1, 0)),
];

const selected = (name: string, c: HostValue, a: HostValue, b: HostValue, flags: Partial<Plain> = {}): Plain => ({
  name,
  inputs: [c, a, b],
  attributes: none,
  ...flags,
});

const cast = (
  name: string,
  x: HostValue,
  dtype: HostValue['dtype'],
  flags: Partial<Sample<'cast'>> = {},
): Sample<'cast'> => ({
  name,
  inputs: [x],
  attributes: { dtype },
  ...flags,
});

const mixed = floats([8], -2.75, -1, -0.5, 0, 0.5, 1, 2.75, 100.25);

export const elementwise = {
  neg: [...unary(-2, 2, nonFinite(Number.NaN, infinity, -infinity)), signs],
  abs: [
    one('a matrix without zeros', distinct([3, 4], 14)),
    ...unary(
      0.25,
      2,
      one('at zero', floats([3], -1, 0, 1), { kink: true }),
      nonFinite(Number.NaN, infinity, -infinity),
    ),
    signs,
  ],
  sign: [
    one('a matrix without zeros', distinct([3, 4], 14)),
    one('at zero', floats([3], -0.5, 0, 2), { kink: true }),
    one('empty', floats([0])),
    one('infinities', floats([2], infinity, -infinity), { nonFinite: true, kink: true }),
    signs,
  ],
  floor: jumps(),
  ceil: jumps(),
  round: jumps(),
  exp: unary(
    -2,
    2,
    one('large and small', floats([4], -80, -20, 5, 80), { tooWideForFloat16: true, kink: true }),
    nonFinite(Number.NaN, infinity, -infinity),
  ),
  log: unary(
    0.25,
    4,
    one('tiny and huge', floats([3], 1e-30, 1e-3, 1e30), { tooWideForFloat16: true, kink: true }),
    nonFinite(Number.NaN, infinity, 0, -1),
  ),
  sqrt: unary(0.25, 4, one('zero', floats([2], 0, 4), { kink: true }), nonFinite(Number.NaN, infinity, -1)),
  sin: unary(-4, 4, one('a few turns', floats([3], -30, 12, 100), { tooWideForFloat16: true })),
  cos: unary(-4, 4, one('a few turns', floats([3], -30, 12, 100), { tooWideForFloat16: true })),
  tan: unary(-1.25, 1.25),
  asin: unary(-0.9, 0.9, one('the ends', floats([2], -1, 1), { kink: true })),
  acos: unary(-0.9, 0.9, one('the ends', floats([2], -1, 1), { kink: true })),
  atan: unary(-4, 4, nonFinite(Number.NaN, infinity, -infinity)),
  tanh: unary(-3, 3, one('saturated', floats([4], -100, -20, 20, 100)), nonFinite(Number.NaN, infinity, -infinity)),
  erf: unary(-3, 3, one('saturated', floats([4], -100, -6, 6, 100)), nonFinite(Number.NaN, infinity, -infinity)),

  add: [...pairs(), integerPair, wrap, awkward()],
  sub: [...pairs(), integerPair, wrap, awkward()],
  mul: [...pairs(), integerPair, wrap, awkward()],
  div: [
    ...pairs(-2, 2, 0.5, 3),
    two('by zero', floats([3], 1, -1, 0), floats([3], 0, 0, 0), { nonFinite: true, kink: true }),
    awkward(),
  ],
  integerDiv: [
    two('toward zero', integers([6], 7, -7, 7, -7, 0, 1), integers([6], 2, 2, -2, -2, 5, 3)),
    two('broadcast', scatteredIntegers([2, 3], 33, -50, 50), integers([3], 3, -4, 7)),
    two('large', integers([3], 2147483647, -2147483648, 16777217), integers([3], 2, 3, 1)),
    two('empty', integers([0]), integers([], 2)),
  ],
  pow: [
    ...pairs(0.25, 3, -2, 3),
    two('negative bases, integer exponents', floats([6], -2, -2, -1.5, -3, -0.5, -2), floats([6], 2, 3, 4, -1, -2, 0), {
      kink: true,
    }),
    two('zero bases', floats([3], 0, 0, 0), floats([3], 0, 1, 2), { kink: true }),
    two('a scalar exponent', scattered([2, 3], 23, 0.25, 3), floats([], 2)),
    two('an exponent broadcast over the last axis', scattered([2, 3], 24, 0.25, 3), floats([2, 1], 2, 0.5)),
    two('negative base, fractional exponent', floats([1], -2), floats([1], 0.5), { nonFinite: true, kink: true }),
    two('zero base, negative exponent', floats([1], 0), floats([1], -1), { nonFinite: true, kink: true }),
    two('one to any power', floats([3], 1, 1, 1), floats([3], infinity, -infinity, Number.NaN), {
      nonFinite: true,
      kink: true,
    }),
  ],
  maximum: [
    ...pairs(),
    integerPair,
    two('ties', floats([3], 1, -2, 0), floats([3], 1, -2, 0), { kink: true }),
    awkward('NaN wins'),
  ],
  minimum: [
    ...pairs(),
    integerPair,
    two('ties', floats([3], 1, -2, 0), floats([3], 1, -2, 0), { kink: true }),
    awkward('NaN wins'),
  ],

  less: comparisons,
  lessEqual: comparisons,
  equal: comparisons,
  logicalNot: [one('both', booleans([2], 0, 1)), one('a scalar', booleans([], 1)), one('empty', booleans([0, 3]))],
  logicalAnd: logicals,
  logicalOr: logicals,

  select: [
    selected('one shape', booleans([2, 2], 1, 0, 0, 1), scattered([2, 2], 51), scattered([2, 2], 52)),
    selected('three shapes', booleans([2, 1], 1, 0), scattered([3], 53), scattered([2, 1, 1], 54)),
    selected(
      'columns and rows of a batch',
      booleans([2, 4, 1], 1, 0, 0, 1, 0, 0, 1, 1),
      scattered([2, 1, 4], 61),
      scattered([4, 4], 62),
    ),
    selected('a column of conditions', booleans([3, 1], 1, 0, 1), scattered([3, 4], 56), scattered([3, 4], 57)),
    selected('a row of conditions', booleans([4], 1, 0, 0, 1), scattered([3, 4], 58), scattered([3, 1], 59)),
    selected('a matrix of conditions', booleans([2, 4], 1, 0, 0, 1, 0, 0, 1, 1), scattered([2, 1], 60), floats([], -1)),
    selected(
      'bool, columns and rows',
      booleans([2, 1], 1, 0),
      booleans([2, 4], 1, 0, 0, 1, 0, 0, 1, 1),
      booleans([4], 0, 1, 0, 1),
    ),
    selected('scalars', booleans([], 0), floats([], 1), floats([], 2)),
    selected('a scalar branch', booleans([3], 1, 0, 1), scattered([3], 55), floats([], 0)),
    selected('int32', booleans([3], 1, 0, 1), integers([3], 1, 2, 3), integers([], 2147483647)),
    selected('bool', booleans([4], 1, 0, 1, 0), booleans([4], 0, 0, 1, 1), booleans([4], 1, 1, 0, 0)),
    selected('empty', booleans([0]), floats([], 2), floats([1], 3)),
    selected(
      'what is not chosen may be NaN',
      booleans([2], 1, 0),
      floats([2], 1, Number.NaN),
      floats([2], Number.NaN, 2),
      { nonFinite: true, kink: true },
    ),
  ],
  cast: [
    cast('float32 to int32 truncates', mixed, 'int32'),
    cast('float32 to bool is not zero', mixed, 'bool'),
    cast('float32 to float32', mixed, 'float32'),
    cast('float32 to float64', floats([2], 0.1, -3e38), 'float64', { tooWideForFloat16: true }),
    cast(
      'float32 to float16 rounds to even',
      floats([5], 0.1, 1 + 2 ** -11, 1 + 3 * 2 ** -11, 65504, 2 ** -24),
      'float16',
      { kink: true },
    ),
    cast('int32 to float32', integers([4], -3, 0, 7, 16777217), 'float32'),
    cast('int32 to bool', integers([3], -1, 0, 1), 'bool'),
    cast('bool to float32', booleans([3], 1, 0, 1), 'float32'),
    cast('bool to int32', booleans([2, 2], 1, 0, 0, 1), 'int32'),
    cast('empty', floats([0, 2]), 'int32'),
    cast('NaN to bool is true', floats([2], Number.NaN, infinity), 'bool', { nonFinite: true }),
  ],
} satisfies Partial<Samples>;

function jumps(): Plain[] {
  return [
    one('between integers', distinct([4, 5], 15)),
    one('halves and integers', floats([9], -2.5, -1.5, -1, -0.5, 0, 0.5, 1.5, 2, 2.5), { kink: true }),
    one('a scalar', floats([], -0.25)),
    one('empty', floats([0])),
    one('infinities', floats([2], infinity, -infinity), { nonFinite: true, kink: true }),
  ];
}
