import type { Tensor } from '../../tensor/tensor.ts';
import { celu, elu, hardtanh, leakyRelu, relu, selu, threshold } from './activation.ts';
import { rrelu } from './random-activation.ts';

/** `relu` in place. (PyTorch: `F.relu_`) */
export function relu_(x: Tensor): Tensor {
  return relu(x, true);
}
/** `elu` in place. (PyTorch: `F.elu_`) */
export function elu_(x: Tensor, alpha = 1): Tensor {
  return elu(x, alpha, true);
}
/** `celu` in place. (PyTorch: `F.celu_`) */
export function celu_(x: Tensor, alpha = 1): Tensor {
  return celu(x, alpha, true);
}
/** `selu` in place. (PyTorch: `F.selu_`) */
export function selu_(x: Tensor): Tensor {
  return selu(x, true);
}
/** `leakyRelu` in place. (PyTorch: `F.leaky_relu_`) */
export function leakyRelu_(x: Tensor, negativeSlope = 0.01): Tensor {
  return leakyRelu(x, negativeSlope, true);
}
/** `hardtanh` in place. (PyTorch: `F.hardtanh_`) */
export function hardtanh_(x: Tensor, minVal = -1, maxVal = 1): Tensor {
  return hardtanh(x, minVal, maxVal, true);
}
/** `threshold` in place. (PyTorch: `F.threshold_`) */
export function threshold_(x: Tensor, limit: number, value: number): Tensor {
  return threshold(x, limit, value, true);
}
/** `rrelu` in place. (PyTorch: `F.rrelu_`) */
export function rrelu_(x: Tensor, lower = 1 / 8, upper = 1 / 3, training = false): Tensor {
  return rrelu(x, lower, upper, training, true);
}
