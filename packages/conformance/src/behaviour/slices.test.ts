import { grad, setDefaultDevice, tensor } from '@chimera-nn/core';
import type { Tensor } from '@chimera-nn/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { referenceDevice } from '../reference/device.ts';

beforeAll(() => setDefaultDevice(referenceDevice()));

const values = Array.from({ length: 12 }, (_, i) => i / 4);

async function gradient(loss: (x: Tensor) => Tensor): Promise<unknown> {
  const x = tensor(values, { requiresGrad: true }).reshape([3, 4]);
  return grad(loss(x), x)[0]!.tolist();
}

describe('gradients of several slices of one tensor', () => {
  it('side by side', async () => {
    const [a, c, d] = [2, 3, 5];
    const found = await gradient((x) =>
      x
        .narrow(1, 2, 2)
        .mul(d)
        .sum()
        .add(x.narrow(1, 0, 1).mul(a).sum())
        .add(x.narrow(1, 1, 1).mul(c).sum()),
    );
    expect(found).toEqual([
      [a, c, d, d],
      [a, c, d, d],
      [a, c, d, d],
    ]);
  });

  it('with gaps', async () => {
    const found = await gradient((x) =>
      x
        .narrow(0, 2, 1)
        .mul(2)
        .sum()
        .sub(x.narrow(0, 0, 1).sum()),
    );
    expect(found).toEqual([
      [-1, -1, -1, -1],
      [0, 0, 0, 0],
      [2, 2, 2, 2],
    ]);
  });

  it('that overlap', async () => {
    const found = await gradient((x) =>
      x
        .narrow(1, 0, 3)
        .sum()
        .add(x.narrow(1, 1, 3).mul(2).sum()),
    );
    expect(found).toEqual([
      [1, 3, 3, 2],
      [1, 3, 3, 2],
      [1, 3, 3, 2],
    ]);
  });

  it('along different axes, and beside other uses', async () => {
    const found = await gradient((x) =>
      x
        .narrow(0, 0, 1)
        .sum()
        .add(x.narrow(1, 3, 1).mul(2).sum())
        .add(x.sum()),
    );
    expect(found).toEqual([
      [2, 2, 2, 4],
      [1, 1, 1, 3],
      [1, 1, 1, 3],
    ]);
  });

  it('twice', async () => {
    const x = tensor(values, { requiresGrad: true });
    const halves = x
      .narrow(0, 0, 6)
      .pow(3)
      .sum()
      .add(x.narrow(0, 6, 6).pow(2).sum());
    const [first] = grad(halves, x, { createGraph: true });
    const [second] = grad(first!.sum(), x);
    expect(await second!.tolist()).toEqual(values.map((value, i) => (i < 6 ? 6 * value : 2)));
  });
});
