import type { DeviceBuffer, Executable, Program, RunInput } from '@chimera-nn/core';
import { DeviceError } from '@chimera-nn/core';
import { CompiledGraph } from './compile.ts';
import { Interpreter } from './interpret.ts';
import type { Session } from './session.ts';

/** How programs are run: instruction by instruction, as one graph, or first the one and then the other. */
export type Tier = 'interpret' | 'compile' | 'auto';

/**
 * How often `auto` interprets a program before it compiles it. Compiling costs as much as some 25 interpreted runs,
 * whatever the program's size, so a program that comes back a few times only is better interpreted; one that has come
 * back this often is most likely the step of a training loop.
 */
const interpretedRuns = 10;

/** Milliseconds after which a loop of runs lets the event loop have its turn. */
const turn = 20;
let lastTurn = performance.now();

/**
 * Runs end before they return, so a loop that awaits nothing else would never leave its first turn of the event loop:
 * no timer and no request would be served, and the garbage collector would keep whatever a WeakRef has named since.
 */
function isTurnDue(): boolean {
  const now = performance.now();
  if (now - lastTurn < turn) return false;
  lastTurn = now;
  return true;
}

/** A program on its way from the interpreter, which starts at once, to a graph, which runs faster. */
export class TieredExecutable implements Executable {
  readonly #session: Session;
  readonly #program: Program;
  readonly #interpretedRuns: number;
  #interpreter: Interpreter | undefined;
  #graph: CompiledGraph | undefined;
  #runs = 0;
  #disposed = false;

  constructor(session: Session, program: Program, tier: Tier) {
    this.#session = session;
    this.#program = program;
    this.#interpretedRuns = tier === 'interpret' ? Number.POSITIVE_INFINITY : tier === 'compile' ? 0 : interpretedRuns;
    if (tier === 'compile') this.#graph = new CompiledGraph(session, program);
  }

  run(inputs: readonly RunInput[]): DeviceBuffer[] | Promise<DeviceBuffer[]> {
    const results = this.#compute(inputs);
    return isTurnDue() ? new Promise((resolve) => setImmediate(resolve, results)) : results;
  }

  #compute(inputs: readonly RunInput[]): DeviceBuffer[] {
    this.#session.requireOpen();
    if (this.#disposed) throw new DeviceError(`${this.#session.name}: the executable has been disposed`);
    const uploaded: number[] = [];
    try {
      const tensors = inputs.map((input) => {
        if ('buffer' in input) return this.#session.tensorOf(input.buffer);
        const { data, dtype, shape } = input.host;
        const id = this.#session.createTensor(data, dtype, shape);
        uploaded.push(id);
        return id;
      });
      const results = this.#runnable().run(tensors);
      return results.map((id, i) => {
        const { dtype, shape } = this.#program.instructions[this.#program.outputs[i]!]!;
        return this.#session.adopt(id, dtype, shape);
      });
    } finally {
      for (const id of uploaded) this.#session.deleteTensor(id);
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#graph?.dispose();
    this.#graph = undefined;
    this.#interpreter = undefined;
  }

  #runnable(): Interpreter | CompiledGraph {
    if (this.#graph !== undefined) return this.#graph;
    if (this.#runs++ < this.#interpretedRuns)
      return (this.#interpreter ??= new Interpreter(this.#session, this.#program));
    this.#interpreter = undefined;
    return (this.#graph = new CompiledGraph(this.#session, this.#program));
  }
}
