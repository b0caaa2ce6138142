import { ExecutionError, isComposite, operationOf, ProgramBuilder } from '@chimera-nn/core';
import type { Instruction, PrimitiveName, Program } from '@chimera-nn/core';
import type { Kernel, Operand } from './kernels/kernel.ts';
import { kernels } from './kernels/table.ts';
import { roundTo } from './rounding.ts';

/**
 * Computes a program's results, instruction by instruction. Each is computed in float64 from operands of the declared
 * dtypes and rounded once to its own, sums and products of many terms included.
 */
export function interpret(program: Program, inputs: readonly Operand[]): Operand[] {
  const values: Operand[] = [];
  for (const [index, instruction] of program.instructions.entries()) {
    try {
      values.push(evaluate(instruction, inputs, values));
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new ExecutionError(`${instruction.op}: ${message}`, { instruction: index, cause });
    }
  }
  return program.outputs.map((index) => values[index]!);
}

function evaluate(instruction: Instruction, inputs: readonly Operand[], values: readonly Operand[]): Operand {
  const { op, dtype, shape } = instruction;
  if (op === 'input') return inputs[instruction.attributes.index]!;
  const operands = instruction.inputs.map((index) => values[index]!);
  if (isComposite(op)) return interpret(expand(instruction), operands)[0]!;
  // The table pairs names with kernels; here the name is only known at run time.
  const kernel = kernels[op] as Kernel<PrimitiveName>;
  return { dtype, shape, data: roundTo(kernel(operands, instruction as never), dtype) };

  /** A composite means its expansion: a program of primitives over inputs of the same types. */
  function expand({ attributes }: Instruction): Program {
    const builder = new ProgramBuilder([]);
    const parameters = operands.map((operand) => builder.input(operand.dtype, operand.shape));
    return builder.finish([operationOf(op).expand!(builder, parameters, attributes)]);
  }
}
