import { ChimeraError, ShapeError } from '../../errors.ts';
import { recorder as b } from '../../graph/node.ts';
import { sameShape } from '../../graph/shape.ts';
import type { Value } from '../../graph/value.ts';
import { hostNumbers } from '../../tensor/host-values.ts';
import { requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import { readTrailing } from '../arguments.ts';
import { checkRange, lookUp, refuseSparse, renormalize, requireIndices, resolvePadding } from './embedding-rows.ts';
import type { EmbeddingFunctionOptions } from './embedding.ts';
import { torchSize } from './reduction.ts';

/** How the rows of a bag become one. */
export type BagMode = 'sum' | 'mean' | 'max';

export interface EmbeddingBagFunctionOptions extends EmbeddingFunctionOptions {
  /** Where each bag starts in an input of one dimension. (PyTorch: `offsets`) */
  offsets?: Tensor | null;
  /** Default `'mean'`. */
  mode?: BagMode;
  /** A factor for each row, of the shape of input, for sums. Default: none. (PyTorch: `per_sample_weights`) */
  perSampleWeights?: Tensor | null;
  /** The last offset is the end of the last bag. Default false. (PyTorch: `include_last_offset`) */
  includeLastOffset?: boolean;
}

const keys = [
  'offsets',
  'maxNorm',
  'normType',
  'scaleGradByFreq',
  'mode',
  'sparse',
  'perSampleWeights',
  'includeLastOffset',
  'paddingIdx',
] as const;

/**
 * Sum, mean or maximum of the rows of each bag: input [B, N], or [total] with `offsets` [B]; weight [V, D]; output [B, D]. Rows of
 * `paddingIdx` do not count; an empty bag gives zeros. (PyTorch: `F.embedding_bag`)
 */
export function embeddingBag(
  input: Tensor,
  weight: Tensor,
  ...args: readonly (EmbeddingBagFunctionOptions | EmbeddingBagFunctionOptions[keyof EmbeddingBagFunctionOptions])[]
): Tensor {
  const {
    offsets = null,
    maxNorm = null,
    normType = 2,
    scaleGradByFreq = false,
    mode = 'mean',
    sparse = false,
    perSampleWeights = null,
    includeLastOffset = false,
    paddingIdx = null,
  } = readTrailing<EmbeddingBagFunctionOptions>('embedding_bag', args, keys);
  refuseSparse('embedding_bag', sparse);
  const indices = requireIndices('embedding_bag', input);
  const table = requireTensor('embedding_bag', weight);
  if (perSampleWeights !== null && !sameShape(perSampleWeights.shape, indices.shape))
    throw new ShapeError(
      `embedding_bag: If per_sample_weights (${torchSize(perSampleWeights.shape)}) is not None, then it must have the same shape as the input (${torchSize(indices.shape)})`,
    );
  if (table.shape.length !== 2)
    throw new ShapeError(`weight has to be a 2D Tensor, but got Tensor of dimension ${table.shape.length}`);
  const [rows, size] = table.shape as [number, number];
  if (indices.shape.length === 2) {
    if (offsets !== null)
      throw new ChimeraError(
        'if input is 2D, then offsets has to be None, as input is treated is a mini-batch of fixed length sequences. However, found offsets of type Tensor',
      );
  } else if (indices.shape.length === 1) {
    if (offsets === null) throw new ChimeraError('offsets has to be a 1D Tensor but got None');
    if (offsets.ndim !== 1) throw new ShapeError('offsets has to be a 1D Tensor');
  } else throw new ShapeError(`input has to be 1D or 2D Tensor, but got Tensor of dimension ${indices.shape.length}`);
  if (mode !== 'sum' && mode !== 'mean' && mode !== 'max')
    throw new ChimeraError('mode has to be one of sum, mean or max');
  if (mode === 'max' && scaleGradByFreq)
    throw new ChimeraError('max mode does not support scaling the gradient by the frequency');
  if (perSampleWeights !== null && mode !== 'sum')
    throw new ChimeraError(
      `embedding_bag: per_sample_weights was not None. per_sample_weights is only supported for mode='sum' (got mode='${mode}').`,
    );
  checkRange(indices, rows);
  const padding = paddingIdx === null ? null : resolvePadding(paddingIdx, rows);
  if (maxNorm !== null) renormalize(weight, indices, maxNorm, normType);

  let found = lookUp(weight.node, indices, null, scaleGradByFreq);
  if (perSampleWeights !== null)
    found = b.mul(found, b.reshape(b.cast(perSampleWeights.node, found.dtype), [...indices.shape, 1]));
  const isCounted = padding === null ? null : b.not(b.eq(indices, b.scalar(padding, 'int32')));
  const zero = b.like(found, 0);
  const column = (x: Value): Value => b.reshape(x, [...x.shape, 1]);
  if (offsets === null) {
    // [B, N, D]
    if (mode === 'max') return wrap(maximum(found, isCounted === null ? null : column(isCounted)));
    const kept = isCounted === null ? found : b.select(column(isCounted), found, zero);
    const sums = b.reduceSum(kept, [1]);
    if (mode === 'sum') return wrap(sums);
    if (isCounted === null) return wrap(b.mul(sums, b.like(sums, 1 / Math.max(indices.shape[1]!, 1))));
    const counts = b.reduceSum(b.mask(isCounted, found.dtype), [1], true);
    return wrap(b.div(sums, b.maximum(counts, b.like(counts, 1))));
  }
  const starts = requireIndices('embedding_bag', offsets);
  const total = indices.shape[0]!;
  checkOffsets(hostNumbers(starts), total);
  const bags = starts.shape[0]! - (includeLastOffset ? 1 : 0);
  if (bags < 0) throw new ChimeraError('include_last_offset: number of offsets should be at least 1');
  const first = b.reshape(b.narrow(starts, 0, 0, bags), [bags, 1]);
  const isStarted = b.le(first, b.reshape(b.iota(total), [1, total]));
  // A position is in the last bag that starts before it: row b of isStarted without row b + 1.
  const next = b.concat(
    [b.narrow(b.mask(isStarted, 'float32'), 0, 1, Math.max(bags - 1, 0)), b.full([Math.min(bags, 1), total], 0)],
    0,
  );
  let isMember = b.and(isStarted, b.eq(next, b.scalar(0)));
  if (isCounted !== null) isMember = b.and(isMember, b.reshape(isCounted, [1, total]));
  if (mode === 'max')
    return wrap(maximum(b.broadcastTo(b.reshape(found, [1, total, size]), [bags, total, size]), column(isMember)));
  const membership = b.mask(isMember, found.dtype);
  const sums = b.matmul(membership, found);
  if (mode === 'sum') return wrap(sums);
  const counts = b.reduceSum(membership, [1], true);
  return wrap(b.div(sums, b.maximum(counts, b.like(counts, 1))));
}

/** The maximum of the counted rows of each bag [B, N, D]; zeros where there are none. */
function maximum(rows: Value, isCounted: Value | null): Value {
  const [bags, length, size] = rows.shape as [number, number, number];
  if (length === 0) return b.full([bags, size], 0, rows.dtype);
  if (isCounted === null) return b.reduceMax(rows, [1]);
  const zero = b.like(rows, 0);
  const isEmpty = b.eq(b.reduceSum(b.mask(isCounted, rows.dtype), [1]), zero);
  const kept = b.select(isCounted, rows, b.like(rows, Number.NEGATIVE_INFINITY));
  return b.select(isEmpty, zero, b.reduceMax(kept, [1]));
}

function checkOffsets(offsets: ArrayLike<number> | null, total: number): void {
  if (offsets === null || offsets.length === 0) return;
  if (offsets[0] !== 0)
    throw new ChimeraError(
      `offsets[0] has to be 0, i.e., the first sequence in the mini-batch has to start from position 0. However, got ${offsets[0]}`,
    );
  const last = offsets[offsets.length - 1]!;
  if (last > total)
    throw new ChimeraError(
      `offsets[-1] can not be greater than input's length ${total} but got offsets[-1] of ${last}`,
    );
}
