import { DTypeError, GraphError, ShapeError } from '../errors.ts';
import { isFloating } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { recorder as b } from '../graph/node.ts';
import { recording } from '../graph/scope.ts';
import { sameShape } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { requireTensor } from './operand.ts';
import type { Tensor } from './tensor.ts';

/** Gives `x` the value of the operation that `compute` records, and returns it: what in-place operations do. */
export function overwrite(name: string, x: Tensor, compute: (node: Node) => Value): Tensor {
  const node = requireTensor(name, x);
  if (recording.gradEnabled && x.requiresGrad && x.isLeaf)
    throw new GraphError('a leaf Variable that requires grad is being used in an in-place operation. Wrap the operation in noGrad(() => ...).');
  const value = compute(node);
  if (!sameShape(value.shape, x.shape))
    throw new ShapeError(`${name}: output with shape [${x.shape.join(', ')}] doesn't match the broadcast shape [${value.shape.join(', ')}]`);
  if (isFloating(value.dtype) && !isFloating(x.dtype)) throw new DTypeError(`${name}: result type ${value.dtype} can't be cast to the desired output type ${x.dtype}`);
  x.assignValue(b.cast(value, x.dtype) as Node);
  return x;
}
