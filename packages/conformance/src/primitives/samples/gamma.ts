import type { Sample, Samples } from '../sample.ts';
import { floats, scattered } from '../sample.ts';

const infinity = Number.POSITIVE_INFINITY;

/** Orders have no derivative. */
function pair(name: string, a: Sample<'zeta'>['inputs'][0], x: Sample<'zeta'>['inputs'][0], more = {}): Sample<'zeta'> {
  return { name, inputs: [a, x], attributes: {}, kink: true, ...more };
}

function ofOrder(order: number, x: Sample<'zeta'>['inputs'][0]): Sample<'zeta'> {
  return { name: `order ${order}`, inputs: [floats([], order), x], attributes: {}, constant: [0] };
}

const shares = [
  ofOrder(1.5, scattered([3, 2], 310, 0.5, 6)),
  ofOrder(4, scattered([5], 311, 0.5, 10)),
  pair('small orders', scattered([3, 4], 301, 0.25, 4), scattered([3, 4], 302, 0.25, 8)),
  pair('broadcast', scattered([3, 1], 303, 0.5, 12), scattered([4], 304, 0.5, 20)),
  pair('large orders', floats([6], 25, 40, 100, 100, 30, 150), floats([6], 24, 45, 90, 120, 12, 250), {
    tooWideForFloat16: true,
  }),
  pair('edges', floats([6], 1, 0, 0, infinity, 2, -1), floats([6], 0, 1, 0, 1, infinity, 2), { nonFinite: true }),
  pair('empty', floats([0]), floats([], 1)),
];

export const gamma = {
  polygamma: [
    { name: 'order 2', inputs: [scattered([3, 4], 305, 0.5, 6)], attributes: { n: 2 } },
    { name: 'order 3 of a scalar', inputs: [scattered([], 306, 0.5, 4)], attributes: { n: 3 } },
    { name: 'negative', inputs: [floats([3], -0.5, -1.25, -2.75)], attributes: { n: 2 }, tooWideForFloat16: true },
    {
      name: 'poles and large numbers',
      inputs: [floats([4], 0, -1, 1e6, infinity)],
      attributes: { n: 3 },
      nonFinite: true,
      kink: true,
      tooWideForFloat16: true,
    },
    { name: 'empty', inputs: [floats([0])], attributes: { n: 2 } },
  ],
  zeta: [
    ofOrder(2, scattered([2, 3], 312, 0.5, 4)),
    ofOrder(3.5, scattered([4], 313, 0.5, 4)),
    pair('a matrix', scattered([2, 4], 307, 1.5, 6), scattered([2, 4], 308, 0.5, 5)),
    pair('broadcast', floats([2, 1], 2, 3), scattered([3], 309, 0.5, 5)),
    pair('negative', floats([4], 2, 3, 2, 3), floats([4], -0.5, -0.25, -3.75, -2.5), { tooWideForFloat16: true }),
    pair('outside its domain', floats([4], 1, 0.5, 2, 2.5), floats([4], 2, 2, 0, -0.5), { nonFinite: true }),
    pair('not a number', floats([2], Number.NaN, 2), floats([2], 2, Number.NaN), { nonFinite: true }),
    pair('empty', floats([0]), floats([], 1)),
  ],
  gammainc: shares,
  gammaincc: shares,
} satisfies Partial<Samples>;
