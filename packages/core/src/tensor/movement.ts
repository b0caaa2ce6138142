import { ShapeError } from '../errors.ts';
import type { Node } from '../graph/node.ts';
import { recorder as b } from '../graph/node.ts';
import type { Shape } from '../graph/shape.ts';
import { sizeOf } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';

/** Elements start, start + step, ... of one axis: `count` of them, with slices and reshapes only. */
export function strided(x: Value, axis: number, start: number, count: number, step: number): Value {
  if (count === 0 || step === 1 || count === 1) return b.narrow(x, axis, start, count);
  const extent = x.shape[axis]!;
  const taken = Math.min(count * step, extent - start);
  let rows = b.narrow(x, axis, start, taken);
  if (taken < count * step) {
    const none = x.shape.map(() => 0);
    const missing = x.shape.map((_, i) => (i === axis ? count * step - taken : 0));
    rows = b.pad(rows, none, missing);
  }
  const { shape } = rows;
  const split = b.reshape(rows, [...shape.slice(0, axis), count, step, ...shape.slice(axis + 1)]);
  return b.reshape(
    b.narrow(split, axis + 1, 0, 1),
    shape.map((n, i) => (i === axis ? count : n)),
  );
}

/** An axis brought to another place, the others in order. */
export function moveAxis(x: Value, from: number, to: number): Value {
  const order = x.shape.map((_, i) => i).filter((i) => i !== from);
  order.splice(to, 0, from);
  return b.permute(x, order);
}

/** A new axis of extent 1. */
export function insertAxis(x: Value, axis: number): Value {
  return b.reshape(x, [...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)]);
}

/** Removes an axis of extent 1. */
export function dropAxis(x: Value, axis: number): Value {
  return b.reshape(
    x,
    x.shape.filter((_, i) => i !== axis),
  );
}

/** An axis repeated as a whole: a b c a b c. */
export function tileAxis(x: Value, axis: number, times: number): Value {
  if (times === 1) return x;
  const { shape } = x;
  const spread = b.broadcastTo(insertAxis(x, axis), [...shape.slice(0, axis), times, ...shape.slice(axis)]);
  return b.reshape(
    spread,
    shape.map((n, i) => (i === axis ? n * times : n)),
  );
}

/** Every element of an axis repeated in place: a a b b c c. */
export function repeatAxis(x: Value, axis: number, times: number): Value {
  if (times === 1) return x;
  const { shape } = x;
  const spread = b.broadcastTo(insertAxis(x, axis + 1), [...shape.slice(0, axis + 1), times, ...shape.slice(axis + 1)]);
  return b.reshape(
    spread,
    shape.map((n, i) => (i === axis ? n * times : n)),
  );
}

/** Zero (false) of a dtype, 0-d. */
export function zeroLike(x: Value): Value {
  return b.like(x, 0);
}

/** A value in an axis's place: shape [1, ..., n, ..., 1] of `rank` axes. */
export function column(x: Value, axis: number, rank: number): Value {
  return b.reshape(
    x,
    Array.from({ length: rank }, (_, i) => (i === axis ? sizeOf(x.shape) : 1)),
  );
}

/** Always a new node, also where nothing changes: the result of an operation is never its own input. */
export function fresh(value: Value, ...sources: readonly Value[]): Node {
  return (sources.includes(value) ? b.emit('reshape', [value], { shape: value.shape }) : value) as Node;
}

/** PyTorch's text for a shape that cannot be expanded, or the value in that shape. -1 keeps an extent. */
export function expandValue(x: Value, sizes: Shape): Value {
  const { shape } = x;
  const extra = sizes.length - shape.length;
  if (extra < 0)
    throw new ShapeError(
      `expand(${x.dtype}[${shape.join(', ')}], size=[${sizes.join(', ')}]): the number of sizes provided (${sizes.length}) must be greater or equal to the number of dimensions in the tensor (${shape.length})`,
    );
  const target = sizes.map((size, i) => {
    if (size === -1) {
      if (i < extra)
        throw new ShapeError(
          `The expanded size of the tensor (-1) isn't allowed in a leading, non-existing dimension ${i}`,
        );
      return shape[i - extra]!;
    }
    if (i >= extra && shape[i - extra] !== 1 && shape[i - extra] !== size)
      throw new ShapeError(
        `The expanded size of the tensor (${size}) must match the existing size (${shape[i - extra]}) at non-singleton dimension ${i}.  Target sizes: [${sizes.join(', ')}].  Tensor sizes: [${shape.join(', ')}]`,
      );
    if (size < 0) throw new ShapeError(`expand: invalid size ${size} at dimension ${i}`);
    return size;
  });
  return b.broadcastTo(x, target);
}
