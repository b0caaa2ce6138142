import { DTypeError, ShapeError } from '../errors.ts';
import { isFloating } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { recorder as b } from '../graph/node.ts';
import { normalizeDim } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { requireOptions, requireTensor, toNumeric } from './operand.ts';
import type { DTypeOptions } from './reduction-options.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';
import type { ValuesAndIndices } from './values-and-indices.ts';
import { valuesAndIndices } from './values-and-indices.ts';

export interface CumulativeOptions extends DTypeOptions {
  dim?: number;
}

/** The arguments `(dim, { dtype })` or `({ dim, dtype })`; `null` as axis is a scalar's. */
function axisOf(
  name: string,
  x: Tensor,
  dim: number | CumulativeOptions,
  options: CumulativeOptions,
): { node: Node; axis: number | null } {
  const chosen = typeof dim === 'object' && dim !== null ? dim : { dim, ...options };
  requireOptions(name, chosen, ['dim', 'dtype']);
  if (typeof chosen.dim !== 'number') throw new TypeError(`${name}() missing 1 required argument: 'dim'`);
  const source = requireTensor(name, x);
  const node = toNumeric(chosen.dtype ? (b.cast(source, chosen.dtype) as Node) : source);
  const axis = normalizeDim(chosen.dim, node.shape.length, name);
  return { node, axis: node.shape.length === 0 ? null : axis };
}

/** Running sum along a dimension. (PyTorch: `torch.cumsum`) */
export function cumsum(x: Tensor, dim: number | CumulativeOptions, options: CumulativeOptions = {}): Tensor {
  const { node, axis } = axisOf('cumsum', x, dim, options);
  return wrap(axis === null ? b.emit('reshape', [node], { shape: [] }) : b.cumsum(node, axis));
}

/**
 * Inclusive scan by doubling: after k rounds each position holds the combination of the 2^k elements that end there.
 * `before` is the element that changes nothing.
 */
function scan(x: Value, axis: number, before: number, combine: (earlier: Value, later: Value) => Value): Value {
  const extent = x.shape[axis]!;
  let y = x;
  for (let by = 1; by < extent; by *= 2) {
    const lo = x.shape.map((_, i) => (i === axis ? by : 0));
    const earlier = b.pad(
      b.narrow(y, axis, 0, extent - by),
      lo,
      x.shape.map(() => 0),
      before,
    );
    y = combine(earlier, y);
  }
  return y === x ? b.emit('reshape', [x], { shape: x.shape }) : y;
}

/** Running product along a dimension. (PyTorch: `torch.cumprod`) */
export function cumprod(x: Tensor, dim: number | CumulativeOptions, options: CumulativeOptions = {}): Tensor {
  const { node, axis } = axisOf('cumprod', x, dim, options);
  return wrap(scan(node, axis ?? 0, 1, (earlier, later) => b.mul(earlier, later)));
}

/** ln of the running sum of e^x along a dimension. (PyTorch: `torch.logcumsumexp`) */
export function logcumsumexp(x: Tensor, dim: number | { dim: number }): Tensor {
  const { node, axis } = axisOf('logcumsumexp', x, dim, {});
  if (!isFloating(node.dtype)) throw new DTypeError(`logcumsumexp: not implemented for '${node.dtype}'`);
  return wrap(
    scan(node, axis ?? 0, Number.NEGATIVE_INFINITY, (earlier, later) => {
      // Equal infinities have no difference. From one side only, so that ties have their second derivatives.
      const zero = b.like(later, 0);
      const infinity = b.like(later, Number.POSITIVE_INFINITY);
      const isSame = b.and(b.eq(earlier, later), b.eq(b.abs(later), infinity));
      const difference = b.sub(b.select(isSame, zero, earlier), b.select(isSame, zero, later));
      const isBelow = b.lt(difference, zero);
      const distance = b.select(isBelow, difference, b.neg(difference));
      // An infinite distance adds nothing, and must not carry a gradient of infinity times 0.
      const isFar = b.eq(distance, b.neg(infinity));
      const more = b.select(isFar, zero, b.emit('log1p', [b.exp(b.select(isFar, zero, distance))], {}));
      return b.add(b.select(isBelow, later, earlier), more);
    }),
  );
}

/** Running maximum along a dimension and the index of its last occurrence. (PyTorch: `torch.cummax`) */
export function cummax(x: Tensor, dim: number | { dim: number }): ValuesAndIndices {
  return cumulativeExtreme('cummax', x, dim, (later, earlier) => b.ge(later, earlier));
}

/** Running minimum along a dimension and the index of its last occurrence. (PyTorch: `torch.cummin`) */
export function cummin(x: Tensor, dim: number | { dim: number }): ValuesAndIndices {
  return cumulativeExtreme('cummin', x, dim, (later, earlier) => b.le(later, earlier));
}

function cumulativeExtreme(
  name: string,
  x: Tensor,
  dim: number | { dim: number },
  wins: (later: Value, earlier: Value) => Value,
): ValuesAndIndices {
  const { node, axis } = axisOf(name, x, dim, {});
  if (axis === null || node.shape[axis] === 0)
    return valuesAndIndices(b.emit('reshape', [node], { shape: node.shape }), b.full(node.shape, 0, 'int32'));
  const extent = node.shape[axis]!;
  const stopped = b.emit('stopGradient', [node], {});
  let values: Value = stopped;
  let indices: Value = b.broadcastTo(
    b.reshape(
      b.iota(extent),
      node.shape.map((_, i) => (i === axis ? extent : 1)),
    ),
    node.shape,
  );
  for (let by = 1; by < extent; by *= 2) {
    // What has nothing before it is compared with itself.
    const shifted = (value: Value): Value =>
      b.concat([b.narrow(value, axis, 0, by), b.narrow(value, axis, 0, extent - by)], axis);
    const [earlier, earlierIndices] = [shifted(values), shifted(indices)];
    // A NaN stays the extreme from where it occurs.
    const isNaN = (value: Value): Value => b.not(b.eq(value, value));
    const later = isFloating(node.dtype)
      ? b.or(isNaN(values), b.and(wins(values, earlier), b.not(isNaN(earlier))))
      : wins(values, earlier);
    const first = b.lt(b.iota(extent), b.scalar(by, 'int32'));
    const keeps = b.or(
      later,
      b.reshape(
        first,
        node.shape.map((_, i) => (i === axis ? extent : 1)),
      ),
    );
    values = b.select(keeps, values, earlier);
    indices = b.select(keeps, indices, earlierIndices);
  }
  return valuesAndIndices(b.cast(b.gatherElements(node, indices, axis), x.dtype), indices);
}

export interface DiffOptions {
  /** How often differences are taken. Default 1. */
  n?: number;
  /** Default -1. */
  dim?: number;
  /** Put before x along the dimension. */
  prepend?: Tensor | null;
  /** Put after x along the dimension. */
  append?: Tensor | null;
}

/** Differences of neighbours along a dimension. (PyTorch: `torch.diff`) */
export function diff(x: Tensor, n: number | DiffOptions = {}, dim?: number): Tensor {
  const chosen = typeof n === 'object' ? n : { n, ...(dim === undefined ? {} : { dim }) };
  requireOptions('diff', chosen, ['n', 'dim', 'prepend', 'append']);
  const source = requireTensor('diff', x);
  if (source.shape.length === 0) throw new ShapeError('diff expects input to be at least one-dimensional');
  const axis = normalizeDim(chosen.dim ?? -1, source.shape.length, 'diff');
  if ((chosen.n ?? 1) < 0) throw new RangeError(`order must be non-negative but got ${chosen.n}`);
  const parts = [chosen.prepend, x, chosen.append]
    .filter((part) => part !== null && part !== undefined)
    .map((part) => requireTensor('diff', part));
  let node: Value = b.concat(parts, axis);
  for (let i = 0; i < (chosen.n ?? 1); i++) {
    const rest = Math.max(node.shape[axis]! - 1, 0);
    const start = node.shape[axis] === 0 ? 0 : 1;
    const [later, earlier] = [b.narrow(node, axis, start, rest), b.narrow(node, axis, 0, rest)];
    node = node.dtype === 'bool' ? b.not(b.eq(later, earlier)) : b.sub(later, earlier);
  }
  return wrap(node === source ? b.emit('reshape', [node], { shape: node.shape }) : node);
}
