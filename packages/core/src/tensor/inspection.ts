import { byteSize } from '../graph/dtype.ts';
import { normalizeDim, sameShape, sizeOf, stridesOf } from '../graph/shape.ts';
import { requireTensor } from './operand.ts';
import type { Tensor } from './tensor.ts';

/** The number of elements. (PyTorch: `torch.numel`, `Tensor.nelement`) */
export function nelement(x: Tensor): number {
  return sizeOf(requireTensor('nelement', x).shape);
}

/** The number of dimensions. (PyTorch: `Tensor.ndimension`) */
export function ndimension(x: Tensor): number {
  return requireTensor('ndimension', x).shape.length;
}

/** Bytes per element. (PyTorch: `Tensor.element_size`) */
export function elementSize(x: Tensor): number {
  return byteSize(requireTensor('element_size', x).dtype);
}

/**
 * Steps in elements between neighbours of each dimension, or of one; tensors lie in row-major order. (PyTorch: `Tensor.stride`)
 */
export function stride(x: Tensor): readonly number[];
export function stride(x: Tensor, dim: number): number;
export function stride(x: Tensor, dim?: number): number | readonly number[] {
  const { shape } = requireTensor('stride', x);
  const strides = stridesOf(shape);
  return dim === undefined ? strides : strides[normalizeDim(dim, shape.length, 'stride')]!;
}

/** Whether the dtype has negative numbers. (PyTorch: `Tensor.is_signed`) */
export function isSigned(x: Tensor): boolean {
  return requireTensor('is_signed', x).dtype !== 'bool';
}

/** Whether both have one shape. (PyTorch: `Tensor.is_same_size`) */
export function isSameSize(x: Tensor, other: Tensor): boolean {
  return sameShape(requireTensor('is_same_size', x).shape, requireTensor('is_same_size', other).shape);
}

/** Whether the one element of x is not 0. Computes it. (PyTorch: `torch.is_nonzero`, but asynchronous) */
export async function isNonzero(x: Tensor): Promise<boolean> {
  const { shape } = requireTensor('is_nonzero', x);
  const size = sizeOf(shape);
  if (size !== 1)
    throw new TypeError(
      `Boolean value of Tensor with ${size === 0 ? 'no values' : 'more than one value'} is ambiguous`,
    );
  return (await x.item()) !== 0;
}
