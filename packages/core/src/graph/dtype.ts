/** The element types of tensors. PyTorch's `int64` is `int32` here, with a range check where files are read. */
export type DType = 'float16' | 'float32' | 'float64' | 'int32' | 'bool';

/**
 * How values of a dtype lie in host memory: `float16` as raw bits in a `Uint16Array`, `bool` as 0 or 1 in a
 * `Uint8Array`.
 */
export type HostArray = Float32Array | Float64Array | Int32Array | Uint8Array | Uint16Array;

export const dtypes: readonly DType[] = ['float16', 'float32', 'float64', 'int32', 'bool'];

const bytes: Record<DType, number> = { float16: 2, float32: 4, float64: 8, int32: 4, bool: 1 };

/** Bytes per element. */
export function byteSize(dtype: DType): number {
  return bytes[dtype];
}

/** Whether a dtype is a floating point type, hence may require gradients. */
export function isFloating(dtype: DType): boolean {
  return dtype === 'float32' || dtype === 'float64' || dtype === 'float16';
}

// bool < int32 < float16 < float32 < float64, as in PyTorch's promotion lattice.
const rank: Record<DType, number> = { bool: 0, int32: 1, float16: 2, float32: 3, float64: 4 };

/** The dtype in which two tensors meet (PyTorch: `torch.promote_types`). */
export function promoteTypes(a: DType, b: DType): DType {
  return rank[a] >= rank[b] ? a : b;
}

/** A zero-filled host array for `length` elements of `dtype`. */
export function allocateHost(dtype: DType, length: number): HostArray {
  switch (dtype) {
    case 'float16':
      return new Uint16Array(length);
    case 'float32':
      return new Float32Array(length);
    case 'float64':
      return new Float64Array(length);
    case 'int32':
      return new Int32Array(length);
    case 'bool':
      return new Uint8Array(length);
  }
}

const scratch = new DataView(new ArrayBuffer(4));

/** Rounds a number to the nearest float16 (ties to even) and returns its bits. */
export function toFloat16Bits(value: number): number {
  scratch.setFloat32(0, value);
  const bits = scratch.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  const exponent = (bits >>> 23) & 0xff;
  const mantissa = bits & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (mantissa ? 0x200 : 0);
  if (exponent >= 143) return sign | 0x7c00;
  // Below 2^-14 the result is subnormal: the hidden bit is shifted into the mantissa.
  const normal = exponent >= 113;
  const shift = normal ? 13 : 126 - exponent;
  if (shift > 24) return sign;
  const significand = normal ? ((exponent - 112) << 23) | mantissa : mantissa | 0x800000;
  const kept = significand >>> shift;
  const rest = significand & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  // A mantissa that rounds up past its width carries into the exponent, which is what IEEE 754 asks for.
  return sign | (kept + (rest > half || (rest === half && (kept & 1) === 1) ? 1 : 0));
}

/** The number that float16 bits stand for. */
export function fromFloat16Bits(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const mantissa = bits & 0x3ff;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 31) return mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}

/** Reads host data as plain numbers, whatever its dtype. */
export function hostToNumbers(data: HostArray, dtype: DType): Float32Array | Float64Array | Int32Array | Uint8Array {
  if (dtype === 'float16') return Float32Array.from(data, fromFloat16Bits);
  return data as Float32Array | Float64Array | Int32Array | Uint8Array;
}

/** Stores numbers as host data of a dtype: int32 truncates, bool is `value != 0`, float16 rounds to even. */
export function numbersToHost(values: ArrayLike<number>, dtype: DType): HostArray {
  const out = allocateHost(dtype, values.length);
  if (dtype === 'float16') for (let i = 0; i < values.length; i++) out[i] = toFloat16Bits(values[i]!);
  else if (dtype === 'bool') for (let i = 0; i < values.length; i++) out[i] = values[i] === 0 ? 0 : 1;
  else out.set(values);
  return out;
}
