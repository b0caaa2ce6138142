import { ShapeError } from '../errors.ts';
import { isFloating } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { recorder as b } from '../graph/node.ts';
import { normalizeDim, sizeOf } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import type { Trailing } from './arguments.ts';
import { readTrailing } from './arguments.ts';
import { hostNumbers } from './host-values.ts';
import { requireTensor, toNumeric } from './operand.ts';
import type { DimOptions, KeepdimOptions } from './reduction-options.ts';
import { reductionArguments } from './reduction-options.ts';
import { extreme } from './reduction.ts';
import { maximum, minimum } from './selection.ts';
import { Tensor, wrap } from './tensor.ts';
import type { ValuesAndIndices } from './values-and-indices.ts';
import { valuesAndIndices } from './values-and-indices.ts';

// Results depend on the arguments: these operations have overloads, which `OverloadedMethods` repeats for methods.

/**
 * The largest element; along a dimension, the largest elements and their (first) indices; of two tensors, the larger
 * elements. (PyTorch: `torch.max`)
 */
export function max(x: Tensor): Tensor;
export function max(x: Tensor, other: Tensor): Tensor;
export function max(
  x: Tensor,
  dim: number | (DimOptions & { dim: number }),
  options?: boolean | KeepdimOptions,
): ValuesAndIndices;
export function max(
  x: Tensor,
  dim?: Tensor | number | DimOptions,
  options?: boolean | KeepdimOptions,
): Tensor | ValuesAndIndices {
  return dim instanceof Tensor ? maximum(x, dim) : extremum('max', x, dim, options);
}

/**
 * The smallest element; along a dimension, the smallest elements and their (first) indices; of two tensors, the smaller
 * elements. (PyTorch: `torch.min`)
 */
export function min(x: Tensor): Tensor;
export function min(x: Tensor, other: Tensor): Tensor;
export function min(
  x: Tensor,
  dim: number | (DimOptions & { dim: number }),
  options?: boolean | KeepdimOptions,
): ValuesAndIndices;
export function min(
  x: Tensor,
  dim?: Tensor | number | DimOptions,
  options?: boolean | KeepdimOptions,
): Tensor | ValuesAndIndices {
  return dim instanceof Tensor ? minimum(x, dim) : extremum('min', x, dim, options);
}

function extremum(
  name: 'max' | 'min',
  x: Tensor,
  dim: unknown,
  options: boolean | KeepdimOptions | undefined,
): Tensor | ValuesAndIndices {
  const { dim: chosen, keepdim } = reductionArguments<DimOptions>(name, dim, options, ['keepdim']);
  const node = requireTensor(name, x);
  if (chosen === null) return wrap(extreme(name, name, node, null, keepdim));
  const axis = singleAxis(name, node, chosen);
  if (node.shape.length === 0) return ofScalar(node);
  const numeric = toNumeric(node);
  const indices = b.emit(name === 'max' ? 'argMax' : 'argMin', [numeric], { axis });
  const values = (
    name === 'max' ? b.reduceMax(numeric, [axis], keepdim) : b.reduceMin(numeric, [axis], keepdim)
  ) as Node;
  // Unlike amax, the gradient goes to the chosen index alone.
  values.rule = (b, g, { inputs: [input] }) => {
    const index = b.emit(name === 'max' ? 'argMax' : 'argMin', [input!], { axis });
    const places = b.reshape(
      b.iota(input!.shape[axis]!),
      input!.shape.map((extent, i) => (i === axis ? extent : 1)),
    );
    const isChosen = b.eq(places, b.restoreAxes(index, input!.shape, [axis]));
    return [b.select(isChosen, b.restoreAxes(g, input!.shape, [axis]), b.like(g, 0))];
  };
  return valuesAndIndices(b.cast(values, node.dtype), keepdim ? b.restoreAxes(indices, node.shape, [axis]) : indices);
}

function singleAxis(name: string, node: Node, dim: unknown): number {
  if (typeof dim !== 'number') throw new TypeError(`${name}(): argument 'dim' must be int, not an array`);
  const axis = normalizeDim(dim, node.shape.length, name);
  if (node.shape[axis] === 0) throw new ShapeError(`${name}(): Expected reduction dim ${axis} to have non-zero size.`);
  return axis;
}

function ofScalar(node: Node): ValuesAndIndices {
  return valuesAndIndices(b.emit('reshape', [node], { shape: [] }), b.scalar(0, 'int32'));
}

/**
 * The median, the lower one of an even number of elements; NaN if one is NaN. Along a dimension, with indices.
 * (PyTorch: `torch.median`)
 */
export function median(x: Tensor): Tensor;
export function median(
  x: Tensor,
  dim: number | (DimOptions & { dim: number }),
  options?: boolean | KeepdimOptions,
): ValuesAndIndices;
export function median(
  x: Tensor,
  dim?: number | DimOptions,
  options?: boolean | KeepdimOptions,
): Tensor | ValuesAndIndices {
  return middle('median', x, dim, options, (sorted, axis, isNumber) => {
    const extent = sorted.shape[axis]!;
    const lower = b.full(
      sorted.shape.map((n, i) => (i === axis ? 1 : n)),
      Math.floor((extent - 1) / 2),
      'int32',
    );
    if (isNumber === null) return lower;
    // NaN sorts last: the first of them is the median.
    const count = b.reduceSum(b.cast(isNumber, 'int32'), [axis], true);
    return b.select(b.lt(count, b.scalar(extent, 'int32')), count, lower);
  });
}

/** The median of the elements that are not NaN. Along a dimension, with indices. (PyTorch: `torch.nanmedian`) */
export function nanmedian(x: Tensor): Tensor;
export function nanmedian(
  x: Tensor,
  dim: number | (DimOptions & { dim: number }),
  options?: boolean | KeepdimOptions,
): ValuesAndIndices;
export function nanmedian(
  x: Tensor,
  dim?: number | DimOptions,
  options?: boolean | KeepdimOptions,
): Tensor | ValuesAndIndices {
  return middle('nanmedian', x, dim, options, (sorted, axis, isNumber) => {
    const extent = b.scalar(sorted.shape[axis]!, 'int32');
    const one = b.scalar(1, 'int32');
    const restored = sorted.shape.map((n, i) => (i === axis ? 1 : n));
    const count =
      isNumber === null ? b.broadcastTo(extent, restored) : b.reduceSum(b.cast(isNumber, 'int32'), [axis], true);
    const lower = b.emit('integerDiv', [b.sub(count, one), b.scalar(2, 'int32')], {});
    return b.maximum(lower, b.scalar(0, 'int32'));
  });
}

function middle(
  name: string,
  x: Tensor,
  dim: unknown,
  options: boolean | KeepdimOptions | undefined,
  place: (node: Value, axis: number, isNumber: Value | null) => Value,
): Tensor | ValuesAndIndices {
  const { dim: chosen, keepdim } = reductionArguments<DimOptions>(name, dim, options, ['keepdim']);
  const node = toNumeric(requireTensor(name, x));
  if (chosen === null) {
    const flat = b.reshape(node, [sizeOf(node.shape)]);
    if (sizeOf(node.shape) === 0) return wrap(b.full([], isFloating(node.dtype) ? Number.NaN : -(2 ** 31), node.dtype));
    const { value } = picked(flat, 0);
    const result = b.reshape(value, []) as Node;
    return wrap(spread(flat, result));
  }
  const axis = singleAxis(name, node, chosen);
  if (node.shape.length === 0) return ofScalar(node);
  const { value, index } = picked(node, axis);
  const shape = node.shape.filter((_, i) => i !== axis);
  return valuesAndIndices(keepdim ? value : b.reshape(value, shape), keepdim ? index : b.reshape(index, shape));

  function picked(source: Value, along: number): { value: Value; index: Value } {
    const order = b.emit('argSort', [source], { axis: along, descending: false });
    const isNumber = isFloating(source.dtype) ? b.eq(source, source) : null;
    const index = b.gatherElements(order, place(source, along, isNumber), along);
    return { value: b.gatherElements(source, index, along), index };
  }

  // Without a dimension all elements that equal the median share the gradient, as with amax.
  function spread(flat: Value, value: Node): Value {
    if (!isFloating(flat.dtype)) return value;
    const fixed = b.emit('stopGradient', [value], {});
    const isEqual = b.or(b.eq(flat, fixed), b.and(b.not(b.eq(flat, flat)), b.not(b.eq(fixed, fixed))));
    const largest = b.reduceMax(b.select(isEqual, flat, b.like(flat, Number.NEGATIVE_INFINITY)), [0]);
    return b.select(b.eq(fixed, fixed), largest, fixed);
  }
}

/** The most frequent element along a dimension, the smallest of several, and an index of it. (PyTorch: `torch.mode`) */
export function mode(x: Tensor, dim: number | DimOptions = -1, options?: boolean | KeepdimOptions): ValuesAndIndices {
  const chosen = reductionArguments<DimOptions>('mode', dim, options, ['keepdim']);
  const source = requireTensor('mode', x);
  const node = toNumeric(source);
  const axis = singleAxis('mode', node, chosen.dim ?? -1);
  if (node.shape.length === 0) return ofScalar(source);
  const extent = node.shape[axis]!;
  const inserted = (at: number): number[] => [...node.shape.slice(0, at), 1, ...node.shape.slice(at)];
  const same = b.eq(b.reshape(node, inserted(axis)), b.reshape(node, inserted(axis + 1)));
  const counts = b.reduceSum(b.cast(same, 'int32'), [axis + 1]);
  const isMost = b.eq(counts, b.reduceMax(counts, [axis], true));
  const order = b.emit('argSort', [node], { axis, descending: false });
  // The first in order that is most frequent is the smallest; of equal ones PyTorch names the last.
  const first = b.restoreAxes(
    b.argMax(b.cast(b.gatherElements(b.cast(isMost, 'int32'), order, axis), 'int32'), axis),
    node.shape,
    [axis],
  );
  const smallest = b.gatherElements(node, b.gatherElements(order, first, axis), axis);
  const places = b.reshape(
    b.iota(extent),
    node.shape.map((_, i) => (i === axis ? extent : 1)),
  );
  const index = b.reduceMax(b.select(b.eq(node, smallest), places, b.scalar(0, 'int32')), [axis], true);
  const value = b.cast(b.gatherElements(node, index, axis), source.dtype);
  const shape = node.shape.filter((_, i) => i !== axis);
  return valuesAndIndices(
    chosen.keepdim ? value : b.reshape(value, shape),
    chosen.keepdim ? index : b.reshape(index, shape),
  );
}

/** How `quantile` meets a position between two elements. */
export type Interpolation = 'linear' | 'lower' | 'higher' | 'midpoint' | 'nearest';

export interface QuantileOptions extends DimOptions {
  /** Default 'linear'. */
  interpolation?: Interpolation;
}

/**
 * The q-th quantile, 0 <= q <= 1, along a dimension or of all elements; of an array of q, stacked in a new first
 * dimension. NaN where an element is. (PyTorch: `torch.quantile`)
 */
export function quantile(
  x: Tensor,
  q: number | readonly number[] | Tensor,
  ...args: Trailing<QuantileOptions, typeof quantileOrder>
): Tensor {
  return quantiles('quantile', x, q, args, true);
}

/** `quantile` of the elements that are not NaN. (PyTorch: `torch.nanquantile`) */
export function nanquantile(
  x: Tensor,
  q: number | readonly number[] | Tensor,
  ...args: Trailing<QuantileOptions, typeof quantileOrder>
): Tensor {
  return quantiles('nanquantile', x, q, args, false);
}

const quantileOrder = ['dim', 'keepdim'] as const;

function quantiles(
  name: string,
  x: Tensor,
  q: number | readonly number[] | Tensor,
  args: readonly unknown[],
  keepsNaN: boolean,
): Tensor {
  const chosen = readTrailing<QuantileOptions>(name, args, quantileOrder, ['interpolation']);
  const { keepdim = false, interpolation = 'linear' } = chosen;
  const dim = chosen.dim ?? null;
  const source = requireTensor(name, x);
  if (!isFloating(source.dtype)) throw new TypeError('quantile() input tensor must be either float or double dtype');
  const levels = levelsOf(source, q);
  const isWhole = dim === null || source.shape.length === 0;
  const axis = isWhole ? 0 : singleAxis(name, source, dim);
  const node = isWhole ? b.reshape(source, [sizeOf(source.shape)]) : source;
  const extent = node.shape[axis]!;
  if (extent === 0) throw new ShapeError('quantile() input tensor must be non-empty');
  const sorted = b.gatherElements(node, b.emit('argSort', [node], { axis, descending: false }), axis);
  const count = b.reduceSum(b.mask(b.eq(node, node), node.dtype), [axis], true);
  const hasNaN = b.lt(count, b.like(node, extent));
  const rounded = node.dtype === 'float64' ? (value: number): number => value : Math.fround;
  const results = levels.map((level) => {
    if (!keepsNaN) return amongNumbers(sorted, axis, count, level, interpolation);
    // In the dtype of x, as in PyTorch: a tenth of 5 is a half in float32.
    const position = rounded(rounded(level) * (extent - 1));
    const lower = Math.floor(position);
    const part = weightOf(interpolation, position - lower, lower);
    const low = b.narrow(sorted, axis, lower, 1);
    const high = b.narrow(sorted, axis, Math.min(lower + 1, extent - 1), 1);
    const value = part === 0 ? low : part === 1 ? high : b.add(low, b.mul(b.like(node, part), b.sub(high, low)));
    // NaN sorts last, and has the gradient.
    return b.select(hasNaN, b.narrow(sorted, axis, extent - 1, 1), value);
  });
  const reduced = isWhole ? source.shape.map(() => 1) : node.shape.map((n, i) => (i === axis ? 1 : n));
  const shape = keepdim ? reduced : isWhole ? [] : node.shape.filter((_, i) => i !== axis);
  if (typeof q === 'number' || (q instanceof Tensor && q.ndim === 0)) return wrap(b.reshape(results[0]!, shape));
  return wrap(
    b.concat(
      results.map((value) => b.reshape(value, [1, ...shape])),
      0,
    ),
  );
}

/** The quantile of the first `count` elements, which differ in number from row to row; NaN if there are none. */
function amongNumbers(sorted: Value, axis: number, count: Value, level: number, interpolation: Interpolation): Value {
  const [zero, one] = [b.like(sorted, 0), b.like(sorted, 1)];
  const last = b.maximum(b.sub(count, one), zero);
  const position = b.mul(last, b.like(sorted, level));
  const lower = b.floor(position);
  const place = (value: Value): Value => b.gatherElements(sorted, b.cast(value, 'int32'), axis);
  const part = b.sub(position, lower);
  const nearest = b.emit('round', [position], {});
  const weight =
    interpolation === 'linear'
      ? part
      : interpolation === 'midpoint'
        ? b.select(b.lt(zero, part), b.like(sorted, 0.5), zero)
        : null;
  if (weight === null) {
    weightOf(interpolation, 0, 0);
    return place(
      interpolation === 'nearest' ? nearest : interpolation === 'lower' ? lower : b.emit('ceil', [position], {}),
    );
  }
  const low = place(lower);
  const high = place(b.minimum(b.add(lower, one), last));
  return b.add(low, b.mul(weight, b.sub(high, low)));
}

function levelsOf(source: Node, q: number | readonly number[] | Tensor): readonly number[] {
  if (q instanceof Tensor && q.dtype !== source.dtype)
    throw new TypeError('quantile() q tensor must be same dtype as the input tensor');
  if (q instanceof Tensor && q.ndim > 1) throw new ShapeError('quantile() q must be a scalar or 1D tensor');
  const levels = typeof q === 'number' ? [q] : q instanceof Tensor ? knownLevels(q) : q;
  if (typeof q === 'number' && !(q >= 0 && q <= 1))
    throw new RangeError(`quantile() q must be in the range [0, 1] but got ${q}`);
  if (!Array.isArray(levels) || levels.some((level) => !(level >= 0 && level <= 1)))
    throw new RangeError('quantile() q values must be in the range [0, 1]');
  return levels;
}

function knownLevels(q: Tensor): readonly number[] {
  const known = hostNumbers(q.node);
  if (known === null)
    throw new TypeError('quantile: q must be known when this is called: pass a number or an array of numbers');
  return [...known];
}

function weightOf(interpolation: Interpolation, part: number, lower: number): number {
  switch (interpolation) {
    case 'linear':
      return part;
    case 'lower':
      return 0;
    case 'higher':
      return part > 0 ? 1 : 0;
    case 'midpoint':
      return part > 0 ? 0.5 : 0;
    case 'nearest':
      // Halves to the even position.
      return part < 0.5 || (part === 0.5 && lower % 2 === 0) ? 0 : 1;
    default:
      throw new TypeError(
        `quantile() interpolation must be one of linear, lower, higher, midpoint or nearest, but got ${String(interpolation)}`,
      );
  }
}
