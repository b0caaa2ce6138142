import type { Program } from '@chimera-nn/core';
import { ExecutionError } from '@chimera-nn/core';
import { EagerSink, EagerTensor } from './eager.ts';
import { Kernels } from './kernels.ts';
import { lowerInstruction } from './lower/table.ts';
import type { Session } from './session.ts';
import { engineMessage } from './session.ts';
import type { Value } from './value.ts';

/** Executes a program instruction by instruction. */
export class Interpreter {
  readonly #session: Session;
  readonly #program: Program;
  /** The values whose last use an instruction is. */
  readonly #lastUses: readonly (readonly number[])[];

  constructor(session: Session, program: Program) {
    this.#session = session;
    this.#program = program;
    this.#lastUses = lastUses(program);
  }

  /** From the tensors of the inputs, which stay the caller's, to those of the results, which become the caller's. */
  run(inputs: readonly number[]): number[] {
    const { instructions, outputs } = this.#program;
    const borrowed = inputs.map(
      (id, i) => new EagerTensor(id, this.#program.inputs[i]!.dtype, this.#program.inputs[i]!.shape),
    );
    const sink = new EagerSink(this.#session, borrowed);
    const kernels = new Kernels(sink);
    const values: (Value | undefined)[] = [];
    const results: number[] = [];
    try {
      for (const [i, instruction] of instructions.entries()) {
        try {
          const value = lowerInstruction(
            kernels,
            instruction.inputs.map((j) => values[j]!),
            instruction,
          );
          value.retain();
          values.push(value);
          for (const dead of this.#lastUses[i]!) {
            values[dead]!.release();
            values[dead] = undefined;
          }
          sink.sweep();
        } catch (cause) {
          throw new ExecutionError(`${instruction.op}: ${engineMessage(cause)}`, { instruction: i, cause });
        }
      }
      const plain = outputs.map((i) => values[i]!.plain());
      for (const tensor of plain) results.push(sink.take(tensor));
      return results;
    } catch (cause) {
      for (const id of results) this.#session.deleteTensor(id);
      throw cause;
    } finally {
      sink.close();
    }
  }
}

/** For each instruction the values that nothing needs after it; outputs are needed to the end. */
function lastUses({ instructions, outputs }: Program): number[][] {
  const uses = instructions.map((): number[] => []);
  const seen = new Set(outputs);
  for (let i = instructions.length - 1; i >= 0; i--) {
    // An input that nobody reads, or any other value without a use, dies where it is made.
    for (const value of [i, ...instructions[i]!.inputs]) {
      if (seen.has(value)) continue;
      seen.add(value);
      uses[i]!.push(value);
    }
  }
  return uses;
}
