import { sizeOf } from '@chimera-nn/core';
import { broadcastIndices } from './index-map.ts';
import type { Kernels } from './kernel.ts';

export const linear = {
  matmul: ([a, b], { shape, attributes: { transposeA, transposeB } }) => {
    const [m, n] = shape.slice(-2) as [number, number];
    const k = a!.shape.at(transposeA ? -2 : -1)!;
    const batch = shape.slice(0, -2);
    const left = broadcastIndices(a!.shape.slice(0, -2), batch);
    const right = broadcastIndices(b!.shape.slice(0, -2), batch);
    const out = new Float64Array(sizeOf(shape));
    for (let z = 0; z < left.length; z++)
      for (let i = 0; i < m; i++)
        for (let j = 0; j < n; j++) {
          let sum = 0;
          for (let l = 0; l < k; l++) {
            const x = a!.data[left[z]! * m * k + (transposeA ? l * m + i : i * k + l)]!;
            const y = b!.data[right[z]! * k * n + (transposeB ? j * k + l : l * n + j)]!;
            sum += x * y;
          }
          out[(z * m + i) * n + j] = sum;
        }
    return out;
  },
} satisfies Partial<Kernels>;
