import { ShapeError } from '../errors.ts';

/** Sizes of the dimensions of a tensor, outermost first. `[]` is a scalar. */
export type Shape = readonly number[];

/** The number of elements of a shape. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const extent of shape) size *= extent;
  return size;
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** `2x20`, the way PyTorch's errors write shapes. */
export function formatShape(shape: Shape): string {
  return shape.length === 0 ? 'scalar' : shape.join('x');
}

/** Row-major strides in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = Array.from<number>({ length: shape.length });
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i]!;
  }
  return strides;
}

/** The shape in which two shapes meet under broadcasting, or a ShapeError with PyTorch's text. */
export function broadcastShapes(a: Shape, b: Shape, ...rest: readonly Shape[] | readonly [operation: string]): Shape {
  if (rest.length > 0 && typeof rest[0] !== 'string') {
    const [third, ...others] = rest as readonly [Shape, ...Shape[]];
    return broadcastShapes(broadcastShapes(a, b), third, ...others);
  }
  const operation = (rest[0] as string | undefined) ?? 'broadcast';
  if (fitsInto(b, a)) return a;
  if (fitsInto(a, b)) return b;
  const rank = Math.max(a.length, b.length);
  const out = Array.from<number>({ length: rank });
  // From the last dimension, so that the error names the one that PyTorch's does.
  for (let i = rank - 1; i >= 0; i--) {
    const left = a[i - rank + a.length] ?? 1;
    const right = b[i - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1)
      throw new ShapeError(
        `${operation}: The size of tensor a (${left}) must match the size of tensor b (${right}) at non-singleton dimension ${i}` +
          ` (shapes [${a.join(', ')}] and [${b.join(', ')}])`,
      );
    out[i] = left === 1 ? right : left;
  }
  return out;
}

/** Whether broadcasting `small` against `shape` gives `shape`: the common case, for which no new shape is made. */
function fitsInto(small: Shape, shape: Shape): boolean {
  const extra = shape.length - small.length;
  if (extra < 0) return false;
  for (let i = 0; i < small.length; i++) {
    const extent = small[i];
    if (extent !== shape[i + extra] && extent !== 1) return false;
  }
  return true;
}

/** A dimension as an index from 0, with PyTorch's text when it is out of range. A scalar accepts 0 and -1. */
export function normalizeDim(dim: number, rank: number, operation = 'dim'): number {
  if (!Number.isInteger(dim)) throw new TypeError(`${operation}: a dimension must be an integer, got ${String(dim)}`);
  const limit = Math.max(rank, 1);
  if (dim < -limit || dim >= limit)
    throw new ShapeError(
      `${operation}: Dimension out of range (expected to be in range of [${-limit}, ${limit - 1}], but got ${dim})`,
    );
  return dim < 0 ? dim + limit : dim;
}

/** Dimensions as sorted, unique indices. `null` or an empty list means all of them. */
export function normalizeDims(
  dims: number | readonly number[] | null | undefined,
  rank: number,
  operation = 'dim',
): number[] {
  if (dims === null || dims === undefined || (Array.isArray(dims) && dims.length === 0))
    return Array.from({ length: rank }, (_, i) => i);
  const list = typeof dims === 'number' ? [dims] : dims;
  const seen = new Set<number>();
  for (const dim of list) {
    const index = normalizeDim(dim, rank, operation);
    if (seen.has(index)) throw new ShapeError(`${operation}: dim ${index} appears multiple times in the list of dims`);
    seen.add(index);
  }
  return rank === 0 ? [] : [...seen].sort((x, y) => x - y);
}
