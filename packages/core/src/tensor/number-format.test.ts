import { expect, it } from 'vitest';
import { fixed, scientific } from './number-format.ts';

// Expected texts are Python's.
it.each([
  [0.125, 2, '0.12'],
  [0.375, 2, '0.38'],
  [2.5, 0, '2'],
  [3.5, 0, '4'],
  [-0.5, 0, '-0'],
  [0.5, 0, '0'],
  [-0, 1, '-0.0'],
  [1e21, 2, '1000000000000000000000.00'],
  [1.005, 2, '1.00'],
  [0.00005, 4, '0.0001'],
  [Number.NaN, 3, 'nan'],
  [Number.NEGATIVE_INFINITY, 0, '-inf'],
  [123456.789, 0, '123457'],
])('fixed(%d, %d)', (value, digits, text) => expect(fixed(value, digits)).toBe(text));

it.each([
  [12345, 3, '1.234e+04'],
  [1.5, 0, '2e+00'],
  [2.5, 0, '2e+00'],
  [1e-10, 4, '1.0000e-10'],
  [-1e100, 1, '-1.0e+100'],
  [0, 2, '0.00e+00'],
  [9.9999, 2, '1.00e+01'],
  [Number.POSITIVE_INFINITY, 4, 'inf'],
])('scientific(%d, %d)', (value, digits, text) => expect(scientific(value, digits)).toBe(text));
