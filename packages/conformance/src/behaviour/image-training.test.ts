import type { Device } from '@chimera-nn/core';
import { F, manualSeed, nn, optim, randn, setDefaultDevice, tensor } from '@chimera-nn/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { devices } from './devices.ts';

function network(): nn.Sequential {
  return new nn.Sequential(
    new nn.Conv2d(1, 4, 3, { padding: 1, bias: false }),
    new nn.BatchNorm2d(4),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Dropout2d(0.25),
    new nn.LazyConv2d(6, 3),
    new nn.BatchNorm2d(6, { momentum: null }),
    new nn.AdaptiveAvgPool2d(2),
    new nn.Flatten(),
    new nn.Dense(3),
  );
}

describe.each(devices)('training of image networks on %s', (_name, open) => {
  let device: Device;
  beforeAll(async () => {
    device = await open();
    setDefaultDevice(device);
  });
  afterAll(() => device.close());

  it('compiles once, keeps memory flat, and learns', { timeout: 120_000 }, async () => {
    manualSeed(0);
    const net = network();
    const x = randn([8, 1, 8, 8]);
    const y = tensor([0, 1, 2, 0, 1, 2, 0, 1]);
    net(x).dispose();
    const optimizer = new optim.SGD(net.parameters(), { lr: 0.1, momentum: 0.9 });
    const step = async (): Promise<number> => {
      optimizer.zeroGrad();
      const logits = net(x);
      const loss = F.crossEntropy(logits, y);
      loss.backward();
      await optimizer.step();
      const value = await loss.item();
      // What is left is the network's and the optimizer's.
      logits.dispose();
      loss.dispose();
      return value;
    };
    const first = await step();
    for (let i = 0; i < 5; i++) await step();
    const before = device.stats();
    let last = 0;
    for (let i = 0; i < 40; i++) last = await step();
    const after = device.stats();
    expect(after.compilations).toBe(before.compilations);
    // Fewer is possible: the collector may meanwhile have found what building the network left behind.
    expect(after.buffers).toBeLessThanOrEqual(before.buffers);
    expect(after.bytes).toBeLessThanOrEqual(before.bytes);
    expect(last).toBeLessThan(first / 2);
    const norms = net.modules().filter((block) => block instanceof nn.BatchNorm2d);
    // The call that gave the lazy layers their shape counts as well.
    for (const norm of norms) expect(await norm.numBatchesTracked!.item()).toBe(47);
  });

  it('averages running statistics over all batches when there is no momentum', async () => {
    const norm = new nn.BatchNorm1d(1, { momentum: null });
    for (const batch of [
      [0, 2],
      [4, 8],
      [1, 3],
    ])
      norm(tensor(batch, { dtype: 'float32' }).reshape([2, 1]));
    expect(await norm.runningMean!.item()).toBeCloseTo((1 + 6 + 2) / 3, 5);
    expect(await norm.runningVar!.item()).toBeCloseTo((2 + 8 + 2) / 3, 5);
    norm.eval();
    expect(await norm(tensor([[3]], { dtype: 'float32' })).item()).toBeCloseTo(0, 5);
    expect(await norm.numBatchesTracked!.item()).toBe(3);
    norm.resetRunningStats();
    expect(await norm.runningVar!.item()).toBe(1);
  });

  it('clips gradients to a norm and to a value', async () => {
    const weight = new nn.Parameter(tensor([3, 4], { dtype: 'float32' }));
    weight.square().sum().div(2).backward();
    const norm = nn.utils.clipGradNorm_([weight], 1);
    expect(await norm.item()).toBeCloseTo(5, 5);
    const clipped = (await weight.grad!.tolist()) as number[];
    expect(clipped[0]).toBeCloseTo(0.6, 5);
    expect(clipped[1]).toBeCloseTo(0.8, 5);
    nn.utils.clipGradValue_(weight, 0.7);
    expect(((await weight.grad!.tolist()) as number[])[1]).toBeCloseTo(0.7, 5);
    expect(await nn.utils.getTotalNorm(tensor([3, -7], { dtype: 'float32' }), Infinity).item()).toBe(7);
    expect(await nn.utils.clipGradNorm_([], 1).item()).toBe(0);
    await expect(nn.utils.clipGradNorm_(weight, 1, { errorIfNonfinite: true })).resolves.toBeDefined();
  });

  it('turns parameters into a vector and back', async () => {
    const linear = new nn.Linear(2, 1);
    const vector = nn.utils.parametersToVector(linear.parameters());
    expect(vector.shape).toEqual([3]);
    nn.utils.vectorToParameters(tensor([1, 2, 3], { dtype: 'float32' }), linear.parameters());
    expect(await linear.weight.tolist()).toEqual([[1, 2]]);
    expect(await linear.bias!.tolist()).toEqual([3]);
    expect(() => nn.utils.vectorToParameters(tensor([1]), linear.parameters())).toThrow('3 elements do not fit');
  });
});
