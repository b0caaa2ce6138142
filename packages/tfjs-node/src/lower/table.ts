import type { CompositeName, Instruction } from '@chimera-nn/core';
import { ExecutionError, isComposite, sizeOf } from '@chimera-nn/core';
import type { Kernels } from '../kernels.ts';
import { Value } from '../value.ts';
import { compositeLowerings } from './composite.ts';
import type { LowerWith } from './lower.ts';
import { primitiveLowerings } from './primitives.ts';

/** The composites that are lowered whole; core expands the others. */
export const nativeComposites = Object.keys(compositeLowerings) as readonly CompositeName[];

// Which attributes go with which name is known to the two tables; from here on names are known at run time only.
const lowerings = { ...primitiveLowerings, ...compositeLowerings } as unknown as Readonly<
  Record<string, LowerWith<unknown> | undefined>
>;

/** Puts one instruction of a program into a sink. */
export function lowerInstruction(kernels: Kernels, inputs: readonly Value[], instruction: Instruction): Value {
  const { op, dtype, shape } = instruction;
  // Nothing has to be computed for no elements, and many kernels refuse to.
  if (op !== 'input' && sizeOf(shape) === 0) return new Value(kernels, dtype, shape, kernels.zeros(shape, dtype));
  const lower = lowerings[op];
  if (lower === undefined)
    throw new ExecutionError(
      `${op} has no kernel in TensorFlow${isComposite(op) ? ': build the program for the composites that this device lists as native' : ''}`,
    );
  return lower(kernels, inputs, instruction);
}
