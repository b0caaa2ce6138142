import { describe, expect, it } from 'vitest';
import { ones, tensor, zeros } from '../index.ts';

const x = ones(2, 3, 4);

describe('reductions', () => {
  it('take their arguments in every way in which they are written', () => {
    const forms = [
      x.sum(1, { keepdim: true }),
      x.sum(1, true),
      x.sum({ dim: 1, keepdim: true }),
      x.sum([1], { keepdim: true }),
      x.sum(-2, { keepdim: true }),
    ];
    expect(forms.map(({ shape }) => shape)).toEqual(Array.from({ length: 5 }, () => [2, 1, 4]));
    expect([x.sum().shape, x.sum(null).shape, x.sum([]).shape, x.sum([0, 2]).shape]).toEqual([[], [], [], [3]]);
    expect([
      x.std(1, false, true).shape,
      x.std(false).shape,
      x.norm(2, [0, 1]).shape,
      x.norm({ p: 1, dim: 0 }).shape,
    ]).toEqual([[2, 1, 4], [], [4], [3, 4]]);
  });

  it('refuse what they do not know', () => {
    expect(() => x.sum(1, { keepDims: true } as object)).toThrow("sum() got an unexpected keyword argument 'keepDims'");
    expect(() => x.mean('1' as unknown as number)).toThrow(TypeError);
    expect(() => x.sum(1.5)).toThrow('must be an integer');
    expect(() => x.argmax([0] as unknown as number)).toThrow("argument 'dim' must be int");
    expect(() => x.sum(0, 1 as unknown as boolean)).toThrow(TypeError);
  });

  it('have the dtypes of PyTorch', () => {
    const flags = tensor([true, false]);
    const whole = tensor([1, 2]);
    expect(
      [
        flags.sum(),
        whole.sum(),
        whole.prod(),
        flags.any(),
        whole.argmax(),
        whole.sum({ dtype: 'float64' }),
        flags.amax(),
      ].map(({ dtype }) => dtype),
    ).toEqual(['int32', 'int32', 'int32', 'bool', 'int32', 'float64', 'bool']);
    expect(() => whole.mean()).toThrow('could not infer output dtype');
    expect(() => whole.std()).toThrow('floating');
  });

  it('name dimensions without elements', () => {
    const none = zeros(2, 0);
    expect(() => none.max()).toThrow(
      "Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument.",
    );
    expect(() => none.argmin(1)).toThrow('have non-zero size');
    expect(none.max(0).values.shape).toEqual([0]);
  });
});
