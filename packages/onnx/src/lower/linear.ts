import type { DType, Shape } from '@chimera-nn/core';
import { sizeOf } from '@chimera-nn/core';
import type { Term } from '../graph.ts';
import type { Lowering } from './lowering.ts';
import { family } from './lowering.ts';

export interface MatmulFlags {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** A B, with `bias` (of a shape that repeats down the rows) added where ONNX does both in one node. */
export function matmul(
  lowering: Lowering,
  a: Term,
  b: Term,
  { transposeA, transposeB }: MatmulFlags,
  dtype: DType,
  shape: Shape,
  bias?: Term,
): Term {
  const { graph } = lowering;
  const flags = { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 };
  if (a.shape.length === 2 && b.shape.length === 2)
    return graph.node(
      'Gemm',
      [graph.full(a), graph.full(b), ...(bias === undefined ? [] : [bias])],
      flags,
      dtype,
      shape,
    );
  // Rows of many matrices times one matrix: one product.
  if (b.shape.length === 2) {
    if (transposeA)
      return matmul(lowering, swapLast(lowering, a), b, { transposeA: false, transposeB }, dtype, shape, bias);
    const rows = sizeOf(a.shape.slice(0, -1));
    const columns = shape.at(-1)!;
    const flat = lowering.reshape(a, [rows, a.shape.at(-1)!]);
    const y = graph.node(
      'Gemm',
      [graph.full(flat), graph.full(b), ...(bias === undefined ? [] : [bias])],
      flags,
      dtype,
      [rows, columns],
    );
    return lowering.reshape(y, shape);
  }
  const left = transposeA ? swapLast(lowering, a) : a;
  const right = transposeB ? swapLast(lowering, b) : b;
  // Batches broadcast by themselves.
  return graph.node('MatMul', [matrices(lowering, left), matrices(lowering, right)], {}, dtype, shape);
}

// Repetition of whole matrices may stay unwritten; repetition inside a matrix may not.
function matrices(lowering: Lowering, x: Term): Term {
  const { stored, shape } = x;
  const whole = stored.length >= 2 && stored.at(-1) === shape.at(-1) && stored.at(-2) === shape.at(-2);
  return whole && !lowering.webgpu ? x : lowering.graph.full(x);
}

function swapLast(lowering: Lowering, x: Term): Term {
  const order = x.shape.map((_, i) => i);
  [order[order.length - 2], order[order.length - 1]] = [order.length - 1, order.length - 2];
  return lowering.permute(x, order);
}

export const linear = family({
  matmul: (lowering, [a, b], { attributes, dtype, shape }) => matmul(lowering, a!, b!, attributes, dtype, shape),
});
