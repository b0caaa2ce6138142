import { expect, test } from 'vitest';
import { fusedMultiplyAdd, precisionOf, rounder } from './precision.ts';

test('float16 rounds to nearest, ties to even, through subnormals to infinity', () => {
  const round = rounder('float16');
  expect([1 + 2 ** -11, 1 + 3 * 2 ** -11, 1 + 2 ** -11 + 2 ** -20].map(round)).toEqual([1, 1 + 2 ** -9, 1 + 2 ** -10]);
  expect([65504, 65519, 65520, -65520, 1e300].map(round)).toEqual([65504, 65504, Infinity, -Infinity, Infinity]);
  expect([2 ** -24, 2 ** -25, 1.5 * 2 ** -24, -(2 ** -14), 0, -0].map(round)).toEqual([
    2 ** -24,
    0,
    2 ** -23,
    -(2 ** -14),
    0,
    -0,
  ]);
  expect(round(NaN)).toBeNaN();
});

test('bfloat16 rounds to nearest, ties to even', () => {
  const round = rounder('bfloat16');
  expect([1 + 2 ** -8, 1 + 3 * 2 ** -8, -(1 + 2 ** -8 + 2 ** -20), Infinity, -0].map(round)).toEqual([
    1,
    1 + 2 ** -6,
    -(1 + 2 ** -7),
    Infinity,
    -0,
  ]);
  expect(round(NaN)).toBeNaN();
});

test('a fused multiply-add rounds once', () => {
  expect(fusedMultiplyAdd(1 + 2 ** -30, 1 - 2 ** -30, -1)).toBe(-(2 ** -60));
  expect(fusedMultiplyAdd(0.1, 10, -1)).toBe(2 ** -54);
  expect(fusedMultiplyAdd(3, 4, 5)).toBe(17);
  expect(fusedMultiplyAdd(1e308, 0.5, 1e307)).toBe(6e307);
  expect(fusedMultiplyAdd(2, 3, -Infinity)).toBe(-Infinity);
});

test('a precision must fit its array', () => {
  expect(precisionOf(new Float32Array(1), 'bfloat16')).toBe('bfloat16');
  expect(precisionOf(new Float64Array(1))).toBe('float64');
  expect(() => precisionOf(new Float32Array(1), 'float64')).toThrow('float64 samples do not belong in a Float32Array');
  expect(() => precisionOf(new Float64Array(1), 'float32')).toThrow(TypeError);
  expect(() => precisionOf(new Int32Array(1) as unknown as Float32Array)).toThrow(TypeError);
});
