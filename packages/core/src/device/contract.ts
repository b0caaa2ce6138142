import type { DType, HostArray } from '../graph/dtype.ts';
import type { Program } from '../graph/program.ts';
import type { CompositeName } from '../graph/registry.ts';
import type { Shape } from '../graph/shape.ts';

/** Memory on a device that holds one tensor. Only the device that made it looks inside. */
export interface DeviceBuffer {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly bytes: number;
}

/** A value that still lies in host memory; the device uploads it as part of a run and keeps nothing of it. */
export interface HostValue {
  readonly data: HostArray;
  readonly dtype: DType;
  readonly shape: Shape;
}

/** What is handed to a run: borrowed buffers, or small host values such as learning rates. */
export type RunInput = { readonly buffer: DeviceBuffer } | { readonly host: HostValue };

/** What a device can do. */
export interface Capabilities {
  /** dtypes of buffers and of arithmetic. */
  readonly dtypes: readonly DType[];
  /** Composites that the device computes itself; core expands all others before `compile`. */
  readonly native: readonly CompositeName[];
}

/** Buffers that are alive. */
export interface DeviceStats {
  readonly buffers: number;
  readonly bytes: number;
  /** Programs compiled since the device was opened. */
  readonly compilations?: number;
}

/** A program that a device has compiled. */
export interface Executable {
  /**
   * Computes the program. `inputs` are borrowed and stay valid; every result is a fresh buffer owned by the caller,
   * also where it equals an input or another result. A failure leaves no buffer behind.
   */
  run(inputs: readonly RunInput[]): Promise<DeviceBuffer[]> | DeviceBuffer[];
  dispose(): void;
}

/**
 * An opened engine on some hardware. Adapter packages implement it; core records, checks, differentiates and caches.
 * A device sees only valid programs: dtypes and shapes have been checked.
 */
export interface Device {
  /** `adapter:hardware`, for example `tfjs-node:cpu`. */
  readonly name: string;
  readonly capabilities: Capabilities;
  /** Prepares a program. Errors are `ExecutionError`s that carry the instruction's index. */
  compile(program: Program): Promise<Executable> | Executable;
  /** Copies host values to the device. */
  upload(data: HostArray, shape: Shape, dtype: DType): DeviceBuffer;
  /** Copies a buffer to the host. */
  download(buffer: DeviceBuffer): Promise<HostArray>;
  free(buffer: DeviceBuffer): void;
  stats(): DeviceStats;
  /** Frees everything. A closed device refuses further work with a DeviceError. */
  close(): Promise<void>;
}
