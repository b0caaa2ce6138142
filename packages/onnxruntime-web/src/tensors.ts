import type { DType, HostArray, Shape } from '@chimera-nn/core';
import type { Tensor } from 'onnxruntime-web';
import type { Engine } from './engine.ts';

const half = (globalThis as { Float16Array?: new (buffer: ArrayBufferLike, offset: number, length: number) => unknown })
  .Float16Array;

/** Host data as the engine takes it: where the platform has Float16Array, the engine wants one. */
export function toEngine(data: HostArray, dtype: DType): Tensor.DataType {
  if (dtype === 'float16' && half !== undefined)
    return new half(data.buffer, data.byteOffset, data.length) as Tensor.DataType;
  return data as Tensor.DataType;
}

/** Data of the engine as host data. */
export function fromEngine(data: Tensor.DataType, dtype: DType): HostArray {
  if (dtype !== 'float16') return data as HostArray;
  const view = data as unknown as {
    readonly buffer: ArrayBuffer;
    readonly byteOffset: number;
    readonly length: number;
  };
  return new Uint16Array(view.buffer, view.byteOffset, view.length);
}

/** A view of GPU memory for the engine. */
export function gpuTensor(engine: Engine, gpuBuffer: GPUBuffer, dtype: DType, shape: Shape): Tensor {
  // The engine's names of types are ours, but for float64, which GPUs do not have.
  return engine.ort.Tensor.fromGpuBuffer(gpuBuffer, { dataType: dtype as Exclude<DType, 'float64'>, dims: shape });
}
