import type { HostValue } from '@chimera-nn/core';
import type { Sample, Samples } from '../sample.ts';
import { distinct, floats, integers, scattered, scatteredIntegers } from '../sample.ts';

type Reduction = Sample<'reduceSum'>;
type Arg = Sample<'argMax'>;

function over(
  name: string,
  x: HostValue,
  axes: readonly number[],
  keepDims = false,
  flags: Partial<Reduction> = {},
): Reduction {
  return { name, inputs: [x], attributes: { axes, keepDims }, ...flags };
}

function reductions(fill: (shape: readonly number[], seed: number) => HostValue): Reduction[] {
  return [
    over('last axis', fill([3, 5], 61), [1]),
    over('first axis', fill([3, 5], 62), [0]),
    over('first axis kept', fill([3, 5], 62), [0], true),
    over('middle axis', fill([2, 3, 4], 63), [1]),
    over('two outer axes', fill([2, 3, 4], 64), [0, 2]),
    over('two outer axes kept', fill([2, 3, 4], 64), [0, 2], true),
    over('all axes', fill([2, 3, 4], 65), [0, 1, 2]),
    over('all axes kept', fill([2, 3], 66), [0, 1], true),
    over('batch and space of images', fill([2, 3, 2, 4], 67), [0, 2, 3], true),
    over('an axis of one', fill([3, 1, 2], 68), [1]),
    over('no axes', fill([2, 3], 69), []),
    over('a scalar', fill([], 70), []),
    over('none left', fill([0, 3], 71), [1]),
  ];
}

const integersOver = over('int32', scatteredIntegers([3, 4], 72, -9, 9), [1]);
const many = over('many terms', scattered([2, 1000], 73), [1]);
const ties = (name = 'ties'): Reduction =>
  over(name, floats([2, 4], 3, 1, 3, 3, -1, -1, -1, -1), [1], false, { kink: true });
const nan = over('NaN wins', floats([3, 2], 1, Number.NaN, Number.NaN, 0, 1, 2), [1], false, {
  nonFinite: true,
  kink: true,
});
const infinite = over(
  'infinities',
  floats(
    [3, 2],
    Number.POSITIVE_INFINITY,
    1,
    Number.NEGATIVE_INFINITY,
    1,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ),
  [1],
  false,
  { nonFinite: true, kink: true },
);

function arg(name: string, x: HostValue, axis: number, flags: Partial<Arg> = {}): Arg {
  return { name, inputs: [x], attributes: { axis }, ...flags };
}

const args: Arg[] = [
  arg('last axis', distinct([3, 5], 81), 1),
  arg('first axis', distinct([3, 5], 82), 0),
  arg('middle axis', distinct([2, 4, 3], 83), 1),
  arg('rank 1', distinct([6], 84), 0),
  arg('the first of equals', floats([3, 4], 1, 5, 5, 2, -1, -1, -3, -3, 0, 0, 0, 0), 1),
  arg('negative numbers', floats([4], -3, -1, -2, -5), 0),
  arg('int32', integers([2, 3], -5, 2, 2, 16777217, 16777216, -16777217), 1),
  arg('an axis of one', scattered([2, 1], 85), 1),
  arg('none left', floats([0, 3]), 1),
  arg('the first NaN', floats([2, 3], 1, Number.NaN, Number.NaN, 3, 2, 1), 1, { nonFinite: true }),
  arg(
    'infinities',
    floats(
      [2, 3],
      1,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      1,
    ),
    1,
    {
      nonFinite: true,
    },
  ),
];

function sort(
  name: string,
  x: HostValue,
  axis: number,
  descending: boolean,
  flags: Partial<Sample<'argSort'>> = {},
): Sample<'argSort'> {
  return { name, inputs: [x], attributes: { axis, descending }, ...flags };
}

const tied = floats([2, 6], 2, 1, 2, 1, 3, 1, 0, 0, 0, -1, -1, 5);
const withNaN = floats([5], 1, Number.NaN, 3, Number.NEGATIVE_INFINITY, Number.NaN);

function cumsum(name: string, x: HostValue, axis: number, reverse = false, exclusive = false): Sample<'cumsum'> {
  return { name, inputs: [x], attributes: { axis, reverse, exclusive } };
}

export const reduction = {
  reduceSum: [
    ...reductions(scattered),
    over('the sum of nothing is 0', floats([2, 0]), [1]),
    integersOver,
    over('int32 wraps around', integers([3], 2147483647, 2147483647, 5), [0]),
    many,
    nan,
    infinite,
  ],
  reduceMax: [
    ...reductions(distinct),
    integersOver,
    over('negative numbers', floats([1, 3], -3, -1, -2), [1]),
    ties(),
    nan,
    infinite,
  ],
  reduceMin: [
    ...reductions(distinct),
    integersOver,
    over('positive numbers', floats([1, 3], 3, 1, 2), [1]),
    ties(),
    nan,
    infinite,
  ],
  reduceProd: [
    ...reductions((shape, seed) => scattered(shape, seed, 0.5, 1.5)),
    over('the product of nothing is 1', floats([2, 0]), [1]),
    over('with zeros', floats([3, 3], 2, 0, 3, 0, 0, 5, -1, -2, -3), [1]),
    over('int32', integers([2, 3], -2, 3, 4, 0, 7, 1), [1]),
    nan,
  ],
  argMax: args,
  argMin: args,
  argSort: [
    sort('ascending', distinct([3, 5], 91), 1, false),
    sort('descending', distinct([3, 5], 92), 1, true),
    sort('first axis', distinct([4, 3], 93), 0, false),
    sort('middle axis, descending', distinct([2, 4, 2], 94), 1, true),
    sort('ties keep their order', tied, 1, false),
    sort('ties keep their order, descending', tied, 1, true),
    sort('int32', integers([4], 3, -2, 2147483647, -2147483648), 0, false),
    sort('one element', floats([2, 1], 1, 2), 1, true),
    sort('empty', floats([2, 0]), 1, false),
    sort('NaN is the largest', withNaN, 0, false, { nonFinite: true }),
    sort('NaN is the largest, descending', withNaN, 0, true, { nonFinite: true }),
  ],
  cumsum: [
    cumsum('last axis', scattered([3, 5], 101), 1),
    cumsum('first axis', scattered([3, 5], 102), 0),
    cumsum('reverse', scattered([2, 4], 103), 1, true),
    cumsum('exclusive', scattered([2, 4], 104), 1, false, true),
    cumsum('reverse and exclusive', scattered([2, 3, 2], 105), 1, true, true),
    cumsum('int32', scatteredIntegers([2, 4], 106, -9, 9), 1),
    cumsum('int32, reverse and exclusive', scatteredIntegers([4], 107, -9, 9), 0, true, true),
    cumsum('one element', scattered([2, 1], 108), 1, false, true),
    cumsum('empty', floats([0, 3]), 0),
    cumsum('many terms', scattered([300], 109), 0),
  ],
} satisfies Partial<Samples>;
