import { ChimeraError, ShapeError } from '../../errors.ts';
import { recorder as b } from '../../graph/node.ts';
import { scoped } from '../../graph/scope.ts';
import { sameShape, sizeOf } from '../../graph/shape.ts';
import { requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import { readTrailing } from '../arguments.ts';
import type { CrossEntropyOptions } from './classification-loss.ts';
import { crossEntropy } from './classification-loss.ts';
import { linear } from './linear.ts';

export interface LinearCrossEntropyOptions extends Omit<CrossEntropyOptions, 'ignoreIndex'> {
  /** [C, d1, ...]. Default: none. (PyTorch: `linear_bias`) */
  linearBias?: Tensor | null;
  /** Targets of this value do not count. Default -100 for class indices. (PyTorch: `ignore_index`) */
  ignoreIndex?: number | null;
}

/**
 * `crossEntropy` of the logits input W^T + bias: input [N, in] or [in], linearWeight [C, d1, ..., in], target as for logits
 * [N, C, d1, ...]. (PyTorch: `F.linear_cross_entropy`)
 */
export function linearCrossEntropy(
  input: Tensor,
  linearWeight: Tensor,
  target: Tensor,
  options: LinearCrossEntropyOptions = {},
): Tensor {
  const {
    linearBias = null,
    ignoreIndex = null,
    ...rest
  } = readTrailing<LinearCrossEntropyOptions>(
    'linear_cross_entropy',
    [options],
    [],
    ['linearBias', 'weight', 'reduction', 'ignoreIndex', 'labelSmoothing'],
  );
  const x = requireTensor('linear_cross_entropy', input);
  const w = requireTensor('linear_cross_entropy', linearWeight);
  if (x.shape.length < 1 || x.shape.length > 2)
    throw new ShapeError(`expected input with dimensionality 1 or 2, got ${x.shape.length}`);
  if (w.shape.length < 2)
    throw new ShapeError(`expected linear_weight with dimensionality at least 2, got ${w.shape.length}`);
  const size = w.shape.at(-1)!;
  if (x.shape.at(-1) !== size)
    throw new ShapeError(
      `expected equal input and linear_weight last dimensions (in_features), got ${x.shape.at(-1)} and ${size}, respectively`,
    );
  const outputs = w.shape.slice(0, -1);
  if (linearBias !== null && !sameShape(linearBias.shape, outputs))
    throw new ShapeError(`expected linear_bias shape (${outputs.join(', ')}), got (${linearBias.shape.join(', ')})`);
  const batch = x.shape.slice(0, -1);
  if (outputs.length > 1 && batch.length === 0)
    throw new ShapeError(
      `K-dimensional loss defined by linear_weight shape (${w.shape.join(', ')}) requires batched input, (N, ${size}), got unbatched input with shape (${x.shape.join(', ')})`,
    );
  const shape = [...batch, ...outputs];
  if (ignoreIndex !== null && sameShape(requireTensor('linear_cross_entropy', target).shape, shape))
    throw new ChimeraError('ignore_index cannot be specified when target contains probabilities');
  const loss = scoped(() => {
    const flatBias = linearBias === null ? null : wrap(b.reshape(linearBias.node, [sizeOf(outputs)]));
    const logits = linear(input, wrap(b.reshape(w, [sizeOf(outputs), size])), flatBias);
    return crossEntropy(wrap(b.reshape(logits.node, shape)), target, { ...rest, ignoreIndex: ignoreIndex ?? -100 })
      .node;
  });
  return wrap(loss);
}
