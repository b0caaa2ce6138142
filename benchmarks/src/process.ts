import type { ChildProcessByStdio } from 'node:child_process';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Interface } from 'node:readline';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { WorkloadName } from './workload.ts';
import { transformerSizes } from './workload.ts';

/** Milliseconds of each step and the last loss, or why there are none. */
export type Reply = { readonly times: readonly number[]; readonly loss: number } | { readonly absent: string };

/** A contender in a process of its own, which waits while others run. */
export class ContenderProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;
  #complaints = '';

  constructor(name: string) {
    const [program, args] =
      name === 'pytorch'
        ? ['python3', [join(import.meta.dirname, 'torch_worker.py'), JSON.stringify(transformerSizes)]]
        : [process.execPath, ['--conditions=@chimera-nn/source', join(import.meta.dirname, 'worker.ts'), name]];
    this.#child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.on('error', (error) => (this.#complaints += error.message));
    // A process that has ended is noticed by its output ending.
    this.#child.stdin.on('error', () => undefined);
    this.#child.stderr.on(
      'data',
      (data: Buffer) => (this.#complaints = `${this.#complaints}${data.toString()}`.slice(-2000)),
    );
    this.#reader = createInterface({ input: this.#child.stdout });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  async run(workload: WorkloadName, steps: number): Promise<Reply> {
    this.#child.stdin.write(`${JSON.stringify({ workload, steps })}\n`);
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done === true) return { absent: this.#complaints.trim().split('\n').at(-1) ?? 'the process ended' };
      // Engines greet on standard output.
      if (value.startsWith('{')) return JSON.parse(value) as Reply;
    }
  }

  end(): void {
    this.#child.stdin.end();
    this.#reader.close();
  }
}
