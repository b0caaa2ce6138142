import { DTypeError, GraphError, ShapeError } from '../errors.ts';
import type { DType } from '../graph/dtype.ts';
import { isFloating } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { recorder as b } from '../graph/node.ts';
import { recording, scoped } from '../graph/scope.ts';
import { sameShape } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import type { Operand } from './operand.ts';
import { requireTensor, toNode } from './operand.ts';
import type { Tensor } from './tensor.ts';

/** PyTorch's names of dtypes in errors. */
export const torchNames: Readonly<Record<DType, string>> = {
  float16: 'Half',
  float32: 'Float',
  float64: 'Double',
  int32: 'Long',
  bool: 'Bool',
};

function kind(dtype: DType): number {
  return isFloating(dtype) ? 2 : dtype === 'int32' ? 1 : 0;
}

/** Refuses to overwrite a leaf that gradients are wanted for. */
export function requireWritable(name: string, x: Tensor): Node {
  const node = requireTensor(name, x);
  if (recording.gradEnabled && x.requiresGrad && x.isLeaf)
    throw new GraphError(
      'a leaf Variable that requires grad is being used in an in-place operation. Wrap the operation in noGrad(() => ...).',
    );
  return node;
}

/** Gives x another value of its own shape and dtype. */
export function assign(x: Tensor, value: Value): Tensor {
  if (!sameShape(value.shape, x.shape))
    throw new ShapeError(
      `output with shape [${x.shape.join(', ')}] doesn't match the broadcast shape [${value.shape.join(', ')}]`,
    );
  if (kind(value.dtype) > kind(x.dtype))
    throw new DTypeError(
      `result type ${torchNames[value.dtype]} can't be cast to the desired output type ${torchNames[x.dtype]}`,
    );
  x.assignValue(b.cast(value, x.dtype) as Node);
  return x;
}

/** Gives x a value that does not depend on its former one, whose gradient is 0. */
export function replace(x: Tensor, value: Value): Tensor {
  if (!x.requiresGrad || !recording.gradEnabled) return assign(x, value);
  return assign(x, b.select(b.scalar(1, 'bool'), b.cast(value, x.dtype), x.node));
}

/** Gives x the value of the operation that `compute` records, and returns it: what in-place operations do. */
export function overwrite(name: string, x: Tensor, compute: (node: Node) => Value): Tensor {
  return assign(x, compute(requireWritable(name, x)));
}

/** An operation that overwrites its first operand with its result. */
export function inPlace<Rest extends readonly unknown[]>(
  name: string,
  operation: (x: Tensor, ...rest: Rest) => Tensor,
): (x: Tensor, ...rest: Rest) => Tensor {
  return (x, ...rest) => overwrite(name, x, () => scoped(() => operation(x, ...rest)).node);
}

/** As `inPlace`, for operations whose result has the gradient 0, such as comparisons. */
export function inPlaceFlat<Rest extends readonly unknown[]>(
  name: string,
  operation: (x: Tensor, ...rest: Rest) => Tensor,
): (x: Tensor, ...rest: Rest) => Tensor {
  return (x, ...rest) => {
    requireWritable(name, x);
    return replace(x, scoped(() => operation(x, ...rest)).node);
  };
}

/** As `inPlaceFlat`, for comparisons, in which the other operand too has the gradient 0. */
export function inPlaceComparison(
  name: string,
  operation: (x: Tensor, other: Operand) => Tensor,
): (x: Tensor, other: Operand) => Tensor {
  return (x, other) => {
    const node = requireWritable(name, x);
    const value = scoped(() => operation(x, other)).node;
    const second = toNode(name, other);
    if (!recording.gradEnabled || !isFloating(x.dtype) || !(node.requiresGrad || second.requiresGrad))
      return assign(x, value);
    // Only a way for gradients.
    const way = b.add(node, b.cast(second, x.dtype));
    return assign(x, b.select(b.scalar(1, 'bool'), b.cast(value, x.dtype), way));
  };
}

/** As `inPlace`, for operations that give their tensor another shape. */
export function inPlaceView<Rest extends readonly unknown[]>(
  name: string,
  operation: (x: Tensor, ...rest: Rest) => Tensor,
): (x: Tensor, ...rest: Rest) => Tensor {
  return (x, ...rest) => {
    requireWritable(name, x);
    x.assignValue(scoped(() => operation(x, ...rest)).node);
    return x;
  };
}
