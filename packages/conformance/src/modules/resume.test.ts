import {
  decode,
  encodeCheckpointOf,
  F,
  getRngState,
  manualSeed,
  nn,
  optim,
  rand,
  randint,
  randn,
  setDefaultDevice,
  setRngState,
} from '@chimera-nn/core';
import type { Device, Tensor } from '@chimera-nn/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { devices } from '../behaviour/devices.ts';

type Model = nn.Sequential<nn.Block[]>;

interface Run {
  readonly net: Model;
  readonly optimizer: optim.Optimizer<{ lr: number }>;
  readonly scheduler: optim.lrScheduler.LRScheduler;
}

type MakeOptimizer = (net: Model) => optim.Optimizer<{ lr: number }>;

/** Dropout draws masks and batch norm keeps statistics, so that a continuation needs both. */
function start(makeOptimizer: MakeOptimizer): Run {
  const net: Model = new nn.Sequential<nn.Block[]>(
    new nn.Linear(6, 12),
    new nn.BatchNorm1d(12),
    new nn.ReLU(),
    new nn.Dropout(0.3),
    new nn.Linear(12, 3),
  );
  const optimizer = makeOptimizer(net);
  return { net, optimizer, scheduler: new optim.lrScheduler.StepLR(optimizer, 2, { gamma: 0.5 }) };
}

async function train({ net, optimizer, scheduler }: Run, steps: number): Promise<number[]> {
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) {
    const x = randn([8, 6]).add(rand([8, 6]));
    optimizer.zeroGrad();
    const loss = F.crossEntropy((net as unknown as (x: Tensor) => Tensor)(x), randint(0, 3, [8]));
    loss.backward();
    await optimizer.step();
    scheduler.step();
    losses.push(await loss.item());
  }
  return losses;
}

const optimizers: Readonly<Record<string, MakeOptimizer>> = {
  SGD: (net) => new optim.SGD(net.parameters(), { lr: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.01 }),
  AdamW: (net) =>
    new optim.AdamW([{ params: net.at(0).parameters() }, { params: net.parameters().slice(2), lr: 0.02 }], {
      lr: 0.05,
      amsgrad: true,
    }),
  RMSprop: (net) => new optim.RMSprop(net.parameters(), { lr: 0.01, momentum: 0.5, centered: true }),
};

describe.each(devices)('training that is interrupted, on %s', (_name, open) => {
  let device: Device;
  beforeAll(async () => {
    device = await open();
    setDefaultDevice(device);
  });
  afterAll(() => device.close());

  it.each(Object.keys(optimizers))('goes on bit for bit as if nothing had been: %s', async (name) => {
    manualSeed(5);
    const run = start(optimizers[name]!);
    await train(run, 3);
    const bytes = await encodeCheckpointOf({
      model: run.net.stateDict(),
      optimizer: run.optimizer.stateDict(),
      scheduler: run.scheduler.stateDict(),
      generator: getRngState(),
    });
    const losses = await train(run, 4);
    const wanted = await Promise.all([...run.net.stateDict().values()].map((value) => (value as Tensor).tolist()));

    // Another process: another stream, other weights.
    manualSeed(99);
    const again = start(optimizers[name]!);
    await train(again, 1);
    const saved = decode<ReadonlyMap<string, unknown>>(bytes);
    again.net.loadStateDict(saved.get('model') as nn.StateDict);
    again.optimizer.loadStateDict(saved.get('optimizer') as ReadonlyMap<string, unknown>);
    again.scheduler.loadStateDict(saved.get('scheduler') as ReadonlyMap<string, unknown>);
    setRngState(saved.get('generator') as Uint8Array);
    expect(await train(again, 4)).toEqual(losses);
    expect(await Promise.all([...again.net.stateDict().values()].map((value) => (value as Tensor).tolist()))).toEqual(
      wanted,
    );
    expect(again.scheduler.getLastLr()).toEqual(run.scheduler.getLastLr());
  });
});
