import {
  arange,
  decode,
  encodeCheckpointOf,
  encodeState,
  load,
  manualSeed,
  nn,
  noGrad,
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

function perceptron(): nn.Sequential<readonly [nn.Linear, nn.ReLU, nn.Linear]> {
  return new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU(), new nn.Linear(8, 2));
}

/** What can be done to a whole model: moving, converting, watching and saving it. */
export const moduleState: readonly Example[] = [
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
          return [input.mul(2)];
        }),
        block.registerForwardHook((_block, _inputs, output) => {
          seen.push('after');
          return output.neg();
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
      fromCheckpoint.loadStateDict(decode(await readBytes(checkpointFile)));
      const x = arange(12).reshape([3, 4]).float().div(12);
      await expect.golden('output', fromCheckpoint(x));
      const fromSafetensors = perceptron();
      fromSafetensors.loadStateDict(decode(await readBytes(safetensorsFile)));
      await expect.close('both files hold the same', fromSafetensors(x), fromCheckpoint(x), 'exact');

      manualSeed(1);
      const fresh = perceptron();
      const state = fromCheckpoint.stateDict();
      for (const bytes of [await encodeCheckpointOf(state), await encodeState(state)]) {
        fresh.loadStateDict(decode(bytes));
        await expect.close('what was saved comes back', fresh(x), fromCheckpoint(x), 'exact');
        noGrad(() => fresh.at(0).weight.fill_(0));
      }
      if (hasFiles)
        await withTemporaryFolder(async (folder) => {
          for (const file of [`${folder}/perceptron.pt`, `${folder}/perceptron.safetensors`]) {
            await save(state, file);
            const clone = perceptron();
            clone.loadStateDict(await load(file));
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
