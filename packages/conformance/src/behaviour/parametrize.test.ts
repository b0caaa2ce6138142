import type { Tensor } from '@chimera-nn/core';
import { manualSeed, nn, ones, optim, setDefaultDevice } from '@chimera-nn/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { referenceDevice } from '../reference/device.ts';

const { parametrizations, parametrize } = nn.utils;

async function expectClose(actual: Tensor, expected: readonly number[]): Promise<void> {
  const values = await actual.data();
  expect(values).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expect(values[i]).toBeCloseTo(value, 5);
}

// The numbers are PyTorch's, for the same seed.
describe('parametrized blocks', () => {
  beforeAll(() => setDefaultDevice(referenceDevice()));

  it('train magnitude and direction apart, as weight_norm does', async () => {
    manualSeed(0);
    const linear = parametrizations.weightNorm(new nn.Linear(3, 2));
    expect([...linear.stateDict().keys()]).toEqual([
      'bias',
      'parametrizations.weight.original0',
      'parametrizations.weight.original1',
    ]);
    expect(String(linear)).toBe(
      'ParametrizedLinear(\n  in_features=3, out_features=2, bias=True\n  (parametrizations): ModuleDict(\n    (weight): ParametrizationList(\n      (0): _WeightNorm()\n    )\n  )\n)',
    );
    const y = linear(ones([1, 3]));
    y.square().sum().backward();
    await expectClose(y, [-0.1812312, -0.0346679]);
    const gradient = (name: string): Tensor => linear.getParameter(`parametrizations.weight.${name}`).grad!;
    await expectClose(gradient('original0'), [0.1084989, 0.0677543]);
    await expectClose(gradient('original1'), [-0.3616356, -0.421705, -0.2715688, -0.0122088, -0.0394383, -0.0901515]);
    await expectClose(nn.deepcopy(linear)(ones([1, 3])), [-0.1812312, -0.0346679]);
  });

  it('divide by the largest singular value, as spectral_norm does', async () => {
    manualSeed(0);
    const conv = parametrizations.spectralNorm(new nn.Conv2d(1, 2, 2));
    const y = conv(ones([1, 1, 2, 2]));
    await expectClose(y, [-0.8316343, 0.6337556]);
    await expectClose(conv.getBuffer('parametrizations.weight.0._u'), [-0.8988739, 0.4382075]);
    conv.eval();
    parametrize.removeParametrizations(conv, 'weight');
    expect(String(conv)).toBe('Conv2d(1, 2, kernel_size=(2, 2), stride=(1, 1))');
    expect([...conv.stateDict().keys()]).toEqual(['bias', 'weight']);
    await expectClose(conv(ones([1, 1, 2, 2])), [-0.8316343, 0.6337556]);
  });

  it('compute a tensor by blocks of their own, and store what is assigned', async () => {
    class Symmetric extends nn.Block {
      override forward(x: Tensor): Tensor {
        return x.triu().add(x.triu(1).transpose(0, 1));
      }
    }
    class Invertible extends Symmetric {
      rightInverse(x: Tensor): Tensor {
        return x.triu();
      }
    }
    const closed = parametrize.registerParametrization(new nn.Linear(2, 2), 'weight', new Symmetric());
    expect(() => {
      closed.weight = ones([2, 2]);
    }).toThrow('parametrization Symmetric does not implement right_inverse.');
    const linear = new nn.Linear(2, 2, { bias: false });
    const original = linear.weight;
    const optimizer = new optim.SGD(linear.parameters(), { lr: 0.1 });
    parametrize.registerParametrization(linear, 'weight', new Invertible());
    expect(parametrize.isParametrized(linear, 'weight')).toBe(true);
    expect(linear).toBeInstanceOf(nn.Linear);
    linear.weight = ones([2, 2]);
    await expectClose(linear.weight, [1, 1, 1, 1]);
    linear(ones([1, 2]))
      .sum()
      .backward();
    await optimizer.step();
    // The element above the diagonal stands for two.
    await expectClose(original, [0.9, 0.8, 0, 0.9]);
    await expectClose(linear.weight, [0.9, 0.8, 0.8, 0.9]);
  });

  it('refuse what is not there', () => {
    const linear = new nn.Linear(2, 2);
    expect(() => parametrizations.weightNorm(linear, 'wieght')).toThrow(
      "does not have a parameter, a buffer, or a parametrized element with name 'wieght'",
    );
    expect(() => parametrize.removeParametrizations(linear, 'weight')).toThrow(
      'does not have a parametrization on weight',
    );
  });
});
