import { describe, expect, expectTypeOf, it } from 'vitest';
import { ellipsis, newaxis, slice, tensor, zeros } from '../index.ts';
import type { Tensor } from '../index.ts';

const x = zeros([4, 5, 6]);
const index = (values: number[]): Tensor => tensor(values, { dtype: 'int32' });
const mask = tensor([true, false, true, true]);

describe('at', () => {
  it.each([
    ['an integer', x.at(0), [5, 6]],
    ['integers one by one', x.at(0, -1), [6]],
    ['integers in an array', x.at([0, 1, 2]), []],
    ['a range', x.at(slice(1, null)), [3, 5, 6]],
    ['one bound is the end, as in Python', x.at(slice(3)), [3, 5, 6]],
    ['steps', x.at([slice(null, null, 3), slice(1, -1, 2)]), [2, 2, 6]],
    ['ranges as text', x.at(['1:', ':-1', '::4']), [3, 4, 2]],
    ['ellipsis', x.at([ellipsis, 0]), [4, 5]],
    ['a new axis', x.at([slice(), newaxis, 0]), [4, 1, 6]],
    ['index tensors', x.at([index([0, 1, 2]), index([3])]), [3, 6]],
    ['index tensors apart', x.at([index([0, 1]), slice(), index([3, 4])]), [2, 5]],
    ['index tensors side by side', x.at([slice(), index([0, 1]), index([3, 4])]), [4, 2]],
    ['an array of indices', x.at([[0, 1, -1]]), [3, 5, 6]],
    ['a mask', x.at(mask), [3, 5, 6]],
    ['a mask as an array', x.at([[true, false, false, false]]), [1, 5, 6]],
    ['an empty range', x.at(slice(3, 1)), [0, 5, 6]],
  ])('%s', (_name, result, shape) => {
    expect(result.shape).toEqual(shape);
  });

  it.each<[string, () => unknown, string]>([
    ['a fraction', () => x.at(0.5), 'an index must be an integer, got 0.5'],
    ['a negative step', () => x.at(slice(null, null, -1)), 'step must be greater than zero'],
    ['a zero step', () => slice(0, 1, 0), 'slice step cannot be zero'],
    ['other text', () => x.at('first'), "invalid index 'first'"],
    ['undefined', () => x.at(undefined as never), 'at: expected an integer, slice(...)'],
    ['floating indices', () => x.at(tensor([0.5])), 'tensors used as indices must be'],
    [
      'an index that is known to be out of range',
      () => x.at(index([7])),
      'index 7 is out of bounds for dimension 0 with size 4',
    ],
    ['a mask that is not known yet', () => x.at(x.gt(0)), 'await x.maskedSelect(mask)'],
    ['a ragged array', () => x.at([[[0, 1], [2]]]), 'an index array must be rectangular'],
  ])('refuses %s', (_name, call, message) => {
    expect(call).toThrow(message);
  });
});

describe('set', () => {
  it('takes a mask that is not known yet', () => {
    expect(x.set(x.gt(0), 1).shape).toEqual(x.shape);
    expect(() => x.set(x.gt(0), zeros([7]))).toThrow('await x.maskedScatter(mask, value)');
  });

  it('refuses values that do not fit', () => {
    expect(() => x.set([0, 0], zeros([5]))).toThrow(
      'shape mismatch: value tensor of shape [5] cannot be broadcast to indexing result of shape [6]',
    );
  });

  it('refuses to overwrite a leaf that wants gradients', () => {
    expect(() => zeros([3], { requiresGrad: true }).set_(0, 1)).toThrow(
      'a leaf Variable that requires grad is being used in an in-place operation',
    );
  });
});

describe('gathering and scattering', () => {
  it.each<[string, () => unknown, string]>([
    ['gather with floats', () => x.gather(0, zeros([1, 1, 1])), 'Expected dtype int32/int64 for index, got float32'],
    [
      'scatter without a source',
      () => x.scatter(0, index([0]).reshape(1, 1, 1), undefined as never),
      'expected a Tensor or a number as the source',
    ],
    [
      'scatter of another dtype',
      () => x.scatter(0, index([0]).reshape(1, 1, 1), index([0]).reshape(1, 1, 1)),
      'Expected self.dtype to be equal to src.dtype',
    ],
    [
      'an unknown reduction',
      () => x.scatterReduce(0, index([0]).reshape(1, 1, 1), zeros([1, 1, 1]), 'max' as never),
      'reduce argument must be either sum, prod, mean, amax or amin, got max',
    ],
    ['an unknown option', () => x.indexAdd(0, index([0]), zeros([1, 5, 6]), { beta: 1 } as never), 'beta'],
    ['slots that do not fit', () => x.indexCopy(0, index([0]), zeros([1, 5, 5])), 'must have same slice shapes'],
  ])('refuses %s', (_name, call, message) => {
    expect(call).toThrow(message);
  });

  it('has types that follow the options', () => {
    expectTypeOf(() => x.nonzero()).returns.toEqualTypeOf<Promise<Tensor>>();
    expectTypeOf(() => x.nonzero({ asTuple: true })).returns.toEqualTypeOf<Promise<Tensor[]>>();
    expectTypeOf(() => x.unique({ returnCounts: true })).returns.toEqualTypeOf<Promise<Tensor[]>>();
    expectTypeOf(() => x.at(0, '...')).returns.toEqualTypeOf<Tensor>();
  });
});
