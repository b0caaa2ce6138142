import { DTypeError, ShapeError } from '../errors.ts';
import type { Node } from '../graph/node.ts';
import { recorder as b } from '../graph/node.ts';
import { broadcastShapes, sizeOf, stridesOf } from '../graph/shape.ts';
import type { Shape } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { checkIndices, fixed, hostNumbers, indexTable } from './host-values.ts';
import { dropAxis, expandValue, insertAxis, strided } from './movement.ts';
import { Tensor } from './tensor.ts';

/** A range of a dimension: `start:stop:step`. Made by `slice`. */
export class Slice {
  readonly start: number | null;
  readonly stop: number | null;
  readonly step: number | null;
  constructor(start: number | null, stop: number | null, step: number | null) {
    this.start = start;
    this.stop = stop;
    this.step = step;
  }
}

/**
 * A range of a dimension for `x.at`: `slice()` is `:`, `slice(3)` is `:3`, `slice(1, null)` is `1:`, `slice(1, -1)` is `1:-1` and
 * `slice(null, null, 2)` is `::2`. Negative bounds count from the end; the step is positive. (Python: `slice`)
 */
export function slice(start: number | null = null, stop?: number | null, step: number | null = null): Slice {
  const made =
    stop === undefined && step === null ? new Slice(null, start, null) : new Slice(start, stop ?? null, step);
  for (const value of [made.start, made.stop, made.step])
    if (value !== null && !Number.isInteger(value))
      throw new TypeError(`slice indices must be integers or null, got ${String(value)}`);
  if (made.step === 0) throw new ShapeError('slice step cannot be zero');
  if (made.step !== null && made.step < 0) throw new ShapeError('step must be greater than zero');
  return made;
}

/** As many full dimensions as are needed, for `x.at`. (Python: `...`) */
export const ellipsis = '...';
/** A new dimension of size 1, for `x.at`. (PyTorch: `None`) */
export const newaxis = null;

/** Nested arrays of integers or booleans that stand for an index tensor or a mask. */
export type NestedIndex = readonly (number | boolean | NestedIndex)[];

/**
 * What selects along dimensions: an integer, `slice(...)`, `null` (a new dimension), `'...'`, an int32 tensor or array of
 * indices, a bool tensor as a mask, or a range as text (`'1:'`, `'::2'`, `':'`).
 */
export type IndexItem = number | Slice | null | string | boolean | Tensor | NestedIndex;

/** One index, or one for each dimension. */
export type Index = IndexItem | readonly IndexItem[];

/** What an index asks of a shape, with every range made definite. */
export interface ResolvedIndex {
  /** One per dimension of the tensor, in order; new axes in between. */
  readonly items: readonly ResolvedItem[];
}

export type ResolvedItem =
  | { readonly kind: 'index'; readonly at: number }
  | { readonly kind: 'range'; readonly start: number; readonly count: number; readonly step: number }
  | { readonly kind: 'new' }
  | { readonly kind: 'tensor'; readonly indices: Node };

/** `'1:'` as a range. */
function parseRange(text: string): Slice {
  const parts = text.split(':').map((part) => part.trim());
  if (parts.length > 3 || parts.some((part) => !/^-?\d*$/.test(part) || part === '-'))
    throw new TypeError(`invalid index '${text}': expected '...', or a range such as '1:', ':-1' or '::2'`);
  const [start, stop, step] = parts.map((part) => (part === '' ? null : Number(part)));
  return slice(start ?? null, stop ?? null, step ?? null);
}

function isEllipsis(item: unknown): boolean {
  return item === '...' || item === 'ellipsis' || item === ellipsis;
}

/** Nested arrays of an index: their shape, and their elements in order. */
function flatten(values: NestedIndex): { shape: number[]; flat: number[]; isMask: boolean } {
  const shape: number[] = [];
  for (let level: unknown = values; Array.isArray(level); level = level[0]) shape.push(level.length);
  let flat: readonly unknown[] = values;
  for (let depth = 1; depth < shape.length; depth++) flat = flat.flat();
  const isMask = flat.length > 0 && flat.every((value) => typeof value === 'boolean');
  if (flat.length !== sizeOf(shape)) throw new ShapeError('an index array must be rectangular');
  for (const value of flat)
    if (!isMask && !Number.isInteger(value))
      throw new TypeError(
        `an index array holds integers or booleans, got ${Array.isArray(value) ? 'an array' : String(value)}`,
      );
  return { shape, flat: flat.map(Number), isMask };
}

/** The index tensors, one per dimension of a mask, of the places where it is true. */
export function maskPlaces(mask: ArrayLike<number>, shape: Shape): Node[] {
  const strides = stridesOf(shape);
  const places: number[] = [];
  for (let i = 0; i < mask.length; i++) if (mask[i] !== 0) places.push(i);
  return shape.map((extent, d) =>
    indexTable(
      places.map((place) => Math.floor(place / strides[d]!) % extent),
      [places.length],
    ),
  );
}

const unknownMask =
  'the shape of what a mask selects depends on its values, which have not been computed: use await x.maskedSelect(mask), or await x.atAsync(index)';

/** A tensor or array of an index as one index tensor per dimension that it uses up. */
function tensorsOf(item: Tensor | NestedIndex, shape: Shape, dim: number): Node[] {
  if (!(item instanceof Tensor)) {
    const { shape: own, flat, isMask } = flatten(item);
    if (!isMask) return [fixed(indexTable(flat, own))];
    checkMaskShape(own, shape, dim);
    return maskPlaces(flat, own);
  }
  const { node } = item;
  if (node.dtype === 'int32') return [node];
  if (node.dtype !== 'bool')
    throw new DTypeError(
      `tensors used as indices must be long, int, byte or bool tensors (here: int32 or bool), got ${node.dtype}`,
    );
  checkMaskShape(node.shape, shape, dim);
  const known = hostNumbers(node);
  if (known === null) throw new TypeError(unknownMask);
  return maskPlaces(known, node.shape);
}

/** Throws PyTorch's text if a mask does not fit the dimensions from `dim` on. */
export function checkMaskShape(mask: Shape, shape: Shape, dim: number): void {
  for (const [i, extent] of mask.entries())
    if (shape[dim + i] !== extent)
      throw new ShapeError(
        `The shape of the mask [${mask.join(', ')}] at index ${i} does not match the shape of the indexed tensor [${shape.join(', ')}] at index ${dim + i}`,
      );
}

/** How many dimensions of the tensor an item uses up. */
function consumed(item: IndexItem): number {
  if (item === null || typeof item === 'boolean' || isEllipsis(item)) return 0;
  if (item instanceof Tensor) return item.dtype === 'bool' ? item.shape.length : 1;
  if (!Array.isArray(item)) return 1;
  const { shape, isMask } = flatten(item as NestedIndex);
  return isMask ? shape.length : 1;
}

/** An index made definite for a shape, or an error with PyTorch's text. */
export function resolveIndex(shape: Shape, index: Index): ResolvedIndex {
  const given: readonly IndexItem[] = Array.isArray(index) ? (index as readonly IndexItem[]) : [index as IndexItem];
  const rank = shape.length;
  let used = 0;
  for (const item of given) used += consumed(item);
  if (used > rank)
    throw new ShapeError(
      rank === 0
        ? 'invalid index of a 0-dim tensor. Use `await tensor.item()` to convert a 0-dim tensor to a number'
        : `too many indices for tensor of dimension ${rank}`,
    );
  const dots = given.findIndex(isEllipsis);
  const full: IndexItem[] = Array.from({ length: rank - used }, () => new Slice(null, null, null));
  const rest = (list: readonly IndexItem[]): IndexItem[] => list.filter((item) => !isEllipsis(item));
  const expanded = dots < 0 ? [...given, ...full] : [...given.slice(0, dots), ...full, ...rest(given.slice(dots + 1))];
  const items: ResolvedItem[] = [];
  let dim = 0;
  for (const item of expanded) {
    if (item === null || item === true) {
      items.push({ kind: 'new' });
      continue;
    }
    if (item === false) throw new TypeError('at: false selects nothing: an empty tensor is made with empty([0, ...])');
    const extent = shape[dim]!;
    if (typeof item === 'number') {
      if (!Number.isInteger(item)) throw new TypeError(`at: an index must be an integer, got ${item}`);
      if (item < -extent || item >= extent)
        throw new ShapeError(`index ${item} is out of bounds for dimension ${dim} with size ${extent}`);
      items.push({ kind: 'index', at: item < 0 ? item + extent : item });
      dim++;
    } else if (item instanceof Slice || typeof item === 'string') {
      const { start, stop, step } = item instanceof Slice ? item : parseRange(item);
      const clamp = (value: number): number => Math.min(Math.max(value < 0 ? value + extent : value, 0), extent);
      const from = clamp(start ?? 0);
      const by = step ?? 1;
      items.push({
        kind: 'range',
        start: from,
        count: Math.max(Math.ceil((clamp(stop ?? extent) - from) / by), 0),
        step: by,
      });
      dim++;
    } else if (item instanceof Tensor || Array.isArray(item)) {
      const nodes = tensorsOf(item as Tensor | NestedIndex, shape, dim);
      for (const indices of nodes) {
        checkIndices(indices, shape[dim]!, dim, -shape[dim]!);
        items.push({ kind: 'tensor', indices });
        dim++;
      }
    } else
      throw new TypeError(
        `at: expected an integer, slice(...), null, '...', a tensor or an array of indices, got ${typeof item === 'object' ? 'an object' : `${typeof item} ${String(item)}`}`,
      );
  }
  return { items };
}

/** Whether an index holds index tensors. */
export function isAdvanced({ items }: ResolvedIndex): boolean {
  return items.some(({ kind }) => kind === 'tensor');
}

/** `x[index]`. */
export function takeIndex(x: Value, { items }: ResolvedIndex): Value {
  let y = x;
  // Ranges, all in one slice where the step is 1.
  const dims = items.filter(({ kind }) => kind !== 'new');
  const starts = dims.map((item) =>
    item.kind === 'range' && item.step === 1 ? item.start : item.kind === 'index' ? item.at : 0,
  );
  const sizes = dims.map((item, d) =>
    item.kind === 'index' ? 1 : item.kind === 'range' && item.step === 1 ? item.count : x.shape[d]!,
  );
  y = b.slice(
    y,
    starts.map((start, d) => (sizes[d] === 0 ? 0 : start)),
    sizes,
  );
  for (const [d, item] of dims.entries())
    if (item.kind === 'range' && item.step !== 1) y = strided(y, d, item.start, item.count, item.step);
  // Integers drop their axis and null makes one; what is left are full axes and axes with index tensors.
  const tensors: { axis: number; indices: Node }[] = [];
  let axis = 0;
  for (const item of items) {
    if (item.kind === 'index') y = dropAxis(y, axis);
    else if (item.kind === 'new') y = insertAxis(y, axis++);
    else {
      if (item.kind === 'tensor') tensors.push({ axis, indices: item.indices });
      axis++;
    }
  }
  return tensors.length === 0 ? y : gatherAt(y, tensors);
}

/** Where index tensors act on a value: the order that brings their axes together, and flat positions in these. */
export interface GatherPlan {
  readonly order: readonly number[];
  /** The first of the axes that belong together, after the reordering. */
  readonly axis: number;
  /** The extents of these axes. */
  readonly extents: Shape;
  readonly positions: Value;
}

/** See `GatherPlan`. Index tensors broadcast; neighbours keep their place, others put the new axes first. */
export function planGather(
  shape: Shape,
  tensors: readonly { readonly axis: number; readonly indices: Node }[],
): GatherPlan {
  const axes = tensors.map(({ axis }) => axis);
  let indexShape: Shape = [];
  for (const { indices } of tensors) {
    try {
      indexShape = broadcastShapes(indexShape, indices.shape);
    } catch {
      throw new ShapeError(
        `shape mismatch: indexing tensors could not be broadcast together with shapes ${tensors.map((t) => `[${t.indices.shape.join(', ')}]`).join(', ')}`,
      );
    }
  }
  const adjacent = axes.every((axis, i) => i === 0 || axis === axes[i - 1]! + 1);
  const first = adjacent ? axes[0]! : 0;
  const rest = shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const order = [...rest.slice(0, first), ...axes, ...rest.slice(first)];
  const extents = axes.map((axis) => shape[axis]!);
  const strides = stridesOf(extents);
  let positions: Value | undefined;
  for (const [i, { indices }] of tensors.entries()) {
    const wrapped = wrapNegative(indices, extents[i]!);
    const term = strides[i] === 1 ? wrapped : b.mul(wrapped, b.scalar(strides[i]!, 'int32'));
    positions = positions === undefined ? term : b.add(positions, term);
  }
  return { order, axis: first, extents, positions: b.broadcastTo(positions!, indexShape) };
}

/** Indices from the end made indices from the start. */
function wrapNegative(indices: Node, extent: number): Value {
  const known = hostNumbers(indices);
  if (known !== null) {
    if (known.every((value) => value >= 0)) return indices;
    return indexTable(
      Int32Array.from(known, (value) => (value < 0 ? value + extent : value)),
      indices.shape,
    );
  }
  return b.select(b.lt(indices, b.scalar(0, 'int32')), b.add(indices, b.scalar(extent, 'int32')), indices);
}

function gatherAt(x: Value, tensors: readonly { axis: number; indices: Node }[]): Value {
  const { order, axis, extents, positions } = planGather(x.shape, tensors);
  const moved = b.permute(x, order);
  const { shape } = moved;
  const flat = b.reshape(moved, [...shape.slice(0, axis), sizeOf(extents), ...shape.slice(axis + extents.length)]);
  return b.gather(flat, positions, axis);
}

/** A value as `x[index] = value` asks for it: in the dtype of `x`, expanded to the selection. */
export function expandTo(value: Value, selection: Shape): Value {
  // Leading dimensions of size 1 may be left over, as in PyTorch.
  const extra = value.shape.length - selection.length;
  const trimmed =
    extra > 0 && value.shape.slice(0, extra).every((n) => n === 1) ? b.reshape(value, value.shape.slice(extra)) : value;
  if (
    trimmed.shape.length > selection.length ||
    trimmed.shape.some((n, i) => n !== 1 && n !== selection[i + selection.length - trimmed.shape.length])
  )
    throw new ShapeError(
      `shape mismatch: value tensor of shape [${value.shape.join(', ')}] cannot be broadcast to indexing result of shape [${selection.join(', ')}]`,
    );
  return expandValue(trimmed, selection);
}
