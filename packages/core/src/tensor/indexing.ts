import { ShapeError } from '../errors.ts';
import { recorder as b } from '../graph/node.ts';
import { broadcastShapes, normalizeDim, sameShape, sizeOf } from '../graph/shape.ts';
import type { Shape } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { checkIndices, hostNumbers } from './host-values.ts';
import { elementIndex, flatPositions, indexOf, readMasks, requireIndex, requireMask } from './index-arguments.ts';
import { requireInteger } from './integers.ts';
import { fresh } from './movement.ts';
import { requireOptions, requireTensor } from './operand.ts';
import type { Index, IndexItem } from './subscript.ts';
import { maskPlaces, resolveIndex, takeIndex } from './subscript.ts';
import type { Tensor } from './tensor.ts';
import { fromHost, wrap } from './tensor.ts';

/**
 * What an index selects; PyTorch's brackets.
 *
 * | here | PyTorch |
 * |---|---|
 * | `x.at(0)`, `x.at(-1)` | `x[0]`, `x[-1]` |
 * | `x.at([0, slice(1, null)])` or `x.at(0, slice(1, null))` | `x[0, 1:]` |
 * | `x.at(['...', 0])`, `x.at([slice(null, null, 2), null])` | `x[..., 0]`, `x[::2, None]` |
 * | `x.at(rows)`, `x.at([rows, columns])` (int32 tensors, which broadcast) | `x[rows]`, `x[rows, columns]` |
 * | `x.at([[0, 2]])` (an array of indices in its place) | `x[[0, 2]]` |
 * | `x.at(mask)` (a bool tensor whose values are on the host) | `x[mask]` |
 *
 * A mask that is still to be computed needs `await x.atAsync(mask)` or `await x.maskedSelect(mask)`. (PyTorch: `x[...]`)
 */
export function at(x: Tensor, ...index: readonly (IndexItem | Index)[]): Tensor {
  const node = requireTensor('at', x);
  return wrap(fresh(takeIndex(node, resolveIndex(node.shape, indexOf(index))), node));
}

/** As `at`, reading the masks of the index first. (PyTorch: `x[mask]`) */
export async function atAsync(x: Tensor, ...index: readonly (IndexItem | Index)[]): Promise<Tensor> {
  const node = requireTensor('atAsync', x);
  const resolved = resolveIndex(node.shape, await readMasks(indexOf(index)));
  return wrap(fresh(takeIndex(node, resolved), node));
}

/** The slots of a dimension that a vector of indices names, in its order. (PyTorch: `torch.index_select`) */
export function indexSelect(x: Tensor, dim: number, index: Tensor): Tensor {
  const node = requireTensor('indexSelect', x);
  const indices = requireIndex('indexSelect', index);
  if (indices.shape.length > 1) throw new ShapeError('index_select(): Index is supposed to be a vector');
  const axis = normalizeDim(dim, node.shape.length, 'indexSelect');
  const source = node.shape.length === 0 ? b.reshape(node, [1]) : node;
  checkIndices(indices, source.shape[axis]!, axis);
  const y = b.gather(source, b.reshape(indices, [sizeOf(indices.shape)]), axis);
  return wrap(node.shape.length === 0 ? b.reshape(y, []) : y);
}

/** The elements at one index per element of the result along a dimension: y[i][j] = x[index[i][j]][j] for dim 0. (PyTorch: `torch.gather`) */
export function gather(x: Tensor, dim: number, index: Tensor): Tensor {
  const node = requireTensor('gather', x);
  const { axis, indices, source } = elementIndex('gather', node, index, dim);
  for (const [d, extent] of indices.shape.entries())
    if (d !== axis && extent > source.shape[d]!)
      throw new ShapeError(
        `Size does not match at dimension ${d} expected index [${indices.shape.join(', ')}] to be no larger than self [${source.shape.join(', ')}] apart from dimension ${axis}`,
      );
  return wrap(b.reshape(b.gatherElements(source, indices, axis), index.shape));
}

/** Elements of the flattened tensor, in the shape of `index`; negative indices count from the end. (PyTorch: `torch.take`) */
export function take(x: Tensor, index: Tensor): Tensor {
  const node = requireTensor('take', x);
  const indices = requireIndex('take', index);
  return wrap(b.gather(b.reshape(node, [sizeOf(node.shape)]), flatPositions(indices, sizeOf(node.shape)), 0));
}

/** As `gather`, with broadcasting outside `dim`; without `dim` from the flattened tensor. (PyTorch: `torch.take_along_dim`) */
export function takeAlongDim(x: Tensor, indices: Tensor, dim?: number | null | { dim?: number | null }): Tensor {
  const node = requireTensor('takeAlongDim', x);
  const index = requireIndex('takeAlongDim', indices);
  const given = typeof dim === 'object' && dim !== null ? dim.dim : dim;
  if (given === undefined || given === null) {
    const size = sizeOf(node.shape);
    return wrap(b.gather(b.reshape(node, [size]), b.reshape(flatPositions(index, size), [sizeOf(index.shape)]), 0));
  }
  if (node.shape.length !== index.shape.length)
    throw new ShapeError(
      `torch.take_along_dim(): input and indices should have the same number of dimensions, but got ${node.shape.length} dimensions for input, and ${index.shape.length} dimensions for indices`,
    );
  const axis = normalizeDim(given, node.shape.length, 'takeAlongDim');
  const without = (shape: Shape): Shape => shape.map((n, d) => (d === axis ? 1 : n));
  const common = broadcastShapes(without(node.shape), without(index.shape), 'takeAlongDim');
  const spread = (value: Value): Value =>
    b.broadcastTo(
      value,
      common.map((n, d) => (d === axis ? value.shape[axis]! : n)),
    );
  checkIndices(index, node.shape[axis] ?? 1, axis);
  return wrap(b.gatherElements(spread(node), spread(index), axis));
}

/** The elements where a bool mask is true, in row-major order; mask and tensor broadcast. (PyTorch: `torch.masked_select`, but asynchronous) */
export async function maskedSelect(x: Tensor, mask: Tensor): Promise<Tensor> {
  const node = requireTensor('maskedSelect', x);
  const condition = requireMask('maskedSelect', mask);
  const shape = broadcastShapes(node.shape, condition.shape, 'maskedSelect');
  const wide = sameShape(shape, condition.shape) ? mask : wrap(b.broadcastTo(condition, shape));
  const [places] = maskPlaces(await wide.hostData(), [sizeOf(shape)]);
  return wrap(b.gather(b.reshape(b.broadcastTo(node, shape), [sizeOf(shape)]), places!, 0));
}

export interface NonzeroOptions {
  /** One vector of indices per dimension instead of a matrix. Default false. */
  asTuple?: boolean;
}

/** The indices of the elements that are not zero, as rows [n, rank] in row-major order. (PyTorch: `torch.nonzero`, but asynchronous) */
export function nonzero(x: Tensor, options: { asTuple: true }): Promise<Tensor[]>;
export function nonzero(x: Tensor, options?: NonzeroOptions): Promise<Tensor>;
export async function nonzero(x: Tensor, { asTuple = false }: NonzeroOptions = {}): Promise<Tensor | Tensor[]> {
  requireTensor('nonzero', x);
  const values = await x.data();
  const shape = asTuple && x.shape.length === 0 ? [1] : x.shape;
  const places = maskPlaces(values, shape);
  const count = shape.length === 0 ? (values[0] === 0 ? 0 : 1) : places[0]!.shape[0]!;
  const held = places.map((place) => hostNumbers(place) as Int32Array);
  if (asTuple) return held.map((column) => fromHost(column, [count], 'int32', { device: x.device }));
  const rows = new Int32Array(count * shape.length);
  for (const [d, column] of held.entries()) for (let i = 0; i < count; i++) rows[i * shape.length + d] = column[i]!;
  return fromHost(rows, [count, shape.length], 'int32', { device: x.device });
}

/** As `nonzero`. (PyTorch: `torch.argwhere`, but asynchronous) */
export function argwhere(x: Tensor): Promise<Tensor> {
  return nonzero(x);
}

export interface NonzeroStaticOptions {
  /** How many rows the result has. */
  size: number;
  /** What fills rows that are left over. Default -1. */
  fillValue?: number;
}

/**
 * Positions of the elements that are not 0, the first `size` of them: a shape that is known beforehand, unlike that of
 * `nonzero`. int32 [size, dimensions]. (PyTorch: `torch.nonzero_static`)
 */
export function nonzeroStatic(x: Tensor, options: NonzeroStaticOptions): Tensor {
  const node = requireTensor('nonzeroStatic', x);
  requireOptions('nonzeroStatic', options, ['size', 'fillValue']);
  const { size, fillValue = -1 } = options;
  if (requireInteger('nonzeroStatic', size) < 0)
    throw new ShapeError(`nonzero_static: 'size' must be an non-negative integer`);
  const count = sizeOf(node.shape);
  if (count === 0 || size === 0 || node.shape.length === 0)
    return wrap(b.full([size, node.shape.length], fillValue, 'int32'));
  const isFound = b.reshape(b.cast(node, 'bool'), [count]);
  // Stable: what is found comes first, in order.
  const order = b.emit('argSort', [b.cast(isFound, 'int32')], { axis: 0, descending: true });
  const taken = Math.min(count, size);
  const found = b.reduceSum(b.cast(isFound, 'int32'), [0]);
  let rest: Value = b.narrow(order, 0, 0, taken);
  const columns: Value[] = [];
  for (const extent of node.shape.toReversed()) {
    const divisor = b.scalar(extent, 'int32');
    const quotient = b.emit('integerDiv', [rest, divisor], {});
    columns.unshift(b.reshape(b.sub(rest, b.mul(quotient, divisor)), [taken, 1]));
    rest = quotient;
  }
  const isRow = b.reshape(b.lt(b.iota(taken), found), [taken, 1]);
  const rows = b.select(isRow, b.concat(columns, 1), b.scalar(fillValue, 'int32'));
  return wrap(b.pad(rows, [0, 0], [size - taken, 0], fillValue));
}
