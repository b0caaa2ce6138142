import type { DType } from '../graph/dtype.ts';
import type { Shape } from '../graph/shape.ts';
import type { TensorOptions } from './creation-options.ts';
import { requireShape } from './creation-options.ts';
import { empty, full, ones, tensor, zeros } from './creation.ts';
import type { NestedArray, Tensor, TensorData } from './tensor.ts';

// These are methods only: the tensor lends its dtype and device to a new one.

function of(x: Tensor, options: TensorOptions): TensorOptions & { dtype: DType } {
  return {
    ...options,
    dtype: options.dtype ?? x.dtype,
    device: options.device === undefined ? x.device : options.device,
  };
}

/** Zeros of the dtype and device of x. (PyTorch: `Tensor.new_zeros`) */
export function newZeros(x: Tensor, shape: Shape, options: TensorOptions = {}): Tensor {
  return zeros(requireShape('newZeros', shape), of(x, options));
}

/** Ones of the dtype and device of x. (PyTorch: `Tensor.new_ones`) */
export function newOnes(x: Tensor, shape: Shape, options: TensorOptions = {}): Tensor {
  return ones(requireShape('newOnes', shape), of(x, options));
}

/** `value` in the dtype and on the device of x. (PyTorch: `Tensor.new_full`) */
export function newFull(x: Tensor, shape: Shape, value: number | boolean, options: TensorOptions = {}): Tensor {
  return full(shape, value, of(x, options));
}

/** A tensor of the dtype and device of x whose values do not matter yet. (PyTorch: `Tensor.new_empty`) */
export function newEmpty(x: Tensor, shape: Shape, options: TensorOptions = {}): Tensor {
  return empty(requireShape('newEmpty', shape), of(x, options));
}

/** A tensor of values in the dtype and on the device of x. (PyTorch: `Tensor.new_tensor`) */
export function newTensor(x: Tensor, values: NestedArray | TensorData, options: TensorOptions = {}): Tensor {
  return tensor(values, of(x, options));
}
