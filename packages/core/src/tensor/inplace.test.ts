import { describe, expect, it } from 'vitest';
import { manualSeed, noGrad, ones, tensor, zeros } from '../index.ts';

describe('methods in place', () => {
  it('return their tensor', () => {
    const x = zeros(2, 2);
    expect(x.add_(1)).toBe(x);
    expect(x.fill_(3).mul_(2).clamp_(0, 1)).toBe(x);
    manualSeed(0);
    expect(x.uniform_()).toBe(x);
    expect(x.normal_({ mean: 1 })).toBe(x);
  });

  it('refuse leaves that gradients are wanted for, but inside noGrad', () => {
    const w = ones([2], { requiresGrad: true });
    for (const change of [
      () => w.add_(1),
      () => w.zero_(),
      () => w.uniform_(),
      () => w.copy_(ones(2)),
      () => w.unsqueeze_(0),
    ])
      expect(change).toThrow('a leaf Variable that requires grad is being used in an in-place operation.');
    noGrad(() => w.sub_(0.5));
    expect([w.requiresGrad, w.isLeaf]).toEqual([true, true]);
  });

  it('keep shape and dtype', () => {
    expect(() => tensor([1, 2]).add_(0.5)).toThrow("result type Float can't be cast to the desired output type Long");
    expect(() => tensor([true]).add_(1)).toThrow("result type Long can't be cast to the desired output type Bool");
    expect(() => ones(2).add_(ones(3, 2))).toThrow("output with shape [2] doesn't match the broadcast shape [3, 2]");
    expect(ones(2).add_(ones([2], { dtype: 'float64' })).dtype).toBe('float32');
  });

  it('leave tensors alone that were computed before', async () => {
    const x = ones(3);
    const same = x.detach();
    x.zero_();
    expect(await same.tolist()).toEqual([1, 1, 1]);
  });

  it('check the arguments of distributions at the call', () => {
    const x = zeros(3);
    expect(() => x.uniform_(1, 0)).toThrow(RangeError);
    expect(() => x.normal_(0, -1)).toThrow('std');
    expect(() => x.bernoulli_(2)).toThrow('p to be in [0, 1]');
    expect(() => x.normal_({ sigma: 1 } as object)).toThrow("unexpected keyword argument 'sigma'");
    expect(() => tensor([1]).normal_()).toThrow("not implemented for 'Long'");
  });
});
