import type { AttributesOf, DType, OperationName, Shape } from '@chimera-nn/core';
import type { Kernels } from '../kernels.ts';
import { Value } from '../value.ts';

/** What a lowering reads of an instruction. */
export interface Lowering<A> {
  readonly attributes: A;
  readonly dtype: DType;
  readonly shape: Shape;
}

/** Puts an instruction with attributes `A` into a sink: from the values of its inputs to its own. */
export type LowerWith<A> = (kernels: Kernels, inputs: readonly Value[], instruction: Lowering<A>) => Value;

/** Puts an instruction of one operation into a sink. */
export type Lower<N extends OperationName> = LowerWith<AttributesOf<N>>;

/** The same value in another dtype, in the order it has. */
export function castValue(kernels: Kernels, x: Value, dtype: DType): Value {
  if (x.dtype === dtype) return x;
  const stored = x.source === undefined ? kernels.cast(x.tensor, dtype) : castValue(kernels, x.source, dtype);
  return new Value(kernels, dtype, x.shape, stored, x.order);
}

/**
 * Computes float16 in float32 and rounds once at the end, as PyTorch does where an operation adds many numbers up,
 * or where TensorFlow has no kernel for float16.
 */
export function widened<A>(lower: LowerWith<A>): LowerWith<A> {
  return (kernels, inputs, instruction) => {
    if (inputs.every((x) => x.dtype !== 'float16')) return lower(kernels, inputs, instruction);
    const wide = inputs.map((x) => (x.dtype === 'float16' ? castValue(kernels, x, 'float32') : x));
    const dtype = instruction.dtype === 'float16' ? 'float32' : instruction.dtype;
    return castValue(kernels, lower(kernels, wide, { ...instruction, dtype }), instruction.dtype);
  };
}
