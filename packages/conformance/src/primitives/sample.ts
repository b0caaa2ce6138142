import { numbersToHost, sizeOf } from '@chimera-nn/core';
import type { AttributesOf, DType, HostValue, OperationName, Shape } from '@chimera-nn/core';

/** One operation on small, fixed inputs. */
export type Sample<N extends OperationName> = SampleWith<AttributesOf<N>>;

export interface SampleWith<A> {
  /** What is special about it, in words that are unique among the operation's samples. */
  readonly name: string;
  readonly inputs: readonly HostValue[];
  readonly attributes: A;
  /** Inputs or results hold NaN or an infinity, which not every engine can keep. */
  readonly nonFinite?: boolean;
  /** Finite differences say nothing here: a tie, a jump, a bend too sharp for their step, a number that swallows the others. */
  readonly kink?: boolean;
  /** Positions of 0-d inputs that have no derivative: finite differences hold them constant. */
  readonly constant?: readonly number[];
  /** Results that float16 cannot hold, or inputs that it cannot tell apart. */
  readonly tooWideForFloat16?: boolean;
}

/** Samples of every operation. */
export type Samples = { readonly [N in OperationName]: readonly Sample<N>[] };

/** Host data from listed numbers. */
export function hostOf(dtype: DType, shape: Shape, values: readonly number[]): HostValue {
  if (values.length !== sizeOf(shape))
    throw new RangeError(`${values.length} numbers do not fill shape [${shape.join(', ')}]`);
  return { dtype, shape, data: numbersToHost(values, dtype) };
}

export function floats(shape: Shape, ...values: number[]): HostValue {
  return hostOf('float32', shape, values);
}
export function integers(shape: Shape, ...values: number[]): HostValue {
  return hostOf('int32', shape, values);
}
export function booleans(shape: Shape, ...values: number[]): HostValue {
  return hostOf('bool', shape, values);
}

/**
 * Scattered multiples of 1/64 between `low` and `high`: exact in every floating dtype, and far from equal neighbours.
 * A different `seed` gives other numbers.
 */
export function scattered(shape: Shape, seed: number, low = -2, high = 2): HostValue {
  const steps = Math.round((high - low) * 64);
  return floats(shape, ...Array.from({ length: sizeOf(shape) }, (_, i) => low + (hash(i, seed) % (steps + 1)) / 64));
}

/** Like `scattered`, but no two elements are equal and none is an integer, for operations that jump or pick. */
export function distinct(shape: Shape, seed: number): HostValue {
  const size = sizeOf(shape);
  const order = Array.from({ length: size }, (_, i) => i).sort((i, j) => hash(i, seed) - hash(j, seed));
  return floats(shape, ...order.map((place) => (place - Math.floor(size / 2)) / 4 + 1 / 16));
}

/** Scattered integers from `low` to `high`, both included. */
export function scatteredIntegers(shape: Shape, seed: number, low: number, high: number): HostValue {
  return integers(shape, ...Array.from({ length: sizeOf(shape) }, (_, i) => low + (hash(i, seed) % (high - low + 1))));
}

// A finalizer of multiply-xorshift kind: neighbours become unrelated.
function hash(i: number, seed: number): number {
  let h = Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(seed + 1, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return (h ^ (h >>> 15)) >>> 0;
}
