import { isFloating } from '../graph/dtype.ts';
import { recorder as b } from '../graph/node.ts';
import type { TensorOptions } from './creation-options.ts';
import { tensor } from './creation.ts';
import { getDefaultDtype } from './default-dtype.ts';
import { requireTensor } from './operand.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

// Functions that PyTorch has at its top level beside methods.

/** Whether the dtype is a floating one. (PyTorch: `torch.is_floating_point`) */
export function isFloatingPoint(x: Tensor): boolean {
  return isFloating(requireTensor('is_floating_point', x).dtype);
}

/** Always false: there are no complex tensors. (PyTorch: `torch.is_complex`) */
export function isComplex(x: Tensor): boolean {
  requireTensor('is_complex', x);
  return false;
}

/** Whether each element is real: always. (PyTorch: `torch.isreal`) */
export function isreal(x: Tensor): Tensor {
  return wrap(b.full(requireTensor('isreal', x).shape, 1, 'bool'));
}

/** The value without its history. (PyTorch: `torch.detach`) */
export function detach(x: Tensor): Tensor {
  requireTensor('detach', x);
  return x.detach();
}

/** A 0-d tensor of a number, of the default dtype. (PyTorch: `torch.scalar_tensor`) */
export function scalarTensor(value: number, options: TensorOptions = {}): Tensor {
  return tensor(value, { dtype: getDefaultDtype(), ...options });
}
