import {
  byteSize,
  DeviceError,
  dtypes,
  hostToNumbers,
  allocateHost,
  numbersToHost,
  sameShape,
  sizeOf,
} from '@chimera-nn/core';
import type {
  CompositeName,
  Device,
  DeviceBuffer,
  DeviceStats,
  DType,
  Executable,
  HostArray,
  Program,
  ProgramInput,
  RunInput,
  Shape,
} from '@chimera-nn/core';
import { interpret } from './interpreter.ts';
import type { Operand } from './kernels/kernel.ts';
import { roundTo } from './rounding.ts';

export interface ReferenceOptions {
  /** Default `reference`. */
  readonly name?: string;
  /** dtypes that the device admits to. Default: all. */
  readonly dtypes?: readonly DType[];
  /** Composites that core hands over whole; they are computed by their expansion all the same. Default: none. */
  readonly native?: readonly CompositeName[];
}

/**
 * Opens the executable specification: every primitive as a plain loop in TypeScript, slow on purpose. Each instruction
 * is computed in float64 and rounded once to its dtype. It is also the strictest device: reading freed memory, freeing
 * twice and handing over another device's buffer throw a DeviceError, where other engines may not notice.
 */
export function referenceDevice(options: ReferenceOptions = {}): Device {
  return new ReferenceDevice(options);
}

interface Memory {
  readonly owner: ReferenceDevice;
  data: Float64Array | undefined;
}

// What a buffer holds stays out of sight of everyone but this file.
const memories = new WeakMap<DeviceBuffer, Memory>();

class ReferenceDevice implements Device {
  readonly name: string;
  readonly capabilities;
  readonly #live = new Set<DeviceBuffer>();
  #compilations = 0;
  #closed = false;

  constructor(options: ReferenceOptions) {
    this.name = options.name ?? 'reference';
    this.capabilities = { dtypes: options.dtypes ?? dtypes, native: options.native ?? [] };
  }

  compile(program: Program): Executable {
    this.requireOpen('compile');
    for (const { dtype, op } of program.instructions) this.#requireDType(op, dtype);
    this.#compilations++;
    let disposed = false;
    return {
      run: (inputs) => {
        this.requireOpen('run');
        if (disposed) throw new DeviceError(`${this.name}: run: this executable has been disposed`);
        return this.#run(program, inputs);
      },
      dispose: () => {
        disposed = true;
      },
    };
  }

  upload(data: HostArray, shape: Shape, dtype: DType): DeviceBuffer {
    this.requireOpen('upload');
    return this.#allocate(this.#fromHost('upload', data, shape, dtype));
  }

  // Asynchronous like every engine's, so that errors are rejections here too.
  async download(buffer: DeviceBuffer): Promise<HostArray> {
    this.requireOpen('download');
    return numbersToHost(this.#read('download', buffer).data, buffer.dtype);
  }

  free(buffer: DeviceBuffer): void {
    this.requireOpen('free');
    this.#read('free', buffer);
    memories.get(buffer)!.data = undefined;
    this.#live.delete(buffer);
  }

  stats(): DeviceStats {
    this.requireOpen('stats');
    let bytes = 0;
    for (const buffer of this.#live) bytes += buffer.bytes;
    return { buffers: this.#live.size, bytes, compilations: this.#compilations };
  }

  async close(): Promise<void> {
    for (const buffer of this.#live) memories.get(buffer)!.data = undefined;
    this.#live.clear();
    this.#closed = true;
  }

  requireOpen(what: string): void {
    if (this.#closed) throw new DeviceError(`${this.name}: ${what}: the device has been closed`);
  }

  #run(program: Program, inputs: readonly RunInput[]): DeviceBuffer[] {
    if (inputs.length !== program.inputs.length)
      throw new DeviceError(`${this.name}: run: expected ${program.inputs.length} inputs, got ${inputs.length}`);
    const operands = inputs.map((input, i) => {
      const what = `run: input ${i}`;
      const operand =
        'buffer' in input
          ? this.#read(what, input.buffer)
          : this.#fromHost(what, input.host.data, input.host.shape, input.host.dtype);
      this.#requireType(what, operand, program.inputs[i]!);
      return operand;
    });
    return interpret(program, operands).map((result) => this.#allocate(result));
  }

  #allocate({ dtype, shape, data }: Operand): DeviceBuffer {
    const buffer: DeviceBuffer = Object.freeze({
      dtype,
      shape: Object.freeze([...shape]),
      bytes: sizeOf(shape) * byteSize(dtype),
    });
    // A result may share its numbers with an operand or another result: each buffer owns a copy.
    memories.set(buffer, { owner: this, data: data.slice() });
    this.#live.add(buffer);
    return buffer;
  }

  #read(what: string, buffer: DeviceBuffer): Operand {
    const memory = memories.get(buffer);
    if (memory === undefined)
      throw new DeviceError(`${this.name}: ${what}: this is not a buffer of a reference device`);
    if (memory.owner !== this)
      throw new DeviceError(`${this.name}: ${what}: the buffer belongs to another device (${memory.owner.name})`);
    if (memory.data === undefined)
      throw new DeviceError(
        `${this.name}: ${what}: the ${buffer.dtype} buffer of shape [${buffer.shape.join(', ')}] has been freed`,
      );
    return { dtype: buffer.dtype, shape: buffer.shape, data: memory.data };
  }

  #fromHost(what: string, data: HostArray, shape: Shape, dtype: DType): Operand {
    this.#requireDType(what, dtype);
    const expected = allocateHost(dtype, 0).constructor;
    if (data.constructor !== expected)
      throw new TypeError(
        `${this.name}: ${what}: ${dtype} data lies in a ${expected.name}, got ${data.constructor.name}`,
      );
    if (data.length !== sizeOf(shape))
      throw new DeviceError(`${this.name}: ${what}: ${data.length} elements do not fill shape [${shape.join(', ')}]`);
    return { dtype, shape: [...shape], data: roundTo(Float64Array.from(hostToNumbers(data, dtype)), dtype) };
  }

  #requireDType(what: string, dtype: DType): void {
    if (!this.capabilities.dtypes.includes(dtype))
      throw new DeviceError(
        `${this.name}: ${what}: this device has no ${dtype}; it has ${this.capabilities.dtypes.join(', ')}`,
      );
  }

  #requireType(what: string, got: ProgramInput, expected: ProgramInput): void {
    if (got.dtype !== expected.dtype || !sameShape(got.shape, expected.shape))
      throw new DeviceError(
        `${this.name}: ${what}: expected ${expected.dtype} [${expected.shape.join(', ')}], got ${got.dtype} [${got.shape.join(', ')}]`,
      );
  }
}
