import type { Device } from '@chimera-nn/core';
import { manualSeed, nn, optim, randn, setDefaultDevice, tensor } from '@chimera-nn/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { devices } from './devices.ts';

describe.each(devices)('optimizers and hooks on %s', (_name, open) => {
  let device: Device;
  beforeAll(async () => {
    device = await open();
    setDefaultDevice(device);
  });
  afterAll(() => device.close());

  // The numbers are PyTorch's, for the same seed.
  const optimizers = { SGD: optim.SGD, Adam: optim.Adam, Adafactor: optim.Adafactor } as const;

  it.each([
    ['SGD', { lr: 0.1, momentum: 0.9 }, [-0.475551, 0.090552, 0.672374, -0.175418, 0.334684, 0.431607]],
    ['Adam', { lr: 0.1 }, [1.143116, 0.066833, -1.78014, 0.178567, -0.688009, -1.001016]],
    ['Adafactor', { lr: 0.1 }, [1.059559, -0.133395, -1.694869, 0.338305, -0.772267, -0.686274]],
  ] as const)('%s goes on after it has loaded its own state', async (name, options, expected) => {
    manualSeed(0);
    const parameter = new nn.Parameter(randn([3, 2]));
    const optimizer = new optimizers[name]([parameter], options);
    for (let step = 0; step < 4; step++) {
      optimizer.zeroGrad();
      parameter.pow(2).sum().backward();
      await optimizer.step();
      if (step === 1) optimizer.loadStateDict(optimizer.stateDict());
    }
    const values = await parameter.data();
    for (const [i, value] of expected.entries()) expect(values[i]).toBeCloseTo(value, 5);
  });

  it('calls hooks before and after each step', async () => {
    const parameter = new nn.Parameter(tensor([1, 2], { dtype: 'float32' }));
    const optimizer = new optim.LBFGS([parameter]);
    const seen: string[] = [];
    const before = optimizer.registerStepPreHook((one) => seen.push(`before ${String(one === optimizer)}`));
    optimizer.registerStepPostHook(() => seen.push('after'));
    const closure = () => {
      optimizer.zeroGrad();
      const loss = parameter.pow(2).sum();
      loss.backward();
      return loss;
    };
    await optimizer.step(closure);
    before.remove();
    await optimizer.step(closure);
    expect(seen).toEqual(['before true', 'after', 'after']);
  });

  it('keeps the gradient that hooks have changed, once', async () => {
    const x = tensor([1, 2], { dtype: 'float32', requiresGrad: true });
    const y = x.mul(2);
    y.retainGrad();
    y.retainGrad();
    y.registerHook((gradient) => gradient.mul(3));
    y.sum().backward();
    expect(await y.grad!.tolist()).toEqual([3, 3]);
    expect(await x.grad!.tolist()).toEqual([6, 6]);
  });
});
