import { F, manualSeed, nn, optim, setDefaultDevice, tensor } from '@chimera-nn/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { referenceDevice } from '../reference/device.ts';

beforeAll(() => setDefaultDevice(referenceDevice()));

describe('Embedding', () => {
  it('keeps the padding vector through training', async () => {
    manualSeed(0);
    const layer = new nn.Embedding(4, 3, { paddingIdx: 1 });
    const optimizer = new optim.SGD(layer.parameters(), { lr: 0.1 });
    const before = (await layer.weight.tolist()) as number[][];
    for (let step = 0; step < 3; step++) {
      optimizer.zeroGrad();
      layer(tensor([0, 1, 2]))
        .sum()
        .backward();
      await optimizer.step();
    }
    const after = (await layer.weight.tolist()) as number[][];
    expect(after[1]).toEqual([0, 0, 0]);
    expect(after[3]).toEqual(before[3]);
    for (const [i, value] of after[0]!.entries()) expect(value).toBeCloseTo(before[0]![i]! - 0.3, 5);
  });

  it('scales the vectors that it looks up, in place, and no others', async () => {
    const layer = nn.Embedding.fromPretrained(
      tensor(
        [
          [3, 4],
          [0.3, 0.4],
          [6, 8],
        ],
        { dtype: 'float32' },
      ),
      { maxNorm: 1 },
    );
    await layer(tensor([0, 1])).data();
    const rows = (await layer.weight.tolist()) as number[][];
    expect(Math.hypot(...rows[0]!)).toBeCloseTo(1, 5);
    expect(rows[1]![0]).toBeCloseTo(0.3, 6);
    expect(rows[2]).toEqual([6, 8]);
  });

  it('can be read before it is differentiated, also when it has scaled vectors', async () => {
    const layer = nn.Embedding.fromPretrained(
      tensor(
        [
          [3, 4],
          [1, 0],
        ],
        { dtype: 'float32' },
      ),
      { maxNorm: 1, freeze: false },
    );
    const optimizer = new optim.SGD(layer.parameters(), { lr: 0.5 });
    for (let step = 0; step < 3; step++) {
      const output = layer(tensor([0, 1]));
      await output.data();
      optimizer.zeroGrad();
      output.sum().backward();
      await optimizer.step();
    }
    expect(await layer.weight.grad!.tolist()).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  it('is frozen when it is given vectors, unless told otherwise', () => {
    const vectors = tensor([
      [1.5, 2],
      [3, 4],
    ]);
    expect(nn.Embedding.fromPretrained(vectors).weight.requiresGrad).toBe(false);
    expect(nn.Embedding.fromPretrained(vectors, { freeze: false }).weight.requiresGrad).toBe(true);
    expect(nn.EmbeddingBag.fromPretrained(vectors, { mode: 'sum' }).mode).toBe('sum');
  });

  it('does not move the random stream when it is given vectors', async () => {
    manualSeed(3);
    nn.Embedding.fromPretrained(tensor([[1.5, 2]]));
    const first = await new nn.Linear(2, 1).weight.tolist();
    manualSeed(3);
    expect(await new nn.Linear(2, 1).weight.tolist()).toEqual(first);
  });

  it('refuses sparse gradients', () => {
    expect(() => new nn.Embedding(2, 2, { sparse: true })).toThrow('gradients are dense');
    expect(() => F.embedding(tensor([0]), tensor([[1.5]]), { sparse: true })).toThrow('gradients are dense');
  });
});
