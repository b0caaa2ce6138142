import type { HostValue } from '@chimera-nn/core';
import type { Sample, Samples } from '../sample.ts';
import { floats, scattered } from '../sample.ts';

type Plain = Sample<'binaryCrossEntropy'>;

function two(name: string, x: HostValue, y: HostValue, flags: Partial<Plain> = {}): Plain {
  return { name, inputs: [x, y], attributes: {}, ...flags };
}

export const loss = {
  binaryCrossEntropy: [
    two('one shape', scattered([3, 4], 311, 0.125, 0.875), scattered([3, 4], 312, 0, 1)),
    two('broadcast', scattered([2, 1], 313, 0.125, 0.875), scattered([3], 314, 0, 1)),
    two('certain and right', floats([2], 0, 1), floats([2], 0, 1), { kink: true }),
    two('certain and wrong', floats([2], 0, 1), floats([2], 1, 0), { kink: true }),
    two('empty', floats([0]), floats([0])),
  ],
} satisfies Partial<Samples>;
