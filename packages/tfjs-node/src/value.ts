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
 * two ends only.
 */
export class Value {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly #kernels: Kernels;
  readonly #views: View[] = [];
  #retained = false;

  /** `tensor` holds the value in `order`. Default: plain. */
  constructor(kernels: Kernels, dtype: DType, shape: Shape, tensor: Tensor, order: Order = plainOrder(shape.length)) {
    this.dtype = dtype;
    this.shape = shape;
    this.#kernels = kernels;
    this.#views.push({ order, tensor });
  }

  /** The order in which the value was made. */
  get order(): Order {
    return this.#views[0]!.order;
  }

  /** The tensor in that order. */
  get tensor(): Tensor {
    return this.#views[0]!.tensor;
  }

  has(order: Order): boolean {
    return this.#views.some((view) => sameOrder(view.order, order));
  }

  /** The tensor in an order, transposed if it does not exist yet. */
  in(order: Order): Tensor {
    const known = this.#views.find((view) => sameOrder(view.order, order));
    if (known !== undefined) return known.tensor;
    const from = this.#views.find((view) => isPlain(view.order)) ?? this.#views[0]!;
    const tensor = this.#kernels.transpose(from.tensor, order.map((axis) => from.order.indexOf(axis)));
    if (this.#retained) this.#kernels.sink.retain(tensor);
    this.#views.push({ order, tensor });
    return tensor;
  }

  plain(): Tensor {
    return this.in(plainOrder(this.shape.length));
  }

  /** Keeps the value's tensors beyond the instruction that made them. */
  retain(): void {
    this.#retained = true;
    for (const { tensor } of this.#views) this.#kernels.sink.retain(tensor);
  }

  release(): void {
    this.#retained = false;
    for (const { tensor } of this.#views) this.#kernels.sink.release(tensor);
  }
}

/** The order in which an elementwise operation on `inputs` with a result of rank `rank` transposes least. */
export function commonOrder(inputs: readonly Value[], rank: number): Order {
  const full = inputs.filter((x) => x.shape.length === rank && sizeOf(x.shape) > 1);
  const leader = full.find((x) => !isPlain(x.order) && !x.has(plainOrder(rank)));
  if (leader === undefined) return plainOrder(rank);
  // Images stay channels-last even where another input must be transposed: their next consumer convolves or pools.
  if (sameOrder(leader.order, channelsLast)) return leader.order;
  return full.every((x) => x.has(leader.order)) ? leader.order : plainOrder(rank);
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
