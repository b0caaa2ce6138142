import { F, manualSeed, nn, optim, rand, randint, randn, setDefaultDevice } from '@chimera-nn/core';
import type { Device, Tensor } from '@chimera-nn/core';
import type { Contender } from './workload.ts';
import { transformerSizes } from './workload.ts';

/** Chimera on a device, as a reader of its documentation would write the loops. */
export function chimera(device: Device): Contender {
  setDefaultDevice(device);
  manualSeed(0);
  const training = (optimizer: { zeroGrad(): void; step(): Promise<unknown> }, lossOf: () => Tensor) => async () => {
    optimizer.zeroGrad();
    const loss = lossOf();
    loss.backward();
    await optimizer.step();
    return loss.item();
  };
  return {
    mlp: async () => {
      const net = new nn.Sequential(new nn.Linear(20, 256), new nn.ReLU(), new nn.Linear(256, 10));
      const [x, y] = [rand([64, 20]), rand([64, 10])];
      return training(new optim.SGD(net.parameters(), { lr: 0.1, momentum: 0.9 }), () => F.mseLoss(net(x), y));
    },
    lenet: async () => {
      const net = new nn.Sequential(
        new nn.Conv2d(1, 6, 5, { padding: 2 }),
        new nn.Sigmoid(),
        new nn.AvgPool2d(2),
        new nn.Conv2d(6, 16, 5),
        new nn.Sigmoid(),
        new nn.AvgPool2d(2),
        new nn.Flatten(),
        new nn.Linear(400, 120),
        new nn.Sigmoid(),
        new nn.Linear(120, 84),
        new nn.Sigmoid(),
        new nn.Linear(84, 10),
      );
      const [x, y] = [randn([64, 1, 28, 28]), randint(0, 10, [64])];
      return training(new optim.SGD(net.parameters(), { lr: 0.1 }), () => F.crossEntropy(net(x), y));
    },
    transformer: async () => {
      const { vocabulary, width, heads, feedforward, batch, length } = transformerSizes;
      const layer = new nn.TransformerEncoderLayer(width, heads, {
        dimFeedforward: feedforward,
        dropout: 0,
        batchFirst: true,
        normFirst: true,
      });
      const net = new nn.Sequential(
        new nn.Embedding(vocabulary, width),
        new nn.TransformerEncoder(layer, 2),
        new nn.Linear(width, vocabulary),
      );
      const [x, y] = [randint(0, vocabulary, [batch, length]), randint(0, vocabulary, [batch * length])];
      return training(new optim.Adam(net.parameters(), { lr: 1e-3 }), () => F.crossEntropy(net(x).flatten(0, 1), y));
    },
  };
}
