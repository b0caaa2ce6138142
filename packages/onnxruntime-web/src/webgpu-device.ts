import type {
  Capabilities,
  Device,
  DeviceBuffer,
  DeviceStats,
  DType,
  Executable,
  HostArray,
  Program,
  Shape,
} from '@chimera-nn/core';
import { DeviceError, ExecutionError, allocateHost, sizeOf } from '@chimera-nn/core';
import { emitProgram, nativeComposites } from '@chimera-nn/onnx';
import type { InferenceSession } from 'onnxruntime-web';
import type { Engine } from './engine.ts';
import type { Block } from './gpu-memory.ts';
import { GpuMemory } from './gpu-memory.ts';
import { Ledger } from './ledger.ts';
import { Session } from './session.ts';
import { WebGpuExecutable } from './webgpu-executable.ts';

export interface WebGpuDeviceOptions {
  /** Whether operations that the GPU has no kernel for may run on the CPU instead of failing. Default false. */
  readonly cpuFallback?: boolean;
  /**
   * From which run of a program on its GPU commands are recorded once and then replayed. Default 3: a program that
   * recurs will recur again. `false`: never.
   */
  readonly captureAfter?: number | false;
}

/**
 * ONNX Runtime's WebGPU kernels. All buffers are ours: inputs and results are bound to GPU memory made here, so they
 * outlive the session that computed them. Values without elements have no memory at all.
 */
export class WebGpuDevice implements Device {
  readonly name = 'onnxruntime-web:webgpu';
  readonly capabilities: Capabilities;
  readonly #engine: Engine;
  readonly #gpu: GPUDevice;
  readonly #memory: GpuMemory;
  readonly #ledger = new Ledger<Block | null>(this.name);
  readonly #executables = new Set<WebGpuExecutable>();
  readonly #options: WebGpuDeviceOptions;
  #compilations = 0;
  #closed = false;
  #lost: string | undefined;
  #fault: string | undefined;

  constructor(engine: Engine, gpu: GPUDevice, options: WebGpuDeviceOptions) {
    this.#engine = engine;
    this.#gpu = gpu;
    this.#memory = new GpuMemory(gpu);
    this.#options = options;
    this.capabilities = {
      dtypes: gpu.features.has('shader-f16') ? ['float32', 'int32', 'bool', 'float16'] : ['float32', 'int32', 'bool'],
      native: nativeComposites('webgpu'),
    };
    void gpu.lost.then(({ message, reason }) => {
      this.#lost = message || reason;
    });
    gpu.addEventListener('uncapturederror', ({ error }) => {
      this.#fault ??= error.message;
    });
  }

  async compile(program: Program): Promise<Executable> {
    this.#requireUsable();
    const emitted = emitProgram(program, { target: 'webgpu' });
    const session =
      emitted.model &&
      (await this.#reporting(Session.create(this.#engine, emitted.model, () => this.#sessionOptions())));
    if (this.#closed) {
      await session?.release();
      this.#requireUsable();
    }
    this.#compilations++;
    const executable = new WebGpuExecutable(program, emitted, session, {
      engine: this.#engine,
      memory: this.#memory,
      ledger: this.#ledger,
      captureAfter: this.#options.cpuFallback ? false : (this.#options.captureAfter ?? 3),
      sessionOptions: () => this.#sessionOptions(),
      check: () => this.#requireUsable(),
      report: (work) => this.#reporting(work),
      disposed: () => this.#executables.delete(executable),
    });
    this.#executables.add(executable);
    return executable;
  }

  upload(data: HostArray, shape: Shape, dtype: DType): DeviceBuffer {
    this.#requireUsable();
    return this.#ledger.add(dtype, shape, data.byteLength, this.#memory.upload(data));
  }

  async download(buffer: DeviceBuffer): Promise<HostArray> {
    this.#requireUsable();
    const block = this.#ledger.storageOf(buffer);
    const out = allocateHost(buffer.dtype, sizeOf(buffer.shape));
    if (block !== null) await this.#reporting(this.#memory.read(block, new Uint8Array(out.buffer)));
    return out;
  }

  free(buffer: DeviceBuffer): void {
    if (this.#closed) this.#requireUsable();
    const block = this.#ledger.remove(buffer);
    if (block !== null) this.#memory.free(block);
  }

  stats(): DeviceStats {
    return { ...this.#ledger.stats(), compilations: this.#compilations };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.all([...this.#executables].map((executable) => executable.release()));
    for (const block of this.#ledger.clear()) block?.gpuBuffer.destroy();
    this.#memory.clear();
    this.#gpu.destroy();
  }

  #sessionOptions(): InferenceSession.SessionOptions {
    return {
      // With the other layout, convolutions of 6, 9, 15... channels are silently wrong.
      executionProviders: [{ name: 'webgpu', device: this.#gpu, preferredLayout: 'NCHW' }],
      graphOptimizationLevel: 'all',
      // What is logged is thrown as well.
      logSeverityLevel: 4,
      extra: {
        session: { disable_cpu_ep_fallback: this.#options.cpuFallback ? '0' : '1' },
        // It moves transpositions behind ArgMax, whose int64 result this engine cannot transpose.
        optimization: { disable_specified_optimizers: 'TransposeOptimizer' },
      },
    };
  }

  #requireUsable(): void {
    if (this.#closed)
      throw new DeviceError(`${this.name} is closed. Open a new device with onnxruntimeWeb({ device: 'webgpu' })`);
    if (this.#lost !== undefined)
      throw new DeviceError(
        `${this.name}: the GPU device was lost (${this.#lost}). What lay on it is gone: open a new device and load the model's state again`,
      );
    if (this.#fault !== undefined) {
      const message = this.#fault;
      this.#fault = undefined;
      throw new ExecutionError(`${this.name}: WebGPU reported an error: ${message}`);
    }
  }

  /** Waits, and tells a lost device from other failures. */
  async #reporting<T>(work: Promise<T>): Promise<T> {
    let result: T;
    try {
      result = await work;
    } catch (error) {
      // The loss is reported a little later than the failures it causes.
      await new Promise((resolve) => setTimeout(resolve, 0));
      this.#requireUsable();
      throw error;
    }
    return result;
  }
}
