import { DTypeError, GraphError } from '../../errors.ts';
import { isFloating } from '../../graph/dtype.ts';
import type { Node } from '../../graph/node.ts';
import { recorder as b } from '../../graph/node.ts';
import { recording } from '../../graph/scope.ts';
import type { Value } from '../../graph/value.ts';
import { requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';

export interface InplaceOptions {
  /** Put the result in the place of the input. Default false. */
  inplace?: boolean;
}

/** The node of a floating point tensor; others are refused with PyTorch's text. */
export function floatingNode(name: string, x: Tensor): Node {
  const node = requireTensor(name, x);
  if (!isFloating(node.dtype))
    throw new DTypeError(`"${name}" not implemented for '${node.dtype}'; convert the tensor with float()`);
  return node;
}

/** The result as a tensor, or in the place of `x`. */
export function finishActivation(x: Tensor, result: Value, inplace: boolean | undefined): Tensor {
  if (inplace !== true) return wrap(result);
  if (recording.gradEnabled && x.requiresGrad && x.isLeaf)
    throw new GraphError('a leaf Variable that requires grad is being used in an in-place operation.');
  x.assignNode(result as Node);
  return x;
}

/** ln(sigmoid(x)) on nodes. */
export function logSigmoidNode(x: Value): Value {
  return b.neg(b.emit('softplus', [b.neg(x)], {}));
}
