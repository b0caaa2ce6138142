import type { NumberArray } from './bernoulli.ts';
import type { Generator } from './generator.ts';

/** Storage of random integers; int64 values are held exactly by a `BigInt64Array`. */
export type IntegerArray = NumberArray | BigInt64Array;

/** From this many different values on, a sample takes 64 random bits, which keeps the remainder's skew negligible. */
const WIDE_RANGE = 2n ** 28n;

/** Sizes from which {@link fillRandperm} takes 64 random bits per step. */
const WIDE_PERMUTATION = Math.floor(0xffffffff / 20);

/**
 * Fills `out` with integers that are uniformly distributed on [low, high).
 *
 * In a floating-point array the bounds move inwards to numbers that the array can tell apart, as in PyTorch.
 * PyTorch: `torch.randint`, `Tensor.random_(from, to)`.
 *
 * @throws RangeError if low ≥ high, a bound is no integer, or `out` cannot hold it.
 */
export function fillRandint<Out extends IntegerArray>(
  generator: Generator,
  out: Out,
  low: number | bigint,
  high: number | bigint,
): Out {
  const [first, last] = bounds(out, low, high);
  const range = last - first + 1n;
  const store = out as { [index: number]: number | bigint };
  const exact = out instanceof BigInt64Array;
  if (range < WIDE_RANGE && Number.isSafeInteger(Number(first))) {
    const count = Number(range);
    const start = Number(first);
    for (let index = 0; index < out.length; index++) {
      const value = (generator.random32() % count) + start;
      store[index] = exact ? BigInt(value) : value;
    }
    return out;
  }
  const wide = range >= WIDE_RANGE;
  for (let index = 0; index < out.length; index++) {
    const value = ((wide ? generator.random64() : BigInt(generator.random32())) % range) + first;
    store[index] = exact ? value : Number(value);
  }
  return out;
}

function bounds(out: IntegerArray, low: number | bigint, high: number | bigint): [first: bigint, last: bigint] {
  for (const bound of [low, high]) {
    if (typeof bound === 'number' && !Number.isInteger(bound)) {
      throw new RangeError(`random_ expects integer bounds, but got from=${low}, to=${high}`);
    }
  }
  let from = BigInt(low);
  let to = BigInt(high);
  if (from >= to)
    throw new RangeError(`random_ expects 'from' to be less than 'to', but got from=${low} >= to=${high}`);
  const digits = floatDigits(out);
  if (digits !== undefined) {
    from = nextRepresentable(from, digits, out);
    to = -nextRepresentable(-to, digits, out);
    if (from >= to) {
      throw new RangeError(
        `random_ expects 'from' casted to dtype to be less than 'to' casted to dtype, but got from=${from} >= to=${to}`,
      );
    }
  }
  const [smallest, largest] = limits(out);
  if (from < smallest || to - 1n > largest) {
    throw new RangeError(`random_ bounds from=${low}, to=${high} are out of bounds for a ${out.constructor.name}`);
  }
  return [from, to - 1n];
}

/** Moves a lower bound up if rounding the numbers next to it would fall below it. */
function nextRepresentable(from: bigint, digits: number, out: IntegerArray): bigint {
  const rounded = BigInt(digits === 53 ? Number(from + 1n) : Math.fround(Number(from + 1n)));
  if (rounded >= from) return from;
  const magnitude = from + 1n < 0n ? -(from + 1n) : from + 1n;
  const exponent = magnitude.toString(2).length - 1;
  if (exponent - digits + 1 < 0)
    throw new RangeError(`random_ bound ${from} is out of bounds for a ${out.constructor.name}`);
  return rounded + (1n << BigInt(exponent - digits + 1));
}

function floatDigits(out: IntegerArray): number | undefined {
  if (out instanceof Float64Array) return 53;
  return out instanceof Float32Array ? 24 : undefined;
}

function limits(out: IntegerArray): [smallest: bigint, largest: bigint] {
  if (out instanceof Uint8Array) return [0n, 255n];
  const integer = out instanceof Int8Array || out instanceof Int16Array || out instanceof Int32Array;
  const bits = BigInt(integer ? 8 * out.BYTES_PER_ELEMENT : 64);
  return [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
}

/**
 * Fills `out` with integers of its type's whole non-negative range: [0, 2^bits−1] for integer arrays without the sign bit,
 * [0, 2²⁴] in a `Float32Array` and [0, 2⁵³] in a `Float64Array`.
 *
 * PyTorch: `Tensor.random_()` without bounds.
 */
export function fillRandom<Out extends IntegerArray>(generator: Generator, out: Out): Out {
  const store = out as { [index: number]: number | bigint };
  for (let index = 0; index < out.length; index++) store[index] = sample(generator, out);
  return out;
}

function sample(generator: Generator, out: IntegerArray): number | bigint {
  if (out instanceof BigInt64Array) return BigInt.asUintN(63, generator.random64());
  if (out instanceof Float64Array) return Number(generator.random64() % (2n ** 53n + 1n));
  if (out instanceof Float32Array) return generator.random32() % (2 ** 24 + 1);
  return generator.random32() % Number(limits(out)[1] + 1n);
}

/**
 * Fills `out` with a random permutation of 0 … length − 1.
 *
 * PyTorch: `torch.randperm(n)`.
 */
export function fillRandperm<Out extends Int32Array | Float64Array>(generator: Generator, out: Out): Out {
  const size = out.length;
  if (size >= WIDE_PERMUTATION) return fillWidePermutation(generator, out);
  for (let index = 0; index < size; index++) out[index] = index;
  for (let index = 0; index < size - 1; index++) {
    const other = index + (generator.random32() % (size - index));
    const kept = out[index]!;
    out[index] = out[other]!;
    out[other] = kept;
  }
  return out;
}

function fillWidePermutation<Out extends Int32Array | Float64Array>(generator: Generator, out: Out): Out {
  for (let index = 0; index < out.length; index++) {
    const other = Number(generator.random64() % BigInt(index + 1));
    out[index] = out[other]!;
    out[other] = index;
  }
  return out;
}
