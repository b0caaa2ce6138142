import type { DType, Shape } from '@chimera-nn/core';
import { sizeOf } from '@chimera-nn/core';
import type { Kernels } from './kernels.ts';
import type { Tensor } from './sink.ts';

/** How a tensor lies in memory: its axis i is the value's axis `order[i]`. */
export type Order = readonly number[];

export function plainOrder(rank: number): Order {
  return Array.from({ length: rank }, (_, i) => i);
}

/** [N, C, H, W] stored as [N, H, W, C], the only layout in which TensorFlow's CPU kernels convolve and pool. */
export const channelsLast: Order = [0, 2, 3, 1];

export function sameOrder(a: Order, b: Order): boolean {
  return a.length === b.length && a.every((axis, i) => axis === b[i]);
}

export function isPlain(order: Order): boolean {
  return order.every((axis, i) => axis === i);
}

interface View {
  readonly order: Order;
  readonly tensor: Tensor;
}

/**
 * The result of an instruction while a program is lowered: one value, stored in one or more orders of its axes.
 * Orders are made when somebody asks for them, so a chain of operations that agree on a layout transposes at its
 * two ends only. Likewise a broadcast value is first of all the smaller one that it repeats.
 */
export class Value {
  readonly dtype: DType;
  readonly shape: Shape;
  /** The value that this one repeats. */
  readonly source: Value | undefined;
  readonly #kernels: Kernels;
  readonly #views: View[] = [];
  #holders = 0;

  /** `stored` is the value in `order` (default: plain), or the value that it repeats. */
  constructor(
    kernels: Kernels,
    dtype: DType,
    shape: Shape,
    stored: Tensor | Value,
    order: Order = plainOrder(shape.length),
  ) {
    this.dtype = dtype;
    this.shape = shape;
    this.#kernels = kernels;
    if (stored instanceof Value) this.source = stored.source ?? stored;
    else this.#views.push({ order, tensor: stored });
  }

  /** The order in which the value was made. */
  get order(): Order {
    const [made] = this.#views;
    if (made !== undefined) return made.order;
    const added = this.shape.length - this.source!.shape.length;
    return [...plainOrder(added), ...this.source!.order.map((axis) => axis + added)];
  }

  /** The tensor in that order. */
  get tensor(): Tensor {
    return this.in(this.order);
  }

  has(order: Order): boolean {
    return this.#views.some((view) => sameOrder(view.order, order));
  }

  /** The tensor in an order, made if it does not exist yet. */
  in(order: Order): Tensor {
    const known = this.#views.find((view) => sameOrder(view.order, order));
    if (known !== undefined) return known.tensor;
    const tensor = this.#make(order);
    for (let i = 0; i < this.#holders; i++) this.#kernels.sink.retain(tensor);
    this.#views.push({ order, tensor });
    return tensor;
  }

  plain(): Tensor {
    return this.in(plainOrder(this.shape.length));
  }

  /** Keeps the value's tensors beyond the instruction that made them. */
  retain(): void {
    this.#holders++;
    this.source?.retain();
    for (const { tensor } of this.#views) this.#kernels.sink.retain(tensor);
  }

  release(): void {
    this.#holders--;
    this.source?.release();
    for (const { tensor } of this.#views) this.#kernels.sink.release(tensor);
  }

  #make(order: Order): Tensor {
    if (this.source !== undefined) {
      const shape = order.map((axis) => this.shape[axis]!);
      return this.#kernels.broadcastTo(operand(this.#kernels, this.source, order), shape);
    }
    const from = this.#views.find((view) => isPlain(view.order)) ?? this.#views[0]!;
    return this.#kernels.transpose(
      from.tensor,
      order.map((axis) => from.order.indexOf(axis)),
    );
  }
}

/** The order in which an elementwise operation on `inputs` with a result of `shape` transposes least. */
export function commonOrder(inputs: readonly Value[], shape: Shape): Order {
  const plain = plainOrder(shape.length);
  const full = inputs.filter((x) => x.shape.length === shape.length && sizeOf(x.shape) === sizeOf(shape));
  const leader = full.find((x) => !isPlain(x.order) && !x.has(plain));
  if (leader === undefined) return plain;
  // Images stay channels-last even where another input must be transposed: their next consumer convolves or pools.
  if (sameOrder(leader.order, channelsLast)) return leader.order;
  return full.every((x) => x.has(leader.order)) ? leader.order : plain;
}

/** An input of an elementwise operation, ready to broadcast against tensors in `order`. */
export function operand(kernels: Kernels, x: Value, order: Order): Tensor {
  const missing = order.length - x.shape.length;
  if (missing === 0) return x.in(order);
  if (isPlain(order) || sizeOf(x.shape) <= 1) return x.plain();
  const padded = kernels.reshape(x.plain(), [...Array.from<number>({ length: missing }).fill(1), ...x.shape]);
  const moved = kernels.transpose(padded, order);
  const first = moved.shape.findIndex((extent) => extent !== 1);
  return kernels.reshape(moved, first <= 0 ? moved.shape : moved.shape.slice(first));
}
