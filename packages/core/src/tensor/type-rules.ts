import type { DType } from '../graph/dtype.ts';
import { isFloating, promoteTypes } from '../graph/dtype.ts';
import type { Operand } from './operand.ts';
import { promote, toNode } from './operand.ts';
import { Tensor } from './tensor.ts';

/** Whether something is a tensor. (PyTorch: `torch.is_tensor`) */
export function isTensor(x: unknown): x is Tensor {
  return x instanceof Tensor;
}

/** Whether one dtype converts into another in place: not from floating to integers, nor from numbers to bool. (PyTorch: `torch.can_cast`) */
export function canCast(from: DType, to: DType): boolean {
  const kind = (dtype: DType): number => (isFloating(dtype) ? 2 : dtype === 'int32' ? 1 : 0);
  return kind(from) <= kind(to);
}

/** The dtype in which operands meet; numbers and 0-d tensors give way to tensors with dimensions of their kind. (PyTorch: `torch.result_type`) */
export function resultType(x: Operand, other: Operand): DType {
  if (x instanceof Tensor || other instanceof Tensor) return promote('result_type', x, other)[0].dtype;
  return promoteTypes(toNode('result_type', x).dtype, toNode('result_type', other).dtype);
}
