import { F, nn, rand, randint, randn } from '@chimera-nn/core';
import type { Tensor } from '@chimera-nn/core';

class MLP extends nn.Block {
  hidden = new nn.Linear(20, 32);
  out = new nn.Linear(32, 10);
  override forward(x: Tensor): Tensor {
    return this.out(F.relu(this.hidden(x)));
  }
}

class NestMLP extends nn.Block {
  net = new nn.Sequential(new nn.Linear(20, 16), new nn.ReLU(), new nn.Linear(16, 8), new nn.ReLU());
  linear = new nn.Linear(8, 4);
  override forward(x: Tensor): Tensor {
    return this.linear(this.net(x));
  }
}

function shared(): nn.Block {
  const layer = new nn.Linear(8, 8);
  return new nn.Sequential(
    new nn.Linear(4, 8),
    new nn.ReLU(),
    layer,
    new nn.ReLU(),
    layer,
    new nn.ReLU(),
    new nn.Linear(8, 1),
  );
}

class Residual extends nn.Block {
  conv1: nn.Conv2d;
  bn1: nn.BatchNorm2d;
  conv2: nn.Conv2d;
  bn2: nn.BatchNorm2d;
  downsample: nn.Block | null = null;

  constructor(channels: number, outChannels: number, stride = 1) {
    super();
    this.conv1 = new nn.Conv2d(channels, outChannels, 3, { stride, padding: 1, bias: false });
    this.bn1 = new nn.BatchNorm2d(outChannels);
    this.conv2 = new nn.Conv2d(outChannels, outChannels, 3, { padding: 1, bias: false });
    this.bn2 = new nn.BatchNorm2d(outChannels);
    if (stride !== 1 || channels !== outChannels)
      this.downsample = new nn.Sequential(
        new nn.Conv2d(channels, outChannels, 1, { stride, bias: false }),
        new nn.BatchNorm2d(outChannels),
      );
  }

  override forward(x: Tensor): Tensor {
    const y = this.bn2(this.conv2(F.relu(this.bn1(this.conv1(x)))));
    const skipped = this.downsample === null ? x : (this.downsample as nn.AnyBlock)(x);
    return F.relu(y.add(skipped));
  }
}

class ResNet extends nn.Block {
  stem = new nn.Sequential(
    new nn.Conv2d(3, 6, 3, { padding: 1 }),
    new nn.BatchNorm2d(6),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
  );
  layer1 = new nn.Sequential(new Residual(6, 6), new Residual(6, 6));
  layer2 = new nn.Sequential(new Residual(6, 10, 2));
  pool = new nn.AdaptiveAvgPool2d(1);
  fc = new nn.Linear(10, 5);
  override forward(x: Tensor): Tensor {
    return this.fc(this.pool(this.layer2(this.layer1(this.stem(x)))).flatten(1));
  }
}

function encoder(): nn.Block {
  const layer = new nn.TransformerEncoderLayer(8, 2, {
    dimFeedforward: 16,
    batchFirst: true,
    activation: 'gelu',
    normFirst: true,
  });
  return new nn.TransformerEncoder(layer, 2, { norm: new nn.LayerNorm(8), enableNestedTensor: false });
}

class Tagger extends nn.Block {
  embedding = new nn.Embedding(12, 6);
  lstm = new nn.LSTM(6, 5, { numLayers: 2, bidirectional: true, batchFirst: true });
  scales = new nn.ParameterList([randn([10])]);
  heads = new nn.ModuleDict({ out: new nn.Linear(10, 3) });
  override forward(tokens: Tensor): Tensor {
    const [y] = this.lstm(this.embedding(tokens));
    return this.heads.get('out')(y.mul(this.scales.at(0)));
  }
}

/** A model that travels in files, with an input drawn for it. */
export interface Traveller {
  readonly make: () => nn.Block;
  readonly input: () => Tensor;
}

/** The models of tooling/goldens/interchange.py. */
export const travellers: Readonly<Record<string, Traveller>> = {
  mlp: { make: () => new MLP(), input: () => rand([2, 20]) },
  nested: { make: () => new NestMLP(), input: () => rand([2, 20]) },
  shared: { make: shared, input: () => rand([3, 4]) },
  resnet: { make: () => new ResNet(), input: () => rand([4, 3, 8, 8]) },
  encoder: { make: encoder, input: () => rand([2, 5, 8]) },
  tagger: { make: () => new Tagger(), input: () => randint(0, 12, [2, 7]) },
};
