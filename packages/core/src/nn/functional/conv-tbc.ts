import { ShapeError } from '../../errors.ts';
import { recorder as b } from '../../graph/node.ts';
import { requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';
import { convolve } from './convolution.ts';

/**
 * A convolution over time of x [T, N, C] with weight [k, C, O] plus bias [O], with `pad` zeros at both ends (default 0).
 * (PyTorch: `F.conv_tbc`)
 */
export function convTbc(
  x: Tensor,
  weight: Tensor,
  bias: Tensor,
  ...options: Trailing<{ pad?: number }, ['pad']>
): Tensor {
  const { pad = 0 } = readTrailing<{ pad?: number }>('convTbc', options, ['pad']);
  const [input, w, shift] = [x, weight, bias].map((tensor) => requireTensor('conv_tbc', tensor)) as [
    Tensor['node'],
    Tensor['node'],
    Tensor['node'],
  ];
  if (input.shape.length !== 3) throw new ShapeError('Input must have 3 dims: time, batch, in_channel');
  if (w.shape.length !== 3)
    throw new ShapeError('Weight tensor must have 3 dims: kernel_width, in_channels, out_channels.');
  if (shift.shape.length !== 1) throw new ShapeError('Bias must be 1-D');
  const y = convolve(
    'conv_tbc',
    b.permute(input, [1, 2, 0]) as Tensor['node'],
    b.permute(w, [2, 1, 0]) as Tensor['node'],
    shift,
    {
      stride: [1],
      padLo: [pad],
      padHi: [pad],
      dilation: [1],
      groups: 1,
    },
  );
  return wrap(b.permute(y, [2, 0, 1]));
}
