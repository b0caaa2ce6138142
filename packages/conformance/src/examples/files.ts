import {
  arange,
  decode,
  encodeCheckpointOf,
  encodeState,
  F,
  load,
  manualSeed,
  nn,
  rand,
  save,
  zeros,
} from '@chimera-nn/core';
import type { Savable, Tensor } from '@chimera-nn/core';
import { readBytes } from '../goldens/read.ts';
import type { Example } from './example.ts';
import { hasFiles, withTemporaryFolder } from './temporary-folder.ts';

// What torch.save wrote of a dict with a tensor, a list of tensors, a number and a text.
const nestedFile = new URL('../../goldens/chapter/files/nested.pt', import.meta.url);

class MLP extends nn.Block {
  hidden = new nn.Linear(20, 256);
  output = new nn.Linear(256, 10);
  override forward(x: Tensor): Tensor {
    return this.output(F.relu(this.hidden(x)));
  }
}

/** Writes and reads: through a file where there are files, through the file's bytes elsewhere. */
async function throughFile(value: Savable): Promise<unknown> {
  if (!hasFiles) return decode(await encodeCheckpointOf(value));
  let found: unknown;
  await withTemporaryFolder(async (folder) => {
    await save(value, `${folder}/value.pt`);
    found = await load(`${folder}/value.pt`);
  });
  return found;
}

/** Reading and writing. */
export const files: readonly Example[] = [
  {
    id: 'files/tensors',
    title: 'Tensors in files',
    summary:
      'One tensor, a list of tensors, or a map of names to tensors goes into a file and comes back as what it was. ' +
      'Files that PyTorch wrote are read; nothing in a file is executed.',
    run: async ({ expect }) => {
      const x = arange(4);
      const y = zeros([4]);
      const one = (await throughFile(x)) as Tensor;
      expect.equal('a tensor', [one.dtype, one.shape], ['int32', [4]]);
      await expect.close('its values', one, [0, 1, 2, 3], 'exact');

      const [x2, y2] = (await throughFile([x, y])) as Tensor[];
      await expect.close('a list, first', x2!, x, 'exact');
      await expect.close('a list, second', y2!, y, 'exact');

      const named = (await throughFile({ x, y })) as Map<string, Tensor>;
      expect.equal('a map', [...named.keys()], ['x', 'y']);
      await expect.close('its x', named.get('x')!, x, 'exact');

      const nested = decode<Map<string, unknown>>(await readBytes(nestedFile));
      expect.equal('a file of PyTorch', [...nested.keys()], ['weight', 'steps', 'epoch', 'name']);
      await expect.golden('weight', nested.get('weight') as Tensor, 'exact');
      const [first, second] = nested.get('steps') as Tensor[];
      await expect.golden('first step', first!, 'exact');
      await expect.golden('second step', second!, 'exact');
      expect.equal('plain values', [nested.get('epoch'), nested.get('name')], [7, 'perceptron']);
      await expect.throws('what is no such file is refused', () => decode(Uint8Array.of(1, 2, 3)), /./);
    },
  },
  {
    id: 'files/model',
    title: 'Models in files',
    summary:
      'A file holds the parameters of a model, not its code: to restore a model, make one of the same class and load ' +
      'the parameters into it. The copy then computes what the original does, bit by bit.',
    run: async ({ expect, show }) => {
      manualSeed(0);
      const net = new MLP();
      const X = rand([2, 20]);
      const Y = net(X);
      await expect.golden('output', Y);

      const clone = new MLP();
      expect.true('a new model computes something else', (await clone(X).sub(Y).abs().max().item()) > 0.01);
      clone.loadStateDict((await throughFile(net.stateDict())) as Map<string, Tensor>);
      clone.eval();
      await expect.close('until it has the parameters', clone(X), Y, 'exact');

      const bytes = await encodeState(net.stateDict(), { made: 'by an example' });
      const other = new MLP();
      other.loadStateDict(decode(bytes));
      await expect.close('also as safetensors', other(X), Y, 'exact');
      show.tree('net', net);
      show.text(
        'size',
        `${bytes.length} bytes of safetensors for ${net.parameters().reduce((sum, p) => sum + p.numel(), 0)} numbers`,
      );
    },
  },
];
