import type { DType, DeviceBuffer, HostArray, Shape } from '@chimera-nn/core';
import { DeviceError, byteSize, sizeOf } from '@chimera-nn/core';
import type { Binding, NativeAttribute, TensorMetadata } from './binding.ts';
import type { AttributeValue, ConstantData, TensorType } from './sink.ts';
import { dataTypes } from './sink.ts';

/** A tensor of the engine that a caller owns. */
export class TensorBuffer implements DeviceBuffer {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly bytes: number;
  readonly session: Session;
  /** The engine's number for the tensor; `undefined` once it is freed. */
  id: number | undefined;

  constructor(session: Session, id: number, dtype: DType, shape: Shape) {
    this.session = session;
    this.id = id;
    this.dtype = dtype;
    this.shape = shape;
    this.bytes = sizeOf(shape) * byteSize(dtype);
  }
}

/** The engine as one device uses it: its tensors, its graphs, and an account of what is alive. */
export class Session {
  readonly name: string;
  readonly #binding: Binding;
  readonly #buffers = new Set<TensorBuffer>();
  readonly #models = new Set<number>();
  #bytes = 0;
  #closed = false;

  constructor(name: string, binding: Binding) {
    this.name = name;
    this.#binding = binding;
  }

  get buffers(): number {
    return this.#buffers.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  requireOpen(): void {
    if (this.#closed) throw new DeviceError(`${this.name} is closed`);
  }

  /** Hands a tensor to a caller. */
  adopt(id: number, dtype: DType, shape: Shape): TensorBuffer {
    const buffer = new TensorBuffer(this, id, dtype, shape);
    this.#buffers.add(buffer);
    this.#bytes += buffer.bytes;
    return buffer;
  }

  /** The tensor of a buffer. Throws DeviceError for buffers that were freed or belong to another device. */
  tensorOf(buffer: DeviceBuffer): number {
    this.requireOpen();
    if (!(buffer instanceof TensorBuffer) || buffer.session !== this)
      throw new DeviceError(`${this.name}: the buffer belongs to another device`);
    if (buffer.id === undefined) throw new DeviceError(`${this.name}: the buffer has been freed`);
    return buffer.id;
  }

  free(buffer: DeviceBuffer): void {
    this.deleteTensor(this.tensorOf(buffer));
    const own = buffer as TensorBuffer;
    own.id = undefined;
    this.#buffers.delete(own);
    this.#bytes -= own.bytes;
  }

  /**
   * Makes a tensor from host values, of which it takes a copy: the engine would go on reading the caller's memory.
   */
  createTensor(data: ConstantData, type: TensorType, shape: Shape): number {
    const code = dataTypes[type];
    switch (type) {
      case 'float16':
      case 'float64': {
        // The engine takes neither; it takes their bytes, and then another look at them.
        const bytes = new Uint8Array(data.byteLength);
        bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
        const width = type === 'float16' ? 2 : 8;
        const raw =
          type === 'float16'
            ? this.#binding.createTensor([...shape, width], dataTypes.uint8, bytes)
            : this.#binding.createTensor([...shape, 2], dataTypes.int32, new Int32Array(bytes.buffer));
        try {
          return this.#bitcast(raw, type === 'float16' ? 'uint8' : 'int32', type);
        } finally {
          this.deleteTensor(raw);
        }
      }
      default:
        return this.#binding.createTensor(shape, code, (data as Float32Array | Int32Array | Uint8Array).slice());
    }
  }

  /** Copies a tensor's values to the host. */
  read(id: number, dtype: DType): HostArray {
    switch (dtype) {
      case 'float16': {
        const bits = this.#bitcast(id, 'float16', 'uint16');
        const wide = this.#cast(bits, 'uint16', 'int32');
        return Uint16Array.from(this.#readAndDelete(wide));
      }
      case 'float64': {
        const pairs = this.#readAndDelete(this.#bitcast(id, 'float64', 'int32'));
        return new Float64Array(pairs.buffer, pairs.byteOffset, pairs.length / 2);
      }
      default:
        return this.#binding.tensorDataSync(id);
    }
  }

  deleteTensor(id: number): void {
    this.#binding.deleteTensor(id);
  }

  /** A second number for the same tensor, to be deleted on its own. */
  duplicate(id: number, type: TensorType): number {
    return this.execute('Identity', { T: { type } }, [id])[0]!.id;
  }

  /** Runs one operation. */
  execute(
    name: string,
    attributes: Readonly<Record<string, AttributeValue>>,
    inputs: readonly number[],
    outputs = 1,
  ): TensorMetadata[] {
    return this.#binding.executeOp(name, this.#native(attributes), inputs, outputs);
  }

  loadModel(folder: string): number {
    const id = this.#binding.loadSavedModel(folder, 'serve');
    this.#models.add(id);
    return id;
  }

  runModel(id: number, inputs: readonly number[], inputNames: string, outputNames: string): TensorMetadata[] {
    return this.#binding.runSavedModel(id, inputs, inputNames, outputNames);
  }

  deleteModel(id: number): void {
    // Closing the device has deleted them all.
    if (this.#models.delete(id)) this.#binding.deleteSavedModel(id);
  }

  close(): void {
    if (this.#closed) return;
    for (const buffer of this.#buffers) this.free(buffer);
    for (const id of this.#models) this.deleteModel(id);
    this.#closed = true;
  }

  #readAndDelete(id: number): Int32Array {
    try {
      return this.#binding.tensorDataSync(id) as Int32Array;
    } finally {
      this.deleteTensor(id);
    }
  }

  #bitcast(id: number, from: TensorType, type: TensorType): number {
    return this.execute('Bitcast', { T: { type: from }, type: { type } }, [id])[0]!.id;
  }

  #cast(id: number, from: TensorType, to: TensorType): number {
    try {
      return this.execute('Cast', { SrcT: { type: from }, DstT: { type: to } }, [id])[0]!.id;
    } finally {
      this.deleteTensor(id);
    }
  }

  #native(attributes: Readonly<Record<string, AttributeValue>>): NativeAttribute[] {
    const { TF_ATTR_BOOL, TF_ATTR_INT, TF_ATTR_STRING, TF_ATTR_TYPE } = this.#binding;
    return Object.entries(attributes).map(([name, value]) => {
      if ('type' in value) return { name, type: TF_ATTR_TYPE, value: dataTypes[value.type] };
      if ('bool' in value) return { name, type: TF_ATTR_BOOL, value: value.bool };
      if ('text' in value) return { name, type: TF_ATTR_STRING, value: value.text };
      if ('int' in value) return { name, type: TF_ATTR_INT, value: value.int };
      return { name, type: TF_ATTR_INT, value: value.ints };
    });
  }
}

/** What the engine says went wrong, without its framing. */
export function engineMessage(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text
    .replace(/^Invalid TF_Status: \d+\s*Message: /, '')
    .replace(/^Session fail to run with error: /, '')
    .replace(/\s*\[\[\{\{node [^}]*\}\}.*$/s, '')
    .replace(/^\{\{[^}]*\}\} /, '')
    .trim();
}
