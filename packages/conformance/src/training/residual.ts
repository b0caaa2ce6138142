import { F, manualSeed, nn, optim, randint, randn } from '@chimera-nn/core';
import type { Tensor } from '@chimera-nn/core';
import type { Training } from './training.ts';

/** Two convolutions and a way around them. */
class BasicBlock extends nn.Block {
  conv1: nn.Conv2d;
  bn1: nn.BatchNorm2d;
  conv2: nn.Conv2d;
  bn2: nn.BatchNorm2d;
  shortcut: nn.Sequential;

  constructor(inPlanes: number, planes: number, stride: number) {
    super();
    this.conv1 = new nn.Conv2d(inPlanes, planes, 3, { stride, padding: 1, bias: false });
    this.bn1 = new nn.BatchNorm2d(planes);
    this.conv2 = new nn.Conv2d(planes, planes, 3, { padding: 1, bias: false });
    this.bn2 = new nn.BatchNorm2d(planes);
    this.shortcut =
      stride === 1 && inPlanes === planes
        ? new nn.Sequential()
        : new nn.Sequential(new nn.Conv2d(inPlanes, planes, 1, { stride, bias: false }), new nn.BatchNorm2d(planes));
  }

  override forward(x: Tensor): Tensor {
    const y = this.bn2(this.conv2(F.relu(this.bn1(this.conv1(x)))));
    return F.relu(y.add(this.shortcut(x)));
  }
}

/** ResNet-18 as it is made for small images: a 3 x 3 stem and four stages of two blocks, here with fewer channels. */
export class ResNet extends nn.Block {
  conv1: nn.Conv2d;
  bn1: nn.BatchNorm2d;
  layers: nn.Sequential;
  linear: nn.Linear;

  constructor(widths: readonly number[]) {
    super();
    let planes = widths[0]!;
    this.conv1 = new nn.Conv2d(3, planes, 3, { padding: 1, bias: false });
    this.bn1 = new nn.BatchNorm2d(planes);
    const layers: nn.Sequential[] = [];
    for (const [i, width] of widths.entries()) {
      layers.push(new nn.Sequential(new BasicBlock(planes, width, i === 0 ? 1 : 2), new BasicBlock(width, width, 1)));
      planes = width;
    }
    this.layers = new nn.Sequential(...layers);
    this.linear = new nn.Linear(planes, 10);
  }

  override forward(x: Tensor): Tensor {
    const y = this.layers(F.relu(this.bn1(this.conv1(x))));
    return this.linear(F.adaptiveAvgPool2d(y, 1).flatten(1));
  }
}

/** Four batches of noise with labels, learned by heart. */
export function residualTraining(): Training {
  // A seed with which no rounding error decides whether a unit is on.
  manualSeed(7);
  const net = new ResNet([8, 16, 32, 64]);
  const images = randn([32, 3, 16, 16]);
  const labels = randint(0, 10, [32]);
  const optimizer = new optim.SGD(net.parameters(), { lr: 0.002, momentum: 0.9, weightDecay: 5e-4 });
  const step = async (i: number): Promise<number> => {
    const start = 8 * (i % 4);
    optimizer.zeroGrad();
    const loss = F.crossEntropy(net(images.narrow(0, start, 8)), labels.narrow(0, start, 8));
    loss.backward();
    await optimizer.step();
    return loss.item();
  };
  return { net, step };
}
