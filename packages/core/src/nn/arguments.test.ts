import { describe, expect, it } from 'vitest';
import { zeros } from '../tensor/creation.ts';
import { readTrailing, sizesOf } from './arguments.ts';

interface Options {
  stride?: number | readonly number[] | null;
  padding?: number;
  bias?: unknown;
}
const order = ['stride', 'padding', 'bias'] as const;
const read = (...args: readonly unknown[]): Partial<Options> => readTrailing<Options>('layer', args, order);

describe('readTrailing', () => {
  it('takes positional values, an options object, or the former ended by the latter', () => {
    expect(read(2, 1)).toEqual({ stride: 2, padding: 1 });
    expect(read({ stride: 2, padding: 1 })).toEqual({ stride: 2, padding: 1 });
    expect(read(2, { padding: 1 })).toEqual({ stride: 2, padding: 1 });
    expect(read()).toEqual({});
  });

  it('keeps null, arrays and tensors, and leaves out what is undefined', () => {
    const bias = zeros([2], { device: null });
    expect(read(null, undefined, bias)).toEqual({ stride: null, bias });
    expect(read([2, 1], { padding: undefined })).toEqual({ stride: [2, 1] });
  });

  it('refuses unknown keys, two values for one key, and too many values', () => {
    expect(() => read({ strides: 2 })).toThrow(
      "layer() got an unexpected keyword argument 'strides'; it takes stride, padding, bias",
    );
    expect(() => read(2, { stride: 1 })).toThrow("layer() got multiple values for argument 'stride'");
    expect(() => read(1, 2, 3, 4)).toThrow(
      'layer() takes at most 3 of these arguments (stride, padding, bias), but 4 were given',
    );
    expect(() => read({ stride: 2 }, 1)).toThrow('layer(): options come last');
  });
});

describe('sizesOf', () => {
  it('repeats one number for all dimensions', () => {
    expect(sizesOf('stride', 2, 3)).toEqual([2, 2, 2]);
    expect(sizesOf('stride', [2], 2)).toEqual([2, 2]);
    expect(sizesOf('stride', [1, 2], 2)).toEqual([1, 2]);
  });

  it('refuses other lengths, fractions and other kinds', () => {
    expect(() => sizesOf('stride', [1, 2, 3], 2)).toThrow(
      'expected stride to be a single integer value or a list of 2 values to match the convolution dimensions, but got stride=[1, 2, 3]',
    );
    expect(() => sizesOf('stride', 1.5, 2)).toThrow('stride: expected integers, got 1.5');
    expect(() => sizesOf('stride', '2' as unknown as number, 2)).toThrow(TypeError);
    expect(() => sizesOf('kernel_size', 0, 2, 1)).toThrow('kernel_size must be at least 1, got 0');
  });
});
