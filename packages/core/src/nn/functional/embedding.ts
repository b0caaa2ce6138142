import { ShapeError } from '../../errors.ts';
import { requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';
import { checkRange, lookUp, refuseSparse, renormalize, requireIndices, resolvePadding } from './embedding-rows.ts';

export interface EmbeddingFunctionOptions {
  /** A row that gets no gradient. Default: none. (PyTorch: `padding_idx`) */
  paddingIdx?: number | null;
  /** Rows that are looked up and whose norm is larger are scaled to it, in place. Default: none. (PyTorch: `max_norm`) */
  maxNorm?: number | null;
  /** The order of that norm. Default 2. (PyTorch: `norm_type`) */
  normType?: number;
  /** Divide each row's gradient by how often it was looked up. Default false. (PyTorch: `scale_grad_by_freq`) */
  scaleGradByFreq?: boolean;
  /** Sparse gradients do not exist here: must be false. Default false. */
  sparse?: boolean;
}

const order = ['paddingIdx', 'maxNorm', 'normType', 'scaleGradByFreq', 'sparse'] as const;

/** Rows of a weight [V, D] at indices of any shape: [..., D]. (PyTorch: `F.embedding`) */
export function embedding(
  input: Tensor,
  weight: Tensor,
  ...args: Trailing<EmbeddingFunctionOptions, ['paddingIdx', 'maxNorm', 'normType', 'scaleGradByFreq', 'sparse']>
): Tensor {
  const {
    paddingIdx = null,
    maxNorm = null,
    normType = 2,
    scaleGradByFreq = false,
    sparse = false,
  } = readTrailing<EmbeddingFunctionOptions>('embedding', args, order);
  refuseSparse('embedding', sparse);
  const indices = requireIndices('embedding', input);
  const rows = requireTensor('embedding', weight).shape[0]!;
  if (weight.ndim !== 2) throw new ShapeError("'weight' must be 2-D");
  checkRange(indices, rows);
  const padding = paddingIdx === null ? null : resolvePadding(paddingIdx, rows);
  if (maxNorm !== null) renormalize(weight, indices, maxNorm, normType);
  return wrap(lookUp(weight.node, indices, padding, scaleGradByFreq));
}
