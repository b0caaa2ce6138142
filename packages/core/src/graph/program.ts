import type { DType } from './dtype.ts';
import type { AttributesOf, OperationName } from './registry.ts';
import type { Shape } from './shape.ts';
import type { Value } from './value.ts';

/** One operation of a program; its result is known by its index. `inputs` are indices of earlier instructions. */
export interface InstructionOf<N extends OperationName> extends Value {
  readonly op: N;
  readonly inputs: readonly number[];
  readonly attributes: AttributesOf<N>;
}

/** An instruction of any operation, discriminated by `op`. */
export type Instruction = { [N in OperationName]: InstructionOf<N> }[OperationName];

/** The type of one input or output of a program. */
export interface ProgramInput {
  readonly dtype: DType;
  readonly shape: Shape;
}

/**
 * A finished graph: plain, frozen data. Instructions stand in an order in which every input precedes its use;
 * the i-th input of the program is the instruction `input` with `index` i.
 */
export interface Program {
  readonly inputs: readonly ProgramInput[];
  readonly instructions: readonly Instruction[];
  /** Indices of the instructions whose values are the program's results. An index may occur more than once, and may be an input. */
  readonly outputs: readonly number[];
}

/** `%3: float32[2, 256] = relu(%2)`, one instruction a line, for people and for snapshots. */
export function printProgram(program: Program): string {
  const lines = program.instructions.map((instruction, i) => {
    const { op, inputs, dtype, shape } = instruction;
    const attributes = Object.entries(instruction.attributes as Readonly<Record<string, unknown>>)
      .filter(([key]) => op !== 'input' || key === 'index')
      .map(([key, value]) => `${key}=${Array.isArray(value) ? `[${value.join(', ')}]` : String(value)}`);
    return `%${i}: ${dtype}[${shape.join(', ')}] = ${op}(${[...inputs.map((j) => `%${j}`), ...attributes].join(', ')})`;
  });
  return [...lines, `return ${program.outputs.map((i) => `%${i}`).join(', ')}`].join('\n');
}
