import type { Sample, Samples } from '../sample.ts';
import { floats, scattered } from '../sample.ts';

function product(
  name: string,
  left: readonly number[],
  right: readonly number[],
  transposeA = false,
  transposeB = false,
): Sample<'matmul'> {
  return { name, inputs: [scattered(left, 211), scattered(right, 212)], attributes: { transposeA, transposeB } };
}

export const linear = {
  matmul: [
    product('matrices', [2, 3], [3, 4]),
    product('A transposed', [3, 2], [3, 4], true),
    product('B transposed', [2, 3], [4, 3], false, true),
    product('both transposed', [3, 2], [4, 3], true, true),
    product('a row and a column', [1, 5], [5, 1]),
    product('a column and a row', [3, 1], [1, 3]),
    product('batches', [2, 2, 3], [2, 3, 2]),
    product('batches, both transposed', [2, 3, 2], [2, 2, 3], true, true),
    product('batches and one matrix', [3, 2, 3], [3, 4]),
    product('one matrix and batches', [2, 3], [4, 3, 2]),
    product('one matrix and batches, transposed', [3, 2], [4, 2, 3], true, true),
    product('broadcast batches', [2, 1, 2, 3], [3, 3, 2]),
    product('broadcast batches, B transposed', [2, 1, 2, 3], [1, 3, 2, 3], false, true),
    product('many terms', [2, 300], [300, 3]),
    {
      name: 'no terms gives 0',
      inputs: [floats([2, 0]), floats([0, 3])],
      attributes: { transposeA: false, transposeB: false },
    },
    {
      name: 'no rows',
      inputs: [floats([0, 3]), scattered([3, 2], 213)],
      attributes: { transposeA: false, transposeB: false },
    },
    {
      name: 'no batches',
      inputs: [floats([0, 2, 3]), scattered([3, 2], 214)],
      attributes: { transposeA: false, transposeB: false },
    },
  ],
} satisfies Partial<Samples>;
