import { DTypeError } from '../errors.ts';
import type { DType } from '../graph/dtype.ts';
import { isFloating } from '../graph/dtype.ts';

let current: DType = 'float32';

/**
 * Makes a floating dtype the one of tensors that are created without one, of fractions, and of integers that an
 * operation makes floating. (PyTorch: `torch.set_default_dtype`)
 */
export function setDefaultDtype(dtype: DType): void {
  if (!isFloating(dtype))
    throw new DTypeError(`only floating-point types are supported as the default type, got ${dtype}`);
  current = dtype;
}

/** The dtype of floating tensors that are created without one; float32 unless it has been set. (PyTorch: `torch.get_default_dtype`) */
export function getDefaultDtype(): DType {
  return current;
}
