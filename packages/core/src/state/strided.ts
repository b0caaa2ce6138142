import { StateFileError } from './state-file-error.ts';
import { elementBytes, elementCount } from './stored-tensor.ts';
import type { StoredDType, StoredTensor } from './stored-tensor.ts';

/** A tensor as PyTorch stores it: a window with strides onto a storage that others may share. Counted in elements. */
export interface StridedWindow {
  storage: Uint8Array;
  dtype: StoredDType;
  offset: number;
  shape: number[];
  strides: readonly number[];
}

/**
 * The window as row-major contiguous bytes: a view of the storage where it already is contiguous, else a copy.
 *
 * `reserve` is called with the bytes of a copy before it is made. Strides of 0 let a few stored bytes describe any
 * amount of them, so the caller decides how much is too much.
 */
export function contiguous(window: StridedWindow, reserve: (bytes: number) => void): StoredTensor {
  const { storage, dtype, offset, shape, strides } = window;
  const width = elementBytes(dtype);
  const label = `tensor of shape [${shape.join(', ')}], strides [${strides.join(', ')}] and offset ${offset}`;
  const count = elementCount(shape);
  if (count === undefined)
    throw new StateFileError(`${label}: sizes must be non-negative integers with an exact product`);
  if (strides.length !== shape.length) throw new StateFileError(`${label}: needs one stride per size`);
  for (const stride of [offset, ...strides]) {
    if (!Number.isSafeInteger(stride) || stride < 0)
      throw new StateFileError(`${label}: strides and offset must be non-negative integers`);
  }
  if (count === 0) return { dtype, shape, data: storage.subarray(0, 0) };

  let last = offset;
  let expected = 1;
  let isContiguous = true;
  for (let dim = shape.length - 1; dim >= 0; dim -= 1) {
    const size = shape[dim]!;
    const stride = strides[dim]!;
    if (size === 1) continue;
    last += (size - 1) * stride;
    isContiguous &&= stride === expected;
    expected *= size;
  }
  if (!((last + 1) * width <= storage.length)) {
    throw new StateFileError(`${label}: reaches element ${last} of a storage of ${storage.length / width}`);
  }
  if (isContiguous) return { dtype, shape, data: storage.subarray(offset * width, (offset + count) * width) };

  reserve(count * width);
  const data = new Uint8Array(count * width);
  const index = new Array<number>(shape.length).fill(0);
  let from = offset * width;
  for (let to = 0; to < data.length; to += width) {
    for (let byte = 0; byte < width; byte += 1) data[to + byte] = storage[from + byte]!;
    for (let dim = shape.length - 1; dim >= 0; dim -= 1) {
      const step = strides[dim]! * width;
      index[dim]! += 1;
      from += step;
      if (index[dim]! < shape[dim]!) break;
      from -= step * shape[dim]!;
      index[dim] = 0;
    }
  }
  return { dtype, shape, data };
}
