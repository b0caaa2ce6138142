import { arange, F, manualSeed, nn, noGrad, ones, optim, rand, zeros } from '@chimera-nn/core';
import type { Tensor } from '@chimera-nn/core';
import type { Example } from './example.ts';

/** Two convolutions, each followed by a ReLU. */
class ConvModel extends nn.Block {
  conv1 = new nn.Conv2d(1, 20, 5);
  conv2 = new nn.Conv2d(20, 20, 5);
  override forward(x: Tensor): Tensor {
    const hidden = F.relu(this.conv1(x));
    return F.relu(this.conv2(hidden));
  }
}

/** A layer with something of every kind: children, parameters, buffers. */
class Mixed extends nn.Block {
  linear = new nn.Linear(4, 3);
  norm = new nn.BatchNorm1d(3);
  scale = new nn.Parameter(ones([3]));
  override forward(x: Tensor): Tensor {
    return this.norm(this.linear(x)).mul(this.scale);
  }
}

/** What every block can do: be called, printed, asked and changed. */
export const module: readonly Example[] = [
  {
    id: 'module/conv-model',
    title: 'A model is a class',
    summary:
      'Layers with parameters are made in the constructor or as fields, and forward says how data flows through them. ' +
      'Printing the model prints its children.',
    run: async ({ expect, show }) => {
      manualSeed(0);
      const model = new ConvModel();
      const y = model(rand([2, 1, 12, 12]));

      expect.equal('shape', y.shape, [2, 20, 4, 4]);
      await expect.golden('output', y);
      y.sum().backward();
      await expect.golden('conv1.weight.grad', model.conv1.weight.grad!);
      expect.equal(
        'printed form',
        String(model),
        `ConvModel(
  (conv1): Conv2d(1, 20, kernel_size=(5, 5), stride=(1, 1))
  (conv2): Conv2d(20, 20, kernel_size=(5, 5), stride=(1, 1))
)`,
      );
      class Empty extends nn.Block {}
      await expect.throws('a block without forward says so', () => new Empty()(), /missing the required "forward"/);
      show.tree('model', model);
    },
  },
  {
    id: 'module/apply-init',
    title: 'apply reaches every block',
    summary:
      'A function given to apply is called with every block below and then with the block itself, which is how ' +
      'weights are initialised by the kind of layer. Here every Linear gets weights of 1 and a bias of 0.',
    run: async ({ expect, show }) => {
      const visited: string[] = [];
      const initWeight = (block: nn.AnyBlock): void => {
        visited.push(block.constructor.name);
        if (!(block instanceof nn.Linear)) return;
        noGrad(() => {
          block.weight.fill_(1);
          block.bias!.fill_(0);
        });
      };
      const net = new nn.Sequential(new nn.Linear(2, 2), new nn.ReLU(), new nn.Linear(2, 2));
      const same = net.apply(initWeight);

      expect.true('apply gives the block back', same === net);
      expect.equal('children come first', visited, ['Linear', 'ReLU', 'Linear', 'Sequential']);
      await expect.close('weights', net.at(0).weight, [1, 1, 1, 1], 'exact');
      await expect.close('biases', net.at(2).bias!, [0, 0], 'exact');
      await expect.golden('output', net(arange(6).reshape([3, 2]).float()));
      show.tree('net', net);
    },
  },
  {
    id: 'module/state-dict',
    title: 'State is a map of names to tensors',
    summary:
      'stateDict lists every parameter and buffer of a block and of all blocks below it, under its path. What ' +
      'addModule puts in takes part under the name that it was given.',
    run: async ({ expect, show }) => {
      manualSeed(0);
      const net = new nn.Linear(2, 2);
      expect.equal('names', [...net.stateDict().keys()], ['weight', 'bias']);
      await expect.golden('weight', net.stateDict().tensor('weight'));
      await expect.golden('bias', net.stateDict().tensor('bias'));
      expect.equal('state is detached', net.stateDict().tensor('weight').requiresGrad, false);

      const model = new nn.Sequential();
      model.addModule('linear', net);
      model.addModule('norm', new nn.BatchNorm1d(2));
      expect.true('a child is found by its name', model.getSubmodule('linear') === net);
      const state = model.stateDict();
      expect.equal(
        'names with buffers',
        [...state.keys()],
        [
          'linear.weight',
          'linear.bias',
          'norm.weight',
          'norm.bias',
          'norm.running_mean',
          'norm.running_var',
          'norm.num_batches_tracked',
        ],
      );
      await expect.close('a fresh running variance', state.tensor('norm.running_var'), [1, 1], 'exact');
      await expect.throws('a name has no dot', () => model.addModule('a.b', new nn.ReLU()), /can't contain "\."/);
      show.text('state', [...state].map(([name, value]) => `${name}: ${String(value)}`).join('\n'));
    },
  },
  {
    id: 'module/queries',
    title: 'Looking inside a model',
    summary:
      'Parameters, buffers, children and blocks can be listed, each with or without names, and what is shared is ' +
      'listed once. The list of parameters is what an optimizer is made from.',
    run: async ({ expect, show }) => {
      manualSeed(0);
      const net = new nn.Sequential(new nn.Linear(2, 4), new Mixed());
      const parameters = [
        '0.weight',
        '0.bias',
        '1.scale',
        '1.linear.weight',
        '1.linear.bias',
        '1.norm.weight',
        '1.norm.bias',
      ];
      const buffers = ['1.norm.running_mean', '1.norm.running_var', '1.norm.num_batches_tracked'];

      expect.equal(
        'named parameters',
        net.namedParameters().map(([name]) => name),
        parameters,
      );
      expect.equal(
        'parameters',
        net.parameters().map(({ shape }) => shape),
        [[4, 2], [4], [3], [3, 4], [3], [3], [3]],
      );
      expect.equal(
        'named buffers',
        net.namedBuffers().map(([name]) => name),
        buffers,
      );
      expect.equal(
        'buffers',
        net.buffers().map(({ shape }) => shape),
        [[3], [3], []],
      );
      expect.equal(
        'named children',
        net.namedChildren().map(([name]) => name),
        ['0', '1'],
      );
      expect.equal(
        'children',
        net.children().map((child) => child.constructor.name),
        ['Linear', 'Mixed'],
      );
      expect.equal(
        'named modules',
        net.namedModules().map(([name]) => name),
        ['', '0', '1', '1.linear', '1.norm'],
      );
      expect.equal(
        'modules',
        net.modules().map((block) => block.constructor.name),
        ['Sequential', 'Linear', 'Mixed', 'Linear', 'BatchNorm1d'],
      );

      const optimizer = new optim.SGD(net.parameters(), { lr: 0.1 });
      net(rand([8, 2]))
        .mul(rand([8, 3]))
        .sum()
        .backward();
      await optimizer.step();
      for (const [name, parameter] of net.namedParameters()) await expect.golden(name, parameter);
      for (const [name, buffer] of net.namedBuffers()) await expect.golden(name, buffer);
      const shared = new nn.Linear(2, 2);
      expect.equal('shared blocks are listed once', new nn.Sequential(shared, shared).parameters().length, 2);
      show.tree('net', net);
      show.text('parameters', parameters.join('\n'));
    },
  },
  {
    id: 'module/train-eval',
    title: 'Training and evaluation',
    summary:
      'train and eval set the mode of a model and of everything in it. Dropout and batch normalisation behave ' +
      'differently in the two; linear layers and activations do not. requiresGrad_ and zeroGrad reach every parameter.',
    run: async ({ expect }) => {
      manualSeed(0);
      const net = new nn.Sequential(new nn.Linear(4, 6), new nn.BatchNorm1d(6), new nn.ReLU(), new nn.Dropout(0.5));
      const x = rand([5, 4]);
      expect.equal('a model starts in training mode', net.training, true);
      await expect.golden('training', net(x));
      await expect.golden('running mean', net.at(1).running_mean!);
      await expect.golden('running variance', net.at(1).running_var!);

      net.eval();
      expect.equal(
        'every block follows',
        net.modules().map((block) => block.training),
        [false, false, false, false, false],
      );
      await expect.golden('evaluation', net(x));
      await expect.close('evaluation repeats itself', net(x), net(x), 'exact');
      const other = new nn.Sequential(new nn.Linear(4, 6), new nn.ReLU());
      const before = await other.train()(x).data();
      await expect.close('other layers are the same in both modes', other.eval()(x), before, 'exact');

      net.train();
      net.at(0).requiresGrad_(false);
      net(x).sum().backward();
      expect.equal('a frozen layer gets no gradient', net.at(0).weight.grad, null);
      expect.true('the others do', net.at(1).weight!.grad !== null);
      net.zeroGrad();
      expect.equal('zeroGrad forgets it', net.at(1).weight!.grad, null);
      net(x).sum().backward();
      net.zeroGrad({ setToNone: false });
      await expect.close('or sets it to zero', net.at(1).weight!.grad!, zeros([6]), 'exact');
    },
  },
];
