import { expect, it } from 'vitest';
import { nn } from '../../index.ts';

it('layers take by name what they need', () => {
  expect(String(new nn.Embedding({ numEmbeddings: 3, embeddingDim: 2, paddingIdx: 0 }))).toBe(
    'Embedding(3, 2, padding_idx=0)',
  );
  expect(new nn.EmbeddingBag(3, { embeddingDim: 2, mode: 'sum' }).mode).toBe('sum');
  expect(new nn.MultiheadAttention({ embedDim: 4, numHeads: 2, kdim: 3 }).numHeads).toBe(2);
  expect(new nn.TransformerEncoderLayer({ dModel: 4, nhead: 2, dimFeedforward: 8 }).linear1.outFeatures).toBe(8);
  expect(new nn.TransformerDecoderLayer(4, { nhead: 2, normFirst: true }).normFirst).toBe(true);
});

it('layers name what is missing, unknown or given twice', () => {
  expect(() => new nn.Embedding({ numEmbeddings: 2 } as { numEmbeddings: number; embeddingDim: number })).toThrow(
    "Embedding() missing a required argument: 'embeddingDim'",
  );
  expect(() => new nn.Embedding(3, { embeddingDim: 2, padding: 1 } as { embeddingDim: number })).toThrow("'padding'");
  expect(() => new nn.MultiheadAttention(4, 2, { embedDim: 4 } as object)).toThrow("'embedDim'");
});
