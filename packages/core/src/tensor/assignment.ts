import { DTypeError, ShapeError } from '../errors.ts';
import type { Node } from '../graph/node.ts';
import { recorder as b } from '../graph/node.ts';
import { broadcastShapes, normalizeDim, sameShape, sizeOf } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { fixed, hostNumbers, hostTable, indexTable } from './host-values.ts';
import { requireMask } from './index-arguments.ts';
import { column, expandValue, fresh } from './movement.ts';
import type { Operand } from './operand.ts';
import { requireOptions, requireTensor } from './operand.ts';
import { overwrite, requireWritable, torchNames } from './overwrite.ts';
import { numeric, placed, reduced } from './placement.ts';
import type { Index, ResolvedIndex, ResolvedItem } from './subscript.ts';
import { checkMaskShape, expandTo, isAdvanced, resolveIndex, slice, takeIndex } from './subscript.ts';
import { Tensor, wrap } from './tensor.ts';

function valueOf(name: string, node: Node, value: Operand): Value {
  if (typeof value === 'number' || typeof value === 'boolean') return b.like(node, Number(value));
  return b.cast(requireTensor(name, value), node.dtype);
}

/** x with a value at an index. */
function assigned(name: string, node: Node, index: Index, value: Operand): Value {
  const given = valueOf(name, node, value);
  const mask = maskOf(index);
  if (mask !== null && hostNumbers(mask) === null) return masked(node, mask, given);
  const resolved = resolveIndex(node.shape, index);
  const entries: readonly unknown[] = Array.isArray(index) ? index : [index];
  if (
    value instanceof Tensor &&
    isAdvanced(resolved) &&
    !entries.some((entry) => entry instanceof Tensor && entry.dtype === 'bool')
  )
    requireSameDtype('Index put', node, value.node);
  return fresh(isAdvanced(resolved) ? assignedAt(node, resolved, given) : assignedBox(node, resolved, given), node);
}

/** What is written through index tensors is not converted. */
function requireSameDtype(what: string, { dtype }: Node, source: Node): void {
  if (dtype !== source.dtype)
    throw new DTypeError(
      `${what} requires the source and destination dtypes match, got ${torchNames[dtype]} for the destination and ${torchNames[source.dtype]} for the source.`,
    );
}

/** The mask, if that is all there is. */
function maskOf(index: Index): Node | null {
  const only: unknown = Array.isArray(index) && index.length === 1 ? index[0] : index;
  return only instanceof Tensor && only.dtype === 'bool' ? only.node : null;
}

/** `x[mask] = value` without knowing the mask: the value must fit whichever elements are true. */
function masked(node: Node, mask: Node, value: Value): Value {
  checkMaskShape(mask.shape, node.shape, 0);
  const inner = node.shape.slice(mask.shape.length);
  const wide = b.reshape(mask, [...mask.shape, ...inner.map(() => 1)]);
  if (value.shape.length > inner.length && sizeOf(value.shape) > 1)
    throw new ShapeError(
      `set: a value of shape [${value.shape.join(', ')}] for a mask that has not been computed: the number of true elements is not known. Use await x.maskedScatter(mask, value), or a value that broadcasts to [${inner.join(', ')}].`,
    );
  return b.select(wide, sizeOf(value.shape) === 1 ? b.reshape(value, []) : expandValue(value, inner), node);
}

/** Through flat positions: index tensors may name any elements. */
function assignedAt(node: Node, resolved: ResolvedIndex, value: Value): Value {
  const size = sizeOf(node.shape);
  const positions = takeIndex(b.reshape(b.iota(size), node.shape), resolved);
  const count = sizeOf(positions.shape);
  // Nothing is written: as for ranges, the value has the gradient 0 nevertheless.
  if (count === 0 && (value as Node).requiresGrad) {
    const flat = b.reshape(expandTo(value, positions.shape), [0]);
    return b.add(node, b.reduceSum(flat, [0]));
  }
  const values =
    sizeOf(value.shape) === 1 ? b.reshape(value, []) : b.reshape(expandTo(value, positions.shape), [count]);
  return b.reshape(placed(b.reshape(node, [size]), b.reshape(positions, [count]), values), node.shape);
}

/** Ranges and integers: the value is spread over the dimensions that are not taken whole, and selected by a mask of them. */
function assignedBox(node: Node, resolved: ResolvedIndex, value: Value): Value {
  const selection = takeIndex(node, resolved).shape;
  const ranges = resolved.items.filter((item) => item.kind !== 'new').map(rangeOf);
  if (ranges.some(({ count }) => count === 0)) {
    const nothing = expandTo(value, selection);
    // A sum of nothing: it carries the gradient, zeros, that the value is to have.
    return (value as Node).requiresGrad
      ? b.add(
          node,
          b.reduceSum(
            nothing,
            nothing.shape.map((_, d) => d),
          ),
        )
      : node;
  }
  const isWhole = ({ count }: Range, d: number): boolean => count === node.shape[d];
  const rank = node.shape.length;
  let mask: Value | undefined;
  for (const [d, range] of ranges.entries()) {
    if (isWhole(range, d)) continue;
    const { start, count, step } = range;
    const inside = Uint8Array.from({ length: node.shape[d]! }, (_, i) =>
      i >= start && (i - start) % step === 0 && (i - start) / step < count ? 1 : 0,
    );
    const axis = column(fixed(hostTable(inside, [inside.length], 'bool')), d, rank);
    mask = mask === undefined ? axis : b.and(mask, axis);
  }
  let spread =
    sizeOf(value.shape) === 1
      ? b.reshape(value, [])
      : b.reshape(
          expandTo(value, selection),
          ranges.map(({ count }) => count),
        );
  if (spread.shape.length > 0 || mask === undefined)
    for (const [d, range] of ranges.entries())
      if (spread.shape.length > 0) spread = spreadAxis(spread, d, range, node.shape[d]!);
  // Where everything is replaced, x still has a gradient: zeros.
  if (mask === undefined)
    return node.requiresGrad
      ? b.select(b.scalar(1, 'bool'), b.broadcastTo(spread, node.shape), node)
      : b.broadcastTo(spread, node.shape);
  return b.select(mask, spread, node);
}

interface Range {
  readonly start: number;
  readonly count: number;
  readonly step: number;
}

function rangeOf(item: ResolvedItem): Range {
  if (item.kind === 'range') return item;
  return { start: item.kind === 'index' ? item.at : 0, count: 1, step: 1 };
}

/** An axis of `count` elements brought to the places that they are to have among `extent`. */
function spreadAxis(x: Value, axis: number, { start, count, step }: Range, extent: number): Value {
  const padding = (n: number, rank: number, at: number): number[] =>
    Array.from({ length: rank }, (_, d) => (d === at ? n : 0));
  let y = x;
  if (step > 1) {
    const rank = x.shape.length + 1;
    const cells = b.reshape(x, [...x.shape.slice(0, axis + 1), 1, ...x.shape.slice(axis + 1)]);
    const padded = b.pad(cells, padding(0, rank, 0), padding(step - 1, rank, axis + 1));
    y = b.narrow(
      b.reshape(
        padded,
        x.shape.map((n, d) => (d === axis ? count * step : n)),
      ),
      axis,
      0,
      (count - 1) * step + 1,
    );
  }
  const length = y.shape[axis]!;
  return b.pad(y, padding(start, y.shape.length, axis), padding(extent - start - length, y.shape.length, axis));
}

/**
 * A tensor equal to x except at `index` (see `at`), where it has `value`, which broadcasts. Where indices repeat, the last
 * one counts. A mask may still have to be computed. `x.set_` does it in place. (PyTorch: `x[index] = value` on a copy)
 */
export function set(x: Tensor, index: Index, value: Operand): Tensor {
  return wrap(assigned('set', requireTensor('set', x), index, value));
}

/** `x[index] = value`: see `at` for the forms of an index. (PyTorch: `x[index] = value`) */
export function set_(x: Tensor, index: Index, value: Operand): Tensor {
  return overwrite('set_', x, (node) => assigned('set_', node, index, value));
}

export interface IndexPutOptions {
  /** Add instead of replacing; repeated indices add up. Default false. */
  accumulate?: boolean;
}

function putAt(
  name: string,
  node: Node,
  indices: readonly (Tensor | null)[],
  values: Tensor,
  options: IndexPutOptions | boolean,
): Value {
  if (!Array.isArray(indices)) throw new TypeError(`${name}: expected an array of index tensors, one per dimension`);
  const given = typeof options === 'boolean' ? { accumulate: options } : options;
  requireOptions(name, given, ['accumulate']);
  const resolved = resolveIndex(
    node.shape,
    indices.map((index) => index ?? slice()),
  );
  const value = requireTensor(name, values);
  requireSameDtype('Index put', node, value);
  if (!given.accumulate)
    return fresh(
      isAdvanced(resolved)
        ? assignedAt(node, resolved, b.cast(value, node.dtype))
        : assignedBox(node, resolved, b.cast(value, node.dtype)),
      node,
    );
  const size = sizeOf(node.shape);
  const positions = takeIndex(b.reshape(b.iota(size), node.shape), resolved);
  const count = sizeOf(positions.shape);
  const list = numeric(b.reshape(expandTo(b.cast(value, node.dtype), positions.shape), [count]));
  const sum = reduced(numeric(b.reshape(node, [size])), b.reshape(positions, [count]), list, 'sum', true);
  return fresh(b.reshape(b.cast(sum, node.dtype), node.shape), node);
}

/** Values written (or added) where index tensors, one per dimension, point. (PyTorch: `torch.index_put`) */
export function indexPut(
  x: Tensor,
  indices: readonly (Tensor | null)[],
  values: Tensor,
  options: IndexPutOptions | boolean = {},
): Tensor {
  return wrap(putAt('indexPut', requireTensor('indexPut', x), indices, values, options));
}

/** `indexPut` in place. (PyTorch: `Tensor.index_put_`) */
export function indexPut_(
  x: Tensor,
  indices: readonly (Tensor | null)[],
  values: Tensor,
  options: IndexPutOptions | boolean = {},
): Tensor {
  return overwrite('indexPut_', x, (node) => putAt('indexPut_', node, indices, values, options));
}

/** `src` in place of one index of a dimension. (PyTorch: `torch.select_scatter`) */
export function selectScatter(x: Tensor, src: Tensor, dim: number, index: number): Tensor {
  const node = requireTensor('selectScatter', x);
  const axis = normalizeDim(dim, node.shape.length, 'selectScatter');
  return wrap(replaced('selectScatter', node, [...node.shape.slice(0, axis).map(() => slice()), index], src));
}

export interface SliceScatterOptions {
  /** Default 0. */
  dim?: number;
  /** Default: the first. */
  start?: number | null;
  /** Default: past the last. */
  end?: number | null;
  /** Default 1. */
  step?: number;
}

/** `src` in place of a range of a dimension. (PyTorch: `torch.slice_scatter`) */
export function sliceScatter(
  x: Tensor,
  src: Tensor,
  dim: number | SliceScatterOptions = 0,
  start: number | null = null,
  end: number | null = null,
  step = 1,
): Tensor {
  const node = requireTensor('sliceScatter', x);
  const given = typeof dim === 'number' ? { dim, start, end, step } : dim;
  requireOptions('sliceScatter', given, ['dim', 'start', 'end', 'step']);
  const axis = normalizeDim(given.dim ?? 0, node.shape.length, 'sliceScatter');
  return wrap(
    replaced(
      'sliceScatter',
      node,
      [...node.shape.slice(0, axis).map(() => slice()), slice(given.start ?? null, given.end ?? null, given.step ?? 1)],
      src,
    ),
  );
}

function replaced(name: string, node: Node, index: Index, src: Tensor): Value {
  const resolved = resolveIndex(node.shape, index);
  const value = b.cast(requireTensor(name, src), node.dtype);
  const { shape } = takeIndex(node, resolved);
  if (!sameShape(shape, value.shape))
    throw new ShapeError(
      `expected src to have a size equal to the slice of self. src size = [${value.shape.join(', ')}], slice size = [${shape.join(', ')}]`,
    );
  return fresh(assignedBox(node, resolved, value), node);
}

export interface DiagonalScatterOptions {
  /** Default 0. */
  offset?: number;
  /** Default 0. */
  dim1?: number;
  /** Default 1. */
  dim2?: number;
}

/** `src` in place of a diagonal of two dimensions. (PyTorch: `torch.diagonal_scatter`) */
export function diagonalScatter(
  x: Tensor,
  src: Tensor,
  offset: DiagonalScatterOptions | number = {},
  dim1 = 0,
  dim2 = 1,
): Tensor {
  const node = requireTensor('diagonalScatter', x);
  const given = typeof offset === 'number' ? { offset, dim1, dim2 } : offset;
  requireOptions('diagonalScatter', given, ['offset', 'dim1', 'dim2']);
  const shift = given.offset ?? 0;
  const rank = node.shape.length;
  const first = normalizeDim(given.dim1 ?? 0, rank, 'diagonalScatter');
  const second = normalizeDim(given.dim2 ?? 1, rank, 'diagonalScatter');
  const rest = node.shape.map((_, d) => d).filter((d) => d !== first && d !== second);
  const order = [...rest, first, second];
  const row = Math.max(-shift, 0);
  const columnStart = Math.max(shift, 0);
  const count = Math.max(Math.min(node.shape[first]! - row, node.shape[second]! - columnStart), 0);
  const value = b.cast(requireTensor('diagonalScatter', src), node.dtype);
  const shape = [...rest.map((d) => node.shape[d]!), count];
  if (!sameShape(shape, value.shape))
    throw new ShapeError(
      `expected src to have a size equal to the diagonal of self. src size = [${value.shape.join(', ')}], diagonal size = [${shape.join(', ')}]`,
    );
  const moved = b.permute(node, order);
  const along = (start: number): ResolvedItem => ({
    kind: 'tensor',
    indices: fixed(
      indexTable(
        Array.from({ length: count }, (_, i) => start + i),
        [count],
      ),
    ),
  });
  const whole = rest.map((d): ResolvedItem => ({ kind: 'range', start: 0, count: node.shape[d]!, step: 1 }));
  const result = assignedAt(moved as Node, { items: [...whole, along(row), along(columnStart)] }, value);
  return wrap(
    fresh(
      b.permute(
        result,
        order.map((_, i) => order.indexOf(i)),
      ),
      node,
    ),
  );
}

/**
 * The elements of `source`, in order, in the places where a mask is true; mask and tensor broadcast. Throws if there are
 * fewer than places. (PyTorch: `torch.masked_scatter`, but asynchronous)
 */
export async function maskedScatter(x: Tensor, mask: Tensor, source: Tensor): Promise<Tensor> {
  const node = requireTensor('maskedScatter', x);
  const condition = requireMask('maskedScatter', mask);
  if (node.dtype !== requireTensor('maskedScatter', source).dtype)
    throw new DTypeError(
      `masked_scatter: expected self and source to have same dtypes but got${torchNames[node.dtype]} and ${torchNames[source.dtype]}`,
    );
  const values = b.cast(requireTensor('maskedScatter', source), node.dtype);
  const shape = broadcastShapes(node.shape, condition.shape, 'maskedScatter');
  const size = sizeOf(shape);
  const wide = sameShape(shape, condition.shape) ? mask : wrap(b.broadcastTo(condition, shape));
  const truth = (await wide.hostData()) as Uint8Array;
  let used = 0;
  const places = Int32Array.from(truth, (isTrue) => (isTrue ? used++ : 0));
  const count = sizeOf(values.shape);
  if (used > count)
    throw new ShapeError(`maskedScatter: Number of elements of source < number of ones in mask (${count} < ${used})`);
  // A source of which nothing is taken has the gradient 0.
  if (used === 0 && (count === 0 || !source.requiresGrad)) return wrap(fresh(b.broadcastTo(node, shape), node));
  const spread = b.gather(b.reshape(values, [count]), indexTable(places, [size]), 0);
  return wrap(b.select(hostTable(truth.slice(), shape, 'bool'), b.reshape(spread, shape), b.broadcastTo(node, shape)));
}

/** `maskedScatter` in place. (PyTorch: `Tensor.masked_scatter_`, but asynchronous) */
export async function maskedScatter_(x: Tensor, mask: Tensor, source: Tensor): Promise<Tensor> {
  requireWritable('maskedScatter_', x);
  const { node } = await maskedScatter(x, mask, source);
  return overwrite('maskedScatter_', x, () => node);
}
