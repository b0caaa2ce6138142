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
import type { Hardware } from './engine.ts';
import { loadEngine } from './engine.ts';
import type { Tier } from './executable.ts';
import { TieredExecutable } from './executable.ts';
import { nativeComposites } from './lower/table.ts';
import { Session } from './session.ts';

/** Options of `tfjsNode`. */
export interface TfjsNodeOptions {
  /** Where programs run. Default: `'cpu'`. */
  readonly device?: Hardware;
  /**
   * How programs run: `'interpret'` executes one operation after another, `'compile'` builds a TensorFlow graph of
   * each, `'auto'` interprets a program the first times and compiles it when it comes back.
   *
   * @internal
   */
  readonly tier?: Tier;
}

/**
 * Opens TensorFlow as a device, named `tfjs-node:cpu` or `tfjs-node:cuda`.
 *
 * `cpu` runs on the package `@tensorflow/tfjs-node`, `cuda` on `@tensorflow/tfjs-node-gpu`; install the one you use.
 *
 * Rejects with DeviceError when the package or its native addon is missing, or when there is no card for `cuda`.
 */
export async function tfjsNode({ device = 'cpu', tier = 'auto' }: TfjsNodeOptions = {}): Promise<Device> {
  if (device !== 'cpu' && device !== 'cuda')
    throw new TypeError(`tfjsNode: device must be 'cpu' or 'cuda', got ${String(device)}`);
  return new TfjsNodeDevice(new Session(`tfjs-node:${device}`, loadEngine(device)), tier);
}

class TfjsNodeDevice implements Device {
  readonly name: string;
  readonly capabilities: Capabilities = {
    dtypes: ['float16', 'float32', 'float64', 'int32', 'bool'],
    native: nativeComposites,
  };
  readonly #session: Session;
  readonly #tier: Tier;
  #compilations = 0;

  constructor(session: Session, tier: Tier) {
    this.name = session.name;
    this.#session = session;
    this.#tier = tier;
  }

  compile(program: Program): Executable {
    this.#session.requireOpen();
    this.#compilations++;
    return new TieredExecutable(this.#session, program, this.#tier);
  }

  upload(data: HostArray, shape: Shape, dtype: DType): DeviceBuffer {
    this.#session.requireOpen();
    return this.#session.adopt(this.#session.createTensor(data, dtype, shape), dtype, shape);
  }

  async download(buffer: DeviceBuffer): Promise<HostArray> {
    return this.#session.read(this.#session.tensorOf(buffer), buffer.dtype);
  }

  free(buffer: DeviceBuffer): void {
    this.#session.free(buffer);
  }

  stats(): DeviceStats {
    this.#session.requireOpen();
    return { buffers: this.#session.buffers, bytes: this.#session.bytes, compilations: this.#compilations };
  }

  async close(): Promise<void> {
    this.#session.close();
  }
}
