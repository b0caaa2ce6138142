import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Program } from '@chimera-nn/core';
import { ExecutionError } from '@chimera-nn/core';
import { emit, savedModelBytes } from './emit.ts';
import { blamedInstruction, inputName, outputName } from './graph.ts';
import type { Session } from './session.ts';
import { engineMessage } from './session.ts';

/** A program as a graph that the engine has loaded, run in one call. */
export class CompiledGraph {
  readonly #session: Session;
  readonly #program: Program;
  readonly #model: number;
  readonly #inputNames: string;
  readonly #outputNames: string;

  constructor(session: Session, program: Program) {
    this.#session = session;
    this.#program = program;
    this.#model = load(session, program);
    this.#inputNames = program.inputs.map((_, i) => inputName(i)).join();
    this.#outputNames = program.outputs.map((_, i) => outputName(i)).join();
  }

  /** From the tensors of the inputs, which stay the caller's, to those of the results, which become the caller's. */
  run(inputs: readonly number[]): number[] {
    // The engine refuses to run for nothing.
    if (this.#program.outputs.length === 0) return [];
    try {
      return this.#session.runModel(this.#model, inputs, this.#inputNames, this.#outputNames).map(({ id }) => id);
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      const instruction = blamedInstruction(message);
      const op = instruction === undefined ? 'program' : this.#program.instructions[instruction]!.op;
      throw new ExecutionError(`${op}: ${engineMessage(cause)}`, {
        ...(instruction !== undefined && { instruction }),
        cause,
      });
    }
  }

  dispose(): void {
    this.#session.deleteModel(this.#model);
  }
}

function load(session: Session, program: Program): number {
  const bytes = savedModelBytes(emit(program));
  // The engine reads graphs from folders only, and needs the folder no longer than that.
  const folder = mkdtempSync(join(tmpdir(), 'chimera-'));
  try {
    writeFileSync(join(folder, 'saved_model.pb'), bytes);
    return session.loadModel(folder);
  } catch (cause) {
    throw new ExecutionError(`TensorFlow does not load the program: ${engineMessage(cause)}`, { cause });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
