import { manualSeed, nn, optim, rand } from '@chimera-nn/core';
import type { Tensor } from '@chimera-nn/core';
import type { Example } from './example.ts';

/** Convolution, normalisation and activation three times; the middle one sees a quarter of the channels. */
class Bottleneck extends nn.Block {
  layer1: nn.Sequential;
  layer2: nn.Sequential;
  layer3: nn.Sequential;
  constructor(inChannels: number, outChannels: number) {
    super();
    const inner = inChannels / 4;
    this.layer1 = new nn.Sequential(new nn.Conv2d(inChannels, inner, 1), new nn.BatchNorm2d(inner), new nn.ReLU());
    this.layer2 = new nn.Sequential(
      new nn.Conv2d(inner, inner, 3, { padding: 1 }),
      new nn.BatchNorm2d(inner),
      new nn.ReLU(),
    );
    this.layer3 = new nn.Sequential(
      new nn.Conv2d(inner, outChannels, 1),
      new nn.BatchNorm2d(outChannels),
      new nn.ReLU(),
    );
  }
  override forward(x: Tensor): Tensor {
    return this.layer3(this.layer2(this.layer1(x)));
  }
}

/** Sequential: three ways to make one, and what it is good for. */
export const sequential: readonly Example[] = [
  {
    id: 'sequential/three-ways',
    title: 'Three ways to a Sequential',
    summary:
      'Blocks in a row, blocks with names, or one at a time through addModule: the result computes the same. ' +
      'Children are read by position; names are for paths.',
    run: async ({ expect, show }) => {
      manualSeed(0);
      const positional = new nn.Sequential(
        new nn.Conv2d(1, 20, 5),
        new nn.ReLU(),
        new nn.Conv2d(20, 64, 5),
        new nn.ReLU(),
      );
      const x = rand([1, 1, 12, 12]);
      const y = positional(x);
      await expect.golden('output', y);
      const printed = `Sequential(
  (0): Conv2d(1, 20, kernel_size=(5, 5), stride=(1, 1))
  (1): ReLU()
  (2): Conv2d(20, 64, kernel_size=(5, 5), stride=(1, 1))
  (3): ReLU()
)`;
      expect.equal('positions as names', String(positional), printed);
      expect.equal('the third', String(positional[2]), 'Conv2d(20, 64, kernel_size=(5, 5), stride=(1, 1))');
      expect.true('the last', positional[-1] === positional.at(3));

      manualSeed(0);
      const named = new nn.Sequential(
        new Map<string, nn.Block>([
          ['conv1', new nn.Conv2d(1, 20, 5)],
          ['relu1', new nn.ReLU()],
          ['conv2', new nn.Conv2d(20, 64, 5)],
          ['relu2', new nn.ReLU()],
        ]),
      );
      const names = ['conv1', 'relu1', 'conv2', 'relu2'];
      const withNames = names.reduce((text, name, i) => text.replace(`(${i})`, `(${name})`), printed);
      expect.equal('names', String(named), withNames);
      await expect.close('the same numbers', named(x), y, 'exact');

      manualSeed(0);
      const added = new nn.Sequential();
      added.addModule('conv1', new nn.Conv2d(1, 20, 5));
      added.addModule('relu1', new nn.ReLU());
      added.addModule('conv2', new nn.Conv2d(20, 64, 5));
      added.addModule('relu2', new nn.ReLU());
      expect.equal('the same names', String(added), withNames);
      await expect.close('the same numbers again', added(x), y, 'exact');

      expect.equal('positions also where there are names', String(named[2]), String(positional[2]));
      await expect.throws(
        'a name is no position',
        () => named.at('conv2' as unknown as number),
        /indices must be integers/,
      );
      await expect.throws('nor is 4', () => named.at(4), /index 4 is out of range/);
      show.tree('by position', positional);
      show.tree('by name', named);
    },
  },
  {
    id: 'sequential/as-block',
    title: 'A chain as one layer',
    summary: 'A Sequential is a block like any other, so a piece that recurs can be packed into one and used by name.',
    run: async ({ expect, show }) => {
      manualSeed(0);
      const model = new Bottleneck(8, 16);
      const y = model(rand([2, 8, 6, 6]));
      expect.equal('shape', y.shape, [2, 16, 6, 6]);
      await expect.golden('output', y);
      y.square().mean().backward();
      await expect.golden('layer1.0.weight.grad', model.getParameter('layer1.0.weight').grad!);
      await expect.golden('layer2.1.running_mean', model.getBuffer('layer2.1.running_mean'));
      expect.equal(
        'children',
        model.namedChildren().map(([name]) => name),
        ['layer1', 'layer2', 'layer3'],
      );
      show.tree('model', model);
    },
  },
];

/** ModuleList: blocks in a list that are part of the model. */
export const modulelist: readonly Example[] = [
  {
    id: 'modulelist/iterate',
    title: 'A list of layers',
    summary:
      'A ModuleList registers its blocks but says nothing about how they are called: forward goes through them itself.',
    run: async ({ expect, show }) => {
      class Model extends nn.Block {
        layers = new nn.ModuleList([new nn.Linear(1, 10), new nn.ReLU(), new nn.Linear(10, 1)]);
        override forward(x: Tensor): Tensor {
          let out = x;
          for (const layer of this.layers) out = layer(out);
          return out;
        }
      }
      manualSeed(0);
      const model = new Model();
      const x = rand([4, 1]);
      await expect.golden('output', model(x));
      expect.equal('its blocks are found', model.parameters().length, 4);
      expect.equal('length', model.layers.length, 3);
      await expect.throws(
        'it cannot be called',
        () => (model.layers as nn.Block as nn.AnyBlock)(x),
        /\[ModuleList\] is missing the required "forward"/,
      );

      const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
      model(x).square().sum().backward();
      await optimizer.step();
      await expect.golden('trained', model(x));
      show.tree('model', model);
    },
  },
  {
    id: 'modulelist/append',
    title: 'A list grows by one',
    summary:
      'append adds a block to the end of a list, in the constructor or later; its parameters belong to the model from then on.',
    run: async ({ expect, show }) => {
      class Model extends nn.Block {
        layers = new nn.ModuleList<nn.Linear | nn.ReLU>([new nn.Linear(1, 10), new nn.ReLU(), new nn.Linear(10, 1)]);
        constructor() {
          super();
          this.layers.append(new nn.Linear(1, 5));
        }
        override forward(x: Tensor): Tensor {
          let out = x;
          for (const layer of this.layers) out = layer(out);
          return out;
        }
      }
      manualSeed(0);
      const model = new Model();
      const y = model(rand([4, 1]));
      expect.equal('shape', y.shape, [4, 5]);
      await expect.golden('output', y);
      expect.equal(
        'names',
        [...model.stateDict().keys()],
        ['layers.0.weight', 'layers.0.bias', 'layers.2.weight', 'layers.2.bias', 'layers.3.weight', 'layers.3.bias'],
      );
      show.tree('model', model);
    },
  },
  {
    id: 'modulelist/extend',
    title: 'A list grows by a list',
    summary:
      'extend adds several blocks at once, so the sizes of a network can come from numbers. It takes lists only.',
    run: async ({ expect, show }) => {
      class Model extends nn.Block {
        layers = new nn.ModuleList([new nn.Linear(4, 8)]);
        constructor(sizes: readonly number[]) {
          super();
          this.layers.extend(sizes.slice(1).map((size, i) => new nn.Linear(sizes[i]!, size)));
        }
        override forward(x: Tensor): Tensor {
          let out = x;
          for (const layer of this.layers) out = layer(out).tanh();
          return out;
        }
      }
      manualSeed(0);
      const model = new Model([8, 8, 8, 2]);
      await expect.golden('output', model(rand([3, 4])));
      expect.equal(
        'printed form',
        String(model),
        `Model(
  (layers): ModuleList(
    (0): Linear(in_features=4, out_features=8, bias=True)
    (1-2): 2 x Linear(in_features=8, out_features=8, bias=True)
    (3): Linear(in_features=8, out_features=2, bias=True)
  )
)`,
      );
      await expect.throws(
        'one block is no list',
        () => model.layers.extend(new nn.Linear(2, 2) as unknown as nn.Linear[]),
        /should be called with an iterable, but got Linear/,
      );
      show.tree('model', model);
    },
  },
];
