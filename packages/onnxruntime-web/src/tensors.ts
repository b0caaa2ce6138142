import type { DType, HostArray } from '@chimera-nn/core';
import type { Tensor } from 'onnxruntime-web';

// ONNX Runtime's type names differ from ours in nothing, but its list is longer.
export type TensorType = Extract<Tensor.Type, DType>;

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
