import type { DeviceBuffer, Executable, Program, RunInput } from '@chimera-nn/core';
import { ExecutionError, allocateHost, byteSize, hostToNumbers, sizeOf } from '@chimera-nn/core';
import type { EmittedProgram, ResultSource } from '@chimera-nn/onnx';
import type { InferenceSession, Tensor } from 'onnxruntime-web';
import { Capture, worthCapturing } from './capture.ts';
import type { Engine } from './engine.ts';
import type { Block, GpuMemory } from './gpu-memory.ts';
import type { Ledger } from './ledger.ts';
import type { Session } from './session.ts';
import { gpuTensor } from './tensors.ts';

/** What a program needs of its device. */
export interface GpuContext {
  readonly engine: Engine;
  readonly memory: GpuMemory;
  readonly ledger: Ledger<Block | null>;
  readonly captureAfter: number | false;
  sessionOptions(): InferenceSession.SessionOptions;
  /** Throws if the device cannot be used. */
  check(): void;
  /** Waits, and tells a lost device from other failures. */
  report<T>(work: Promise<T>): Promise<T>;
  disposed(): void;
}

/** A program on the GPU: a session that binds the caller's buffers, and, once the program has recurred, a recording. */
export class WebGpuExecutable implements Executable {
  readonly #program: Program;
  readonly #emitted: EmittedProgram;
  readonly #context: GpuContext;
  #session: Session | undefined;
  #capture: Capture | undefined;
  #captureAfter: number | false;
  #runs = 0;
  #zero: Block | undefined;
  #disposed = false;

  constructor(program: Program, emitted: EmittedProgram, session: Session | undefined, context: GpuContext) {
    this.#program = program;
    this.#emitted = emitted;
    this.#session = session;
    this.#context = context;
    this.#captureAfter = session !== undefined && worthCapturing(program, emitted) ? context.captureAfter : false;
  }

  async run(inputs: readonly RunInput[]): Promise<DeviceBuffer[]> {
    const { memory, ledger } = this.#context;
    this.#context.check();
    if (this.#disposed) throw new ExecutionError('The program has been disposed of');
    // Taken and held now: a caller may free its inputs as soon as this returns to it.
    const blocks = inputs.map((input) => {
      const block = 'host' in input ? memory.upload(input.host.data) : ledger.storageOf(input.buffer);
      if (block === null) return null;
      memory.hold(block);
      if ('host' in input) memory.free(block);
      return block;
    });
    try {
      const computed = await this.#compute(blocks);
      try {
        this.#context.check();
        return this.#results(blocks, computed);
      } catch (error) {
        for (const block of computed.values()) memory.free(block);
        throw error;
      }
    } finally {
      for (const block of blocks) if (block !== null) memory.release(block);
    }
  }

  /** The model's outputs by name. */
  async #compute(blocks: readonly (Block | null)[]): Promise<Map<string, Block>> {
    if (this.#session === undefined && this.#capture === undefined) return new Map();
    this.#runs++;
    if (this.#capture !== undefined) return this.#context.report(this.#capture.run(blocks));
    const computed = await this.#context.report(this.#bind(this.#session!, blocks));
    if (this.#runs === this.#captureAfter) await this.#record(blocks, computed);
    return computed;
  }

  /** Runs with the caller's buffers as inputs and fresh ones as outputs. */
  async #bind(session: Session, blocks: readonly (Block | null)[]): Promise<Map<string, Block>> {
    const { engine, memory } = this.#context;
    const { inputs, outputs, zero } = this.#emitted;
    const computed = new Map<string, Block>();
    try {
      await session.run(() => {
        this.#context.check();
        const feeds: Record<string, Tensor> = {};
        for (const [i, name] of inputs.entries()) {
          const { dtype, shape } = this.#program.inputs[i]!;
          if (name !== undefined) feeds[name] = gpuTensor(engine, blocks[i]!.gpuBuffer, dtype, shape);
        }
        if (zero !== undefined) {
          this.#zero ??= memory.upload(Float32Array.of(0))!;
          feeds[zero] = gpuTensor(engine, this.#zero.gpuBuffer, 'float32', []);
        }
        const fetches: Record<string, Tensor> = {};
        for (const { name, dtype, shape } of outputs) {
          const block = memory.acquire(sizeOf(shape) * byteSize(dtype));
          computed.set(name, block);
          fetches[name] = gpuTensor(engine, block.gpuBuffer, dtype, shape);
        }
        return { feeds, fetches };
      });
      return computed;
    } catch (error) {
      for (const block of computed.values()) memory.free(block);
      throw error;
    }
  }

  /**
   * Records the program, and goes over to the recording if it gives what the program has just computed. Where the engine
   * cannot record the program, or not all of it, runs go on as before.
   */
  async #record(blocks: readonly (Block | null)[], computed: ReadonlyMap<string, Block>): Promise<void> {
    const { engine, memory } = this.#context;
    let capture: Capture | undefined;
    let replayed: ReadonlyMap<string, Block> = new Map();
    try {
      capture = await Capture.create(engine, memory, this.#program, this.#emitted, () =>
        this.#context.sessionOptions(),
      );
      await capture.record();
      replayed = await capture.run(blocks);
      if (await this.#agree(computed, replayed)) {
        const session = this.#session!;
        this.#session = undefined;
        this.#capture = capture;
        await session.release();
      }
    } catch {
      this.#context.check();
    } finally {
      for (const block of replayed.values()) memory.free(block);
      if (this.#capture !== capture || this.#disposed) await capture?.release();
    }
  }

  /** Whether two runs gave the same, up to the order in which atomic additions come. */
  async #agree(computed: ReadonlyMap<string, Block>, replayed: ReadonlyMap<string, Block>): Promise<boolean> {
    for (const { name, dtype, shape } of this.#emitted.outputs) {
      const [expected, actual] = await Promise.all(
        [computed, replayed].map(async (blocks) => {
          const out = allocateHost(dtype, sizeOf(shape));
          await this.#context.memory.read(blocks.get(name)!, new Uint8Array(out.buffer));
          return hostToNumbers(out, dtype);
        }),
      );
      if (!isClose(actual!, expected!)) return false;
    }
    return true;
  }

  #results(blocks: readonly (Block | null)[], computed: ReadonlyMap<string, Block>): DeviceBuffer[] {
    const { memory, ledger } = this.#context;
    const taken = new Set<Block>();
    const storageOf = (result: ResultSource): Block | null => {
      if (result.kind === 'known') return memory.upload(result.data);
      const block = result.kind === 'input' ? blocks[result.index]! : computed.get(result.name)!;
      if (result.kind === 'model' && !taken.has(block)) {
        taken.add(block);
        return block;
      }
      const copy = memory.acquire(block.gpuBuffer.size);
      memory.copy([[block.gpuBuffer, copy.gpuBuffer]]);
      return copy;
    };
    return this.#emitted.results.map((result, i) => {
      const { dtype, shape } = this.#program.instructions[this.#program.outputs[i]!]!;
      return ledger.add(dtype, shape, sizeOf(shape) * byteSize(dtype), storageOf(result));
    });
  }

  dispose(): void {
    void this.release();
  }

  async release(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#context.disposed();
    await Promise.all([this.#session?.release(), this.#capture?.release()]);
    if (this.#zero !== undefined) this.#context.memory.free(this.#zero);
  }
}

function isClose(actual: ArrayLike<number>, expected: ArrayLike<number>): boolean {
  let largest = 0;
  for (let i = 0; i < expected.length; i++)
    if (Number.isFinite(expected[i])) largest = Math.max(largest, Math.abs(expected[i]!));
  for (let i = 0; i < expected.length; i++)
    if (!Object.is(actual[i], expected[i]) && !(Math.abs(actual[i]! - expected[i]!) <= 1e-4 * largest)) return false;
  return true;
}
