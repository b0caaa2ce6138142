import { F, nn, noGrad, setDefaultDevice, slice, tensor, zeros } from '@chimera-nn/core';
import type { Tensor } from '@chimera-nn/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { referenceDevice } from '../reference/device.ts';

// Indices that are known when an operation is called are looked at there; these are not, so that the graph has to cope.

beforeAll(() => setDefaultDevice(referenceDevice()));
afterAll(() => setDefaultDevice(null));

function computed(values: number[] | number[][]): Tensor {
  return tensor(values, { dtype: 'int32' }).add(0);
}

it('indexes with computed indices, negative ones included', async () => {
  const x = tensor([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  expect(await x.at(computed([-1, 0])).tolist()).toEqual([
    [5, 6],
    [1, 2],
  ]);
  expect(await x.at(computed([0, -2]), computed([-1, 0])).tolist()).toEqual([2, 3]);
  expect(await x.take(computed([-1, 0])).tolist()).toEqual([6, 1]);
});

it('lets the last of several sources win where a computed index repeats', async () => {
  const x = tensor([0, 0, 0, 0]);
  const index = computed([2, 0, 2, 3, 0, 2]);
  expect(await x.scatter(0, index, tensor([1, 2, 3, 4, 5, 6])).tolist()).toEqual([5, 0, 6, 4]);
  expect(await x.set(index, tensor([1, 2, 3, 4, 5, 6])).tolist()).toEqual([5, 0, 6, 4]);
  expect(await x.put(index, tensor([1, 2, 3, 4, 5, 6])).tolist()).toEqual([5, 0, 6, 4]);
});

it('gives the gradient to the source that has won', async () => {
  const source = tensor([1, 2, 3], { dtype: 'float32', requiresGrad: true });
  zeros([2])
    .scatter(0, computed([1, 1, 0]), source)
    .mul(tensor([10, 20]))
    .sum()
    .backward();
  expect(await source.grad!.tolist()).toEqual([0, 20, 10]);
});

it('does the same with indices that are known', async () => {
  const index = tensor([2, 0, 2, 3, 0, 2], { dtype: 'int32' });
  expect(
    await tensor([0, 0, 0, 0])
      .scatter(0, index, tensor([1, 2, 3, 4, 5, 6]))
      .tolist(),
  ).toEqual([5, 0, 6, 4]);
});

it('assigns through a computed mask', async () => {
  const x = tensor([-1, 2, -3]);
  noGrad(() => x.set_(x.lt(0), 0));
  expect(await x.tolist()).toEqual([0, 2, 0]);
  const rows = tensor([
    [1, 2],
    [3, 4],
  ]);
  expect(await rows.set(rows.at([slice(), 0]).gt(1), tensor([7, 8])).tolist()).toEqual([
    [1, 2],
    [7, 8],
  ]);
});

it('selects by a computed mask once it has been read', async () => {
  const x = tensor([-1, 2, -3, 4], { dtype: 'float32', requiresGrad: true });
  const chosen = await x.maskedSelect(x.gt(0));
  expect(await chosen.tolist()).toEqual([2, 4]);
  chosen.mul(3).sum().backward();
  expect(await x.grad!.tolist()).toEqual([0, 3, 0, 3]);
  expect(await (await x.atAsync(x.lt(0))).tolist()).toEqual([-1, -3]);
});

it('searches, counts and encodes computed values', async () => {
  expect(await F.oneHot(computed([2, 0]), 3).tolist()).toEqual([
    [0, 0, 1],
    [1, 0, 0],
  ]);
  expect(await (await computed([1, 1, 3]).bincount()).tolist()).toEqual([0, 2, 0, 1]);
  expect(await (await computed([3, 1, 3]).unique()).tolist()).toEqual([1, 3]);
});

it('replays a recorded forward that needs tables', async () => {
  let calls = 0;
  class Upsampled extends nn.Module {
    override forward(x: Tensor): Tensor {
      calls++;
      return F.interpolate(x, { size: 5, mode: 'linear' }).unfold(2, 2, 1).sum(-1);
    }
  }
  const net = new Upsampled();
  const input = (value: number): Tensor => zeros([1, 1, 3]).add(value);
  const before = await net.forward(input(2)).tolist();
  net.hybridize();
  const forward = net as unknown as (x: Tensor) => Tensor;
  expect(await forward(input(1)).tolist()).toEqual([[[2, 2, 2, 2]]]);
  expect(await forward(input(2)).tolist()).toEqual(before);
  const recorded = calls;
  await forward(input(3)).tolist();
  expect(calls).toBe(recorded);
});
