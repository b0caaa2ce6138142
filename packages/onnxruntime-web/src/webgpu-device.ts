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
import { DeviceError, ExecutionError, allocateHost, byteSize, sizeOf } from '@chimera-nn/core';
import { emitProgram, nativeComposites } from '@chimera-nn/onnx';
import type { EmittedProgram } from '@chimera-nn/onnx';
import type { InferenceSession, Tensor } from 'onnxruntime-web';
import type { Engine } from './engine.ts';
import type { Block } from './gpu-memory.ts';
import { GpuMemory } from './gpu-memory.ts';
import { Ledger } from './ledger.ts';
import { Session } from './session.ts';
import type { TensorType } from './tensors.ts';

export interface WebGpuDeviceOptions {
  /** Whether operations that the GPU has no kernel for may run on the CPU instead of failing. Default false. */
  readonly cpuFallback?: boolean;
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
    const executable = new WebGpuExecutable(
      this.#engine,
      this.#gpu,
      this.#memory,
      this.#ledger,
      program,
      emitted,
      session,
      {
        check: () => this.#requireUsable(),
        report: (work) => this.#reporting(work),
        disposed: () => this.#executables.delete(executable),
      },
    );
    this.#executables.add(executable);
    return executable;
  }

  upload(data: HostArray, shape: Shape, dtype: DType): DeviceBuffer {
    this.#requireUsable();
    return this.#ledger.add(dtype, shape, data.byteLength, upload(this.#memory, data));
  }

  async download(buffer: DeviceBuffer): Promise<HostArray> {
    this.#requireUsable();
    const block = this.#ledger.storageOf(buffer);
    const out = allocateHost(buffer.dtype, sizeOf(buffer.shape));
    if (block === null) return out;
    const size = Math.ceil(out.byteLength / 4) * 4;
    const staging = this.#gpu.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    try {
      const encoder = this.#gpu.createCommandEncoder();
      encoder.copyBufferToBuffer(block.gpuBuffer, 0, staging, 0, size);
      this.#gpu.queue.submit([encoder.finish()]);
      await this.#reporting(staging.mapAsync(GPUMapMode.READ));
      new Uint8Array(out.buffer).set(new Uint8Array(staging.getMappedRange(0, size)).subarray(0, out.byteLength));
      return out;
    } finally {
      staging.destroy();
    }
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
      extra: { session: { disable_cpu_ep_fallback: this.#options.cpuFallback ? '0' : '1' } },
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

function upload(memory: GpuMemory, data: HostArray): Block | null {
  if (data.length === 0) return null;
  const block = memory.acquire(data.byteLength);
  memory.write(block, data);
  return block;
}

interface Owner {
  check(): void;
  report<T>(work: Promise<T>): Promise<T>;
  disposed(): void;
}

class WebGpuExecutable implements Executable {
  readonly #engine: Engine;
  readonly #gpu: GPUDevice;
  readonly #memory: GpuMemory;
  readonly #ledger: Ledger<Block | null>;
  readonly #program: Program;
  readonly #emitted: EmittedProgram;
  readonly #session: Session | undefined;
  readonly #owner: Owner;
  #disposed = false;

  constructor(
    engine: Engine,
    gpu: GPUDevice,
    memory: GpuMemory,
    ledger: Ledger<Block | null>,
    program: Program,
    emitted: EmittedProgram,
    session: Session | undefined,
    owner: Owner,
  ) {
    this.#engine = engine;
    this.#gpu = gpu;
    this.#memory = memory;
    this.#ledger = ledger;
    this.#program = program;
    this.#emitted = emitted;
    this.#session = session;
    this.#owner = owner;
  }

  async run(inputs: readonly RunInput[]): Promise<DeviceBuffer[]> {
    this.#owner.check();
    if (this.#disposed) throw new ExecutionError('The program has been disposed of');
    const { results, outputs } = this.#emitted;
    // Taken and held now: a caller may free its inputs as soon as this returns to it.
    const blocks = inputs.map((input) => {
      const block = 'host' in input ? upload(this.#memory, input.host.data) : this.#ledger.storageOf(input.buffer);
      if (block === null) return null;
      this.#memory.hold(block);
      if ('host' in input) this.#memory.free(block);
      return block;
    });
    const computed = new Map<string, Block>();
    try {
      await (this.#session && this.#owner.report(this.#session.run(() => this.#bind(blocks, computed))));
      this.#owner.check();
      const taken = new Set<string>();
      return results.map((result, i) => {
        const { dtype, shape } = this.#program.instructions[this.#program.outputs[i]!]!;
        const bytes = sizeOf(shape) * byteSize(dtype);
        if (result.kind === 'known') return this.#ledger.add(dtype, shape, bytes, upload(this.#memory, result.data));
        if (result.kind === 'input')
          return this.#ledger.add(dtype, shape, bytes, this.#copy(blocks[result.index]!, bytes));
        const block = computed.get(result.name)!;
        const storage = taken.has(result.name) ? this.#copy(block, bytes) : block;
        taken.add(result.name);
        return this.#ledger.add(dtype, shape, bytes, storage);
      });
    } catch (error) {
      for (const { name } of outputs) {
        const block = computed.get(name);
        if (block !== undefined) this.#memory.free(block);
      }
      throw error;
    } finally {
      for (const block of blocks) if (block !== null) this.#memory.release(block);
    }
  }

  #bind(
    blocks: readonly (Block | null)[],
    computed: Map<string, Block>,
  ): { feeds: Record<string, Tensor>; fetches: Record<string, Tensor> } {
    this.#owner.check();
    const { inputs, outputs } = this.#emitted;
    const feeds: Record<string, Tensor> = {};
    for (const [i, name] of inputs.entries()) {
      const { dtype, shape } = this.#program.inputs[i]!;
      if (name !== undefined) feeds[name] = this.#tensor(blocks[i]!, dtype, shape);
    }
    const fetches: Record<string, Tensor> = {};
    for (const { name, instruction } of outputs) {
      const { dtype, shape } = this.#program.instructions[instruction]!;
      const block = this.#memory.acquire(sizeOf(shape) * byteSize(dtype));
      computed.set(name, block);
      fetches[name] = this.#tensor(block, dtype, shape);
    }
    return { feeds, fetches };
  }

  #tensor(block: Block, dtype: DType, shape: Shape): Tensor {
    return this.#engine.ort.Tensor.fromGpuBuffer(block.gpuBuffer, {
      dataType: dtype as TensorType & Tensor.GpuBufferDataTypes,
      dims: shape,
    });
  }

  #copy(block: Block, bytes: number): Block {
    const copy = this.#memory.acquire(bytes);
    const encoder = this.#gpu.createCommandEncoder();
    encoder.copyBufferToBuffer(block.gpuBuffer, 0, copy.gpuBuffer, 0, copy.gpuBuffer.size);
    this.#gpu.queue.submit([encoder.finish()]);
    return copy;
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
