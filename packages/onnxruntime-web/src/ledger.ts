import type { DeviceBuffer, DeviceStats, DType, Shape } from '@chimera-nn/core';
import { DeviceError } from '@chimera-nn/core';

/** A buffer with what its device keeps in it. */
export class EngineBuffer<Storage> implements DeviceBuffer {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly bytes: number;
  /** Undefined once freed. */
  storage: Storage | undefined;

  constructor(dtype: DType, shape: Shape, bytes: number, storage: Storage) {
    this.dtype = dtype;
    this.shape = shape;
    this.bytes = bytes;
    this.storage = storage;
  }
}

/** The live buffers of one device. */
export class Ledger<Storage> {
  readonly #device: string;
  readonly #live = new Set<EngineBuffer<Storage>>();
  #bytes = 0;

  constructor(device: string) {
    this.#device = device;
  }

  add(dtype: DType, shape: Shape, bytes: number, storage: Storage): EngineBuffer<Storage> {
    const buffer = new EngineBuffer(dtype, shape, bytes, storage);
    this.#live.add(buffer);
    this.#bytes += bytes;
    return buffer;
  }

  /** What a buffer holds; throws for a freed buffer and for one of another device. */
  storageOf(buffer: DeviceBuffer): Storage {
    const { storage } = this.#own(buffer);
    return storage!;
  }

  /** Forgets a buffer and gives what it held. */
  remove(buffer: DeviceBuffer): Storage {
    const own = this.#own(buffer);
    const storage = own.storage!;
    this.#live.delete(own);
    this.#bytes -= own.bytes;
    own.storage = undefined;
    return storage;
  }

  /** Forgets all buffers and gives what they held. */
  clear(): Storage[] {
    return [...this.#live].map((buffer) => this.remove(buffer));
  }

  stats(): Pick<DeviceStats, 'buffers' | 'bytes'> {
    return { buffers: this.#live.size, bytes: this.#bytes };
  }

  #own(buffer: DeviceBuffer): EngineBuffer<Storage> {
    if (!this.#live.has(buffer as EngineBuffer<Storage>))
      throw new DeviceError(
        buffer instanceof EngineBuffer && buffer.storage === undefined
          ? `${this.#device}: this buffer has been freed`
          : `${this.#device}: this buffer belongs to another device`,
      );
    return buffer as EngineBuffer<Storage>;
  }
}
