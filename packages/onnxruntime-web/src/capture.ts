import type { Program } from '@chimera-nn/core';
import { byteSize, sizeOf } from '@chimera-nn/core';
import type { EmittedProgram } from '@chimera-nn/onnx';
import type { InferenceSession, Tensor } from 'onnxruntime-web';
import type { Engine } from './engine.ts';
import type { Block, GpuMemory } from './gpu-memory.ts';
import { Session } from './session.ts';
import { gpuTensor } from './tensors.ts';

/** The least number of nodes for which replaying saves more than copying costs. */
const fewestNodes = 12;
/** The most bytes of inputs and results, which a replayed program holds twice. */
const mostBytes = 64 * 2 ** 20;

/** Whether a program gains from being replayed. */
export function worthCapturing(program: Program, emitted: EmittedProgram): boolean {
  if (emitted.nodes < fewestNodes) return false;
  let bytes = 0;
  for (const { dtype, shape } of [...program.inputs, ...emitted.outputs]) bytes += sizeOf(shape) * byteSize(dtype);
  return bytes <= mostBytes;
}

/**
 * A program whose GPU commands the engine has recorded and replays, which spares it the work per node. Recorded commands
 * hold on to their buffers, so inputs are copied into, and results out of, buffers that stay the same.
 */
export class Capture {
  readonly #memory: GpuMemory;
  readonly #emitted: EmittedProgram;
  readonly #session: Session;
  readonly #inputs: readonly (Block | undefined)[];
  readonly #zero: Block;
  readonly #feeds: Readonly<Record<string, Tensor>>;

  private constructor(engine: Engine, memory: GpuMemory, program: Program, emitted: EmittedProgram, session: Session) {
    this.#memory = memory;
    this.#emitted = emitted;
    this.#session = session;
    const feeds: Record<string, Tensor> = {};
    this.#inputs = emitted.inputs.map((name, i) => {
      if (name === undefined) return undefined;
      const { dtype, shape } = program.inputs[i]!;
      const block = memory.acquire(sizeOf(shape) * byteSize(dtype));
      feeds[name] = gpuTensor(engine, block.gpuBuffer, dtype, shape);
      return block;
    });
    this.#zero = memory.acquire(4);
    memory.write(this.#zero, Float32Array.of(0));
    if (emitted.zero !== undefined) feeds[emitted.zero] = gpuTensor(engine, this.#zero.gpuBuffer, 'float32', []);
    this.#feeds = feeds;
  }

  static async create(
    engine: Engine,
    memory: GpuMemory,
    program: Program,
    emitted: EmittedProgram,
    options: () => InferenceSession.SessionOptions,
  ): Promise<Capture> {
    const session = await Session.create(engine, emitted.model!, () => ({
      ...options(),
      enableGraphCapture: true,
      preferredOutputLocation: 'gpu-buffer',
    }));
    return new Capture(engine, memory, program, emitted, session);
  }

  /** Records the program by running it on zeros: what a replay fails to compute anew then shows. */
  async record(): Promise<void> {
    this.#memory.zero(this.#inputs.filter((block) => block !== undefined));
    await this.#session.run(
      () => ({ feeds: this.#feeds }),
      (results) => this.#dispose(results),
    );
  }

  /** Replays the program; results by name, in fresh memory. */
  async run(blocks: readonly (Block | null)[]): Promise<Map<string, Block>> {
    const computed = new Map<string, Block>();
    await this.#session.run(
      () => {
        const pairs = this.#inputs.flatMap((own, i) => (own === undefined ? [] : [[blocks[i]!, own] as const]));
        this.#memory.copy(pairs.map(([from, to]) => [from.gpuBuffer, to.gpuBuffer]));
        return { feeds: this.#feeds };
      },
      (results) => {
        const pairs = this.#emitted.outputs.map(({ name, dtype, shape }) => {
          const block = this.#memory.acquire(sizeOf(shape) * byteSize(dtype));
          computed.set(name, block);
          return [results[name]!.gpuBuffer, block.gpuBuffer] as const;
        });
        this.#memory.copy(pairs);
        this.#dispose(results);
      },
    );
    return computed;
  }

  #dispose(results: Readonly<Record<string, Tensor>>): void {
    for (const { name } of this.#emitted.outputs) results[name]!.dispose();
  }

  async release(): Promise<void> {
    await this.#session.release();
    for (const block of [...this.#inputs, this.#zero]) if (block !== undefined) this.#memory.free(block);
  }
}
