import { F, manualSeed, nn, optim, rand, setDefaultDevice, tensor } from '@chimera-nn/core';
import type { Tensor } from '@chimera-nn/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { referenceDevice } from '../reference/device.ts';

beforeAll(() => setDefaultDevice(referenceDevice()));

/** Trains on sequences of which the first element says the class. */
async function accuracy(model: nn.Block & ((x: Tensor) => Tensor), steps: number): Promise<number> {
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.02 });
  const labels = Array.from({ length: 24 }, (_, i) => i % 3);
  let correct = 0;
  for (let step = 0; step <= steps; step++) {
    const x = rand([24, 5, 3]).add(
      F.oneHot(tensor(labels), 3)
        .float()
        .unsqueeze(1)
        .mul(tensor([1, 0, 0, 0, 0], { dtype: 'float32' }).reshape([5, 1])),
    );
    const logits = model(x);
    optimizer.zeroGrad();
    F.crossEntropy(logits, tensor(labels)).backward();
    await optimizer.step();
    const found = (await logits.argmax(1).tolist()) as number[];
    correct = found.filter((value, i) => value === labels[i]).length / labels.length;
  }
  return correct;
}

class Recurrent extends nn.Block {
  rnn: nn.LSTM | nn.GRU;
  head = new nn.Linear(12, 3);
  constructor(kind: 'LSTM' | 'GRU') {
    super();
    this.rnn = kind === 'LSTM' ? new nn.LSTM(3, 12, { batchFirst: true }) : new nn.GRU(3, 12, { batchFirst: true });
  }
  override forward(x: Tensor): Tensor {
    const [output] = (this.rnn as nn.GRU)(x);
    return this.head(output.at([':', -1]));
  }
}

class Attending extends nn.Block {
  encoder = new nn.TransformerEncoder(new nn.TransformerEncoderLayer(12, 2, 24, { batchFirst: true, dropout: 0.1 }), 1);
  embed = new nn.Linear(3, 12);
  position = new nn.Embedding(5, 12);
  head = new nn.Linear(12, 3);
  override forward(x: Tensor): Tensor {
    return this.head(this.encoder(this.embed(x).add(this.position(tensor([0, 1, 2, 3, 4])))).mean(1));
  }
}

it('a fresh model can be read before it is differentiated', async () => {
  const embedding = new nn.Embedding(3, 2, { paddingIdx: 0 });
  const layer = new nn.GRU(2, 4);
  const [output] = layer(embedding(tensor([[1], [2], [0]])));
  await output.data();
  output.sum().backward();
  for (const parameter of [...embedding.parameters(), ...layer.parameters()])
    expect((await parameter.grad!.data()).some((value) => value !== 0)).toBe(true);
});

describe('sequence models learn to remember', () => {
  it.each(['LSTM', 'GRU'] as const)('%s', async (kind) => {
    manualSeed(0);
    expect(await accuracy(new Recurrent(kind), 60)).toBeGreaterThan(0.9);
  });

  it('TransformerEncoder, with dropout', async () => {
    manualSeed(0);
    expect(await accuracy(new Attending(), 60)).toBeGreaterThan(0.9);
  });
});
