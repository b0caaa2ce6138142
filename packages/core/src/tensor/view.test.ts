import { describe, expect, expectTypeOf, it } from 'vitest';
import { fullLike, zeros } from '../index.ts';
import type { Tensor } from '../index.ts';

const x = zeros([2, 3, 4]);

describe('shapes', () => {
  it.each([
    ['reshape', x.reshape(4, -1), [4, 6]],
    ['view', x.view([2, 12]), [2, 12]],
    ['permute', x.permute(-1, 0, 1), [4, 2, 3]],
    ['transpose', x.transpose(0, -1), [4, 3, 2]],
    ['T', x.T, [4, 3, 2]],
    ['mT', x.mT, [2, 4, 3]],
    ['movedim', x.movedim([0, 1], [2, 0]), [3, 4, 2]],
    ['squeeze', zeros([1, 2, 1]).squeeze(), [2]],
    ['squeeze of a larger dimension', x.squeeze(0), [2, 3, 4]],
    ['squeeze of several', zeros([1, 2, 1, 1]).squeeze([0, -1]), [2, 1]],
    ['unsqueeze', x.unsqueeze(-1), [2, 3, 4, 1]],
    ['flatten', x.flatten(1), [2, 12]],
    ['flatten with options', x.flatten({ endDim: 1 }), [6, 4]],
    ['unflatten', x.unflatten(-1, [2, -1]), [2, 3, 2, 2]],
    ['expand', zeros([3, 1]).expand(2, -1, 5), [2, 3, 5]],
    ['repeat', x.repeat(2, 1, 1, 1), [2, 2, 3, 4]],
    ['tile', x.tile(2), [2, 3, 8]],
    ['repeatInterleave', x.repeatInterleave([1, 0, 2], 1), [2, 3, 4]],
    ['roll', x.roll(1, 0), [2, 3, 4]],
    ['rot90', x.rot90(1, [1, 2]), [2, 4, 3]],
    ['narrow', x.narrow(2, -2, 1), [2, 3, 1]],
    ['select', x.select(1, -1), [2, 4]],
    ['diagonal', x.diagonal(1, 1, 2), [2, 3]],
    ['diagEmbed', x.diagEmbed(-1), [2, 3, 5, 5]],
    ['unfold', x.unfold(2, 2, 1), [2, 3, 3, 2]],
  ])('%s', (_name, result, shape) => {
    expect(result.shape).toEqual(shape);
  });

  it('splits', () => {
    expect(x.split(2, 2).map((part) => part.shape)).toEqual([
      [2, 3, 2],
      [2, 3, 2],
    ]);
    expect(x.split([1, 3], { dim: -1 }).map((part) => part.shape[2])).toEqual([1, 3]);
    expect(x.chunk(3, 2).map((part) => part.shape[2])).toEqual([2, 2]);
    expect(x.tensorSplit(3, 2).map((part) => part.shape[2])).toEqual([2, 1, 1]);
    expect(x.unbind(1)).toHaveLength(3);
  });

  it('iterates over the first dimension', () => {
    const rows = [...x];
    expectTypeOf(rows).toEqualTypeOf<Tensor[]>();
    expect(rows.map((row) => row.shape)).toEqual([
      [3, 4],
      [3, 4],
    ]);
    expect(() => [...zeros([])]).toThrow('iteration over a 0-d tensor');
  });

  it('never hands out its own node under another tensor that may be written to', () => {
    const leaf = zeros([2], { requiresGrad: true });
    const same = leaf.flip([]);
    expect(same.isLeaf).toBe(false);
    expect(same.requiresGrad).toBe(true);
  });

  it('keeps the dtype', () => {
    const integers = fullLike(x, 1, { dtype: 'int32' });
    expect(integers.permute(2, 1, 0).flip(0).dtype).toBe('int32');
  });
});

describe('arguments of the wrong kind', () => {
  it.each<[string, () => unknown, string]>([
    ['a shape of text', () => x.reshape('6' as never), 'reshape: expected an integer, got string'],
    ['a fraction', () => x.permute(0, 1.5, 2), 'permute: expected an integer, got 1.5'],
    ['no array', () => x.unflatten(2, '2' as never), 'unflatten: expected an integer, got string'],
    ['a dimension of text', () => x.unsqueeze('0' as never), 'a dimension must be an integer'],
    ['no tensor', () => x.viewAs([2] as never), 'viewAs: expected a Tensor, got an array'],
    ['a fractional index', () => x.select(0, 0.5), 'select: expected an integer index, got 0.5'],
  ])('%s', (_name, call, message) => {
    expect(call).toThrow(TypeError);
    expect(call).toThrow(message);
  });
});
