import { expect, it } from 'vitest';
import { fromFloat16Bits, numbersToHost, promoteTypes, toFloat16Bits } from './dtype.ts';

it('reads and writes every float16 number', () => {
  for (let bits = 0; bits < 0x10000; bits++) {
    const value = fromFloat16Bits(bits);
    if (Number.isNaN(value)) expect(Number.isNaN(fromFloat16Bits(toFloat16Bits(value)))).toBe(true);
    else expect(toFloat16Bits(value)).toBe(bits);
  }
});

it('rounds to the nearest float16, ties to even', () => {
  const round = (value: number): number => fromFloat16Bits(toFloat16Bits(value));
  expect(round(1 + 2 ** -11)).toBe(1);
  expect(round(1 + 3 * 2 ** -11)).toBe(1 + 2 ** -9);
  expect(round(65519)).toBe(65504);
  expect(round(65520)).toBe(Number.POSITIVE_INFINITY);
  expect(round(2 ** -25)).toBe(0);
  expect(round(1.5 * 2 ** -25)).toBe(2 ** -24);
  expect(round(2047.5 * 2 ** -25)).toBe(2 ** -14);
});

it('stores numbers as each dtype stores them', () => {
  expect([...numbersToHost([1.9, -1.9], 'int32')]).toEqual([1, -1]);
  expect([...numbersToHost([0, -0, 0.1, Number.NaN], 'bool')]).toEqual([0, 0, 1, 1]);
});

it('promotes as PyTorch does', () => {
  expect(promoteTypes('bool', 'int32')).toBe('int32');
  expect(promoteTypes('int32', 'float16')).toBe('float16');
  expect(promoteTypes('float64', 'float32')).toBe('float64');
});
