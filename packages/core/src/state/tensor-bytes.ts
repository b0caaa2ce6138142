import { DTypeError } from '../errors.ts';
import type { DType, HostArray } from '../graph/dtype.ts';
import { allocateHost } from '../graph/dtype.ts';
import { sizeOf } from '../graph/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { fromHost } from '../tensor/tensor.ts';
import { StateFileError } from './state-file-error.ts';
import type { StoredDType, StoredTensor } from './stored-tensor.ts';

const storedTypes: Record<DType, StoredDType> = {
  float16: 'F16',
  float32: 'F32',
  float64: 'F64',
  int32: 'I32',
  bool: 'BOOL',
};

const loadedTypes: Record<StoredDType, DType> = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'float32',
  I64: 'int32',
  I32: 'int32',
  I16: 'int32',
  I8: 'int32',
  U8: 'int32',
  BOOL: 'bool',
};

/** A tensor as little-endian bytes, computing it first if need be. */
export async function storeTensor(tensor: Tensor): Promise<StoredTensor> {
  const host = await tensor.hostData();
  const dtype = storedTypes[tensor.dtype];
  if (dtype === undefined) throw new DTypeError(`cannot store a tensor of dtype ${tensor.dtype}`);
  // Every engine that Chimera runs on is little-endian, like the files.
  const data = new Uint8Array(host.byteLength);
  data.set(new Uint8Array(host.buffer, host.byteOffset, host.byteLength));
  return { dtype, shape: [...tensor.shape], data };
}

/**
 * Bytes as a tensor that lies on the host and may go to any device. bfloat16 becomes float32; integers become int32,
 * and one that does not fit throws.
 */
export function loadTensor(name: string, { dtype, shape, data }: StoredTensor): Tensor {
  const type = loadedTypes[dtype];
  return fromHost(hostArray(name, dtype, sizeOf(shape), data), [...shape], type, { device: null });
}

function hostArray(name: string, dtype: StoredDType, length: number, data: Uint8Array): HostArray {
  const out = allocateHost(loadedTypes[dtype], length);
  // Copied: views into a file would keep it in memory, and may be unaligned.
  const bytes = new Uint8Array(data);
  const { buffer } = bytes;
  switch (dtype) {
    case 'F64':
      out.set(new Float64Array(buffer));
      break;
    case 'F32':
      out.set(new Float32Array(buffer));
      break;
    case 'F16':
      out.set(new Uint16Array(buffer));
      break;
    case 'BF16': {
      const words = new Uint32Array(length);
      for (const [i, bits] of new Uint16Array(buffer).entries()) words[i] = bits << 16;
      out.set(new Float32Array(words.buffer));
      break;
    }
    case 'I64':
      for (const [i, value] of new BigInt64Array(buffer).entries()) {
        if (value < -2147483648n || value > 2147483647n)
          throw new StateFileError(`tensor "${name}" holds the integer ${value}, which does not fit into int32`);
        out[i] = Number(value);
      }
      break;
    case 'I32':
      out.set(new Int32Array(buffer));
      break;
    case 'I16':
      out.set(new Int16Array(buffer));
      break;
    case 'I8':
      out.set(new Int8Array(buffer));
      break;
    case 'U8':
      out.set(bytes);
      break;
    case 'BOOL':
      for (const [i, value] of bytes.entries()) out[i] = value === 0 ? 0 : 1;
      break;
  }
  return out;
}
