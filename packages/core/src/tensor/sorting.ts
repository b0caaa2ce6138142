import { DTypeError, ShapeError } from '../errors.ts';
import { isFloating, promoteTypes } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { recorder as b } from '../graph/node.ts';
import { normalizeDim, sameShape } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { option, requireInteger } from './integers.ts';
import { fresh } from './movement.ts';
import { promote, requireOptions, requireTensor } from './operand.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';
import type { ValuesAndIndices } from './values-and-indices.ts';
import { valuesAndIndices } from './values-and-indices.ts';

export interface SortOptions {
  /** Default -1. */
  dim?: number;
  /** From the largest to the smallest. Default false. */
  descending?: boolean;
  /** Equal elements always keep their order here; accepted for familiarity. */
  stable?: boolean;
}

interface Ordered {
  readonly source: Value;
  readonly order: Value;
  readonly axis: number;
}

/** The order of the elements along a dimension. Scalars count as vectors of one element. */
function ordered(name: string, node: Node, dim: number, descending: boolean): Ordered {
  const axis = normalizeDim(dim, node.shape.length, name);
  const source = node.shape.length === 0 ? b.reshape(node, [1]) : (node as Value);
  const numeric = source.dtype === 'bool' ? b.cast(source, 'int32') : source;
  return { source, axis, order: b.emit('argSort', [numeric], { axis, descending }) };
}

function sortOptions(
  dim: number | SortOptions | undefined,
  descending: boolean | SortOptions | undefined,
): Required<Pick<SortOptions, 'dim' | 'descending'>> {
  const from = typeof dim === 'object' ? dim : typeof descending === 'object' ? descending : {};
  requireOptions('sort', from, ['dim', 'descending', 'stable']);
  return {
    dim: typeof dim === 'number' ? dim : (from.dim ?? -1),
    descending: typeof descending === 'boolean' ? descending : (from.descending ?? false),
  };
}

/** Sorted along a dimension, stably; NaN counts as the largest. (PyTorch: `torch.sort`) */
export function sort(x: Tensor, dim?: number | SortOptions, descending?: boolean | SortOptions): ValuesAndIndices {
  const node = requireTensor('sort', x);
  const options = sortOptions(dim, descending);
  const { source, order, axis } = ordered('sort', node, options.dim, options.descending);
  return picked(node, source, order, axis, node.shape.length === 0);
}

function picked(node: Node, source: Value, order: Value, axis: number, scalar: boolean): ValuesAndIndices {
  const values = b.gatherElements(source, order, axis);
  const shape = scalar ? [] : values.shape;
  return valuesAndIndices(fresh(b.reshape(values, shape), node), b.reshape(order, shape));
}

/** The indices that sort along a dimension, stably. int32. (PyTorch: `torch.argsort`) */
export function argsort(x: Tensor, dim?: number | SortOptions, descending?: boolean | SortOptions): Tensor {
  const node = requireTensor('argsort', x);
  const options = sortOptions(dim, descending);
  return wrap(b.reshape(ordered('argsort', node, options.dim, options.descending).order, node.shape));
}

/** Sorted along the first dimension. (PyTorch: `torch.msort`) */
export function msort(x: Tensor): Tensor {
  return sort(x, 0).values;
}

export interface TopkOptions {
  /** Default -1. */
  dim?: number;
  /** The largest rather than the smallest. Default true. */
  largest?: boolean;
  /** They are always in order here; accepted for familiarity. */
  sorted?: boolean;
}

/** The `k` largest (or smallest) elements along a dimension, in order, and where they are. (PyTorch: `torch.topk`) */
export function topk(
  x: Tensor,
  k: number | (TopkOptions & { k: number }),
  dim?: number | TopkOptions,
  largest?: boolean | TopkOptions,
  _sorted?: boolean,
): ValuesAndIndices {
  if (typeof k === 'object' && k !== null) {
    const { k: count, ...options } = k;
    return topk(x, count, options);
  }
  const node = requireTensor('topk', x);
  if (node.dtype === 'bool') throw new DTypeError('topk does not support bool dtypes on CPU');
  requireInteger('topk', k, 'an integer k');
  const from = typeof dim === 'object' ? dim : typeof largest === 'object' ? largest : {};
  requireOptions('topk', from, ['dim', 'largest', 'sorted']);
  const descending = typeof largest === 'boolean' ? largest : (from.largest ?? true);
  const { source, order, axis } = ordered('topk', node, typeof dim === 'number' ? dim : (from.dim ?? -1), descending);
  const isScalar = node.shape.length === 0;
  if (k < 0 || k > source.shape[axis]!)
    throw new ShapeError(`selected index k out of range (k = ${k}, size ${source.shape[axis]} of dimension ${axis})`);
  return picked(node, source, b.narrow(order, axis, 0, isScalar ? 1 : k), axis, isScalar);
}

export interface KthvalueOptions {
  /** Default -1. */
  dim?: number;
  /** Keep the dimension with size 1. Default false. */
  keepdim?: boolean;
}

/** The `k`-th smallest element along a dimension, counted from 1, and where it is. (PyTorch: `torch.kthvalue`) */
export function kthvalue(
  x: Tensor,
  k: number | (KthvalueOptions & { k: number }),
  dim?: number | KthvalueOptions,
  keepdim?: boolean | KthvalueOptions,
): ValuesAndIndices {
  if (typeof k === 'object' && k !== null) {
    const { k: count, ...options } = k;
    return kthvalue(x, count, options);
  }
  const node = requireTensor('kthvalue', x);
  requireInteger('kthvalue', k, 'an integer k');
  const from = typeof dim === 'object' ? dim : typeof keepdim === 'object' ? keepdim : {};
  requireOptions('kthvalue', from, ['dim', 'keepdim']);
  const keep = typeof keepdim === 'boolean' ? keepdim : (from.keepdim ?? false);
  const { source, order, axis } = ordered('kthvalue', node, option(dim, 'dim', -1, ['dim', 'keepdim']), false);
  if (k < 1 || k > source.shape[axis]!)
    throw new ShapeError(`kthvalue(): selected number k out of range for dimension ${axis}`);
  const place = b.narrow(order, axis, k - 1, 1);
  const shape = node.shape.length === 0 ? [] : keep ? place.shape : place.shape.filter((_, i) => i !== axis);
  return valuesAndIndices(b.reshape(b.gatherElements(source, place, axis), shape), b.reshape(place, shape));
}

export interface SearchOptions {
  /** Past equal elements instead of before them. Default false. */
  right?: boolean;
  /** The same, in words. Default `'left'`. (`searchsorted` only) */
  side?: 'left' | 'right';
  /** Indices that sort the sequences, where these are not sorted. (`searchsorted` only) */
  sorter?: Tensor | null;
  /** Indices are int32 in any case; accepted for familiarity. */
  outInt32?: boolean;
}

/**
 * Where values would be inserted into sorted sequences (the last dimension) to keep them sorted: the number of elements
 * less than the value (`right`: less than or equal). int32. (PyTorch: `torch.searchsorted`)
 */
export function searchsorted(x: Tensor, values: Tensor | number, options: SearchOptions = {}): Tensor {
  const given = requireTensor('searchsorted', x);
  requireOptions('searchsorted', options, ['right', 'side', 'outInt32', 'sorter']);
  const sorter = options.sorter ? requireTensor('searchsorted', options.sorter) : null;
  if (sorter !== null && !sameShape(sorter.shape, given.shape))
    throw new ShapeError(
      `torch.searchsorted(): boundary and sorter must have the same size, but got boundary tensor [${given.shape.join(', ')}] and got sorter tensor [${sorter.shape.join(', ')}]`,
    );
  const sequence = (sorter === null ? given : b.gatherElements(given, sorter, given.shape.length - 1)) as Node;
  if (options.side !== undefined && options.side !== 'left' && options.side !== 'right')
    throw new TypeError(`torch.searchsorted(): side can only be 'left' or 'right' but got ${String(options.side)}`);
  const wanted =
    typeof values === 'number' ? (b.like(sequence, values) as Node) : requireTensor('searchsorted', values);
  if (options.side === 'left' && options.right === true)
    throw new TypeError(
      "torch.searchsorted(): side and right can't be set to opposites, got side of left while right was True",
    );
  const batch = sequence.shape.slice(0, -1);
  if (sequence.shape.length === 0)
    throw new ShapeError(
      'torch.searchsorted(): input value can be a scalar only when boundaries tensor dimension is 1',
    );
  if (
    batch.length > 0 &&
    (wanted.shape.length !== sequence.shape.length || batch.some((n, i) => n !== wanted.shape[i]))
  )
    throw new ShapeError(
      `torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries tensor and input value tensor must match, but we got boundaries tensor [${sequence.shape.join(', ')}] and input value tensor [${wanted.shape.join(', ')}]`,
    );
  return wrap(places(sequence, wanted, options.right ?? options.side === 'right'));
}

function places(sequence: Value, wanted: Value, right: boolean): Value {
  const dtype = promoteTypes(sequence.dtype, wanted.dtype);
  const rows =
    sequence.shape.length === 1
      ? sequence
      : b.reshape(sequence, [...sequence.shape.slice(0, -1), 1, sequence.shape.at(-1)!]);
  const each = b.reshape(b.cast(wanted, dtype), [...wanted.shape, 1]);
  const less = right ? b.le(b.cast(rows, dtype), each) : b.lt(b.cast(rows, dtype), each);
  // NaN comes after everything.
  const before = isFloating(dtype) ? b.or(less, b.not(b.eq(each, each))) : less;
  return b.reduceSum(b.mask(before, 'int32'), [wanted.shape.length]);
}

/** The number of the interval between sorted boundaries in which each element lies. int32. (PyTorch: `torch.bucketize`) */
export function bucketize(
  x: Tensor | number,
  boundaries: Tensor,
  options: Pick<SearchOptions, 'right' | 'outInt32'> = {},
): Tensor {
  requireOptions('bucketize', options, ['right', 'outInt32']);
  const { right = false } = options;
  const edges = requireTensor('bucketize', boundaries);
  if (edges.shape.length !== 1)
    throw new ShapeError(`bucketize: boundaries tensor must be 1 dimension, but got dim(${edges.shape.length})`);
  const node = typeof x === 'number' ? (b.like(edges, x) as Node) : requireTensor('bucketize', x);
  return wrap(places(edges, node, right));
}

export interface IsinOptions {
  /** Accepted for familiarity. */
  assumeUnique?: boolean;
  /** True where the element is not among them. Default false. */
  invert?: boolean;
}

/** Whether each element is among the elements of another tensor. bool. (PyTorch: `torch.isin`) */
export function isin(x: Tensor, testElements: Tensor | number, { invert = false }: IsinOptions = {}): Tensor {
  requireTensor('isin', x);
  const [left, right] = promote('isin', x, testElements);
  if (x.dtype === 'bool' || (typeof testElements !== 'number' && testElements.dtype === 'bool'))
    throw new DTypeError('Unsupported input type encountered for isin(): Bool');
  const flat = b.reshape(right, [right.shape.reduce((n, extent) => n * extent, 1)]);
  const equal = b.eq(b.reshape(left, [...left.shape, 1]), flat);
  const found = b.ge(b.reduceSum(b.mask(equal, 'int32'), [left.shape.length]), b.scalar(1, 'int32'));
  return wrap(invert ? b.not(found) : found);
}
