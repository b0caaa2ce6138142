import { describe, expect, it } from 'vitest';
import { pythonFloat, pythonText, pythonTuple } from './python-text.ts';

describe('pythonText', () => {
  it.each([
    [true, 'True'],
    [null, 'None'],
    [2, '2'],
    [0.1, '0.1'],
    [1e-5, '1e-05'],
    [0.00012, '0.00012'],
    ['zeros', "'zeros'"],
    [[3, 2], '(3, 2)'],
    [[3], '(3,)'],
    [[null, 2], '(None, 2)'],
    [Number.POSITIVE_INFINITY, 'inf'],
  ])('writes %j as %s', (value, text) => expect(pythonText(value)).toBe(text));

  it('writes floats with a point or an exponent', () => {
    expect([1, 0, -2.5, 1e16, 1.5e-7, 1e15, 123456.75].map(pythonFloat)).toEqual([
      '1.0',
      '0.0',
      '-2.5',
      '1e+16',
      '1.5e-07',
      '1000000000000000.0',
      '123456.75',
    ]);
    expect(pythonFloat(Number.NaN)).toBe('nan');
    expect(pythonTuple([])).toBe('()');
  });
});
