import type {
  Capabilities,
  Device,
  DeviceBuffer,
  DeviceStats,
  DType,
  Executable,
  HostArray,
  Program,
  RunInput,
  Shape,
} from '@chimera-nn/core';
import { DeviceError, ExecutionError } from '@chimera-nn/core';
import { emitProgram, nativeComposites } from '@chimera-nn/onnx';
import type { EmittedProgram } from '@chimera-nn/onnx';
import type { InferenceSession, Tensor } from 'onnxruntime-web';
import type { Engine } from './engine.ts';
import { Ledger } from './ledger.ts';
import { Session } from './session.ts';
import { fromEngine, toEngine } from './tensors.ts';

/** ONNX Runtime's CPU kernels in WebAssembly. Buffers are host memory, so uploads and downloads are copies. */
export class WasmDevice implements Device {
  readonly name = 'onnxruntime-web:wasm';
  readonly capabilities: Capabilities = {
    dtypes: ['float32', 'int32', 'bool', 'float16'],
    native: nativeComposites('wasm'),
  };
  readonly #engine: Engine;
  readonly #ledger = new Ledger<HostArray>(this.name);
  readonly #executables = new Set<WasmExecutable>();
  #compilations = 0;
  #closed = false;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async compile(program: Program): Promise<Executable> {
    this.#requireOpen();
    const emitted = emitProgram(program, { target: 'wasm' });
    const session = emitted.model && (await Session.create(this.#engine, emitted.model, sessionOptions));
    if (this.#closed) {
      await session?.release();
      this.#requireOpen();
    }
    this.#compilations++;
    const executable = new WasmExecutable(this.#engine, this.#ledger, program, emitted, session, {
      check: () => this.#requireOpen(),
      disposed: () => this.#executables.delete(executable),
    });
    this.#executables.add(executable);
    return executable;
  }

  upload(data: HostArray, shape: Shape, dtype: DType): DeviceBuffer {
    this.#requireOpen();
    return this.#ledger.add(dtype, shape, data.byteLength, data.slice());
  }

  async download(buffer: DeviceBuffer): Promise<HostArray> {
    this.#requireOpen();
    return this.#ledger.storageOf(buffer).slice();
  }

  free(buffer: DeviceBuffer): void {
    this.#requireOpen();
    this.#ledger.remove(buffer);
  }

  stats(): DeviceStats {
    return { ...this.#ledger.stats(), compilations: this.#compilations };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.all([...this.#executables].map((executable) => executable.release()));
    this.#ledger.clear();
  }

  #requireOpen(): void {
    if (this.#closed)
      throw new DeviceError(`${this.name} is closed. Open a new device with onnxruntimeWeb({ device: 'wasm' })`);
  }
}

// What is logged is thrown as well.
function sessionOptions(): InferenceSession.SessionOptions {
  return { executionProviders: ['wasm'], graphOptimizationLevel: 'all', logSeverityLevel: 4 };
}

interface Owner {
  check(): void;
  disposed(): void;
}

class WasmExecutable implements Executable {
  readonly #engine: Engine;
  readonly #ledger: Ledger<HostArray>;
  readonly #program: Program;
  readonly #emitted: EmittedProgram;
  readonly #session: Session | undefined;
  readonly #owner: Owner;
  #disposed = false;

  constructor(
    engine: Engine,
    ledger: Ledger<HostArray>,
    program: Program,
    emitted: EmittedProgram,
    session: Session | undefined,
    owner: Owner,
  ) {
    this.#engine = engine;
    this.#ledger = ledger;
    this.#program = program;
    this.#emitted = emitted;
    this.#session = session;
    this.#owner = owner;
  }

  async run(inputs: readonly RunInput[]): Promise<DeviceBuffer[]> {
    this.#owner.check();
    if (this.#disposed) throw new ExecutionError('The program has been disposed of');
    const { inputs: names, results } = this.#emitted;
    // Taken now: a caller may free or reuse its inputs as soon as this returns to it.
    const data = inputs.map((input) => ('host' in input ? input.host.data : this.#ledger.storageOf(input.buffer)));
    const { Tensor: EngineTensor } = this.#engine.ort;
    const outputs = await this.#session?.run(() => {
      this.#owner.check();
      const feeds: Record<string, Tensor> = {};
      for (const [i, name] of names.entries()) {
        const { dtype, shape } = this.#program.inputs[i]!;
        if (name !== undefined) feeds[name] = new EngineTensor(dtype, toEngine(data[i]!, dtype), shape);
      }
      return { feeds };
    });
    this.#owner.check();
    const taken = new Set<string>();
    return results.map((result, i) => {
      const { dtype, shape } = this.#program.instructions[this.#program.outputs[i]!]!;
      const storage = resultOf(result, dtype);
      return this.#ledger.add(dtype, shape, storage.byteLength, storage);
    });

    function resultOf(result: EmittedProgram['results'][number], dtype: DType): HostArray {
      if (result.kind === 'known') return result.data.slice();
      if (result.kind === 'input') return data[result.index]!.slice();
      const output = fromEngine(outputs![result.name]!.data, dtype);
      if (taken.has(result.name)) return output.slice();
      taken.add(result.name);
      return output;
    }
  }

  dispose(): void {
    void this.release();
  }

  async release(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#owner.disposed();
    await this.#session?.release();
  }
}
