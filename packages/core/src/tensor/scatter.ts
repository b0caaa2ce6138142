import { DTypeError, ShapeError } from '../errors.ts';
import type { Node } from '../graph/node.ts';
import { recorder as b } from '../graph/node.ts';
import { normalizeDim, sizeOf } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { checkIndices } from './host-values.ts';
import { elementIndex, flatPositions, requireIndex } from './index-arguments.ts';
import { column, fresh } from './movement.ts';
import { requireOptions, requireTensor } from './operand.ts';
import { overwrite } from './overwrite.ts';
import { numeric, placed, reduced } from './placement.ts';
import type { Reduction } from './placement.ts';
import { Tensor, wrap } from './tensor.ts';

interface Target {
  readonly flat: Value;
  readonly positions: Value;
  /** The source at the shape of the index, flat; or a scalar. */
  readonly values: Value;
}

/** Everything flat: an index per element of `index`, and the elements of the source that belong to them. */
function target(name: string, node: Node, dim: number, index: Tensor, src: Tensor | number): Target {
  const { axis, indices, source } = elementIndex(name, node, index, dim);
  const given = typeof src === 'number' ? b.like(node, src) : requireTensor(name, src);
  if (given.dtype !== node.dtype)
    throw new DTypeError(
      `${name}(): Expected self.dtype to be equal to src.dtype, got ${node.dtype} and ${given.dtype}`,
    );
  const wanted = indices.shape;
  const from =
    given.shape.length === 0 && source.shape.length === 1 && typeof src !== 'number' ? b.reshape(given, [1]) : given;
  for (const [d, extent] of wanted.entries()) {
    const room = typeof src === 'number' ? undefined : from.shape[d];
    if ((d !== axis && extent > source.shape[d]!) || (room !== undefined && extent > room))
      throw new ShapeError(
        `Expected index [${wanted.join(', ')}] to be no larger than self [${source.shape.join(', ')}] apart from dimension ${axis}${typeof src === 'number' ? '' : ` and to be no larger size than src [${from.shape.join(', ')}]`}`,
      );
  }
  const count = sizeOf(wanted);
  const values =
    typeof src === 'number'
      ? given
      : b.reshape(
          b.slice(
            from,
            wanted.map(() => 0),
            wanted,
          ),
          [count],
        );
  return {
    flat: b.reshape(source, [sizeOf(source.shape)]),
    positions: b.reshape(b.flatIndices(source.shape, indices, axis), [count]),
    values,
  };
}

export interface ScatterOptions {
  /** Combine instead of replacing. */
  reduce?: 'add' | 'multiply';
}

function scattered(
  name: string,
  node: Node,
  dim: number,
  index: Tensor,
  src: Tensor | number,
  options: ScatterOptions,
): Value {
  requireOptions(name, options, ['reduce']);
  if (typeof src !== 'number' && !(src instanceof Tensor))
    throw new TypeError(`${name}: expected a Tensor or a number as the source, got ${typeof src}`);
  const { reduce } = options;
  if (reduce !== undefined && reduce !== 'add' && reduce !== 'multiply')
    throw new TypeError(`reduce argument must be either add or multiply, got ${String(reduce)}`);
  const { flat, positions, values } = target(name, node, dim, index, src);
  const result =
    reduce === undefined
      ? placed(flat, positions, values)
      : reduced(flat, positions, b.broadcastTo(values, positions.shape), reduce === 'add' ? 'sum' : 'prod', true);
  return fresh(b.reshape(result, node.shape), node);
}

/**
 * `src` (a tensor, or one number) written at one index per element along a dimension: y[index[i][j]][j] = src[i][j] for
 * dim 0. Where an index repeats, the last one counts. (PyTorch: `torch.scatter`)
 */
export function scatter(
  x: Tensor,
  dim: number,
  index: Tensor,
  src: Tensor | number,
  options: ScatterOptions = {},
): Tensor {
  return wrap(scattered('scatter', requireTensor('scatter', x), dim, index, src, options));
}

/** `scatter` in place. (PyTorch: `Tensor.scatter_`) */
export function scatter_(
  x: Tensor,
  dim: number,
  index: Tensor,
  src: Tensor | number,
  options: ScatterOptions = {},
): Tensor {
  return overwrite('scatter_', x, (node) => scattered('scatter_', node, dim, index, src, options));
}

function added(name: string, node: Node, dim: number, index: Tensor, src: Tensor): Value {
  requireTensor(name, src);
  const { flat, positions, values } = target(name, node, dim, index, src);
  const sum = reduced(numeric(flat), positions, numeric(values), 'sum', true);
  return fresh(b.reshape(b.cast(sum, node.dtype), node.shape), node);
}

/** `src` added at one index per element along a dimension. (PyTorch: `torch.scatter_add`) */
export function scatterAdd(x: Tensor, dim: number, index: Tensor, src: Tensor): Tensor {
  return wrap(added('scatterAdd', requireTensor('scatterAdd', x), dim, index, src));
}

/** `scatterAdd` in place. (PyTorch: `Tensor.scatter_add_`) */
export function scatterAdd_(x: Tensor, dim: number, index: Tensor, src: Tensor): Tensor {
  return overwrite('scatterAdd_', x, (node) => added('scatterAdd_', node, dim, index, src));
}

export interface ScatterReduceOptions {
  /** How elements that meet are combined. */
  reduce?: Reduction;
  /** Whether the element of x that is reached takes part. Default true. */
  includeSelf?: boolean;
}

function combined(
  name: string,
  node: Node,
  dim: number,
  index: Tensor,
  src: Tensor,
  reduce: Reduction | ScatterReduceOptions,
  options: ScatterReduceOptions,
): Value {
  requireTensor(name, src);
  const given = typeof reduce === 'string' ? { ...options, reduce } : reduce;
  requireOptions(name, given, ['reduce', 'includeSelf']);
  const how = given.reduce;
  if (how !== 'sum' && how !== 'mean' && how !== 'amax' && how !== 'amin' && how !== 'prod')
    throw new TypeError(`reduce argument must be either sum, prod, mean, amax or amin, got ${String(how)}`);
  const { flat, positions, values } = target(name, node, dim, index, src);
  return fresh(b.reshape(reduced(flat, positions, values, how, given.includeSelf ?? true), node.shape), node);
}

/** `src` combined into x at one index per element along a dimension. (PyTorch: `torch.scatter_reduce`) */
export function scatterReduce(
  x: Tensor,
  dim: number,
  index: Tensor,
  src: Tensor,
  reduce: Reduction | ScatterReduceOptions,
  options: ScatterReduceOptions = {},
): Tensor {
  return wrap(combined('scatterReduce', requireTensor('scatterReduce', x), dim, index, src, reduce, options));
}

/** `scatterReduce` in place. (PyTorch: `Tensor.scatter_reduce_`) */
export function scatterReduce_(
  x: Tensor,
  dim: number,
  index: Tensor,
  src: Tensor,
  reduce: Reduction | ScatterReduceOptions,
  options: ScatterReduceOptions = {},
): Tensor {
  return overwrite('scatterReduce_', x, (node) => combined('scatterReduce_', node, dim, index, src, reduce, options));
}

/** The slots of a dimension that a vector names: the vector, and an index per element of the slots. */
function slots(
  name: string,
  node: Node,
  dim: number,
  index: Tensor,
): { axis: number; vector: Value; positions: Value; shape: readonly number[]; source: Value } {
  const raw = requireIndex(name, index);
  if (raw.shape.length > 1)
    throw new ShapeError(`${name}(): Index should have dimension 1 or 0 (got ${raw.shape.length})`);
  const axis = normalizeDim(dim, node.shape.length, name);
  const source = node.shape.length === 0 ? b.reshape(node, [1]) : node;
  checkIndices(raw, source.shape[axis]!, axis);
  const vector = b.reshape(raw, [sizeOf(raw.shape)]);
  const shape = source.shape.map((n, d) => (d === axis ? vector.shape[0]! : n));
  const perElement = b.broadcastTo(column(vector, axis, source.shape.length), shape);
  return {
    axis,
    vector,
    shape,
    source,
    positions: b.reshape(b.flatIndices(source.shape, perElement, axis), [sizeOf(shape)]),
  };
}

function requireSlots(name: string, source: Node, shape: readonly number[], axis: number, node: Node): Value {
  if (source.dtype !== node.dtype)
    throw new DTypeError(
      `${name}(): self and source expected to have the same dtype, but got (self) ${node.dtype} and (source) ${source.dtype}`,
    );
  const given = source.shape.length === 0 ? b.reshape(source, [1]) : source;
  if (given.shape[axis] !== shape[axis])
    throw new ShapeError(
      `${name}(): Number of indices (${shape[axis]}) should be equal to source.size(dim): (${given.shape[axis]}), for dim: ${axis}`,
    );
  if (given.shape.length !== shape.length || shape.some((n, d) => n !== given.shape[d]))
    throw new ShapeError(
      `${name}(): Source/destination tensor must have same slice shapes. Destination [${node.shape.join(', ')}] and source [${source.shape.join(', ')}], for dim ${axis}`,
    );
  return given;
}

export interface IndexAddOptions {
  /** Multiplies the source. Default 1. */
  alpha?: number;
}

function indexAdded(
  name: string,
  node: Node,
  dim: number,
  index: Tensor,
  source: Tensor,
  options: IndexAddOptions,
): Value {
  requireOptions(name, options, ['alpha']);
  const { alpha = 1 } = options;
  const { axis, vector, shape, source: self } = slots(name, node, dim, index);
  const given = numeric(requireSlots(name, requireTensor(name, source), shape, axis, node));
  const scaled = alpha === 1 ? given : b.mul(given, b.like(given, alpha));
  const sum = b.add(numeric(self), b.scatterAdd(scaled, vector, axis, self.shape[axis]!));
  return b.reshape(b.cast(sum, node.dtype), node.shape);
}

/** alpha times the slots of `source` added to the slots of a dimension that `index` names. (PyTorch: `torch.index_add`) */
export function indexAdd(x: Tensor, dim: number, index: Tensor, source: Tensor, options: IndexAddOptions = {}): Tensor {
  return wrap(indexAdded('indexAdd', requireTensor('indexAdd', x), dim, index, source, options));
}

/** `indexAdd` in place. (PyTorch: `Tensor.index_add_`) */
export function indexAdd_(
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
  options: IndexAddOptions = {},
): Tensor {
  return overwrite('indexAdd_', x, (node) => indexAdded('indexAdd_', node, dim, index, source, options));
}

function indexCopied(name: string, node: Node, dim: number, index: Tensor, source: Tensor): Value {
  const { axis, shape, source: self, positions } = slots(name, node, dim, index);
  const given = requireSlots(name, requireTensor(name, source), shape, axis, node);
  const flat = placed(b.reshape(self, [sizeOf(self.shape)]), positions, b.reshape(given, [sizeOf(shape)]));
  return fresh(b.reshape(flat, node.shape), node);
}

/** The slots of `source` in place of the slots of a dimension that `index` names. (PyTorch: `torch.index_copy`) */
export function indexCopy(x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  return wrap(indexCopied('indexCopy', requireTensor('indexCopy', x), dim, index, source));
}

/** `indexCopy` in place. (PyTorch: `Tensor.index_copy_`) */
export function indexCopy_(x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  return overwrite('indexCopy_', x, (node) => indexCopied('indexCopy_', node, dim, index, source));
}

function indexFilled(name: string, node: Node, dim: number, index: Tensor, value: number | Tensor): Value {
  const { axis, vector, source: self } = slots(name, node, dim, index);
  const given = typeof value === 'number' ? b.like(node, value) : b.cast(requireTensor(name, value), node.dtype);
  if (given.shape.length > 0)
    throw new ShapeError(
      `${name}_ only supports a 0-dimensional value tensor, but got tensor with ${given.shape.length} dimension(s).`,
    );
  const extent = self.shape[axis]!;
  const hit = b.lt(b.scalar(0, 'int32'), b.scatterAdd(b.full(vector.shape, 1, 'int32'), vector, 0, extent));
  return b.reshape(b.select(column(hit, axis, self.shape.length), given, self), node.shape);
}

/** One value in the slots of a dimension that `index` names. (PyTorch: `torch.index_fill`) */
export function indexFill(x: Tensor, dim: number, index: Tensor, value: number | Tensor): Tensor {
  return wrap(indexFilled('indexFill', requireTensor('indexFill', x), dim, index, value));
}

/** `indexFill` in place. (PyTorch: `Tensor.index_fill_`) */
export function indexFill_(x: Tensor, dim: number, index: Tensor, value: number | Tensor): Tensor {
  return overwrite('indexFill_', x, (node) => indexFilled('indexFill_', node, dim, index, value));
}

export interface IndexReduceOptions {
  /** Whether the slots that are reached take part. Default true. */
  includeSelf?: boolean;
}

function indexReduced(
  name: string,
  node: Node,
  dim: number,
  index: Tensor,
  source: Tensor,
  reduce: 'prod' | 'mean' | 'amax' | 'amin',
  options: IndexReduceOptions,
): Value {
  requireOptions(name, options, ['includeSelf']);
  if (reduce !== 'prod' && reduce !== 'mean' && reduce !== 'amax' && reduce !== 'amin')
    throw new TypeError(
      `index_reduce(): Expected reduce to be one of prod, mean, amax or amin but got ${String(reduce)}.`,
    );
  const { axis, shape, source: self, positions } = slots(name, node, dim, index);
  const given = requireSlots(name, requireTensor(name, source), shape, axis, node);
  const flat = b.reshape(self, [sizeOf(self.shape)]);
  const values = b.reshape(given, [sizeOf(shape)]);
  return fresh(b.reshape(reduced(flat, positions, values, reduce, options.includeSelf ?? true), node.shape), node);
}

/**
 * The slots of `source` combined into the slots of a dimension that `index` names, as their product, mean, largest or
 * smallest element. (PyTorch: `torch.index_reduce`)
 */
export function indexReduce(
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
  reduce: 'prod' | 'mean' | 'amax' | 'amin',
  options: IndexReduceOptions = {},
): Tensor {
  return wrap(indexReduced('indexReduce', requireTensor('indexReduce', x), dim, index, source, reduce, options));
}

/** `indexReduce` in place. (PyTorch: `Tensor.index_reduce_`) */
export function indexReduce_(
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
  reduce: 'prod' | 'mean' | 'amax' | 'amin',
  options: IndexReduceOptions = {},
): Tensor {
  return overwrite('indexReduce_', x, (node) =>
    indexReduced('indexReduce_', node, dim, index, source, reduce, options),
  );
}

export interface PutOptions {
  /** Add instead of replacing. Default false. */
  accumulate?: boolean;
}

/** Elements of the flattened tensor replaced by those of `source`. (PyTorch: `torch.put`) */
export function put(x: Tensor, index: Tensor, source: Tensor, options: PutOptions | boolean = {}): Tensor {
  const node = requireTensor('put', x);
  const { accumulate = false } = typeof options === 'boolean' ? { accumulate: options } : options;
  const indices = requireIndex('put', index);
  const values = requireTensor('put', source);
  if (values.dtype !== node.dtype)
    throw new DTypeError(
      `put_(): self and source expected to have the same dtype, but got self.dtype = ${node.dtype} and source.dtype = ${values.dtype}`,
    );
  const count = sizeOf(indices.shape);
  if (sizeOf(values.shape) !== count)
    throw new ShapeError(
      `put_(): Expected source and index to have the same number of elements, but got source.numel() = ${sizeOf(values.shape)}, index.numel() = ${count}`,
    );
  const positions = b.reshape(flatPositions(indices, sizeOf(node.shape)), [count]);
  const flat = b.reshape(node, [sizeOf(node.shape)]);
  const list = b.reshape(values, [count]);
  const result = accumulate
    ? b.cast(reduced(numeric(flat), positions, numeric(list), 'sum', true), node.dtype)
    : placed(flat, positions, list);
  return wrap(fresh(b.reshape(result, node.shape), node));
}
