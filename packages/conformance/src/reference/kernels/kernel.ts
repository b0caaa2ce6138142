import type { InstructionOf, PrimitiveName, Value } from '@chimera-nn/core';

/** A tensor as the reference holds it: numbers of any dtype in row-major order. */
export interface Operand extends Value {
  readonly data: Float64Array;
}

/**
 * Computes one primitive. Results are rounded to the instruction's dtype by the caller, so a kernel only minds the
 * dtype where plain float64 arithmetic would leave the exact range of int32.
 */
export type Kernel<N extends PrimitiveName> = (
  operands: readonly Operand[],
  instruction: InstructionOf<N>,
) => Float64Array;

/** One kernel per primitive. */
export type Kernels = { readonly [N in PrimitiveName]: Kernel<N> };
