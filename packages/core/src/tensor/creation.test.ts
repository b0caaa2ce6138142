import { describe, expect, it } from 'vitest';
import {
  arange,
  asTensor,
  empty,
  full,
  linspace,
  manualSeed,
  onesLike,
  rand,
  randint,
  randperm,
  tensor,
  zeros,
  zerosLike,
} from '../index.ts';

describe('creation', () => {
  it('takes shapes as arrays, as numbers and by name', () => {
    expect(
      [
        zeros([2, 3]),
        zeros(2, 3),
        zeros({ size: [2, 3] }),
        zeros([2, 3], { dtype: 'int32' }),
        zeros(2, 3, { dtype: 'int32' }),
      ].map(({ shape }) => shape),
    ).toEqual(Array.from({ length: 5 }, () => [2, 3]));
    expect([zeros([]).shape, zeros(0).shape, empty(4).shape]).toEqual([[], [0], [4]]);
  });

  it('refuses sizes and options that make no sense', () => {
    expect(() => zeros([2, -1])).toThrow('Trying to create tensor with negative dimension -1: [2, -1]');
    expect(() => rand(1.5)).toThrow(TypeError);
    expect(() => zeros('2' as unknown as number)).toThrow(TypeError);
    expect(() => zeros(2, { dtpye: 'int32' } as object)).toThrow("unexpected keyword argument 'dtpye'");
    expect(() => zeros(2, { dtype: 'int64' as 'int32' })).toThrow("unknown dtype 'int64'");
    expect(() => full([2], '1' as unknown as number)).toThrow(TypeError);
    expect(() => tensor([[1, 2], [3]])).toThrow('expected sequence of length 2 at dim 1 (got 1)');
    expect(() => linspace(0, 1, -1)).toThrow('number of steps must be non-negative');
    expect(() => randint(0, 10, undefined as unknown as number[])).toThrow(TypeError);
  });

  it('counts with the values of the numbers', async () => {
    expect([arange(3).dtype, arange(0, 1, 0.5).dtype, arange(3, { dtype: 'float32' }).dtype]).toEqual([
      'int32',
      'float32',
      'float32',
    ]);
    expect(await arange(1, 2, 0.3).tolist()).toHaveLength(4);
    expect(await arange(5, 0, -2).tolist()).toEqual([5, 3, 1]);
  });

  it('takes dtypes from values and from tensors', () => {
    expect([
      tensor([1]).dtype,
      tensor([1.5]).dtype,
      tensor([true]).dtype,
      tensor([]).dtype,
      tensor(new Float64Array(1)).dtype,
    ]).toEqual(['int32', 'float32', 'bool', 'float32', 'float64']);
    const x = zeros([2, 1], { dtype: 'float64' });
    expect(
      [zerosLike(x), onesLike(x, { dtype: 'bool' }), x.newZeros([3])].map(({ dtype, shape }) => [dtype, shape]),
    ).toEqual([
      ['float64', [2, 1]],
      ['bool', [2, 1]],
      ['float64', [3]],
    ]);
    expect(asTensor(x)).toBe(x);
  });

  it('repeats the stream of a seed', async () => {
    manualSeed(3);
    const first = await Promise.all([rand(4).tolist(), randperm(5).tolist()]);
    manualSeed(3);
    expect(await Promise.all([rand(4).tolist(), randperm(5).tolist()])).toEqual(first);
  });
});

describe('values', () => {
  it('may be typed arrays, alone or in arrays, and tensors', async () => {
    const rows = tensor([new Float64Array([1, 2]), new Float64Array([3, 4])]);
    expect([rows.dtype, await rows.tolist()]).toEqual([
      'float64',
      [
        [1, 2],
        [3, 4],
      ],
    ]);
    expect(await tensor(new BigInt64Array([1n, -2n])).tolist()).toEqual([1, -2]);
    const x = tensor([1.5], { requiresGrad: true });
    expect([tensor(x).requiresGrad, await tensor(x).tolist()]).toEqual([false, [1.5]]);
  });

  it('are copied', async () => {
    const numbers = new Float32Array([1, 2]);
    const x = tensor(numbers);
    numbers[0] = 9;
    expect(await x.tolist()).toEqual([1, 2]);
  });

  it('that int32 cannot hold are refused, fractions are cut off', async () => {
    expect(() => tensor([3e9])).toThrow('value cannot be converted to type int32 without overflow: 3000000000');
    expect(() => tensor([Number.NaN], { dtype: 'int32' })).toThrow(RangeError);
    expect(() => tensor([1]).add(3e9)).toThrow('add: value cannot be converted to type int32 without overflow');
    expect(await tensor([1.7, -1.7], { dtype: 'int32' }).tolist()).toEqual([1, -1]);
    expect(tensor([1, 2]).mul(1e10 + 0.5).dtype).toBe('float32');
  });

  it('are not taken from tensors, nor given to JSON', () => {
    expect(() => tensor([zeros([]) as unknown as number])).toThrow('stack([...])');
    expect(() => JSON.stringify({ x: zeros([2]) })).toThrow('not JSON serializable');
  });
});
