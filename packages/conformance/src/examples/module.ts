import {
  arange,
  decode,
  encodeCheckpointOf,
  encodeState,
  F,
  load,
  manualSeed,
  nn,
  noGrad,
  ones,
  optim,
  rand,
  randn,
  save,
  zeros,
} from '@chimera-nn/core';
import type { Tensor } from '@chimera-nn/core';
import { readBytes } from '../goldens/read.ts';
import type { Example } from './example.ts';
import { hasFiles, withTemporaryFolder } from './temporary-folder.ts';

// Written by PyTorch: torch.save and safetensors of one model's state.
const checkpointFile = new URL('../../goldens/chapter/files/perceptron.pt', import.meta.url);
const safetensorsFile = new URL('../../goldens/chapter/files/perceptron.safetensors', import.meta.url);

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

function perceptron(): nn.Sequential<readonly [nn.Linear, nn.ReLU, nn.Linear]> {
  return new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU(), new nn.Linear(8, 2));
}

/** What every block can do: be asked, changed, moved, watched and saved. */
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
  {
    id: 'module/to',
    title: 'Moving and converting a model',
    summary:
      'to changes the dtype or the device of a whole model in place and gives the model back, so an optimizer made ' +
      'before still holds its parameters. What a device cannot compute is refused at once, with the dtypes that it has.',
    run: async ({ device, expect }) => {
      manualSeed(0);
      const linear = new nn.Linear(2, 2);
      const { weight } = linear;
      const x = rand([3, 2]);
      await expect.golden('float32', linear(x));

      expect.true('moving gives the block back', linear.to(device) === linear);
      expect.true('and keeps its parameters', linear.weight === weight && weight.device === device);
      if (device.capabilities.dtypes.includes('float64')) {
        expect.true('so does converting', linear.to('float64') === linear && linear.weight === weight);
        expect.equal(
          'dtypes',
          linear.parameters().map(({ dtype }) => dtype),
          ['float64', 'float64'],
        );
        await expect.golden('float64', linear(x.double()));
        await expect.throws('dtypes do not mix', () => linear(x), /same dtype|float64/);
        linear.float();
        await expect.golden('float32', linear(x));
        linear.type('float64').to(device, 'float32');
        linear.double().float();
        await expect.golden('weight', linear.weight, 'exact');
      } else {
        await expect.throws('float64 is refused', () => linear.to('float64'), /has no float64; it has .*float32/);
        await expect.throws('under every name', () => linear.double(), /has no float64/);
        expect.equal('and nothing has changed', linear.weight.dtype, 'float32');
      }
      if (device.capabilities.dtypes.includes('float16')) {
        linear.to(device, 'float16');
        expect.equal(
          'half precision',
          linear.parameters().map(({ dtype }) => dtype),
          ['float16', 'float16'],
        );
        await expect.golden('half weight', linear.weight, 'exact');
        await expect.golden('float16', linear(x.half()), 'elementwise');
        linear.float().half().type('float32');
        await expect.golden('rounded', linear(x));
      } else {
        await expect.throws(
          'float16 is refused',
          () => linear.to(device, 'float16'),
          /has no float16; it has .*float32/,
        );
        await expect.throws('under every name', () => linear.half(), /has no float16/);
        expect.equal('and nothing has changed', linear.weight.dtype, 'float32');
      }
      await expect.throws(
        'a block has floating point numbers',
        () => linear.to('int32'),
        /only accepts floating point/,
      );
    },
  },
  {
    id: 'module/register',
    title: 'Registering parameters, buffers and hooks',
    summary:
      'Parameters and buffers can be registered by name. Hooks run before and after forward, or when gradients leave ' +
      'a block; they may watch or replace what passes, until they are removed.',
    run: async ({ expect }) => {
      class Scaled extends nn.Block {
        declare scale: nn.Parameter;
        declare offset: Tensor;
        constructor() {
          super();
          this.registerParameter('scale', new nn.Parameter(rand([3])));
          this.registerBuffer('offset', rand([3]));
        }
        override forward(x: Tensor): Tensor {
          return x.mul(this.scale).add(this.offset);
        }
      }
      manualSeed(0);
      const block = new Scaled();
      const x = rand([2, 3], { requiresGrad: true });
      expect.equal(
        'parameters',
        block.namedParameters().map(([name]) => name),
        ['scale'],
      );
      expect.equal(
        'buffers',
        block.namedBuffers().map(([name]) => name),
        ['offset'],
      );
      await expect.golden('output', block(x));

      const seen: string[] = [];
      const handles = [
        block.registerForwardPreHook((_block, [input]) => {
          seen.push('before');
          return [(input as Tensor).mul(2)];
        }),
        block.registerForwardHook((_block, _inputs, output) => {
          seen.push('after');
          return (output as Tensor).neg();
        }),
        block.registerFullBackwardHook((_block, [gradient]) => {
          seen.push('backward');
          return [gradient!.mul(10)];
        }),
      ];
      const hooked = block(x);
      await expect.golden('hooked output', hooked);
      hooked.square().sum().backward();
      await expect.golden('hooked gradient', x.grad!);
      await expect.golden('scale.grad', block.scale.grad!);
      expect.equal('order', seen, ['before', 'after', 'backward']);

      for (const handle of handles) handle.remove();
      await expect.golden('output', block(x));
      expect.equal('removed hooks are silent', seen.length, 3);
      await expect.throws('a name is taken once', () => block.registerBuffer('scale', zeros([1])), /already exists/);
    },
  },
  {
    id: 'module/save-load',
    title: 'Saving and loading a model',
    summary:
      'A state goes into a file and from there into a fresh model of the same shape. Files of PyTorch are read as ' +
      'they are. A strict load demands that every name fits and changes nothing otherwise.',
    run: async ({ expect }) => {
      const fromCheckpoint = perceptron();
      fromCheckpoint.loadStateDict(decode(await readBytes(checkpointFile)) as Map<string, Tensor>);
      const x = arange(12).reshape([3, 4]).float().div(12);
      await expect.golden('output', fromCheckpoint(x));
      const fromSafetensors = perceptron();
      fromSafetensors.loadStateDict(decode(await readBytes(safetensorsFile)) as Map<string, Tensor>);
      await expect.close('both files hold the same', fromSafetensors(x), fromCheckpoint(x), 'exact');

      manualSeed(1);
      const fresh = perceptron();
      const state = fromCheckpoint.stateDict();
      for (const bytes of [await encodeCheckpointOf(state), await encodeState(state)]) {
        fresh.loadStateDict(decode(bytes) as Map<string, Tensor>);
        await expect.close('what was saved comes back', fresh(x), fromCheckpoint(x), 'exact');
        noGrad(() => fresh.at(0).weight.fill_(0));
      }
      if (hasFiles)
        await withTemporaryFolder(async (folder) => {
          for (const file of [`${folder}/perceptron.pt`, `${folder}/perceptron.safetensors`]) {
            await save(state, file);
            const clone = perceptron();
            clone.loadStateDict((await load(file)) as Map<string, Tensor>);
            await expect.close('also through a file', clone(x), fromCheckpoint(x), 'exact');
          }
        });
      else await expect.throws('a browser has no files', () => save(state, 'perceptron.pt'), /in Node only/);

      const partial = new Map([...state].filter(([name]) => name !== '2.bias'));
      partial.set('extra', randn([1]));
      const before = await fresh.at(2).weight.data();
      await expect.throws(
        'a missing name',
        () => fresh.loadStateDict(partial),
        /Missing key\(s\) in state_dict: "2\.bias"/,
      );
      await expect.throws(
        'an unknown name',
        () => fresh.loadStateDict(partial),
        /Unexpected key\(s\) in state_dict: "extra"/,
      );
      await expect.close('a refused state changes nothing', fresh.at(0).weight, zeros([8, 4]), 'exact');
      const found = fresh.loadStateDict(partial, { strict: false });
      expect.equal('a lenient load tells', found, { missingKeys: ['2.bias'], unexpectedKeys: ['extra'] });
      await expect.close('and takes what fits', fresh.at(0).weight, fromCheckpoint.at(0).weight, 'exact');
      await expect.close('the rest was there before', fresh.at(2).weight, before, 'exact');
      await expect.throws(
        'shapes must fit',
        () => new nn.Linear(3, 2).loadStateDict({ weight: zeros([2, 4]), bias: zeros([2]) }),
        /size mismatch for weight: copying a param with shape torch\.Size\(\[2, 4\]\)/,
      );
    },
  },
];
