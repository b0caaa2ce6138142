import type { Node } from '../graph/node.ts';
import { recorder as b, stopGradient } from '../graph/node.ts';
import { sizeOf } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { hostNumbers, hostTable } from './host-values.ts';

// Writing at flat positions with additions only: engines have no other kind of scatter that they agree on.

/** int32 in place of bool: what can be added. */
export function numeric(x: Value): Value {
  return x.dtype === 'bool' ? b.cast(x, 'int32') : x;
}

/** Whether any of the positions is one of the `size` elements. [size], bool. */
export function reached(positions: Value, size: number): Value {
  const ones = b.full(positions.shape, 1, 'int32');
  return b.lt(b.scalar(0, 'int32'), b.scatterAdd(ones, positions, 0, size));
}

/** Of positions that occur more than once, all but the last occurrence ruled out; in an order of its own. */
interface Winners {
  readonly positions: Value;
  /** How values are brought into that order; `null`: as they are. */
  readonly order: Value | null;
  /** Which of them count; `null`: all. bool. */
  readonly wins: Value | null;
}

function winners(positions: Value): Winners {
  const count = positions.shape[0]!;
  if (count < 2) return { positions, order: null, wins: null };
  const known = hostNumbers(positions as Node);
  if (known !== null) {
    const last = new Map<number, number>();
    for (const [i, position] of known.entries()) last.set(position, i);
    if (last.size === count) return { positions, order: null, wins: null };
    return {
      positions,
      order: null,
      wins: hostTable(
        Uint8Array.from(known, (position, i) => (last.get(position) === i ? 1 : 0)),
        [count],
        'bool',
      ),
    };
  }
  const { order, sorted, ends } = runs(positions);
  return { positions: sorted, order, wins: ends };
}

/** Positions sorted, and where runs of equal ones end. */
function runs(positions: Value): { order: Value; sorted: Value; ends: Value } {
  const count = positions.shape[0]!;
  const order = b.emit('argSort', [positions], { axis: 0, descending: false });
  const sorted = b.gather(positions, order, 0);
  // No position is -1, so the last one always ends its run.
  const next = b.concat([b.narrow(sorted, 0, 1, count - 1), b.full([1], -1, 'int32')], 0);
  return { order, sorted, ends: b.not(b.eq(sorted, next)) };
}

/** x (flat) with the values [n] written at positions [n]; where positions repeat, the last one counts. */
export function placed(x: Value, positions: Value, values: Value): Value {
  const size = x.shape[0]!;
  if (positions.shape[0] === 0 || size === 0) return x;
  if (values.shape.length === 0) return b.select(reached(positions, size), values, x);
  const { positions: at, order, wins } = winners(positions);
  let updates = numeric(order === null ? values : b.gather(values, order, 0));
  if (wins !== null) updates = b.select(wins, updates, b.like(updates, 0));
  const written = b.cast(b.scatterAdd(updates, at, 0, size), x.dtype);
  return b.select(reached(positions, size), written, x);
}

export type Reduction = 'sum' | 'mean' | 'amax' | 'amin' | 'prod';

/** x (flat) with the values [n] combined into it at positions [n]; without `includeSelf`, elements that are reached start anew. */
export function reduced(x: Value, positions: Value, values: Value, how: Reduction, includeSelf: boolean): Value {
  const size = x.shape[0]!;
  if (positions.shape[0] === 0 || size === 0) return x;
  const hit = reached(positions, size);
  const zero = b.like(x, 0);
  const one = b.like(x, 1);
  if (how === 'sum') {
    const sum = b.scatterAdd(values, positions, 0, size);
    return includeSelf ? b.add(x, sum) : b.select(hit, sum, x);
  }
  if (how === 'mean') {
    const sum = b.scatterAdd(values, positions, 0, size);
    const count = b.scatterAdd(b.full(positions.shape, 1, x.dtype), positions, 0, size);
    const total = b.add(includeSelf ? x : b.select(hit, zero, x), sum);
    const divisor = b.add(count, includeSelf ? one : b.select(hit, zero, one));
    return x.dtype === 'int32' ? floorDivide(total, divisor) : b.div(total, divisor);
  }
  const { order, sorted, ends } = runs(positions);
  const combined = scan(b.gather(values, order, 0), sorted, how);
  const perPosition = b.scatterAdd(b.select(ends, combined, zero), sorted, 0, size);
  if (how === 'prod') return b.select(hit, includeSelf ? b.mul(x, perPosition) : perPosition, x);
  const better = how === 'amax' ? b.maximum(x, perPosition) : b.minimum(x, perPosition);
  const result = stopGradient(b.select(hit, includeSelf ? better : perPosition, x) as Node);
  return x.dtype === 'int32' ? result : sharedEvenly(result, x, positions, values, hit, includeSelf);
}

/** Integer division towards minus infinity, for positive divisors. */
function floorDivide(total: Value, divisor: Value): Value {
  const zero = b.scalar(0, 'int32');
  const quotient = b.emit('integerDiv', [total, divisor], {});
  const inexact = b.lt(total, b.mul(quotient, divisor));
  return b.select(b.and(b.lt(total, zero), inexact), b.sub(quotient, b.scalar(1, 'int32')), quotient);
}

/** Running combination within runs of equal positions, by doubling: the last of each run has all of it. */
function scan(values: Value, positions: Value, how: 'amax' | 'amin' | 'prod'): Value {
  const count = positions.shape[0]!;
  let y = values;
  for (let by = 1; by < count; by *= 2) {
    const earlier = b.narrow(y, 0, 0, count - by);
    const same = b.eq(b.narrow(positions, 0, by, count - by), b.narrow(positions, 0, 0, count - by));
    const later = b.narrow(y, 0, by, count - by);
    const both =
      how === 'prod' ? b.mul(later, earlier) : how === 'amax' ? b.maximum(later, earlier) : b.minimum(later, earlier);
    y = b.concat([b.narrow(y, 0, 0, by), b.select(same, both, later)], 0);
  }
  return y;
}

/** The extreme with a gradient that all elements equal to it share, as PyTorch has it. */
function sharedEvenly(
  result: Node,
  x: Value,
  positions: Value,
  values: Value,
  hit: Value,
  includeSelf: boolean,
): Value {
  const size = sizeOf(x.shape);
  const zero = b.like(x, 0);
  const own = includeSelf ? b.eq(x, result) : b.and(b.eq(x, result), b.not(hit));
  const isExtreme = b.eq(values, b.gather(result, positions, 0));
  const count = b.add(b.mask(own, x.dtype), b.scatterAdd(b.mask(isExtreme, x.dtype), positions, 0, size));
  const share = b.add(b.select(own, x, zero), b.scatterAdd(b.select(isExtreme, values, zero), positions, 0, size));
  const mean = b.div(share, b.maximum(count, b.like(x, 1)));
  // Only the gradient of the mean is wanted; its value is the extreme already, but for rounding.
  const isFinite = b.lt(b.abs(result), b.like(x, Number.POSITIVE_INFINITY));
  const linear = b.select(isFinite, mean, zero);
  return b.add(result, b.sub(linear, stopGradient(linear as Node)));
}
