import { sizeOf, stridesOf } from '@chimera-nn/core';
import type { Shape } from '@chimera-nn/core';
import { broadcastIndices, stridedIndices, take } from './index-map.ts';
import type { Kernels } from './kernel.ts';

/** Offsets of the box of `sizes` elements from `starts` on, in a tensor of `shape`. */
function box(shape: Shape, starts: readonly number[], sizes: Shape): Int32Array {
  const strides = stridesOf(shape);
  return stridedIndices(
    sizes,
    strides,
    starts.reduce((sum, start, i) => sum + start * strides[i]!, 0),
  );
}

function put(out: Float64Array, places: Int32Array, values: Float64Array): void {
  for (const [i, place] of places.entries()) out[place] = values[i]!;
}

function checkIndex(index: number, extent: number): number {
  if (index < 0 || index >= extent)
    throw new RangeError(`index ${index} is out of bounds for an axis of ${extent} elements`);
  return index;
}

export const movement = {
  reshape: ([x]) => x!.data,
  permute: ([x], { shape, attributes: { permutation } }) => {
    const strides = stridesOf(x!.shape);
    return take(
      x!.data,
      stridedIndices(
        shape,
        permutation.map((axis) => strides[axis]!),
      ),
    );
  },
  broadcastTo: ([x], { shape }) => take(x!.data, broadcastIndices(x!.shape, shape)),
  slice: ([x], { attributes: { starts, sizes } }) => take(x!.data, box(x!.shape, starts, sizes)),
  pad: ([x], { shape, attributes: { lo, value } }) => {
    const out = new Float64Array(sizeOf(shape)).fill(value);
    put(out, box(shape, lo, x!.shape), x!.data);
    return out;
  },
  concat: (operands, { shape, attributes: { axis } }) => {
    const out = new Float64Array(sizeOf(shape));
    let start = 0;
    for (const x of operands) {
      put(
        out,
        box(
          shape,
          shape.map((_, i) => (i === axis ? start : 0)),
          x.shape,
        ),
        x.data,
      );
      start += x.shape[axis]!;
    }
    return out;
  },
  flip: ([x], { shape, attributes: { axes } }) => {
    const strides = stridesOf(shape);
    const start = axes.reduce((sum, axis) => sum + (shape[axis]! - 1) * strides[axis]!, 0);
    return take(
      x!.data,
      stridedIndices(
        shape,
        strides.map((stride, i) => (axes.includes(i) ? -stride : stride)),
        start,
      ),
    );
  },

  gather: ([x, indices], { attributes: { axis } }) => {
    const extent = x!.shape[axis]!;
    const outer = sizeOf(x!.shape.slice(0, axis));
    const inner = sizeOf(x!.shape.slice(axis + 1));
    const count = indices!.data.length;
    const out = new Float64Array(outer * count * inner);
    for (let o = 0; o < outer; o++)
      for (let i = 0; i < count; i++) {
        const index = checkIndex(indices!.data[i]!, extent);
        for (let j = 0; j < inner; j++) out[(o * count + i) * inner + j] = x!.data[(o * extent + index) * inner + j]!;
      }
    return out;
  },
  scatterAdd: ([updates, indices], { dtype, attributes: { axis, size } }) => {
    const outer = sizeOf(updates!.shape.slice(0, axis));
    const inner = sizeOf(updates!.shape.slice(axis + indices!.shape.length));
    const count = indices!.data.length;
    const out = new Float64Array(outer * size * inner);
    for (let o = 0; o < outer; o++)
      for (let i = 0; i < count; i++) {
        const index = checkIndex(indices!.data[i]!, size);
        for (let j = 0; j < inner; j++) {
          const place = (o * size + index) * inner + j;
          const sum = out[place]! + updates!.data[(o * count + i) * inner + j]!;
          out[place] = dtype === 'int32' ? sum | 0 : sum;
        }
      }
    return out;
  },
} satisfies Partial<Kernels>;
