import type { Generator } from './generator.ts';
import type { FloatArray, FloatPrecision } from './precision.ts';
import { fusedMultiplyAdd, precisionOf, rounder } from './precision.ts';

/**
 * Fills `out` with samples of the uniform distribution on [low, high).
 *
 * float64 samples carry 53 random bits, all others 24. PyTorch: `Tensor.uniform_`, `torch.rand`.
 *
 * @param low default 0
 * @param high default 1
 * @throws RangeError if low > high.
 */
export function fillUniform<Out extends FloatArray>(
  generator: Generator,
  out: Out,
  low = 0,
  high = 1,
  precision?: FloatPrecision,
): Out {
  const target = precisionOf(out, precision);
  if (!(low <= high)) {
    throw new RangeError(`uniform_ expects to return a [from, to) range, but found from=${low} > to=${high}`);
  }
  const limit = target === 'float64' ? Number.MAX_VALUE : LARGEST[target];
  if (!(high - low <= limit) || Math.abs(low) > limit || Math.abs(high) > limit) {
    throw new RangeError(
      `uniform_ expects from, to and to-from to be ${target} numbers, but found from=${low} and to=${high}`,
    );
  }
  if (target === 'float64') return fill64(generator, out, low, high);
  if (target === 'float32' && low === 0 && high === 1) {
    for (let index = 0; index < out.length; index++) out[index] = generator.uniform24();
    return out;
  }
  const round = rounder(target);
  const from = Math.fround(low);
  const range = Math.fround(Math.fround(high) - from);
  const lowest = round(low);
  const excluded = round(high);
  for (let index = 0; index < out.length; index++) {
    // The product of two 24-bit numbers is exact here, so the sum is rounded to float32 as if fused.
    const value = round(Math.fround(generator.uniform24() * range + from));
    // Rounding may reach the excluded bound.
    out[index] = value === excluded ? lowest : value;
  }
  return out;
}

const LARGEST = { float32: 3.4028234663852886e38, float16: 65504, bfloat16: 3.3895313892515355e38 };

function fill64<Out extends FloatArray>(generator: Generator, out: Out, low: number, high: number): Out {
  const range = high - low;
  for (let index = 0; index < out.length; index++) {
    const value = low === 0 ? generator.uniform53() * range : fusedMultiplyAdd(generator.uniform53(), range, low);
    out[index] = value === high ? low : value;
  }
  return out;
}
