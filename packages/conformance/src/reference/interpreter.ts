import { ExecutionError, isComposite, isFloating, operationOf, ProgramBuilder } from '@chimera-nn/core';
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
  if (isComposite(op)) return { dtype, shape, data: roundTo(interpret(...expand(instruction))[0]!.data, dtype) };
  // The table pairs names with kernels; here the name is only known at run time.
  const kernel = kernels[op] as Kernel<PrimitiveName>;
  return { dtype, shape, data: roundTo(kernel(operands, instruction as never), dtype) };

  /** A composite means its expansion, in float64: what an engine's float32 kernel or the float32 expansion aims at. */
  function expand({ attributes }: Instruction): [Program, Operand[]] {
    const builder = new ProgramBuilder([]);
    const wide = operands.map((operand): Operand =>
      isFloating(operand.dtype) ? { ...operand, dtype: 'float64' } : operand,
    );
    const parameters = wide.map((operand) => builder.input(operand.dtype, operand.shape));
    return [builder.finish([operationOf(op).expand!(builder, parameters, attributes)]), wide];
  }
}
