import { einsum, F, fft, manualSeed, nn, rand, randn, tensor } from '@chimera-nn/core';
import type { Tensor } from '@chimera-nn/core';
import type { Example } from './example.ts';

/** Subtracts the mean. */
class CenteredLayer extends nn.Block {
  override forward(X: Tensor): Tensor {
    return X.sub(X.mean());
  }
}

/** A fully connected layer with a ReLU, from its parameters up. */
class MyLinear extends nn.Block {
  weight: nn.Parameter;
  bias: nn.Parameter;
  constructor(inUnits: number, units: number) {
    super();
    this.weight = new nn.Parameter(randn([inUnits, units]));
    this.bias = new nn.Parameter(randn([units]));
  }
  override forward(X: Tensor): Tensor {
    return F.relu(X.matmul(this.weight).add(this.bias));
  }
}

/** Layers of one's own: without parameters, with them, and used like any other. */
export const custom: readonly Example[] = [
  {
    id: 'custom/centered',
    title: 'A layer without parameters',
    summary:
      'A layer is a block that says in forward what it computes. This one subtracts the mean of its input, ' +
      'so the numbers from 1 to 5 become the numbers from -2 to 2.',
    run: async ({ expect, show }) => {
      const layer = new CenteredLayer();
      const Y = layer(tensor([1, 2, 3, 4, 5], { dtype: 'float32' }));

      await expect.close('the chapter gives', Y, [-2, -1, 0, 1, 2], 'exact');
      await expect.golden('output', Y);
      expect.equal('it has no parameters', layer.parameters().length, 0);
      show.tree('layer', layer);
    },
  },
  {
    id: 'custom/centered-in-net',
    title: 'A layer of one’s own in a net',
    summary: 'It composes with other layers. The mean of what comes out is zero, but for the rounding of its sums.',
    run: async ({ expect, show }) => {
      manualSeed(0);
      const net = new nn.Sequential(new nn.Linear(8, 128), new CenteredLayer());
      const Y = net(rand([4, 8]));

      await expect.golden('output', Y);
      expect.true('the mean is zero within 1e-6', Math.abs(await Y.mean().item()) < 1e-6);
      Y.square().sum().backward();
      await expect.golden('0.weight.grad', net.at(0).weight.grad!);
      show.tree('net', net);
    },
  },
  {
    id: 'custom/my-linear',
    title: 'A layer with parameters',
    summary:
      'Parameters that are fields of a layer are found, initialised as the layer likes, and trained: gradients reach ' +
      'the weight and the bias.',
    run: async ({ expect, show }) => {
      manualSeed(0);
      const linear = new MyLinear(5, 3);
      expect.equal('names', [...linear.stateDict().keys()], ['weight', 'bias']);
      await expect.golden('weight', linear.weight);
      const Y = linear(rand([2, 5]));
      expect.equal('shape', Y.shape, [2, 3]);
      await expect.golden('output', Y);
      expect.true('some outputs are positive', (await Y.sum().item()) > 0);

      Y.sum().backward();
      await expect.golden('weight.grad', linear.weight.grad!);
      await expect.golden('bias.grad', linear.bias.grad!);
      show.tree('linear', linear);
      show.text('weight', await linear.weight.format());
    },
  },
  {
    id: 'custom/my-linear-net',
    title: 'Nets of layers of one’s own',
    summary: 'Layers of one’s own are chained like any others.',
    run: async ({ expect, show }) => {
      manualSeed(0);
      const net = new nn.Sequential(new MyLinear(64, 8), new MyLinear(8, 1));
      const Y = net(rand([2, 64]));
      expect.equal('shape', Y.shape, [2, 1]);
      await expect.golden('output', Y);
      Y.sum().backward();
      for (const [name, parameter] of net.namedParameters()) await expect.golden(`${name}.grad`, parameter.grad!);
      show.tree('net', net);
    },
  },
  {
    id: 'custom/exercise-reduction',
    title: 'Exercise: a reduction of two inputs',
    summary: 'A layer that gives the sums over i and j of W_ijk x_i x_j, one for every k.',
    run: async ({ expect, show }) => {
      class Reduction extends nn.Block {
        weight: nn.Parameter;
        constructor(inUnits: number, units: number) {
          super();
          this.weight = new nn.Parameter(randn([inUnits, inUnits, units]));
        }
        override forward(x: Tensor): Tensor {
          return einsum('ijk,i,j->k', this.weight, x, x);
        }
      }
      manualSeed(0);
      const layer = new Reduction(4, 3);
      const x = rand([4], { requiresGrad: true });
      const y = layer(x);
      expect.equal('shape', y.shape, [3]);
      await expect.golden('output', y);
      const [weight, values] = await Promise.all([layer.weight.data(), x.data()]);
      const sums = [0, 1, 2].map((k) =>
        Array.from(values).reduce(
          (sum, xi, i) =>
            Array.from(values).reduce((inner, xj, j) => inner + weight[(i * 4 + j) * 3 + k]! * xi * xj, sum),
          0,
        ),
      );
      await expect.close('by hand', y, sums);
      y.sum().backward();
      await expect.golden('weight.grad', layer.weight.grad!);
      await expect.golden('x.grad', x.grad!);
      show.tree('layer', layer);
    },
  },
  {
    id: 'custom/exercise-fourier',
    title: 'Exercise: Fourier coefficients',
    summary:
      'A layer that gives the leading half of the Fourier coefficients of its input: real and imaginary parts, since ' +
      'there are no complex numbers in a tensor.',
    run: async ({ expect, show }) => {
      class LeadingHalf extends nn.Block {
        override forward(x: Tensor): { real: Tensor; imag: Tensor } {
          const half = x.shape.at(-1)! / 2;
          const { real, imag } = fft.fft(x);
          return { real: real.narrow(-1, 0, half), imag: imag.narrow(-1, 0, half) };
        }
      }
      manualSeed(0);
      const layer = new LeadingHalf();
      const x = rand([2, 8], { requiresGrad: true });
      const { real, imag } = layer(x);
      expect.equal('shape', real.shape, [2, 4]);
      await expect.golden('real', real);
      await expect.golden('imag', imag);
      await expect.close('the first coefficient is the sum', real.at(['...', 0]), x.sum(-1));
      real.square().add(imag.square()).sum().backward();
      await expect.golden('x.grad', x.grad!);
      show.tree('layer', layer);
    },
  },
];
