import { fromFloat16Bits } from '@chimera-nn/core';
import type { DType } from '@chimera-nn/core';

/** A tensor that PyTorch computed. */
export interface Golden {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Row-major; float16 as numbers, bool as 0 and 1. */
  readonly values: Float32Array | Float64Array | Int32Array | Uint8Array;
}

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/**
 * The tensors of a safetensors file that the golden script wrote. Core has a reader too, but what is being proven
 * should not read its own proof.
 */
export function decodeGoldens(bytes: Uint8Array): Map<string, Golden> {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<string, HeaderEntry>;
  const goldens = new Map<string, Golden>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const [begin, end] = entry.data_offsets;
    goldens.set(name, goldenOf(name, entry, bytes.slice(8 + length + begin, 8 + length + end).buffer));
  }
  return goldens;
}

function goldenOf(name: string, { dtype, shape }: HeaderEntry, data: ArrayBuffer): Golden {
  switch (dtype) {
    case 'F32':
      return { dtype: 'float32', shape, values: new Float32Array(data) };
    case 'F64':
      return { dtype: 'float64', shape, values: new Float64Array(data) };
    case 'F16':
      return { dtype: 'float16', shape, values: Float32Array.from(new Uint16Array(data), fromFloat16Bits) };
    case 'I32':
      return { dtype: 'int32', shape, values: new Int32Array(data) };
    case 'BOOL':
      return { dtype: 'bool', shape, values: new Uint8Array(data) };
    default:
      throw new TypeError(`golden ${name}: ${dtype} is not a dtype of tensors`);
  }
}
