import { F, manualSeed, nn, optim, rand } from '@chimera-nn/core';
import type { Tensor } from '@chimera-nn/core';
import type { Example } from './example.ts';

const printedMlp = `Sequential(
  (0): Linear(in_features=20, out_features=256, bias=True)
  (1): ReLU()
  (2): Linear(in_features=256, out_features=10, bias=True)
)`;

/** The perceptron of the chapter as a class of its own. */
class MLP extends nn.Block {
  hidden = new nn.Linear(20, 256);
  out = new nn.Linear(256, 10);
  override forward(X: Tensor): Tensor {
    return this.out(F.relu(this.hidden(X)));
  }
}

/** A chain of blocks, written by hand. */
class MySequential extends nn.Block {
  constructor(...blocks: readonly nn.Block[]) {
    super();
    for (const [i, block] of blocks.entries()) this.addModule(String(i), block);
  }
  add(block: nn.Block): this {
    this.addModule(String(this._modules.size), block);
    return this;
  }
  override forward(X: Tensor): Tensor {
    let Y = X;
    for (const block of this.children()) Y = block(Y);
    return Y;
  }
}

/** A constant in the middle, a layer used twice, and a loop that depends on values. */
class FixedHiddenMLP extends nn.Block {
  randWeight = rand([20, 20]);
  linear = new nn.Linear(20, 20);
  override async forward(X: Tensor): Promise<Tensor> {
    let Y = this.linear(X);
    Y = F.relu(Y.mm(this.randWeight).add(1));
    Y = this.linear(Y);
    while ((await Y.abs().sum().item()) > 1) Y = Y.div(2);
    return Y.sum();
  }
}

class NestMLP extends nn.Block {
  net = new nn.Sequential(new nn.Linear(20, 64), new nn.ReLU(), new nn.Linear(64, 32), new nn.ReLU());
  linear = new nn.Linear(32, 16);
  override forward(X: Tensor): Tensor {
    return this.linear(this.net(X));
  }
}

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
      expect.equal('printed form', String(net), printedMlp);
      show.tree('net', net);
    },
  },
  {
    id: 'blocks/mlp-gluon',
    title: 'The same, built by adding layers',
    summary:
      'Layers are added one after another and say only how many units they have, with their activation. The number ' +
      'of inputs is found at the first call; initialize() before it only says how the weights are to be drawn.',
    run: async ({ expect, show }) => {
      manualSeed(0);
      const net = new nn.Sequential();
      net.add(new nn.Dense(256, { activation: 'relu' }));
      net.add(new nn.Dense(10));
      net.initialize();
      const X = rand([2, 20]);
      const Y = net(X);

      expect.equal('shape', Y.shape, [2, 10]);
      expect.equal('the first layer has found its inputs', net.parameters()[0]!.shape, [256, 20]);
      await expect.golden('output', Y);
      show.tree('net', net);
    },
  },
  {
    id: 'blocks/mlp-keras',
    title: 'The same, from numbers of units',
    summary:
      'A list of layers that know only their units. Flatten in front makes vectors of images, and the first call builds the rest.',
    run: async ({ expect, show }) => {
      manualSeed(0);
      const net = new nn.Sequential(new nn.Flatten(), new nn.Dense(256, { activation: 'relu' }), new nn.Dense(10));
      const X = rand([2, 4, 5]);
      const Y = net(X);

      expect.equal('shape', Y.shape, [2, 10]);
      await expect.golden('output', Y);
      show.tree('net', net);
    },
  },
  {
    id: 'blocks/mlp-paddle',
    title: 'The same, with names',
    summary:
      'Children may come as pairs of a name and a layer. The numbers are those of the unnamed chain; the names are in the state.',
    run: async ({ expect, show }) => {
      manualSeed(0);
      const net = new nn.Sequential(
        ['hidden', new nn.Linear(20, 256)],
        ['relu', new nn.ReLU()],
        ['out', new nn.Linear(256, 10)],
      );
      const Y = net(rand([2, 20]));

      await expect.golden('output', Y);
      expect.equal('names', [...net.stateDict().keys()], ['hidden.weight', 'hidden.bias', 'out.weight', 'out.bias']);
      show.tree('net', net);
    },
  },
  {
    id: 'blocks/mlp-custom',
    title: 'A perceptron as a class',
    summary:
      'Layers are fields, the computation is forward. Calling the instance runs it; gradients come by themselves.',
    run: async ({ expect, show }) => {
      manualSeed(0);
      const net = new MLP();
      const Y = net(rand([2, 20]));

      expect.equal('shape', Y.shape, [2, 10]);
      await expect.golden('output', Y);
      Y.sum().backward();
      await expect.golden('hidden.weight.grad', net.hidden.weight.grad!);
      show.tree('net', net);
    },
  },
  {
    id: 'blocks/my-sequential',
    title: 'A Sequential of one’s own',
    summary:
      'A class that registers its arguments under "0", "1", "2" and calls them in turn gives what Sequential gives. ' +
      'Written with add, blocks can also join one at a time.',
    run: async ({ expect, show }) => {
      manualSeed(0);
      const net = new MySequential(new nn.Linear(20, 256), new nn.ReLU(), new nn.Linear(256, 10));
      const X = rand([2, 20]);
      const Y = net(X);
      await expect.golden('output', Y);

      manualSeed(0);
      const built = new nn.Sequential(new nn.Linear(20, 256), new nn.ReLU(), new nn.Linear(256, 10));
      await expect.close('Sequential gives the same', Y, built(X), 'exact');
      expect.equal('the same state', [...net.stateDict().keys()], [...built.stateDict().keys()]);

      manualSeed(0);
      const added = new MySequential();
      added.add(new nn.Linear(20, 256)).add(new nn.ReLU()).add(new nn.Linear(256, 10));
      await expect.close('and so does the one built with add', added(X), Y, 'exact');
      show.tree('net', net);
    },
  },
  {
    id: 'blocks/my-sequential-keyed-by-block',
    title: 'Children without names',
    summary:
      'Children may be kept under any key, even under themselves: calling them works. What has no name cannot be named ' +
      'in the state, and says so.',
    run: async ({ expect }) => {
      class Keyed extends nn.Block {
        constructor(...blocks: readonly nn.AnyBlock[]) {
          super();
          for (const block of blocks) this._modules.set(block as unknown as string, block);
        }
        override forward(X: Tensor): Tensor {
          let Y = X;
          for (const block of this._modules.values()) Y = block!(Y);
          return Y;
        }
      }
      manualSeed(0);
      const net = new Keyed(new nn.Linear(20, 256), new nn.ReLU(), new nn.Linear(256, 10));
      await expect.golden('output', net(rand([2, 20])));
      await expect.throws(
        'its state has no names',
        () => net.stateDict(),
        /module name should be a string. Got Linear/,
      );
    },
  },
  {
    id: 'blocks/fixed-hidden',
    title: 'Code in forward',
    summary:
      'forward is ordinary code: a random constant that is never trained, one layer used twice, and a loop that halves ' +
      'the values until their absolute sum is at most 1. A branch on values makes forward asynchronous.',
    run: async ({ expect, show }) => {
      manualSeed(0);
      const net = new FixedHiddenMLP();
      const X = rand([2, 20]);
      const Y = await net(X);
      expect.equal('a scalar', Y.shape, []);
      await expect.golden('output', Y);

      const constant = await net.randWeight.data();
      const optimizer = new optim.SGD(net.parameters(), { lr: 0.1 });
      const outputs: number[] = [];
      for (let step = 0; step < 3; step++) {
        optimizer.zeroGrad();
        const loss = await net(X);
        loss.backward();
        await optimizer.step();
        outputs.push(await loss.item());
      }
      await expect.golden('weight after three steps', net.linear.weight);
      expect.equal('the shared layer is listed once', net.parameters().length, 2);
      await expect.close('the constant is unchanged', net.randWeight, constant, 'exact');
      show.tree('net', net);
      show.curve('output over steps', outputs);
    },
  },
  {
    id: 'blocks/fixed-hidden-constant',
    title: 'A constant that is saved',
    summary:
      'Registered as a buffer the constant is part of the state: it is saved with the model, and still not trained.',
    run: async ({ expect }) => {
      class WithConstant extends nn.Block {
        declare rand_weight: Tensor;
        linear: nn.Linear;
        constructor() {
          super();
          this.registerBuffer('rand_weight', rand([20, 20]));
          this.linear = new nn.Linear(20, 20);
        }
        override forward(X: Tensor): Tensor {
          return this.linear(F.relu(this.linear(X).mm(this.rand_weight).add(1))).sum();
        }
      }
      manualSeed(0);
      const net = new WithConstant();
      const X = rand([2, 20]);
      await expect.golden('output', net(X));
      expect.equal('state', [...net.stateDict().keys()], ['rand_weight', 'linear.weight', 'linear.bias']);

      const constant = await net.rand_weight.data();
      const optimizer = new optim.SGD(net.parameters(), { lr: 0.01 });
      net(X).backward();
      await optimizer.step();
      await expect.close('training leaves it alone', net.rand_weight, constant, 'exact');

      manualSeed(7);
      const other = new WithConstant();
      other.loadStateDict(net.stateDict());
      await expect.close('a copy has it from the state', other(X), net(X), 'exact');
    },
  },
  {
    id: 'blocks/nest-chimera',
    title: 'Blocks of blocks of blocks',
    summary:
      'A nested perceptron, a layer and a block with control flow in one chain. One asynchronous member makes the chain asynchronous.',
    run: async ({ expect, show }) => {
      manualSeed(0);
      const chimera = new nn.Sequential(new NestMLP(), new nn.Linear(16, 20), new FixedHiddenMLP());
      const X = rand([2, 20]);
      const Y = await chimera(X);
      await expect.golden('output', Y);
      expect.equal(
        'printed form',
        String(chimera),
        `Sequential(
  (0): NestMLP(
    (net): Sequential(
      (0): Linear(in_features=20, out_features=64, bias=True)
      (1): ReLU()
      (2): Linear(in_features=64, out_features=32, bias=True)
      (3): ReLU()
    )
    (linear): Linear(in_features=32, out_features=16, bias=True)
  )
  (1): Linear(in_features=16, out_features=20, bias=True)
  (2): FixedHiddenMLP(
    (linear): Linear(in_features=20, out_features=20, bias=True)
  )
)`,
      );
      Y.backward();
      await expect.golden('0.net.0.weight.grad', chimera.getParameter('0.net.0.weight').grad!);
      show.tree('chimera', chimera);
    },
  },
  {
    id: 'blocks/efficiency',
    title: 'Recording once',
    summary:
      'After hybridize() the forward’s own code runs once; later calls replay what it recorded. Values stay the same. ' +
      'A block whose control flow depends on values is recorded anew each time, so a changed branch is still taken.',
    run: async ({ expect, show }) => {
      manualSeed(0);
      let calls = 0;
      class Counted extends nn.Block {
        body = new MLP();
        override forward(X: Tensor): Tensor {
          calls++;
          return this.body(X);
        }
      }
      const net = new Counted();
      const inputs = [rand([2, 20]), rand([2, 20])];
      const plain = await Promise.all(inputs.map((X) => net(X).data()));
      net.hybridize();
      await net(inputs[0]!).data();
      const recorded = calls;
      for (const [i, X] of inputs.entries()) await expect.close(`replayed ${i}`, net(X), plain[i]!, 'exact');
      expect.equal('forward does not run again', calls, recorded);

      const optimizer = new optim.SGD(net.parameters(), { lr: 0.1 });
      net(inputs[0]!).sum().backward();
      await optimizer.step();
      net.hybridize(false);
      const changed = await net(inputs[0]!).data();
      net.hybridize();
      await net(inputs[0]!).data();
      await expect.close('a replay sees updated parameters', net(inputs[0]!), changed, 'exact');

      const branching = new FixedHiddenMLP();
      const expected = await (await branching(inputs[0]!)).item();
      const larger = await (await branching(inputs[0]!.mul(100))).item();
      branching.hybridize();
      for (let i = 0; i < 2; i++) {
        await expect.close('same branch', await branching(inputs[0]!), expected, 'exact');
        await expect.close('other branch', await branching(inputs[0]!.mul(100)), larger, 'exact');
      }
      show.tree('net', net);
    },
  },
];
