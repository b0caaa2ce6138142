import { describe, expect, expectTypeOf, it } from 'vitest';
import { manualSeed, nn, zeros } from '../../index.ts';
import type { Tensor } from '../../index.ts';

describe('recurrent layers', () => {
  it('give output and state, typed', () => {
    const [output, hidden] = new nn.GRU(3, 4, { numLayers: 2, bidirectional: true })(zeros([5, 2, 3]));
    expectTypeOf(output).toEqualTypeOf<Tensor>();
    expect(output.shape).toEqual([5, 2, 8]);
    expect(hidden.shape).toEqual([4, 2, 4]);
    const [first, [h, c]] = new nn.LSTM(3, 4, { batchFirst: true, projSize: 2 })(zeros([2, 5, 3]));
    expect([first.shape, h.shape, c.shape]).toEqual([
      [2, 5, 2],
      [1, 2, 2],
      [1, 2, 4],
    ]);
    const [alone, last] = new nn.RNN(3, 4)(zeros([5, 3]));
    expect([alone.shape, last.shape]).toEqual([
      [5, 4],
      [1, 4],
    ]);
    const [cellHidden, cellState] = new nn.LSTMCell(3, 4)(zeros([2, 3]));
    expect([cellHidden.shape, cellState.shape]).toEqual([
      [2, 4],
      [2, 4],
    ]);
  });

  it('take and give packed sequences, typed', () => {
    const packed = nn.utils.rnn.packPaddedSequence(zeros([5, 2, 3]), [5, 2]);
    const [output] = new nn.LSTM(3, 4)(packed);
    expectTypeOf(output).toEqualTypeOf<nn.utils.rnn.PackedSequence>();
    expect(output.data.shape).toEqual([7, 4]);
    expect(output.batchSizes).toEqual([2, 2, 1, 1, 1]);
  });

  it('accept an empty batch', () => {
    expect(new nn.LSTM(3, 4)(zeros([5, 0, 3]))[0].shape).toEqual([5, 0, 4]);
  });

  it('can be copied', () => {
    manualSeed(0);
    const layer = new nn.LSTM(3, 4, { bidirectional: true });
    const copy = nn.deepcopy(layer);
    expect(String(copy)).toBe('LSTM(3, 4, bidirectional=True)');
    expect(copy(zeros([2, 1, 3]))[0].shape).toEqual([2, 1, 8]);
    expect(copy.parameters()[0] === layer.parameters()[0]).toBe(false);
    expect(copy.namedParameters().map(([name]) => name)).toEqual(layer.namedParameters().map(([name]) => name));
  });

  it.each<[string, () => unknown, string]>([
    [
      'a state that is not a pair',
      () => new nn.LSTM(3, 4)(zeros([5, 2, 3]), zeros([1, 2, 4]) as never),
      'expected the initial state as [hidden, cell]',
    ],
    ['a misspelt option', () => new nn.LSTM(3, 4, { layers: 2 } as never), "unexpected keyword argument 'layers'"],
    [
      'an empty sequence',
      () => new nn.GRU(3, 4)(zeros([0, 2, 3])),
      'Expected sequence length to be larger than 0 in RNN',
    ],
    [
      'unsorted lengths',
      () => nn.utils.rnn.packPaddedSequence(zeros([5, 2, 3]), [2, 5]),
      'must be sorted in decreasing order',
    ],
  ])('refuse %s', (_name, call, message) => {
    expect(call).toThrow(message);
  });
});

describe('MultiheadAttention', () => {
  it('gives output and weights, typed', () => {
    const layer = new nn.MultiheadAttention(6, 3);
    const [output, weights] = layer(zeros([4, 2, 6]), zeros([5, 2, 6]), zeros([5, 2, 6]));
    expectTypeOf(output).toEqualTypeOf<Tensor>();
    expectTypeOf(weights).toEqualTypeOf<Tensor | null>();
    expect(output.shape).toEqual([4, 2, 6]);
    expect(weights?.shape).toEqual([2, 4, 5]);
    expect(layer(zeros([4, 6]), zeros([5, 6]), zeros([5, 6]), { averageAttnWeights: false })[1]?.shape).toEqual([
      3, 4, 5,
    ]);
    expect(layer(zeros([4, 6]), zeros([5, 6]), zeros([5, 6]), null, false)[1]).toBeNull();
  });
});
