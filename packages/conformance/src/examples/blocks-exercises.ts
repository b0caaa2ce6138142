import { cat, F, manualSeed, nn, noGrad, optim, rand } from '@chimera-nn/core';
import type { Tensor } from '@chimera-nn/core';
import type { Example } from './example.ts';

/** The section's exercises. */
export const blocksExercises: readonly Example[] = [
  {
    id: 'blocks/exercise-list',
    title: 'Exercise: blocks in a plain array',
    summary:
      'A plain array hides its blocks: the model has no parameters, nothing is saved and nothing trains. ModuleList mends it.',
    run: async ({ expect }) => {
      class Hidden extends nn.Block {
        layers = [new nn.Linear(20, 256), new nn.Linear(256, 10)];
        override forward(X: Tensor): Tensor {
          return this.layers[1]!(F.relu(this.layers[0]!(X)));
        }
      }
      class Listed extends nn.Block {
        layers = new nn.ModuleList([new nn.Linear(20, 256), new nn.Linear(256, 10)]);
        override forward(X: Tensor): Tensor {
          return this.layers.at(1)(F.relu(this.layers.at(0)(X)));
        }
      }
      manualSeed(0);
      const hidden = new Hidden();
      const X = rand([2, 20]);
      await expect.golden('output', hidden(X));
      expect.equal('no parameters are found', hidden.parameters().length, 0);
      expect.equal('nothing is saved', hidden.stateDict().size, 0);
      await expect.throws(
        'nothing can be trained',
        () => new optim.SGD(hidden.parameters(), { lr: 0.1 }),
        /empty parameter list/,
      );

      manualSeed(0);
      const listed = new Listed();
      await expect.close('the same numbers', listed(X), hidden(X), 'exact');
      expect.equal(
        'with their names',
        [...listed.stateDict().keys()],
        ['layers.0.weight', 'layers.0.bias', 'layers.1.weight', 'layers.1.bias'],
      );
      const before = await listed(X).sum().item();
      const optimizer = new optim.SGD(listed.parameters(), { lr: 0.01 });
      listed(X).sum().backward();
      await optimizer.step();
      expect.true('and it trains', (await listed(X).sum().item()) < before);
    },
  },
  {
    id: 'blocks/exercise-parallel',
    title: 'Exercise: two blocks side by side',
    summary: 'A block of two blocks that both see the input and whose outputs are concatenated.',
    run: async ({ expect, show }) => {
      class Parallel extends nn.Block {
        net1: nn.Linear;
        net2: nn.Linear;
        constructor(net1: nn.Linear, net2: nn.Linear) {
          super();
          this.net1 = net1;
          this.net2 = net2;
        }
        override forward(X: Tensor): Tensor {
          return cat([this.net1(X), this.net2(X)], 1);
        }
      }
      manualSeed(0);
      const net = new Parallel(new nn.Linear(20, 8), new nn.Linear(20, 4));
      const Y = net(rand([2, 20]));
      expect.equal('shape', Y.shape, [2, 12]);
      await expect.golden('output', Y);
      Y.mul(Y).sum().backward();
      await expect.golden('net2.weight.grad', net.net2.weight.grad!);
      show.tree('net', net);
    },
  },
  {
    id: 'blocks/exercise-repeat',
    title: 'Exercise: many copies of one block',
    summary: 'A function makes copies of a block and a net of them. The copies start equal and are independent.',
    run: async ({ expect, show }) => {
      function repeat(block: nn.Linear, count: number): nn.Linear[] {
        return Array.from({ length: count }, () => nn.deepcopy(block));
      }
      manualSeed(0);
      const net = new nn.Sequential(...repeat(new nn.Linear(20, 20), 3));
      const X = rand([2, 20]);
      await expect.golden('output', net(X));
      expect.equal('each copy has its own parameters', new Set(net.parameters()).size, 6);
      noGrad(() => net.at(0).weight.fill_(0));
      expect.true('changing one leaves the others', (await net.at(1).weight.abs().sum().item()) > 0);
      show.tree('net', net);
    },
  },
];
