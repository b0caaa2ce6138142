import { arange, F, manualSeed, nn, ones, optim, randint, randn } from '@chimera-nn/core';
import type { Tensor } from '@chimera-nn/core';
import type { Training } from './training.ts';

/** Predicts each next character from those before it, with one recurrent layer. */
class LanguageModel extends nn.Block {
  embedding: nn.Embedding;
  lstm: nn.LSTM;
  linear: nn.Linear;

  constructor(vocabulary: number) {
    super();
    this.embedding = new nn.Embedding(vocabulary, 16);
    this.lstm = new nn.LSTM(16, 32, { batchFirst: true });
    this.linear = new nn.Linear(32, vocabulary);
  }

  override forward(tokens: Tensor): Tensor {
    return this.linear(this.lstm(this.embedding(tokens))[0]);
  }
}

/** As `LanguageModel`, with two layers of masked self attention; tokens are [length, batch]. */
export class Transformer extends nn.Block {
  embedding: nn.Embedding;
  position: nn.Parameter;
  encoder: nn.TransformerEncoder;
  linear: nn.Linear;

  constructor(vocabulary: number, context: number, { width = 32, heads = 4, feedforward = 64, dropout = 0.1 } = {}) {
    super();
    this.embedding = new nn.Embedding(vocabulary, width);
    this.position = new nn.Parameter(randn([context, 1, width]).mul(0.02));
    const layer = new nn.TransformerEncoderLayer(width, heads, {
      dimFeedforward: feedforward,
      dropout,
      activation: 'gelu',
      normFirst: true,
    });
    this.encoder = new nn.TransformerEncoder(layer, 2, { norm: new nn.LayerNorm(width) });
    this.linear = new nn.Linear(width, vocabulary);
  }

  override forward(tokens: Tensor): Tensor {
    const context = tokens.shape[0]!;
    const mask = ones([context, context], { dtype: 'bool' }).triu(1);
    const x = this.embedding(tokens).add(this.position);
    return this.linear(this.encoder(x, { mask }));
  }
}

/** `batch` windows at random places of a text: the characters, and those that follow them. */
function windows(text: Tensor, batch: number, context: number): readonly [inputs: Tensor, targets: Tensor] {
  const starts = randint(0, text.shape[0]! - context, [batch]);
  const places = starts.unsqueeze(1).add(arange(context));
  return [text.at(places), text.at(places.add(1))];
}

/** `text` has one number per character, `vocabulary` of them are different. */
export function recurrentTraining(text: Tensor, vocabulary: number): Training {
  manualSeed(1);
  const net = new LanguageModel(vocabulary);
  const optimizer = new optim.Adam(net.parameters(), { lr: 0.01 });
  const step = async (): Promise<number> => {
    const [inputs, targets] = windows(text, 8, 12);
    optimizer.zeroGrad();
    const loss = F.crossEntropy(net(inputs).flatten(0, 1), targets.flatten());
    loss.backward();
    nn.utils.clipGradNorm_(net.parameters(), 0.5);
    await optimizer.step();
    return loss.item();
  };
  return { net, step };
}

/** As `recurrentTraining`, with dropout, smoothed labels and a learning rate that falls. */
export function transformerTraining(text: Tensor, vocabulary: number, steps: number): Training {
  manualSeed(2);
  const net = new Transformer(vocabulary, 16);
  const optimizer = new optim.AdamW(net.parameters(), { lr: 0.003, weightDecay: 0.1 });
  const scheduler = new optim.CosineAnnealingLR(optimizer, steps);
  const step = async (): Promise<number> => {
    const [inputs, targets] = windows(text, 8, 16);
    optimizer.zeroGrad();
    const loss = F.crossEntropy(net(inputs.t()).flatten(0, 1), targets.t().flatten(), { labelSmoothing: 0.1 });
    loss.backward();
    await optimizer.step();
    scheduler.step();
    return loss.item();
  };
  return { net, step };
}
