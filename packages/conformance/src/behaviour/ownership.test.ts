import type { Device, Tensor } from '@chimera-nn/core';
import { manualSeed, nn, ones, optim, rand, setDefaultDevice, tensor } from '@chimera-nn/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { devices } from './devices.ts';

function perceptron(): nn.Sequential {
  return new nn.Sequential(new nn.Linear(20, 32), new nn.ReLU(), new nn.Linear(32, 10));
}

describe.each(devices)('ownership of memory on %s', (_name, open) => {
  let device: Device;
  beforeAll(async () => {
    device = await open();
    setDefaultDevice(device);
    manualSeed(0);
  });
  afterAll(() => device.close());

  function trainer(): { net: nn.Sequential; step: () => Promise<Tensor> } {
    const net = perceptron();
    const optimizer = new optim.SGD(net.parameters(), { lr: 0.1, momentum: 0.9 });
    const step = async (): Promise<Tensor> => {
      optimizer.zeroGrad();
      const error = net(rand([64, 20])).sub(rand([64, 10]));
      const loss = error.mul(error).mean();
      loss.backward();
      await optimizer.step();
      return loss;
    };
    return { net, step };
  }

  it('stays flat over a thousand steps written without freeing anything', { timeout: 120_000 }, async () => {
    const { step } = trainer();
    for (let i = 0; i < 200; i++) await step();
    const before = device.stats();
    for (let i = 0; i < 1000; i++) await step();
    const after = device.stats();
    expect(after.buffers).toBeLessThanOrEqual(before.buffers + 2);
    expect(after.bytes).toBeLessThanOrEqual(before.bytes * 1.1);
  });

  it('compiles a training loop twice: without and with optimizer state', async () => {
    const { step } = trainer();
    await step();
    await step();
    const compilations = device.stats().compilations!;
    for (let i = 0; i < 20; i++) await step();
    expect(device.stats().compilations).toBe(compilations);
  });

  it('keeps what the user holds: loss and outputs can be read after the step', async () => {
    const net = perceptron();
    const optimizer = new optim.SGD(net.parameters(), { lr: 0.1 });
    const x = rand([4, 20]);
    const before = await net(x).sum().item();
    const logits = net(x);
    const loss = logits.sum();
    loss.backward();
    await optimizer.step();
    expect(await loss.item()).toBeCloseTo(before, 4);
    expect(await logits.sum().item()).toBeCloseTo(before, 4);
    expect(await net[0]!.parameters()[0]!.grad!.sum().item()).not.toBeNaN();
  });

  it('lets backward follow a reading of the loss', async () => {
    const w = tensor([1, 2, 3], { dtype: 'float32', requiresGrad: true });
    const loss = w.mul(w).sum();
    expect(await loss.item()).toBe(14);
    loss.backward();
    expect(await w.grad!.tolist()).toEqual([2, 4, 6]);
  });

  it('names the parameter when something was computed from its former value and not kept', async () => {
    class Leaky extends nn.Block {
      linear = new nn.Linear(3, 2);
      seen: Tensor | null = null;
      override forward(x: Tensor): Tensor {
        this.seen = this.linear(x);
        return this.seen.mul(2);
      }
    }
    const net = new Leaky();
    const optimizer = new optim.SGD(net.parameters(), { lr: 0.1 });
    for (let i = 0; i < 2; i++) {
      optimizer.zeroGrad();
      net(rand([1, 3]))
        .sum()
        .backward();
      await optimizer.step();
    }
    await expect(net.seen!.data()).rejects.toThrow(/former value of 'linear\.(weight|bias)'.*detach/s);
  });

  it('does not let a sum over steps grow its graph', { timeout: 60_000 }, async () => {
    const { step } = trainer();
    let total = tensor(0, { dtype: 'float32' });
    for (let i = 0; i < 30; i++) total = total.add(await step());
    expect(await total.item()).toBeGreaterThan(0);
    let depth = 0;
    for (let node = total.node; node.inputs.length > 0; node = node.inputs[0]!) depth++;
    expect(depth).toBeLessThan(3);
  });

  it('accumulates gradients and frees them when they are forgotten', async () => {
    const net = new nn.Linear(4, 1);
    const x = rand([3, 4]);
    net(x).sum().backward();
    net(x).sum().backward();
    const twice = (await net.weight.grad!.tolist()) as number[][];
    net.zeroGrad();
    expect(net.weight.grad).toBeNull();
    net(x).sum().backward();
    const once = (await net.weight.grad!.tolist()) as number[][];
    for (const [i, value] of twice[0]!.entries()) expect(value).toBeCloseTo(2 * once[0]![i]!, 4);
  });

  it('gives a snapshot with detach, whatever training does afterwards', async () => {
    const net = new nn.Linear(2, 1);
    const before = await net.weight.tolist();
    const held = net.weight.detach();
    const state = net.stateDict();
    const optimizer = new optim.SGD(net.parameters(), { lr: 1 });
    net(rand([3, 2]))
      .sum()
      .backward();
    await optimizer.step();
    expect(await held.tolist()).toEqual(before);
    expect(await state.tensor('weight').tolist()).toEqual(before);
    expect(await net.weight.tolist()).not.toEqual(before);
  });
});

describe('a failed run', () => {
  it('leaves model, optimizer and gradients as they were', async () => {
    const [, open] = devices[0]!;
    const device = await open();
    let failing = false;
    const broken: Device = {
      name: device.name,
      capabilities: device.capabilities,
      compile: async (program) => {
        const executable = await device.compile(program);
        return {
          run: (inputs) => {
            if (failing) throw new Error('the engine is out of memory');
            return executable.run(inputs);
          },
          dispose: () => executable.dispose(),
        };
      },
      upload: (data, shape, dtype) => device.upload(data, shape, dtype),
      download: (buffer) => device.download(buffer),
      free: (buffer) => device.free(buffer),
      stats: () => device.stats(),
      close: () => device.close(),
    };
    setDefaultDevice(broken);
    manualSeed(1);
    const net = new nn.Linear(3, 1);
    const optimizer = new optim.Adam(net.parameters(), { lr: 0.1 });
    const x = rand([2, 3]);
    const step = async (): Promise<void> => {
      optimizer.zeroGrad();
      net(x).sum().backward();
      await optimizer.step();
    };
    await step();
    const weight = await net.weight.tolist();
    failing = true;
    await expect(step()).rejects.toThrow('out of memory');
    failing = false;
    expect(await net.weight.tolist()).toEqual(weight);
    expect(optimizer.state.get(net.weight)!['step']).toBe(1);
    await step();
    expect(await net.weight.tolist()).not.toEqual(weight);
    expect(optimizer.state.get(net.weight)!['step']).toBe(2);
    await device.close();
  });
});

describe('several devices at once', () => {
  it('moves tensors and models, carries gradients, and refuses to mix', async () => {
    const first = await devices[0]![1]();
    const second = await devices[1]![1]();
    setDefaultDevice(first);
    const x = tensor([1, 2], { dtype: 'float32', requiresGrad: true });
    const y = x.to(second).mul(3);
    expect(y.device).toBe(second);
    expect(() => x.add(y)).toThrow(/two devices, reference and tfjs-node:cpu/);
    y.to(first).mul(x).sum().backward();
    expect(await x.grad!.tolist()).toEqual([6, 12]);

    const net = new nn.Linear(2, 2);
    const optimizer = new optim.SGD(net.parameters(), { lr: 0.5, momentum: 0.9 });
    const { weight } = net;
    net(x.detach()).sum().backward();
    await optimizer.step();
    optimizer.zeroGrad();
    const values = await weight.tolist();
    expect(net.to(second)).toBe(net);
    expect(net.weight).toBe(weight);
    expect(weight.device).toBe(second);
    expect(await weight.tolist()).toEqual(values);
    net(x.detach().to(second)).sum().backward();
    await optimizer.step();
    expect(await weight.tolist()).not.toEqual(values);
    expect(optimizer.state.get(weight)!['momentum_buffer']).toMatchObject({ device: second });
    expect(first.stats().buffers).toBeLessThan(20);

    // State on a closed device is its own readers' trouble, nobody else's.
    net.to(first);
    net.to(second);
    await second.close();
    expect(await tensor([1, 2]).add(1).tolist()).toEqual([2, 3]);
    net.to(second);
    const other = new nn.Linear(2, 1);
    const training = new optim.SGD(other.parameters(), { lr: 0.1 });
    other(ones([1, 2]))
      .sum()
      .backward();
    await training.step();
    await first.close();
  });

  it('says what to do when no device is open', async () => {
    setDefaultDevice(null);
    await expect(rand([2]).add(1).data()).rejects.toThrow(/No device is open.*setDefaultDevice\(await tfjsNode\(\)\)/s);
  });
});
