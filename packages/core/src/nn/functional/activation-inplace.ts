import { readTrailing } from '../../tensor/arguments.ts';
import type { Trailing } from '../../tensor/arguments.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { celu, elu, hardtanh, leakyRelu, relu, selu, threshold } from './activation.ts';
import type { AlphaInplaceOptions, HardtanhOptions, LeakyReluOptions } from './activation.ts';
import type { RandomReluOptions } from './random-activation.ts';
import { rrelu } from './random-activation.ts';

/** `relu` in place. (PyTorch: `F.relu_`) */
export function relu_(x: Tensor): Tensor {
  return relu(x, true);
}
/** `elu` in place. (PyTorch: `F.elu_`) */
export function elu_(x: Tensor, ...args: Trailing<Omit<AlphaInplaceOptions, 'inplace'>, ['alpha']>): Tensor {
  return elu(x, { ...readTrailing<AlphaInplaceOptions>('elu_', args, ['alpha']), inplace: true });
}
/** `celu` in place. (PyTorch: `F.celu_`) */
export function celu_(x: Tensor, ...args: Trailing<Omit<AlphaInplaceOptions, 'inplace'>, ['alpha']>): Tensor {
  return celu(x, { ...readTrailing<AlphaInplaceOptions>('celu_', args, ['alpha']), inplace: true });
}
/** `selu` in place. (PyTorch: `F.selu_`) */
export function selu_(x: Tensor): Tensor {
  return selu(x, true);
}
/** `leakyRelu` in place. (PyTorch: `F.leaky_relu_`) */
export function leakyRelu_(x: Tensor, ...args: Trailing<Omit<LeakyReluOptions, 'inplace'>, ['negativeSlope']>): Tensor {
  return leakyRelu(x, { ...readTrailing<LeakyReluOptions>('leaky_relu_', args, ['negativeSlope']), inplace: true });
}
/** `hardtanh` in place. (PyTorch: `F.hardtanh_`) */
export function hardtanh_(
  x: Tensor,
  ...args: Trailing<Omit<HardtanhOptions, 'inplace'>, ['minVal', 'maxVal']>
): Tensor {
  return hardtanh(x, { ...readTrailing<HardtanhOptions>('hardtanh_', args, ['minVal', 'maxVal']), inplace: true });
}
/** `threshold` in place. (PyTorch: `F.threshold_`) */
export function threshold_(x: Tensor, limit: number, value: number): Tensor {
  return threshold(x, limit, value, true);
}
/** `rrelu` in place. (PyTorch: `F.rrelu_`) */
export function rrelu_(
  x: Tensor,
  ...args: Trailing<Omit<RandomReluOptions, 'inplace'>, ['lower', 'upper', 'training']>
): Tensor {
  return rrelu(x, {
    ...readTrailing<RandomReluOptions>('rrelu_', args, ['lower', 'upper', 'training']),
    inplace: true,
  });
}
