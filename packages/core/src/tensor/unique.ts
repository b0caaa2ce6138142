import { DTypeError, ShapeError } from '../errors.ts';
import { isFloating } from '../graph/dtype.ts';
import { numbersToHost } from '../graph/dtype.ts';
import { recorder as b } from '../graph/node.ts';
import type { Shape } from '../graph/shape.ts';
import { normalizeDim, sizeOf, stridesOf } from '../graph/shape.ts';
import { requireInteger } from './integers.ts';
import { requireOptions, requireTensor } from './operand.ts';
import { fromHost, wrap } from './tensor.ts';
import { Tensor } from './tensor.ts';

// What these give has a shape that depends on values: they read their tensor and compute on the host.

export interface UniqueOptions {
  /** Always sorted here; accepted for familiarity. */
  sorted?: boolean;
  /** Also give, for each element, its place among the unique ones. Default false. */
  returnInverse?: boolean;
  /** Also give how often each occurs. Default false. */
  returnCounts?: boolean;
  /** Compare whole slots of this dimension instead of elements. Default: elements. */
  dim?: number | null;
}

/** Slots that are compared: the elements, or the slots of a dimension. */
interface Slots {
  readonly count: number;
  readonly compare: (i: number, j: number) => number;
  /** The tensor made of some slots. */
  readonly pick: (chosen: readonly number[]) => Tensor;
  /** The shape of an index per slot. */
  readonly shape: Shape;
}

async function slotsOf(name: string, x: Tensor, dim: number | null | undefined): Promise<Slots> {
  requireTensor(name, x);
  const values = await x.data();
  const { shape, dtype } = x;
  const order = (p: number, q: number): number =>
    p < q ? -1 : p > q ? 1 : p === q ? 0 : Number(Number.isNaN(p)) - Number(Number.isNaN(q)) || 1;
  const make = (numbers: ArrayLike<number>, size: Shape): Tensor =>
    fromHost(numbersToHost(numbers, dtype), size, dtype, { device: x.device });
  if (dim === null || dim === undefined)
    return {
      count: values.length,
      compare: (i, j) => order(values[i]!, values[j]!),
      pick: (chosen) =>
        make(
          chosen.map((i) => values[i]!),
          [chosen.length],
        ),
      shape,
    };
  if (shape.length === 0) throw new ShapeError(`Dimension specified as ${dim} but tensor has no dimensions`);
  const axis = normalizeDim(dim, shape.length, name);
  const step = stridesOf(shape)[axis] ?? 1;
  const extent = shape[axis] ?? 1;
  const outer = sizeOf(shape.slice(0, axis));
  const at = (slot: number, block: number, i: number): number => values[(block * extent + slot) * step + i]!;
  return {
    count: extent,
    compare: (p, q) => {
      for (let block = 0; block < outer; block++)
        for (let i = 0; i < step; i++) {
          const difference = order(at(p, block, i), at(q, block, i));
          if (difference !== 0) return difference;
        }
      return 0;
    },
    pick: (chosen) => {
      const out: number[] = [];
      for (let block = 0; block < outer; block++)
        for (const slot of chosen) for (let i = 0; i < step; i++) out.push(at(slot, block, i));
      return make(
        out,
        shape.map((n, d) => (d === axis ? chosen.length : n)),
      );
    },
    shape: [extent],
  };
}

function grouped(
  { count, compare, pick, shape }: Slots,
  order: readonly number[],
  x: Tensor,
  options: UniqueOptions,
): Tensor | Tensor[] {
  const firsts: number[] = [];
  const inverse = new Int32Array(count);
  const counts: number[] = [];
  for (const [k, slot] of order.entries()) {
    if (k === 0 || compare(order[k - 1]!, slot) !== 0) {
      firsts.push(slot);
      counts.push(0);
    }
    inverse[slot] = firsts.length - 1;
    counts[counts.length - 1]!++;
  }
  const { returnInverse = false, returnCounts = false } = options;
  const values = pick(firsts);
  if (!returnInverse && !returnCounts) return values;
  const indices = (data: Int32Array, size: Shape): Tensor => fromHost(data, size, 'int32', { device: x.device });
  return [
    values,
    ...(returnInverse ? [indices(inverse, shape)] : []),
    ...(returnCounts ? [indices(Int32Array.from(counts), [counts.length])] : []),
  ];
}

type WithMore = UniqueOptions & ({ returnInverse: true } | { returnCounts: true });

/** The different elements, sorted; with `[values, inverse, counts]` as asked for. (PyTorch: `torch.unique`, but asynchronous) */
export function unique(x: Tensor, options: WithMore): Promise<Tensor[]>;
export function unique(x: Tensor, options?: UniqueOptions): Promise<Tensor>;
export function unique(
  x: Tensor,
  sorted: boolean,
  returnInverse?: boolean,
  returnCounts?: boolean,
  dim?: number | null,
): Promise<Tensor | Tensor[]>;
export async function unique(
  x: Tensor,
  sorted: boolean | UniqueOptions = true,
  returnInverse = false,
  returnCounts = false,
  dim: number | null = null,
): Promise<Tensor | Tensor[]> {
  const options = typeof sorted === 'boolean' ? { returnInverse, returnCounts, dim } : sorted;
  requireOptions('unique', options, ['sorted', 'returnInverse', 'returnCounts', 'dim']);
  const slots = await slotsOf('unique', x, options.dim);
  const order = Array.from({ length: slots.count }, (_, i) => i).sort(slots.compare);
  return grouped(slots, order, x, options);
}

/** The elements without repetitions of their neighbour. (PyTorch: `torch.unique_consecutive`, but asynchronous) */
export function uniqueConsecutive(x: Tensor, options: WithMore): Promise<Tensor[]>;
export function uniqueConsecutive(x: Tensor, options?: UniqueOptions): Promise<Tensor>;
export async function uniqueConsecutive(x: Tensor, options: UniqueOptions = {}): Promise<Tensor | Tensor[]> {
  requireOptions('uniqueConsecutive', options, ['returnInverse', 'returnCounts', 'dim']);
  const slots = await slotsOf('uniqueConsecutive', x, options.dim);
  return grouped(
    slots,
    Array.from({ length: slots.count }, (_, i) => i),
    x,
    options,
  );
}

export interface BincountOptions {
  /** One weight per element instead of 1. */
  weights?: Tensor | null;
  /** The least number of bins. Default 0. */
  minlength?: number;
}

/** How often each of 0, 1, 2, ... occurs in a vector of integers. (PyTorch: `torch.bincount`, but asynchronous) */
export async function bincount(
  x: Tensor,
  weights: Tensor | null | BincountOptions = null,
  minlength = 0,
): Promise<Tensor> {
  const node = requireTensor('bincount', x);
  const given: BincountOptions = weights === null || weights instanceof Tensor ? { weights, minlength } : weights;
  requireOptions('bincount', given, ['weights', 'minlength']);
  const least = requireInteger('bincount', given.minlength ?? 0);
  if (node.shape.length !== 1 || node.dtype !== 'int32')
    throw new ShapeError('bincount only supports 1-d non-negative integral inputs.');
  if (least < 0) throw new ShapeError('minlength should be >= 0');
  let largest = -1;
  for (const value of await x.data()) {
    if (value < 0) throw new ShapeError('bincount only supports 1-d non-negative integral inputs.');
    if (value > largest) largest = value;
  }
  const updates = given.weights ? requireTensor('bincount', given.weights) : b.full(node.shape, 1, 'int32');
  if (updates.shape[0] !== node.shape[0] || updates.shape.length !== 1)
    throw new ShapeError('weights should be 1-d and have the same length as input');
  const bins = Math.max(largest + 1, least);
  return wrap(b.scatterAdd(updates, node, 0, bins));
}

export interface HistcOptions {
  /** Default 100. */
  bins?: number;
  /** Default 0; with `max` equal, the smallest element. */
  min?: number;
  /** Default 0; with `min` equal, the largest element. */
  max?: number;
}

/** How many elements lie in each of `bins` equal intervals of [min, max]. (PyTorch: `torch.histc`) */
export function histc(x: Tensor, bins: number | HistcOptions = 100, min: number | HistcOptions = 0, max = 0): Tensor {
  const node = requireTensor('histc', x);
  if (!isFloating(node.dtype)) throw new DTypeError(`"histc" not implemented for ${node.dtype}`);
  const from = typeof bins === 'object' ? bins : typeof min === 'object' ? { ...min, bins } : { bins, min, max };
  requireOptions('histc', from, ['bins', 'min', 'max']);
  const { bins: count = 100, min: low = 0, max: high = 0 } = from;
  if (requireInteger('histc', count) <= 0) throw new ShapeError('histogramdd(): bins must be > 0');
  if (low > high) throw new ShapeError('histc: max must be larger than min');
  const size = sizeOf(node.shape);
  const flat = b.reshape(node, [size]);
  const own = low === high && size > 0;
  const start = own ? b.reduceMin(flat, [0]) : b.like(flat, low);
  const end = own ? b.reduceMax(flat, [0]) : b.like(flat, high);
  // Equal elements make one interval of width 2 around them.
  const isPoint = b.eq(start, end);
  const one = b.like(flat, 1);
  const left = b.select(isPoint, b.sub(start, one), start);
  const right = b.select(isPoint, b.add(end, one), end);
  const place = b.floor(b.div(b.mul(b.sub(flat, left), b.like(flat, count)), b.sub(right, left)));
  const inside = b.and(b.le(left, flat), b.le(flat, right));
  const bin = b.minimum(b.cast(b.select(inside, place, b.like(flat, 0)), 'int32'), b.scalar(count - 1, 'int32'));
  return wrap(b.scatterAdd(b.mask(inside, flat.dtype), bin, 0, count));
}
