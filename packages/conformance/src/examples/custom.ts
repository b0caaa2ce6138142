import { nn, tensor } from '@chimera-nn/core';
import type { Tensor } from '@chimera-nn/core';
import type { Example } from './example.ts';

/** Layers of one's own: without parameters, with them, and used like any other. */
export const custom: readonly Example[] = [
  {
    id: 'custom/centered',
    title: 'A layer without parameters',
    summary:
      'A layer is a block that says in forward what it computes. This one subtracts the mean of its input, ' +
      'so the numbers from 1 to 5 become the numbers from -2 to 2.',
    run: async ({ expect, show }) => {
      class CenteredLayer extends nn.Block {
        override forward(X: Tensor): Tensor {
          return X.sub(X.mean());
        }
      }

      const layer = new CenteredLayer();
      const Y = layer(tensor([1, 2, 3, 4, 5], { dtype: 'float32' }));

      await expect.close('the chapter gives', Y, [-2, -1, 0, 1, 2], 'exact');
      await expect.golden('output', Y);
      expect.equal('it has no parameters', [...layer.parameters()].length, 0);
      show.tree('layer', layer);
    },
  },
];
