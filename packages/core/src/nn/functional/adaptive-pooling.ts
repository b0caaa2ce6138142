import { ShapeError } from '../../errors.ts';
import type { Node } from '../../graph/node.ts';
import { recorder as b } from '../../graph/node.ts';
import { sizeOf } from '../../graph/shape.ts';
import type { Value } from '../../graph/value.ts';
import { fixed, indexTable, numberTable } from '../../tensor/host-values.ts';
import { requireFloatingNode, requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import { readArguments } from '../arguments.ts';
import { maxPool, poolGeometry } from './pooling.ts';

/** One size for all dimensions, or one for each; `null` keeps the input's. */
export type AdaptiveSize = number | null | readonly (number | null)[];

/** Options of adaptive max pooling. */
export interface AdaptiveMaxPoolOptions {
  /** Also give the position of each maximum in its channel. Default false. */
  returnIndices?: boolean;
}

/** Means over x [N, C, L] or [C, L] cut into `outputSize` parts as even as possible. (PyTorch: `F.adaptive_avg_pool1d`) */
export function adaptiveAvgPool1d(x: Tensor, outputSize: AdaptiveSize | { outputSize: AdaptiveSize }): Tensor {
  const name = 'adaptive_avg_pool1d';
  return wrap(
    adaptiveAverage(
      name,
      requireTensor(name, x),
      1,
      readArguments<{ outputSize: AdaptiveSize }, object>(name, [outputSize], ['outputSize']).outputSize,
    ),
  );
}
/** Means over x [N, C, H, W] or [C, H, W] cut into `outputSize` parts as even as possible. (PyTorch: `F.adaptive_avg_pool2d`) */
export function adaptiveAvgPool2d(x: Tensor, outputSize: AdaptiveSize | { outputSize: AdaptiveSize }): Tensor {
  const name = 'adaptive_avg_pool2d';
  return wrap(
    adaptiveAverage(
      name,
      requireTensor(name, x),
      2,
      readArguments<{ outputSize: AdaptiveSize }, object>(name, [outputSize], ['outputSize']).outputSize,
    ),
  );
}
/** Means over x [N, C, D, H, W] or [C, D, H, W] cut into `outputSize` parts as even as possible. (PyTorch: `F.adaptive_avg_pool3d`) */
export function adaptiveAvgPool3d(x: Tensor, outputSize: AdaptiveSize | { outputSize: AdaptiveSize }): Tensor {
  const name = 'adaptive_avg_pool3d';
  return wrap(
    adaptiveAverage(
      name,
      requireTensor(name, x),
      3,
      readArguments<{ outputSize: AdaptiveSize }, object>(name, [outputSize], ['outputSize']).outputSize,
    ),
  );
}

type Flag = boolean | AdaptiveMaxPoolOptions;

function adaptiveMaxFunction(dimensions: number, x: Tensor, args: readonly unknown[]): Tensor | [Tensor, Tensor] {
  const name = `adaptive_max_pool${dimensions}d`;
  const { outputSize, returnIndices = false } = readArguments<{ outputSize: AdaptiveSize }, AdaptiveMaxPoolOptions>(
    name,
    args,
    ['outputSize'],
    ['returnIndices'],
  );
  return adaptiveMaximum(name, requireTensor(name, x), dimensions, outputSize, returnIndices);
}

/** Maxima over x [N, C, L] or [C, L] cut into `outputSize` parts as even as possible. (PyTorch: `F.adaptive_max_pool1d`) */
export function adaptiveMaxPool1d(
  x: Tensor,
  outputSize: AdaptiveSize,
  options: true | { returnIndices: true },
): [Tensor, Tensor];
export function adaptiveMaxPool1d(
  x: Tensor,
  options: { outputSize: AdaptiveSize; returnIndices: true },
): [Tensor, Tensor];
export function adaptiveMaxPool1d(
  x: Tensor,
  outputSize: AdaptiveSize | (AdaptiveMaxPoolOptions & { outputSize: AdaptiveSize }),
  options?: Flag,
): Tensor;
export function adaptiveMaxPool1d(x: Tensor, ...args: readonly unknown[]): Tensor | [Tensor, Tensor] {
  return adaptiveMaxFunction(1, x, args);
}
/** Maxima over x [N, C, H, W] or [C, H, W] cut into `outputSize` parts as even as possible. (PyTorch: `F.adaptive_max_pool2d`) */
export function adaptiveMaxPool2d(
  x: Tensor,
  outputSize: AdaptiveSize,
  options: true | { returnIndices: true },
): [Tensor, Tensor];
export function adaptiveMaxPool2d(
  x: Tensor,
  options: { outputSize: AdaptiveSize; returnIndices: true },
): [Tensor, Tensor];
export function adaptiveMaxPool2d(
  x: Tensor,
  outputSize: AdaptiveSize | (AdaptiveMaxPoolOptions & { outputSize: AdaptiveSize }),
  options?: Flag,
): Tensor;
export function adaptiveMaxPool2d(x: Tensor, ...args: readonly unknown[]): Tensor | [Tensor, Tensor] {
  return adaptiveMaxFunction(2, x, args);
}
/** Maxima over x [N, C, D, H, W] or [C, D, H, W] cut into `outputSize` parts as even as possible. (PyTorch: `F.adaptive_max_pool3d`) */
export function adaptiveMaxPool3d(
  x: Tensor,
  outputSize: AdaptiveSize,
  options: true | { returnIndices: true },
): [Tensor, Tensor];
export function adaptiveMaxPool3d(
  x: Tensor,
  options: { outputSize: AdaptiveSize; returnIndices: true },
): [Tensor, Tensor];
export function adaptiveMaxPool3d(
  x: Tensor,
  outputSize: AdaptiveSize | (AdaptiveMaxPoolOptions & { outputSize: AdaptiveSize }),
  options?: Flag,
): Tensor;
export function adaptiveMaxPool3d(x: Tensor, ...args: readonly unknown[]): Tensor | [Tensor, Tensor] {
  return adaptiveMaxFunction(3, x, args);
}

/** `adaptiveMaxPool1d` with positions. (PyTorch: `F.adaptive_max_pool1d_with_indices`) */
export function adaptiveMaxPool1dWithIndices(x: Tensor, outputSize: AdaptiveSize): [Tensor, Tensor] {
  return adaptiveMaxPool1d(x, outputSize, true);
}
/** `adaptiveMaxPool2d` with positions. (PyTorch: `F.adaptive_max_pool2d_with_indices`) */
export function adaptiveMaxPool2dWithIndices(x: Tensor, outputSize: AdaptiveSize): [Tensor, Tensor] {
  return adaptiveMaxPool2d(x, outputSize, true);
}
/** `adaptiveMaxPool3d` with positions. (PyTorch: `F.adaptive_max_pool3d_with_indices`) */
export function adaptiveMaxPool3dWithIndices(x: Tensor, outputSize: AdaptiveSize): [Tensor, Tensor] {
  return adaptiveMaxPool3d(x, outputSize, true);
}

function adaptiveSizes(name: string, x: Node, dimensions: number, outputSize: AdaptiveSize): number[] {
  const { shape } = x;
  if (shape.length !== dimensions + 1 && shape.length !== dimensions + 2)
    throw new ShapeError(
      dimensions === 1
        ? `Expected 2 to 3 dimensions, but got ${shape.length}-dimensional tensor for argument #1 'self' (while checking arguments for ${name})`
        : `${name}(): Expected ${dimensions + 1}D or ${dimensions + 2}D tensor, but got${name.includes('max') ? ':' : ''} [${shape.join(', ')}]`,
    );
  const extents = shape.slice(-dimensions);
  const asked: readonly (number | null)[] =
    outputSize === null || typeof outputSize === 'number'
      ? extents.map(() => outputSize)
      : outputSize.length === 1
        ? extents.map(() => outputSize[0]!)
        : outputSize;
  if (!Array.isArray(asked) || asked.length !== dimensions)
    throw new ShapeError(`${name}: output_size must be ${dimensions}`);
  const sizes = asked.map((size, i) => (size === null ? extents[i]! : (size as number)));
  if (sizes.some((size) => !Number.isInteger(size) || size < 0))
    throw new ShapeError(
      `${name}: elements of output_size must be greater than or equal to 0 but received {${sizes.join(', ')}}`,
    );
  return sizes;
}

const start = (i: number, extent: number, out: number): number => Math.floor((i * extent) / out);
const end = (i: number, extent: number, out: number): number => Math.ceil(((i + 1) * extent) / out);

/** Means over parts of the last dimensions. */
export function adaptiveAverage(name: string, x: Node, dimensions: number, outputSize: AdaptiveSize): Value {
  requireFloatingNode(name, x);
  const sizes = adaptiveSizes(name, x, dimensions, outputSize);
  const channels = x.shape.slice(0, -dimensions);
  const extents = x.shape.slice(-dimensions);
  const outShape = [...channels, ...sizes];
  if (sizeOf(outShape) === 0) return b.full(outShape, 0, x.dtype);
  if (sizes.every((size, i) => extents[i]! % size === 0)) {
    // Even parts are a reshape.
    const parts = b.reshape(x, [...channels, ...sizes.flatMap((size, i) => [size, extents[i]! / size])]);
    return b.reduceMean(
      parts,
      sizes.map((_, i) => channels.length + 2 * i + 1),
    );
  }
  let y: Value = x;
  for (const [i, size] of sizes.entries()) {
    const extent = extents[i]!;
    if (size === extent) continue;
    const shares = new Float64Array(size * extent);
    for (let row = 0; row < size; row++) {
      const [from, to] = [start(row, extent, size), end(row, extent, size)];
      shares.fill(1 / (to - from), row * extent + from, row * extent + to);
    }
    const axis = channels.length + i;
    const { shape } = y;
    const inner = sizeOf(shape.slice(axis + 1));
    const rows = b.reshape(y, [sizeOf(shape.slice(0, axis)), extent, inner]);
    y = b.reshape(b.matmul(fixed(numberTable(shares, [size, extent], x.dtype)), rows), [
      ...shape.slice(0, axis),
      size,
      ...shape.slice(axis + 1),
    ]);
  }
  return y;
}

/** Maxima over parts of the last dimensions. */
export function adaptiveMaximum(
  name: string,
  x: Node,
  dimensions: number,
  outputSize: AdaptiveSize,
  indices: boolean,
): Tensor | [Tensor, Tensor] {
  const sizes = adaptiveSizes(name, x, dimensions, outputSize);
  const extents = x.shape.slice(-dimensions);
  const channels = x.shape.slice(0, -dimensions);
  if (sizeOf([...channels, ...sizes]) === 0) {
    const empty = wrap(b.full([...channels, ...sizes], 0, x.dtype));
    return indices ? [empty, wrap(b.full([...channels, ...sizes], 0, 'int32'))] : empty;
  }
  if (sizes.every((size, i) => extents[i]! % size === 0)) {
    const kernel = sizes.map((size, i) => extents[i]! / size);
    return maxPool(x, poolGeometry(name, x.shape, dimensions, kernel, {}), indices);
  }
  const windows = sizes.map((size, i) =>
    Array.from({ length: size }, (_, o) => {
      const from = start(o, extents[i]!, size);
      return Array.from({ length: end(o, extents[i]!, size) - from }, (__, k) => from + k);
    }),
  );
  return maximaOf(x, sizes, fixed(indexTable(...windowTable(windows, extents))), indices);
}

/**
 * Every window's positions in a flattened image: a table [outputs, longest window] whose shorter rows repeat their first
 * position, which never comes before another maximum. `windows[axis][output]` lists positions along the axis.
 */
export function windowTable(
  windows: readonly (readonly (readonly number[])[])[],
  extents: readonly number[],
): [Int32Array, number[]] {
  let rows: number[][] = [[0]];
  for (const [axis, choices] of windows.entries())
    rows = rows.flatMap((row) =>
      choices.map((positions) =>
        row.flatMap((offset) => positions.map((position) => offset * extents[axis]! + position)),
      ),
    );
  const longest = Math.max(...rows.map((row) => row.length));
  const table = new Int32Array(rows.length * longest);
  for (const [o, row] of rows.entries()) for (let k = 0; k < longest; k++) table[o * longest + k] = row[k] ?? row[0]!;
  return [table, [rows.length, longest]];
}

/**
 * Maxima over listed positions of images: `table` is [outputs, window], the same for all channels, or
 * [channels, outputs, window].
 */
export function maximaOf(x: Node, sizes: readonly number[], table: Node, indices: boolean): Tensor | [Tensor, Tensor] {
  const channels = x.shape.slice(0, -sizes.length);
  const count = sizeOf(channels);
  const [outputs, window] = table.shape.slice(-2) as [number, number];
  const extent = sizeOf(x.shape.slice(-sizes.length));
  const flat = b.reshape(x, [count, extent]);
  const shared = table.shape.length === 2;
  const flatTable = b.reshape(table, [sizeOf(table.shape)]);
  const seen = shared
    ? b.gather(flat, flatTable, 1)
    : b.gatherElements(flat, b.reshape(table, [count, outputs * window]), 1);
  const place = b.argMax(b.reshape(seen, [count, outputs, window]), 2);
  const rowStart = b.mul(b.iota(shared ? outputs : count * outputs), b.scalar(window, 'int32'));
  const found = b.gather(flatTable, b.add(place, b.reshape(rowStart, shared ? [1, outputs] : [count, outputs])), 0);
  const outShape = [...channels, ...sizes];
  const maxima = wrap(b.reshape(b.gatherElements(flat, found, 1), outShape));
  return indices ? [maxima, wrap(b.reshape(found, outShape))] : maxima;
}
