import { manualSeed, nn, noGrad, optim, rand } from '@chimera-nn/core';
import type { Tensor } from '@chimera-nn/core';
import type { Example } from './example.ts';

function perceptron(): nn.Sequential<readonly [nn.Linear, nn.ReLU, nn.Linear]> {
  return new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU(), new nn.Linear(8, 1));
}

function inner(): nn.Sequential {
  return new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU(), new nn.Linear(8, 4), new nn.ReLU());
}

function outer(): nn.Sequential {
  const net = new nn.Sequential();
  for (let i = 0; i < 4; i++) net.addModule(`block ${i}`, inner());
  return net;
}

/** Parameters: how they are reached, initialised, shared, and how they wait for their shape. */
export const parameters: readonly Example[] = [
  {
    id: 'parameters/access',
    title: 'Reaching parameters',
    summary:
      'The parameters of a layer are its state; those of a model are reached by position, by path, or all at once. ' +
      'Each has a value and, once one has been computed, a gradient.',
    run: async ({ expect, show }) => {
      manualSeed(0);
      const net = perceptron();
      const X = rand([2, 4]);
      await expect.golden('output', net(X));

      expect.equal('the state of one layer', [...net.at(2).stateDict().keys()], ['weight', 'bias']);
      const { bias } = net.at(2);
      expect.true('a parameter of its own class', bias instanceof nn.Parameter);
      await expect.golden('2.bias', bias!);
      await expect.close('by name in the state', net.stateDict().tensor('2.bias'), bias!, 'exact');
      expect.true('by path', net.getParameter('2.bias') === bias);
      await expect.throws(
        'a path that leads nowhere',
        () => net.getParameter('2.scale'),
        /Linear has no attribute `scale`/,
      );
      expect.equal('there is no gradient yet', net.at(2).weight.grad, null);
      const listed = net.namedParameters().map(([name, { shape }]) => `${name} [${shape.join(', ')}]`);
      expect.equal('all at once', listed, ['0.weight [8, 4]', '0.bias [8]', '2.weight [1, 8]', '2.bias [1]']);

      net(X).sum().backward();
      await expect.golden('2.weight.grad', net.at(2).weight.grad!);
      show.text('parameters', listed.join('\n'));
    },
  },
  {
    id: 'parameters/nested',
    title: 'Parameters of nested blocks',
    summary:
      'Blocks made by functions nest to any depth. Printed, the model is a tree; positions lead down to one bias in it.',
    run: async ({ expect, show }) => {
      manualSeed(0);
      const net = new nn.Sequential(outer(), new nn.Linear(4, 1));
      await expect.golden('output', net(rand([2, 4])));
      const block = (i: number): string => `    (block ${i}): Sequential(
      (0): Linear(in_features=4, out_features=8, bias=True)
      (1): ReLU()
      (2): Linear(in_features=8, out_features=4, bias=True)
      (3): ReLU()
    )`;
      expect.equal(
        'printed form',
        String(net),
        `Sequential(\n  (0): Sequential(\n${[0, 1, 2, 3].map(block).join('\n')}\n  )\n  (1): Linear(in_features=4, out_features=1, bias=True)\n)`,
      );
      await expect.golden('0.block 1.0.bias', net.getParameter('0.block 1.0.bias'));
      const second = net.getSubmodule('0.block 1') as nn.Block as nn.Sequential;
      expect.true(
        'the same by position',
        (second.at(0) as unknown as nn.Linear).bias === net.getParameter('0.block 1.0.bias'),
      );
      expect.equal('count', net.parameters().length, 18);
      show.tree('net', net);
    },
  },
  {
    id: 'parameters/built-in-init',
    title: 'Built-in initialisation',
    summary:
      'Normal numbers, constants, or bounds that follow from the size of the layer (Xavier): functions that fill a ' +
      'parameter, for all layers or for one.',
    run: async ({ expect }) => {
      manualSeed(0);
      const net = perceptron();
      net.apply((block) => {
        if (!(block instanceof nn.Linear)) return;
        nn.init.normal_(block.weight, { mean: 0, std: 0.01 });
        nn.init.zeros_(block.bias!);
      });
      await expect.golden('normal', net.at(0).weight);
      await expect.close('zeros', net.at(0).bias!, new Array<number>(8).fill(0), 'exact');

      net.apply((block) => {
        if (block instanceof nn.Linear) nn.init.constant_(block.weight, 1);
      });
      await expect.close('constant', net.at(0).weight, new Array<number>(32).fill(1), 'exact');

      net.at(0).apply((block) => {
        if (block instanceof nn.Linear) nn.init.xavierUniform_(block.weight);
      });
      net.at(2).apply((block) => {
        if (block instanceof nn.Linear) nn.init.constant_(block.weight, 42);
      });
      await expect.golden('xavier', net.at(0).weight);
      await expect.close('another for the last layer', net.at(2).weight, new Array<number>(8).fill(42), 'exact');
      await expect.golden('output', net(rand([2, 4])));
    },
  },
  {
    id: 'parameters/custom-init',
    title: 'Initialisation of one’s own',
    summary:
      'Weights uniform between -10 and 10, of which those nearer to 0 than 5 become 0: any code may fill a parameter, ' +
      'as long as it says that this is not to be differentiated. Single elements can be set as well.',
    run: async ({ expect }) => {
      manualSeed(0);
      const net = perceptron();
      net.apply((block) => {
        if (!(block instanceof nn.Linear)) return;
        nn.init.uniform_(block.weight, -10, 10);
        noGrad(() => block.weight.mul_(block.weight.abs().ge(5)));
      });
      await expect.golden('weight', net.at(0).weight);
      const magnitudes = Array.from(await net.at(0).weight.data(), Math.abs);
      expect.true(
        'nothing is left between 0 and 5',
        magnitudes.every((value) => value === 0 || value >= 5),
      );

      noGrad(() => {
        net.at(0).weight.add_(1);
        net.at(0).weight.set_([0, 0], 42);
      });
      await expect.golden('changed', net.at(0).weight);
      await expect.close('one element', net.at(0).weight.at([0, 0]), 42, 'exact');
      await expect.throws('a parameter is not changed by accident', () => net.at(0).weight.add_(1), /leaf/);
    },
  },
  {
    id: 'parameters/tied',
    title: 'Tied parameters',
    summary:
      'A layer used in two places has one set of parameters: changing it in one place changes it in the other, it is ' +
      'listed once, and its gradient is the sum over both uses.',
    run: async ({ expect, show }) => {
      manualSeed(0);
      const shared = new nn.Linear(8, 8);
      const net = new nn.Sequential(
        new nn.Linear(4, 8),
        new nn.ReLU(),
        shared,
        new nn.ReLU(),
        shared,
        new nn.ReLU(),
        new nn.Linear(8, 1),
      );
      const X = rand([2, 4]);
      await expect.golden('output', net(X));
      expect.true('one layer in two places', net.at(2) === net.at(4));
      noGrad(() => net.at(2).weight.set_([0, 0], 100));
      await expect.close('a change shows in both', net.at(4).weight.at([0, 0]), 100, 'exact');

      expect.equal('listed once', net.parameters().length, 6);
      expect.equal('saved under both names', net.stateDict().size, 8);
      net(X).sum().backward();
      await expect.golden('shared.weight.grad', shared.weight.grad!);
      const optimizer = new optim.SGD(net.parameters(), { lr: 1e-4 });
      await optimizer.step();
      await expect.golden('shared.weight', shared.weight);
      await expect.close('still the same', net.at(2).weight, net.at(4).weight, 'exact');
      show.tree('net', net);
    },
  },
  {
    id: 'parameters/deferred',
    title: 'Deferred initialisation',
    summary:
      'Layers that know only their outputs wait for the first input: until then their parameters have no shape, and ' +
      'asking for it says so. Afterwards they are ordinary layers with fixed sizes.',
    run: async ({ expect, show }) => {
      manualSeed(0);
      const net = new nn.Sequential(new nn.LazyLinear(256), new nn.ReLU(), new nn.LazyLinear(10));
      const before = String(net);
      const weight = net.parameters()[0]!;
      await expect.throws('there is no shape yet', () => weight.shape, /uninitialized parameter/);

      const X = rand([2, 20]);
      await expect.golden('output', net(X));
      expect.equal(
        'shapes',
        net.parameters().map(({ shape }) => shape),
        [[256, 20], [256], [10, 256], [10]],
      );
      expect.true('they are the same parameters', net.parameters()[0] === weight);
      const named = [...net.stateDict().keys()];
      expect.equal('names', named, ['0.weight', '0.bias', '2.weight', '2.bias']);
      await expect.throws(
        'another size is refused now',
        () => net(rand([2, 30])),
        /mat1 and mat2 shapes cannot be multiplied \(2x30 and 20x256\)/,
      );

      manualSeed(1);
      const ones = new nn.Sequential(new nn.LazyLinear(2), new nn.Dense(3));
      ones.initialize((block) => {
        if (block instanceof nn.Linear) nn.init.constant_(block.weight, 1);
      });
      const output: Tensor = ones(X);
      await expect.close(
        'how to initialise can be said before',
        ones.at(0).weight,
        new Array<number>(40).fill(1),
        'exact',
      );
      await expect.close(
        'for every kind of layer that waits',
        ones.at(1).weight,
        new Array<number>(6).fill(1),
        'exact',
      );
      expect.equal('shape', output.shape, [2, 3]);
      show.text('before the first call', before);
      show.tree('after it', net);
    },
  },
];
