import { ShapeError } from '../errors.ts';
import { recorder as b } from '../graph/node.ts';
import { normalizeDim, sizeOf } from '../graph/shape.ts';
import { hostNumbers, indexTable } from './host-values.ts';
import type { Integers } from './integers.ts';
import { integers, option, requireInteger } from './integers.ts';
import { fresh, repeatAxis, tileAxis } from './movement.ts';
import { requireTensor } from './operand.ts';
import type { Tensor } from './tensor.ts';
import { Tensor as TensorClass, wrap } from './tensor.ts';

/** The tensor repeated `sizes[i]` times along dimension i, with new leading dimensions. (PyTorch: `Tensor.repeat`) */
export function repeat(x: Tensor, ...sizes: Integers): Tensor {
  const node = requireTensor('repeat', x);
  const times = integers('repeat', sizes);
  if (times.length < node.shape.length)
    throw new ShapeError('Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor');
  return wrap(repeated(node, times));
}

/** As `repeat`, but missing repetitions count as 1. (PyTorch: `torch.tile`) */
export function tile(x: Tensor, ...dims: Integers): Tensor {
  const node = requireTensor('tile', x);
  const times = integers('tile', dims);
  const missing = Math.max(node.shape.length - times.length, 0);
  return wrap(repeated(node, [...Array.from({ length: missing }, () => 1), ...times]));
}

function repeated(node: ReturnType<typeof requireTensor>, times: readonly number[]): unknown {
  const padded = [...Array.from({ length: times.length - node.shape.length }, () => 1), ...node.shape];
  const shape = padded.map((extent, i) => extent * times[i]!);
  const negative = shape.find((extent, i) => extent < 0 || times[i]! < 0);
  if (negative !== undefined)
    throw new ShapeError(`Trying to create tensor with negative dimension ${negative}: [${shape.join(', ')}]`);
  let y = b.reshape(node, padded);
  for (const [axis, n] of times.entries()) y = tileAxis(y, axis, n);
  return fresh(y, node);
}

export interface RepeatInterleaveOptions {
  /** Default: of the flattened tensor. */
  dim?: number | null;
  /** Checked against the sum of the repetitions. */
  outputSize?: number;
}

/**
 * Every element repeated in place: `repeats` times, or element i `repeats[i]` times. The sum of the repetitions is a
 * size, so their values must be known: a number, an array, or a tensor made on the host. (PyTorch: `torch.repeat_interleave`)
 */
export function repeatInterleave(
  x: Tensor,
  repeats?: number | readonly number[] | Tensor,
  dim?: number | null | RepeatInterleaveOptions,
  options: RepeatInterleaveOptions = {},
): Tensor {
  const node = requireTensor('repeatInterleave', x);
  // Repetitions alone: how often each number of their row of 0, 1, 2... occurs.
  if (repeats === undefined) {
    const [count] = node.shape;
    if (node.shape.length !== 1 || count === undefined)
      throw new ShapeError('repeat_interleave only accept 1D vector as repeat');
    return repeatInterleave(wrap(b.iota(count)), x);
  }
  const given = option<number | null>(dim, 'dim', options.dim ?? null, ['dim', 'outputSize']);
  const outputSize = typeof dim === 'object' && dim !== null ? dim.outputSize : options.outputSize;
  const source = given === null ? b.reshape(node, [sizeOf(node.shape)]) : node;
  const axis = given === null ? 0 : normalizeDim(given, node.shape.length, 'repeatInterleave');
  const counts = repetitions(repeats);
  for (const n of typeof counts === 'number' ? [counts] : counts)
    if (n < 0) throw new ShapeError('Repeats must be non-negative');
  if (typeof counts === 'number' || counts.length === 1) {
    const times = typeof counts === 'number' ? counts : counts[0]!;
    return wrap(fresh(repeatAxis(source, axis, times), node));
  }
  const extent = source.shape[axis] ?? 1;
  if (counts.length !== extent)
    throw new ShapeError(
      `repeats must have the same size as input along dim, but got repeats.size(0) = ${counts.length} and input.size(${axis}) = ${extent}`,
    );
  const places = counts.flatMap((n, i) => Array.from({ length: n }, () => i));
  if (outputSize !== undefined && outputSize !== places.length)
    throw new ShapeError(
      `repeatInterleave: outputSize ${outputSize} does not match the sum of the repetitions, ${places.length}`,
    );
  return wrap(b.gather(source, indexTable(places, [places.length]), axis));
}

function repetitions(repeats: number | readonly number[] | Tensor): number | readonly number[] {
  if (repeats instanceof TensorClass) {
    const known = hostNumbers(repeats.node);
    if (repeats.shape.length > 1) throw new ShapeError('repeat_interleave only accept 1D vector as repeat');
    if (known === null)
      throw new TypeError(
        'repeatInterleave: the repetitions decide the shape and have not been computed: read them first, repeatInterleave(await repeats.tolist())',
      );
    return [...known];
  }
  return typeof repeats === 'number'
    ? requireInteger('repeatInterleave', repeats)
    : integers('repeatInterleave', [repeats]);
}

/** Backwards along dimensions. (PyTorch: `torch.flip`) */
export function flip(x: Tensor, ...dims: Integers | readonly [options: { dims: number | readonly number[] }]): Tensor {
  const node = requireTensor('flip', x);
  const [first] = dims;
  const given =
    typeof first === 'object' && !Array.isArray(first)
      ? [option<number | readonly number[]>(first, 'dims', [])].flat()
      : (dims as Integers);
  const axes = integers('flip', given).map((dim) => normalizeDim(dim, node.shape.length, 'flip'));
  for (const axis of axes)
    if (axes.indexOf(axis) !== axes.lastIndexOf(axis))
      throw new ShapeError(`dim ${axis} appears multiple times in the list of dims`);
  return wrap(
    fresh(
      node.shape.length === 0
        ? node
        : b.flip(
            node,
            [...axes].sort((p, q) => p - q),
          ),
      node,
    ),
  );
}

/** Columns in the opposite order. (PyTorch: `torch.fliplr`) */
export function fliplr(x: Tensor): Tensor {
  const node = requireTensor('fliplr', x);
  if (node.shape.length < 2) throw new ShapeError('Input must be >= 2-d.');
  return wrap(b.flip(node, [1]));
}

/** Rows in the opposite order. (PyTorch: `torch.flipud`) */
export function flipud(x: Tensor): Tensor {
  const node = requireTensor('flipud', x);
  if (node.shape.length < 1) throw new ShapeError('Input must be >= 1-d.');
  return wrap(b.flip(node, [0]));
}

export interface Rot90Options {
  /** Quarter turns. Default 1. */
  k?: number;
  /** The plane: from the first towards the second. Default [0, 1]. */
  dims?: readonly number[];
}

/** Turned `k` times by 90 degrees in the plane of two dimensions. (PyTorch: `torch.rot90`) */
export function rot90(
  x: Tensor,
  k: number | Rot90Options = 1,
  dims: readonly number[] | Rot90Options = [0, 1],
): Tensor {
  const node = requireTensor('rot90', x);
  const plane = option<readonly number[]>(typeof k === 'object' ? k : dims, 'dims', [0, 1], ['k', 'dims']);
  const turns = (((requireInteger('rot90', option(k, 'k', 1, ['k', 'dims'])) % 4) + 4) % 4) as 0 | 1 | 2 | 3;
  if (plane.length !== 2) throw new ShapeError(`expected total rotation dims == 2, but got dims = ${plane.length}`);
  if (node.shape.length < 2)
    throw new ShapeError(`expected total dims >= 2, but got total dims = ${node.shape.length}`);
  const [first, second] = plane.map((dim) => normalizeDim(dim, node.shape.length, 'rot90')) as [number, number];
  if (first === second)
    throw new ShapeError(`expected rotation dims to be different, but got dim0 = ${plane[0]} and dim1 = ${plane[1]}`);
  if (turns === 0) return wrap(fresh(node, node));
  if (turns === 2)
    return wrap(
      b.flip(
        node,
        [first, second].sort((p, q) => p - q),
      ),
    );
  return wrap(b.transpose(b.flip(node, [turns === 1 ? second : first]), first, second));
}

export interface RollOptions {
  /** Default: the flattened tensor is rolled, and put back in shape. */
  dims?: number | readonly number[] | null;
}

/** Elements moved along dimensions; those that fall off the end come back at the start. (PyTorch: `torch.roll`) */
export function roll(
  x: Tensor,
  shifts: number | readonly number[] | (RollOptions & { shifts: number | readonly number[] }),
  dims?: number | readonly number[] | null | RollOptions,
): Tensor {
  if (typeof shifts === 'object' && !Array.isArray(shifts)) {
    const { shifts: steps, ...options } = shifts as RollOptions & { shifts: number | readonly number[] };
    return roll(x, steps, options);
  }
  const node = requireTensor('roll', x);
  const by = integers('roll', [shifts].flat());
  const given = option<number | readonly number[] | null>(dims, 'dims', null);
  const along = given === null ? [] : integers('roll', [given].flat());
  if (by.length === 0) throw new ShapeError('`shifts` required');
  if (along.length === 0 && by.length === 1)
    return wrap(b.reshape(rolled(b.reshape(node, [sizeOf(node.shape)]), by[0]!, 0), node.shape));
  if (along.length !== by.length)
    throw new ShapeError(`shifts and dimensions must align. shifts: ${by.length}, dims:${along.length}`);
  if (node.shape.length === 0) throw new ShapeError(`Dimension specified as ${along[0]!} but tensor has no dimensions`);
  let y = node as ReturnType<typeof rolled>;
  for (const [i, dim] of along.entries()) y = rolled(y, by[i]!, normalizeDim(dim, node.shape.length, 'roll'));
  return wrap(fresh(y, node));
}

function rolled(x: ReturnType<typeof b.neg>, shift: number, axis: number): ReturnType<typeof b.neg> {
  const extent = x.shape[axis] ?? 0;
  if (extent === 0) return x;
  const by = ((shift % extent) + extent) % extent;
  if (by === 0) return x;
  return b.concat([b.narrow(x, axis, extent - by, by), b.narrow(x, axis, 0, extent - by)], axis);
}
