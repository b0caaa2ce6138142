import { manualSeed, nn, rand } from '@chimera-nn/core';
import type { Example } from './example.ts';

/** How pieces of a model are composed: from ready-made containers to blocks with control flow of their own. */
export const blocks: readonly Example[] = [
  {
    id: 'blocks/mlp-sequential',
    title: 'A multilayer perceptron from Sequential',
    summary:
      'Two fully connected layers with a ReLU between them, chained in the order in which they are given. ' +
      'A batch of two inputs of 20 features becomes two rows of 10 numbers.',
    run: async ({ expect, show }) => {
      manualSeed(0);
      const net = new nn.Sequential(new nn.Linear(20, 256), new nn.ReLU(), new nn.Linear(256, 10));
      const X = rand([2, 20]);
      const Y = net(X);

      expect.equal('shape', Y.shape, [2, 10]);
      await expect.golden('output', Y);
      expect.equal(
        'printed form',
        String(net),
        `Sequential(
  (0): Linear(in_features=20, out_features=256, bias=True)
  (1): ReLU()
  (2): Linear(in_features=256, out_features=10, bias=True)
)`,
      );
      show.tree('net', net);
    },
  },
];
