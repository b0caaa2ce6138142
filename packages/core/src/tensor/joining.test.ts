import { describe, expect, it } from 'vitest';
import { cat, cdist, einsum, fft, F, linalg, meshgrid, stack, tensor, zeros } from '../index.ts';

const x = zeros([2, 3]);

describe('lists of tensors', () => {
  it.each<[string, () => { readonly shape: readonly number[] }, number[]]>([
    ['cat', () => cat([x, x], 1), [2, 6]],
    ['cat with options', () => cat([x, x], { dim: 0 }), [4, 3]],
    ['stack', () => stack([x, x], -1), [2, 3, 2]],
    ['einsum', () => einsum('ij,kj->ik', x, x), [2, 2]],
    ['einsum of an array', () => einsum('...j,jk', [zeros([5, 2, 3]), zeros([3, 4])]), [5, 2, 4]],
    ['meshgrid', () => meshgrid(zeros([2]), zeros([3]), { indexing: 'xy' })[0]!, [3, 2]],
    ['cdist', () => cdist(zeros([5, 4, 3]), zeros([1, 6, 3])), [5, 4, 6]],
    ['multiDot', () => linalg.multiDot([x, zeros([3, 4]), zeros([4])]), [2]],
    ['rfft', () => fft.rfft(x, { n: 8 }).imag, [2, 5]],
    ['irfft', () => fft.irfft(fft.rfft(x)), [2, 2]],
    ['pad', () => F.pad(x, [1, 2, 0, 1]), [3, 6]],
    ['interpolate', () => F.interpolate(zeros([1, 1, 4, 4]), { scaleFactor: 1.5, mode: 'bilinear' }), [1, 1, 6, 6]],
    ['unfold', () => F.unfold(zeros([1, 2, 4, 4]), 2, { stride: 2 }), [1, 8, 4]],
    ['fold', () => F.fold(zeros([1, 8, 4]), [4, 4], 2, { stride: 2 }), [1, 2, 4, 4]],
    ['pixelShuffle', () => F.pixelShuffle(zeros([1, 8, 2, 2]), 2), [1, 2, 4, 4]],
    ['gridSample', () => F.gridSample(zeros([1, 2, 4, 4]), zeros([1, 5, 6, 2])), [1, 2, 5, 6]],
  ])('%s', (_name, call, shape) => {
    expect(call().shape).toEqual(shape);
  });

  it.each<[string, () => unknown, string]>([
    ['cat of tensors one by one', () => cat(x as never), 'cat: expected an array of tensors, got a Tensor'],
    ['cat of numbers', () => cat([1, 2] as never), 'cat: expected a Tensor, got number'],
    ['einsum without an equation', () => einsum(x as never), 'einsum(): expected an equation as a string'],
    [
      'an unknown indexing',
      () => meshgrid(zeros([2]), { indexing: 'yx' as never }),
      'indexing must be one of "xy" or "ij"',
    ],
    ['an unknown option of interpolate', () => F.interpolate(zeros([1, 1, 2]), { scale: 2 } as never), 'scale'],
    [
      'a pair that is none',
      () => F.unfold(zeros([1, 1, 4, 4]), [1, 2, 3]),
      'kernel_size must be an integer or a pair of them',
    ],
    ['labels that are not computed', () => F.oneHot(tensor([0, 1]).add(1)), 'pass numClasses'],
    ['matmul of booleans', () => tensor([[true]]).matmul(tensor([[true]])), 'not implemented for bool'],
  ])('refuses %s', (_name, call, message) => {
    expect(call).toThrow(message);
  });
});
