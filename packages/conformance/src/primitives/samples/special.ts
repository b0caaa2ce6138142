import type { HostValue } from '@chimera-nn/core';
import type { Sample, Samples } from '../sample.ts';
import { distinct, floats, scattered } from '../sample.ts';

const infinity = Number.POSITIVE_INFINITY;
type Plain = Sample<'sinh'>;

function one(name: string, x: HostValue, flags: Partial<Plain> = {}): Plain {
  return { name, inputs: [x], attributes: {}, ...flags };
}

function two(name: string, a: HostValue, b: HostValue, flags: Partial<Plain> = {}): Plain {
  return { name, inputs: [a, b], attributes: {}, ...flags };
}

/** What every function of one floating tensor is tried on, within `low` and `high`. */
function unary(low: number, high: number, ...special: Plain[]): Plain[] {
  return [
    one('a matrix', scattered([3, 5], 271, low, high)),
    one('a scalar', scattered([], 272, low, high)),
    one('empty', floats([0, 3])),
    ...special,
  ];
}

const outside = (...values: number[]): Plain =>
  one('outside its domain', floats([values.length], ...values), { nonFinite: true, kink: true });
const infinities = one('NaN and infinities', floats([3], Number.NaN, infinity, -infinity), {
  nonFinite: true,
  kink: true,
});
const nearZero = one('near zero', floats([5], 1e-4, -1e-4, 0.01, -0.01, 0), { tooWideForFloat16: true, kink: true });
const large = one('large', floats([4], -3000, -50, 50, 3000), { tooWideForFloat16: true, kink: true });

export const special = {
  sinh: unary(
    -3,
    3,
    nearZero,
    one('as large as the result can be', floats([2], -88, 88), { tooWideForFloat16: true, kink: true }),
    infinities,
  ),
  cosh: unary(
    -3,
    3,
    one('as large as the result can be', floats([2], -88, 88), { tooWideForFloat16: true, kink: true }),
    infinities,
  ),
  asinh: unary(-4, 4, nearZero, large, infinities),
  acosh: unary(
    1.25,
    4,
    one('one', floats([1], 1), { kink: true }),
    one('large', floats([2], 50, 3000), { tooWideForFloat16: true, kink: true }),
    outside(0.5, -2),
  ),
  atanh: unary(
    -0.9,
    0.9,
    nearZero,
    outside(-2, 2),
    one('the ends', floats([2], -1, 1), { nonFinite: true, kink: true }),
  ),
  erfc: unary(
    -3,
    3,
    one('in the tails', floats([4], -6, 4, 6, 9), { tooWideForFloat16: true, kink: true }),
    infinities,
  ),
  erfinv: unary(
    -0.9,
    0.9,
    one('in the tails', floats([4], -0.999, 0.99, 0.9999, 0.99999), { tooWideForFloat16: true, kink: true }),
    one('the ends', floats([2], -1, 1), { nonFinite: true, kink: true }),
    outside(-2, 2),
  ),
  lgamma: unary(
    0.25,
    6,
    one('negative', floats([4], -0.5, -1.25, -2.75, -3.5)),
    one('large', floats([2], 30, 1000), { tooWideForFloat16: true, kink: true }),
    one('poles and infinity', floats([3], 0, -1, infinity), { nonFinite: true, kink: true }),
  ),
  digamma: unary(
    0.25,
    6,
    one('negative', floats([4], -0.5, -1.25, -2.75, -3.5)),
    one('large', floats([2], 30, 1000), { tooWideForFloat16: true, kink: true }),
    one('poles', floats([2], 0, -1), { nonFinite: true, kink: true }),
  ),
  trigamma: unary(0.25, 6, one('negative', floats([3], -0.5, -1.25, -2.75))),

  atan2: [
    two('all quadrants', floats([8], 1, 1, -1, -1, 0.5, -0.5, 2, -2), floats([8], 2, -2, 2, -2, -3, -3, 0.25, 0.25)),
    two('broadcast', scattered([2, 1], 273, 0.25, 2), scattered([3], 274, -2, -0.25)),
    two('on the axes', floats([5], 0, 1, -1, 0, 0), floats([5], 1, 0, 0, -1, 0), { kink: true }),
    two('empty', floats([0]), floats([], 1)),
  ],
  hypot: [
    two('one shape', scattered([2, 3], 275, 0.25, 2), scattered([2, 3], 276, -2, -0.25)),
    two('broadcast', scattered([2, 1], 277, 0.25, 2), scattered([3], 278, 0.25, 2)),
    two('zeros', floats([3], 0, 0, 3), floats([3], 0, -2, 0), { kink: true }),
    two('squares that overflow', floats([2], 3e20, 1e30), floats([2], 4e20, 1), {
      tooWideForFloat16: true,
      kink: true,
    }),
    two('empty', floats([0]), floats([], 1)),
  ],
  fmod: [
    two('one shape', distinct([2, 4], 279), scattered([2, 4], 280, 0.75, 1.25), { kink: true }),
    two('signs', floats([4], 5.5, -5.5, 5.5, -5.5), floats([4], 2, 2, -2, -2)),
    two('broadcast', floats([2, 1], 7.25, -3.75), floats([3], 1.5, 2, -4)),
    two('exact multiples', floats([3], 6, -6, 0), floats([3], 2, 3, 5), { kink: true }),
    two('empty', floats([0]), floats([], 1)),
  ],
} satisfies Partial<Samples>;
