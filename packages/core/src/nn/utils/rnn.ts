import { ChimeraError, ShapeError } from '../../errors.ts';
import { recorder as b } from '../../graph/node.ts';
import type { Value } from '../../graph/value.ts';
import { hostNumbers, indexTable } from '../../tensor/host-values.ts';
import { requireTensor } from '../../tensor/operand.ts';
import { Tensor, wrap } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';
import { PackedSequence } from './packed-sequence.ts';

export { PackedSequence, invert as invertPermutation } from './packed-sequence.ts';

/** Lengths on the host: numbers, or a tensor whose values were given by the host. */
export type Lengths = readonly number[] | Tensor;

function lengthsOf(name: string, lengths: Lengths): number[] {
  if (!(lengths instanceof Tensor)) {
    if (!Array.isArray(lengths))
      throw new TypeError(`${name}: expected lengths as an array of integers, or as a tensor`);
    return [...(lengths as readonly number[])];
  }
  const numbers = hostNumbers(lengths.node);
  if (numbers === null)
    throw new ChimeraError(
      `${name}: lengths must be known when this is called; read them first: await lengths.tolist()`,
    );
  return [...numbers];
}

export interface PackOptions {
  /** Sequences are [N, T, ...] instead of [T, N, ...]. Default false. (PyTorch: `batch_first`) */
  batchFirst?: boolean;
  /** Require the longest sequence first. Default true. (PyTorch: `enforce_sorted`) */
  enforceSorted?: boolean;
}

/** Padded sequences [T, N, ...] of known lengths without their padding. (PyTorch: `pack_padded_sequence`) */
export function packPaddedSequence(
  input: Tensor,
  lengths: Lengths,
  ...args: Trailing<PackOptions, ['batchFirst', 'enforceSorted']>
): PackedSequence {
  const { batchFirst = false, enforceSorted = true } = readTrailing<PackOptions>('pack_padded_sequence', args, [
    'batchFirst',
    'enforceSorted',
  ]);
  const node = requireTensor('pack_padded_sequence', input);
  if (node.shape.length < 2) throw new ShapeError('pack_padded_sequence: expected at least 2 dimensions');
  const [steps, batch] = (batchFirst ? [node.shape[1], node.shape[0]] : node.shape) as [number, number];
  const given = lengthsOf('pack_padded_sequence', lengths);
  if (given.length !== batch)
    throw new ShapeError(
      `Expected \`len(lengths)\` to be equal to batch_size, but got ${given.length} (batch_size=${batch})`,
    );
  if (given.some((length) => length <= 0))
    throw new ShapeError(
      "Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0",
    );
  if (given.some((length) => length > steps))
    throw new ShapeError(`Expected no length above the ${steps} steps of the input, got ${Math.max(...given)}`);
  const isSorted = given.every((length, i) => i === 0 || given[i - 1]! >= length);
  if (enforceSorted && !isSorted)
    throw new ChimeraError(
      '`lengths` array must be sorted in decreasing order when `enforce_sorted` is True. You can pass `enforceSorted: false` to packPaddedSequence and/or packSequence to sidestep this requirement.',
    );
  const order = enforceSorted ? null : given.map((_, i) => i).sort((i, j) => given[j]! - given[i]! || i - j);
  const sorted = order === null ? given : order.map((i) => given[i]!);
  const positions: number[] = [];
  const batchSizes: number[] = [];
  for (let t = 0; t < sorted[0]!; t++) {
    let rows = 0;
    while (rows < batch && sorted[rows]! > t) {
      const sequence = order === null ? rows : order[rows]!;
      positions.push(batchFirst ? sequence * steps + t : t * batch + sequence);
      rows++;
    }
    batchSizes.push(rows);
  }
  const rest = node.shape.slice(2);
  const flat = b.reshape(node, [steps * batch, ...rest]);
  const isWhole = positions.length === steps * batch && positions.every((position, i) => position === i);
  const data = isWhole ? flat : b.gather(flat, indexTable(positions, [positions.length]), 0);
  return new PackedSequence(wrap(data), batchSizes, order);
}

export interface UnpackOptions {
  /** Give [N, T, ...] instead of [T, N, ...]. Default false. (PyTorch: `batch_first`) */
  batchFirst?: boolean;
  /** What fills up. Default 0. (PyTorch: `padding_value`) */
  paddingValue?: number;
  /** Fill up to this many steps. Default: the longest sequence. (PyTorch: `total_length`) */
  totalLength?: number | null;
}

function lengthsIn({ batchSizes, unsortedIndices }: PackedSequence): number[] {
  const sorted = Array.from({ length: batchSizes[0] ?? 0 }, (_, i) => batchSizes.filter((rows) => rows > i).length);
  return unsortedIndices === null ? sorted : unsortedIndices.map((i) => sorted[i]!);
}

/** The sequences filled up to one length, and their lengths. (PyTorch: `pad_packed_sequence`) */
export function padPackedSequence(
  sequence: PackedSequence,
  ...args: Trailing<UnpackOptions, ['batchFirst', 'paddingValue', 'totalLength']>
): [padded: Tensor, lengths: number[]] {
  const {
    batchFirst = false,
    paddingValue = 0,
    totalLength = null,
  } = readTrailing<UnpackOptions>('pad_packed_sequence', args, ['batchFirst', 'paddingValue', 'totalLength']);
  const { batchSizes, unsortedIndices } = sequence;
  const longest = batchSizes.length;
  if (totalLength !== null && totalLength < longest)
    throw new ShapeError(
      `Expected total_length to be at least the length of the longest sequence in input, but got total_length=${totalLength} and max sequence length being ${longest}`,
    );
  const steps = totalLength ?? longest;
  const batch = batchSizes[0]!;
  const node = sequence.data.node;
  // One more row, of padding, for everything that no sequence has.
  const count = node.shape[0]!;
  const table = new Int32Array(steps * batch).fill(count);
  let start = 0;
  for (const [t, rows] of batchSizes.entries()) {
    for (let i = 0; i < batch; i++) {
      const row = unsortedIndices === null ? i : unsortedIndices[i]!;
      if (row < rows) table[batchFirst ? i * steps + t : t * batch + i] = start + row;
    }
    start += rows;
  }
  const rest = node.shape.slice(1);
  const padded = b.pad(
    node,
    node.shape.map(() => 0),
    node.shape.map((_, i) => (i === 0 ? 1 : 0)),
    paddingValue,
  );
  const rows = b.gather(padded, indexTable(table, [table.length]), 0);
  return [wrap(b.reshape(rows, batchFirst ? [batch, steps, ...rest] : [steps, batch, ...rest])), lengthsIn(sequence)];
}

export interface PadSequenceOptions {
  /** Give [N, T, ...] instead of [T, N, ...]. Default false. (PyTorch: `batch_first`) */
  batchFirst?: boolean;
  /** What fills up. Default 0. (PyTorch: `padding_value`) */
  paddingValue?: number;
  /** Where padding goes. Default `'right'`. (PyTorch: `padding_side`) */
  paddingSide?: 'left' | 'right';
}

/** Sequences [T_i, ...] filled up to the longest and stacked: [T, N, ...]. (PyTorch: `pad_sequence`) */
export function padSequence(
  sequences: readonly Tensor[],
  ...args: Trailing<PadSequenceOptions, ['batchFirst', 'paddingValue', 'paddingSide']>
): Tensor {
  const {
    batchFirst = false,
    paddingValue = 0,
    paddingSide = 'right',
  } = readTrailing<PadSequenceOptions>('pad_sequence', args, ['batchFirst', 'paddingValue', 'paddingSide']);
  if (paddingSide !== 'left' && paddingSide !== 'right')
    throw new ChimeraError(`Expected padding_side to be one of left or right, but got ${String(paddingSide)}.`);
  if (!Array.isArray(sequences) || sequences.length === 0)
    throw new ChimeraError('received an empty list of sequences');
  const nodes = (sequences as readonly Tensor[]).map((sequence) => requireTensor('pad_sequence', sequence));
  const longest = Math.max(...nodes.map((node) => node.shape[0] ?? 1));
  const rest = nodes[0]!.shape.slice(1);
  const rows: Value[] = nodes.map((node) => {
    if (node.shape.slice(1).join() !== rest.join())
      throw new ShapeError(
        `pad_sequence: all sequences must have the same trailing dimensions, got [${nodes[0]!.shape.join(', ')}] and [${node.shape.join(', ')}]`,
      );
    const missing = longest - node.shape[0]!;
    const [before, after] = paddingSide === 'left' ? [missing, 0] : [0, missing];
    const padded = b.pad(
      node,
      node.shape.map((_, i) => (i === 0 ? before : 0)),
      node.shape.map((_, i) => (i === 0 ? after : 0)),
      paddingValue,
    );
    return b.reshape(padded, batchFirst ? [1, longest, ...rest] : [longest, 1, ...rest]);
  });
  return wrap(b.concat(rows, batchFirst ? 0 : 1));
}

/** The inverse of `padSequence`: a list of sequences of their own lengths. (PyTorch: `unpad_sequence`) */
export function unpadSequence(
  padded: Tensor,
  lengths: Lengths,
  ...args: Trailing<{ batchFirst?: boolean }, ['batchFirst']>
): Tensor[] {
  const { batchFirst = false } = readTrailing<{ batchFirst?: boolean }>('unpad_sequence', args, ['batchFirst']);
  const node = requireTensor('unpad_sequence', padded);
  const axis = batchFirst ? 0 : 1;
  const rest = node.shape.slice(2);
  return lengthsOf('unpad_sequence', lengths).map((length, i) => {
    const one = b.reshape(b.narrow(node, axis, i, 1), [node.shape[1 - axis]!, ...rest]);
    return wrap(b.narrow(one, 0, 0, length));
  });
}

/** Sequences [T_i, ...] packed, longest first. (PyTorch: `pack_sequence`) */
export function packSequence(
  sequences: readonly Tensor[],
  ...args: Trailing<{ enforceSorted?: boolean }, ['enforceSorted']>
): PackedSequence {
  const { enforceSorted = true } = readTrailing<{ enforceSorted?: boolean }>('pack_sequence', args, ['enforceSorted']);
  return packPaddedSequence(
    padSequence(sequences),
    sequences.map((sequence) => sequence.shape[0]!),
    { enforceSorted },
  );
}

/** The sequences of a packed sequence as a list. (PyTorch: `unpack_sequence`) */
export function unpackSequence(sequence: PackedSequence): Tensor[] {
  const [padded, lengths] = padPackedSequence(sequence, { batchFirst: true });
  return unpadSequence(padded, lengths, { batchFirst: true });
}
