import { grad, manualSeed, nn, rand, randn, setDefaultDevice, tensor } from '@chimera-nn/core';
import type { Tensor } from '@chimera-nn/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { referenceDevice } from '../reference/device.ts';

const { packPaddedSequence, packSequence, padPackedSequence, unpackSequence } = nn.utils.rnn;

beforeAll(() => setDefaultDevice(referenceDevice()));

async function expectClose(actual: Tensor, expected: Tensor): Promise<void> {
  expect(actual.shape).toEqual(expected.shape);
  const [found, wanted] = [await actual.data(), await expected.data()];
  for (const [i, value] of found.entries()) expect(value).toBeCloseTo(wanted[i]!, 5);
}

/** The rows of one sequence of a padded batch [T, N, ...], with a batch of its own. */
function sequence(padded: Tensor, index: number, length: number): Tensor {
  return padded.narrow(1, index, 1).narrow(0, 0, length);
}

describe('packing', () => {
  it('goes and comes back, longest first or not, with and without a batch in front', async () => {
    const x = randn([5, 3, 2]);
    const lengths = [2, 5, 3];
    const packed = packPaddedSequence(x, lengths, { enforceSorted: false });
    expect(packed.batchSizes).toEqual([3, 3, 2, 1, 1]);
    expect(packed.sortedIndices).toEqual([1, 2, 0]);
    expect(packed.unsortedIndices).toEqual([2, 0, 1]);
    expect(packed.data.shape).toEqual([10, 2]);
    const [padded, back] = padPackedSequence(packed);
    expect(back).toEqual(lengths);
    for (const [i, length] of lengths.entries()) await expectClose(sequence(padded, i, length), sequence(x, i, length));
    const [first] = padPackedSequence(packed, { batchFirst: true, paddingValue: 7, totalLength: 6 });
    expect(first.shape).toEqual([3, 6, 2]);
    expect(await first.at([0, 2, 0]).item()).toBe(7);
    const again = packPaddedSequence(x.transpose(0, 1), lengths, { batchFirst: true, enforceSorted: false });
    await expectClose(again.data, packed.data);
  });

  it('gives a list of sequences back', async () => {
    const list = [randn([3, 2]), randn([1, 2]), randn([2, 2])];
    const unpacked = unpackSequence(packSequence(list, { enforceSorted: false }));
    expect(unpacked.length).toBe(3);
    for (const [i, part] of unpacked.entries()) await expectClose(part, list[i]!);
  });

  it('takes lengths that were given as a tensor', () => {
    expect(packPaddedSequence(randn([3, 2, 1]), tensor([3, 1])).batchSizes).toEqual([2, 1, 1]);
    expect(() => packPaddedSequence(randn([3, 2, 1]), rand([2]).gt(2).int())).toThrow('lengths must be known');
  });
});

const kinds = { LSTM: nn.LSTM, GRU: nn.GRU, RNN: nn.RNN } as const;

describe.each(['LSTM', 'GRU', 'RNN'] as const)('%s over packed sequences', (kind) => {
  it('gives what each sequence gives on its own, with the same gradients', async () => {
    manualSeed(1);
    const layer = new kinds[kind](3, 4, { numLayers: 2, bidirectional: true });
    const x = randn([5, 3, 3], { requiresGrad: true });
    const states = [randn([4, 3, 4]), randn([4, 3, 4])];
    const lengths = [4, 5, 2];
    const run = layer as unknown as (input: unknown, state: unknown) => [unknown, Tensor | Tensor[]];
    const stateOf = (parts: Tensor[]): unknown => (kind === 'LSTM' ? parts : parts[0]);
    const listOf = (state: Tensor | Tensor[]): Tensor[] => (Array.isArray(state) ? state : [state]);

    const [packed, last] = run(packPaddedSequence(x, lengths, { enforceSorted: false }), stateOf(states));
    const [output] = padPackedSequence(packed as InstanceType<typeof nn.utils.rnn.PackedSequence>);
    const together = listOf(last).reduce((sum, state) => sum.add(state.sin().sum()), output.sin().sum());
    const gradient = grad(together, [x, layer.parameters()[0]!]);

    let apart = tensor(0, { dtype: 'float32' });
    for (const [i, length] of lengths.entries()) {
      const own = states.map((state) => state.narrow(1, i, 1));
      const [alone, ownLast] = run(sequence(x, i, length), stateOf(own)) as [Tensor, Tensor | Tensor[]];
      await expectClose(sequence(output, i, length), alone);
      for (const [j, state] of listOf(ownLast).entries()) await expectClose(listOf(last)[j]!.narrow(1, i, 1), state);
      apart = listOf(ownLast).reduce((sum, state) => sum.add(state.sin().sum()), apart.add(alone.sin().sum()));
    }
    const expected = grad(apart, [x, layer.parameters()[0]!]);
    for (const [i, each] of gradient.entries()) await expectClose(each, expected[i]!);
  });
});
