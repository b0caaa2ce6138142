import type { HostValue } from '@chimera-nn/core';
import type { Sample, Samples } from '../sample.ts';
import { floats, scattered } from '../sample.ts';

type Plain = Sample<'eigh'>;

// Vectors and derivatives are what the matrix decides only where values lie apart; float16 rounds too much of that away.
function one(name: string, x: HostValue, flags: Partial<Plain> = {}): Plain {
  return { name, inputs: [x], attributes: {}, tooWideForFloat16: true, ...flags };
}

export const decomposition = {
  eig: [
    one('one by one', floats([1, 1], -2)),
    one('two by two', floats([2, 2], 2, 3, 1, -1)),
    one('three real values', floats([3, 3], 4, 1, -2, 0, 2, 0.5, 0.5, 0.25, -3)),
    // The phase of a complex vector is chosen, and has no derivative.
    one('a complex pair', floats([2, 2], 1, -2, 1, 0.5), { kink: true }),
    one('a complex pair and a real value', floats([3, 3], 1, -2, 0, 1, 0.5, 1, 0, 0.5, -2), { kink: true }),
    one('a cycle', floats([3, 3], 0, 0, 1, 1, 0, 0, 0, 1, 0), { kink: true }),
    one('a batch', floats([2, 2, 2], 2, 3, 1, -1, 4, 1, 2, -3)),
    one('a diagonal', floats([3, 3], 2, 0, 0, 0, -1, 0, 0, 0, 5)),
    one('none', floats([0, 0])),
    one('no matrices', floats([0, 2, 2])),
  ],
  eigh: [
    one('one by one', floats([1, 1], -2)),
    one('two by two', floats([2, 2], 2, 1, 1, -1)),
    one('three by three', floats([3, 3], 4, 1, -2, 1, 2, 0.5, -2, 0.5, -3)),
    one('not symmetric: its symmetric half', floats([2, 2], 2, 3, -1, -1)),
    one('a batch', floats([2, 2, 2], 2, 1, 1, -1, 0.5, -1, -1, 3)),
    one(
      'five by five',
      floats([5, 5], 5, 1, 0, 0.5, -1, 1, 3, 1, 0, 0.5, 0, 1, 1, -1, 0, 0.5, 0, -1, -2, 1, -1, 0.5, 0, 1, -5),
    ),
    one('all zeros', floats([3, 3], 0, 0, 0, 0, 0, 0, 0, 0, 0), { kink: true }),
    one('a double value', floats([3, 3], 2, 0, 0, 0, 2, 0, 0, 0, 5), { kink: true }),
    one('none', floats([0, 0])),
    one('no matrices', floats([0, 2, 2])),
  ],
  svd: [
    one('one by one', floats([1, 1], -2)),
    one('square', floats([3, 3], 4, 1, -2, 0, 2, 0.5, 1, 0.5, -1)),
    one('tall', floats([4, 2], 2, 1, 0, -1, 1, 3, -1, 0.5)),
    one('wide', floats([2, 3], 2, 1, 0, -1, 1, 3)),
    one('a column', floats([3, 1], 1, -3, 0.5)),
    one('a row', floats([1, 3], 1, -3, 0.5)),
    one('a batch', scattered([2, 3, 2], 371)),
    one('all zeros', floats([3, 2], 0, 0, 0, 0, 0, 0), { kink: true }),
    one('none', floats([0, 3])),
  ],
} satisfies Partial<Samples>;
