import { fromFloat16Bits, toFloat16Bits } from '@chimera-nn/core';
import type { DType } from '@chimera-nn/core';

const rounding: Record<DType, (x: number) => number> = {
  float16: (x) => fromFloat16Bits(toFloat16Bits(x)),
  float32: Math.fround,
  float64: (x) => x,
  // Truncation and two's complement wraparound, both.
  int32: (x) => x | 0,
  bool: (x) => Number(x !== 0),
};

/** A copy in which every number is the nearest one of a dtype; int32 wraps around. */
export function roundTo(data: Float64Array, dtype: DType): Float64Array {
  return data.map(rounding[dtype]);
}
