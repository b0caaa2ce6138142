import { sizeOf, stridesOf } from '@chimera-nn/core';
import type { Shape } from '@chimera-nn/core';

/** The position, in an operand of shape `from`, that each element of `to` reads under broadcasting. */
export function broadcastIndices(from: Shape, to: Shape): Int32Array {
  const strides = stridesOf(from).map((stride, i) => (from[i] === 1 ? 0 : stride));
  const extra = to.length - from.length;
  return stridedIndices(to, [...Array.from<number>({ length: extra }).fill(0), ...strides]);
}

/** Offsets `start + sum coordinate_i stride_i` for every coordinate of `shape`, in row-major order. */
export function stridedIndices(shape: Shape, strides: readonly number[], start = 0): Int32Array {
  const out = new Int32Array(sizeOf(shape));
  const coordinate = shape.map(() => 0);
  let offset = start;
  for (let i = 0; i < out.length; i++) {
    out[i] = offset;
    for (let d = shape.length - 1; d >= 0; d--) {
      coordinate[d]!++;
      offset += strides[d]!;
      if (coordinate[d]! < shape[d]!) break;
      offset -= coordinate[d]! * strides[d]!;
      coordinate[d] = 0;
    }
  }
  return out;
}

/** `data[indices[i]]` for every i. */
export function take(data: Float64Array, indices: Int32Array): Float64Array {
  const out = new Float64Array(indices.length);
  for (let i = 0; i < out.length; i++) out[i] = data[indices[i]!]!;
  return out;
}
