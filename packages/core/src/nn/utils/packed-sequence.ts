import { recorder as b } from '../../graph/node.ts';
import { indexTable } from '../../tensor/host-values.ts';
import type { Target } from '../../tensor/target.ts';
import { Tensor, wrap } from '../../tensor/tensor.ts';

/**
 * Sequences of different lengths, step after step without padding: `data` holds the first elements of all sequences, then
 * the second elements of those that have one, and so on; `batchSizes` says of how many, longest sequence first.
 * Made by `packPaddedSequence` or `packSequence`. (PyTorch: `PackedSequence`)
 */
export class PackedSequence {
  /** [sum of lengths, ...]. */
  readonly data: Tensor;
  /** How many sequences have an element at each step. (PyTorch: `batch_sizes`) */
  readonly batchSizes: readonly number[];
  /** Which sequence comes first, second...: longest first; `null` if that is their own order. (PyTorch: `sorted_indices`) */
  readonly sortedIndices: readonly number[] | null;
  /** Where each sequence has gone. (PyTorch: `unsorted_indices`) */
  readonly unsortedIndices: readonly number[] | null;

  constructor(
    data: Tensor,
    batchSizes: readonly number[],
    sortedIndices: readonly number[] | null = null,
    unsortedIndices: readonly number[] | null = null,
  ) {
    if (!(data instanceof Tensor)) throw new TypeError('PackedSequence: expected data to be a Tensor');
    this.data = data;
    this.batchSizes = batchSizes;
    this.sortedIndices = sortedIndices;
    this.unsortedIndices = unsortedIndices ?? (sortedIndices === null ? null : invert(sortedIndices));
  }

  /** Whether its tensor is on a device of that name. */
  get device(): Tensor['device'] {
    return this.data.device;
  }
  get dtype(): Tensor['dtype'] {
    return this.data.dtype;
  }

  /** On another device, or as another dtype. (PyTorch: `to`) */
  to(...targets: readonly Target[]): PackedSequence {
    return this.withData(this.data.to(...targets));
  }
  /** As float32. (PyTorch: `float`) */
  float(): PackedSequence {
    return this.to('float32');
  }
  /** As float64. (PyTorch: `double`) */
  double(): PackedSequence {
    return this.to('float64');
  }
  /** As float16. (PyTorch: `half`) */
  half(): PackedSequence {
    return this.to('float16');
  }
  /** On a CPU. (PyTorch: `cpu`) */
  cpu(): PackedSequence {
    return this.withData(this.data.cpu());
  }
  /** On the CUDA device. (PyTorch: `cuda`) */
  cuda(): PackedSequence {
    return this.withData(this.data.cuda());
  }

  /** The same packing around other data. */
  withData(data: Tensor): PackedSequence {
    return new PackedSequence(data, this.batchSizes, this.sortedIndices, this.unsortedIndices);
  }
}

/** The inverse of a permutation. (PyTorch: `invert_permutation`) */
export function invert(permutation: readonly number[]): number[] {
  const inverse = new Array<number>(permutation.length);
  for (const [i, place] of permutation.entries()) inverse[place] = i;
  return inverse;
}

/** Elements along an axis in another order. */
export function reordered(x: Tensor, order: readonly number[] | null, axis: number): Tensor {
  return order === null ? x : wrap(b.gather(x.node, indexTable(order, [order.length]), axis));
}
