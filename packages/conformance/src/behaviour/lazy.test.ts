import { manualSeed, nn, optim, randn, setDefaultDevice, tensor } from '@chimera-nn/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { referenceDevice } from '../reference/device.ts';

describe('blocks that take their sizes from the first input', () => {
  beforeAll(() => setDefaultDevice(referenceDevice()));

  it('become the ordinary class, with its weights', async () => {
    manualSeed(3);
    const lazy = new nn.LazyLinear(4);
    expect(String(lazy)).toBe('LazyLinear(in_features=0, out_features=4, bias=True)');
    expect(lazy.hasUninitializedParams()).toBe(true);
    lazy(tensor([[1, 2, 3]], { dtype: 'float32' }));
    expect(String(lazy)).toBe('Linear(in_features=3, out_features=4, bias=True)');
    expect(lazy).toBeInstanceOf(nn.Linear);
    expect(lazy).not.toBeInstanceOf(nn.LazyLinear);
    manualSeed(3);
    expect(await lazy.weight.tolist()).toEqual(await new nn.Linear(3, 4).weight.tolist());
  });

  it('name their state before it has a shape, and refuse to tell the shape', () => {
    const net = new nn.Sequential(new nn.LazyConv2d(4, 3), new nn.LazyBatchNorm2d());
    expect([...net.stateDict().keys()]).toEqual([
      '0.weight',
      '0.bias',
      '1.weight',
      '1.bias',
      '1.running_mean',
      '1.running_var',
      '1.num_batches_tracked',
    ]);
    expect(String(net.stateDict().get('0.weight'))).toBe('<UninitializedParameter>');
    expect(() => net.parameters()[0]!.shape).toThrow("Can't access the shape of an uninitialized parameter or buffer");
    net(randn([2, 3, 5, 5]));
    expect(net.parameters().map((parameter) => parameter.shape)).toEqual([[4, 3, 3, 3], [4], [4], [4]]);
  });

  it('are trained by an optimizer made before the first call, hybridized or not', async () => {
    for (const hybridized of [false, true]) {
      const net = new nn.Sequential(new nn.LazyLinear(8), new nn.ReLU(), new nn.Dense(1));
      if (hybridized) net.hybridize();
      const optimizer = new optim.SGD(net.parameters(), { lr: 0.05 });
      const x = randn([16, 3]);
      const losses: number[] = [];
      for (let i = 0; i < 5; i++) {
        optimizer.zeroGrad();
        const loss = net(x).sub(1).square().mean();
        loss.backward();
        await optimizer.step();
        losses.push(await loss.item());
      }
      for (let i = 1; i < losses.length; i++) expect(losses[i]).toBeLessThan(losses[i - 1]!);
    }
  });

  it('take over a state before the first call, and give none that they do not have', async () => {
    const source = new nn.Conv2d(3, 4, 3);
    const lazy = new nn.LazyConv2d(4, 3);
    expect(() => source.loadStateDict(lazy.stateDict())).toThrow(
      "Can't access the shape of an uninitialized parameter",
    );
    lazy.loadStateDict(source.stateDict());
    const x = randn([1, 3, 5, 5]);
    expect(await lazy(x).tolist()).toEqual(await source(x).tolist());
    expect(String(lazy)).toBe(String(source));
    const other = new nn.LazyConv2d(4, 3);
    other.loadStateDict(new nn.LazyConv2d(4, 3).stateDict());
    expect(other.hasUninitializedParams()).toBe(true);
  });

  it('can be copied and converted while they wait', async () => {
    const original = new nn.LazyLinear(2).to('float64');
    const copy = nn.deepcopy(original);
    original(randn([1, 3], { dtype: 'float64' }));
    copy(randn([1, 5], { dtype: 'float64' }));
    expect([original.weight.shape, copy.weight.shape]).toEqual([
      [2, 3],
      [2, 5],
    ]);
    expect([original.weight.dtype, copy.weight.dtype]).toEqual(['float64', 'float64']);
    expect(await original.weight.data()).toHaveLength(6);
  });

  it('refuse an input that does not fit', () => {
    expect(() => new nn.LazyConv2d(4, 3)(randn([2, 3]))).toThrow(
      'Expected 3D (unbatched) or 4D (batched) input to LazyConv2d, but got input of size: torch.Size([2, 3])',
    );
    expect(() => new nn.LazyConv2d(6, 3, { groups: 3 })(randn([1, 4, 5, 5]))).toThrow(
      'in_channels must be divisible by groups',
    );
  });
});

describe('Dense', () => {
  beforeAll(() => setDefaultDevice(referenceDevice()));

  it('computes its activation of a Linear over the last axis', async () => {
    manualSeed(1);
    const dense = new nn.Dense(4, { activation: 'relu' });
    const x = randn([2, 3, 5]);
    manualSeed(1);
    const linear = new nn.Linear(5, 4);
    manualSeed(1);
    expect(await dense(x).tolist()).toEqual(await linear(x).relu().tolist());
    expect(dense(x).shape).toEqual([2, 3, 4]);
    expect(String(dense)).toBe('Dense(in_features=5, out_features=4, bias=True, activation=relu)');
  });

  it('takes a function, a known number of inputs, and flattening', () => {
    const dense = new nn.Dense(4, { activation: (x) => x.tanh(), flatten: true, useBias: false });
    expect(dense(randn([2, 3, 5])).shape).toEqual([2, 4]);
    expect(dense.weight.shape).toEqual([4, 15]);
    expect(dense.bias).toBeNull();
    expect(new nn.Dense(2, { inFeatures: 7 }).weight.shape).toEqual([2, 7]);
    expect(() => new nn.Dense(2, { activation: 'rleu' as 'relu' })).toThrow("Dense: unknown activation 'rleu'");
  });
});
