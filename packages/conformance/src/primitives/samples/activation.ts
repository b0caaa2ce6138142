import type { HostValue } from '@chimera-nn/core';
import type { Sample, Samples } from '../sample.ts';
import { floats, scattered } from '../sample.ts';

const infinity = Number.POSITIVE_INFINITY;
type Plain = Sample<'softplus'>;

function one(name: string, x: HostValue, flags: Partial<Plain> = {}): Plain {
  return { name, inputs: [x], attributes: {}, ...flags };
}

export const activation = {
  softplus: [
    one('a matrix', scattered([3, 5], 301)),
    one('a scalar', scattered([], 302)),
    one('empty', floats([0, 3])),
    one('far from 0', floats([4], -100, -20, 20, 100), { kink: true }),
    one('NaN and infinities', floats([3], Number.NaN, infinity, -infinity), { nonFinite: true, kink: true }),
  ],
} satisfies Partial<Samples>;
