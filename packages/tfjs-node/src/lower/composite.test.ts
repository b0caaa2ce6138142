import type { Device, DType, HostValue, ProgramBuilder, Value } from '@chimera-nn/core';
import { sizeOf } from '@chimera-nn/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tfjsNode } from '../device.ts';
import { host, numbers, scattered } from '../testing.ts';
import { nativeComposites } from './table.ts';

const accuracies: Readonly<Partial<Record<DType, number>>> = { float32: 2e-6, float64: 1e-14, float16: 2e-3 };
const dtypes: readonly DType[] = ['float32', 'float64', 'float16'];

/** Numbers of which many are equal, so that maxima tie. */
function tied(shape: readonly number[], dtype: DType): HostValue {
  return host(
    shape,
    Array.from({ length: sizeOf(shape) }, (_, i) => ((i * 7919) % 13) % 4),
    dtype,
  );
}

describe.each(['interpret', 'compile'] as const)('native composites (%s)', (tier) => {
  let device: Device;
  beforeAll(async () => {
    device = await tfjsNode({ tier });
  });
  afterAll(() => device.close());

  /** Runs a composite whole and expanded on the same device. */
  async function expectEqual(
    inputs: readonly HostValue[],
    build: (b: ProgramBuilder, ...values: Value[]) => Value,
    tolerance: number,
  ): Promise<void> {
    const whole = await numbers(device, inputs, build, nativeComposites);
    const expanded = await numbers(device, inputs, build, []);
    expect(whole.length).toBe(expanded.length);
    for (const [i, value] of whole.entries())
      expect(Math.abs(value - expanded[i]!)).toBeLessThanOrEqual(tolerance * (1 + Math.abs(expanded[i]!)));
  }

  describe.each(dtypes)('in %s', (dtype) => {
    const tolerance = accuracies[dtype]!;

    it.each(['relu', 'sigmoid', 'log1p', 'expm1', 'softplus'] as const)('%s equals its expansion', async (name) => {
      const small = scattered([3, 7], 1, dtype);
      await expectEqual([small], (b, x) => b.emit(name, [x], {}), tolerance);
      if (name !== 'log1p')
        await expectEqual([host([6], [-60, -20, -5, 3, 9, 0], dtype)], (b, x) => b.emit(name, [x], {}), tolerance);
    });

    it.each([0, 1, 2])('softmax and logSoftmax along axis %d equal their expansions', async (axis) => {
      const x = scattered([3, 4, 5], 2, dtype);
      await expectEqual([x], (b, value) => b.softmax(b.mul(value, b.like(value, 9)), axis), tolerance);
      await expectEqual([x], (b, value) => b.logSoftmax(b.mul(value, b.like(value, 9)), axis), 4 * tolerance);
    });

    it.each([
      { name: 'touching', size: [2, 2], stride: [2, 2], padLo: [0, 0], padHi: [0, 0], dilation: [1, 1] },
      { name: 'overlapping and padded', size: [3, 2], stride: [1, 2], padLo: [1, 1], padHi: [1, 0], dilation: [1, 1] },
      { name: 'padded unevenly', size: [3, 3], stride: [2, 2], padLo: [0, 1], padHi: [2, 1], dilation: [1, 1] },
      { name: 'dilated', size: [2, 3], stride: [2, 1], padLo: [1, 1], padHi: [0, 1], dilation: [3, 2] },
    ])('$name pooling equals its expansion, tied maxima included', async (pool) => {
      const x = tied([2, 3, 7, 8], dtype);
      await expectEqual([x], (b, images) => b.maxPool2d(images, pool), 0);
      await expectEqual([x], (b, images) => b.emit('averagePool2d', [images], pool), tolerance);
      await expectEqual(
        [x],
        (b, images) => {
          const y = b.maxPool2d(images, pool);
          const g = b.add(y, b.cast(b.reshape(b.iota(sizeOf(y.shape)), y.shape), dtype));
          return b.maxPool2dGrad(images, b.mul(g, b.like(g, 1 / 8)), pool);
        },
        tolerance,
      );
    });
  });

  it('softmax keeps images channels-last when it runs along the channels', async () => {
    const x = scattered([2, 3, 4, 4], 5);
    const w = scattered([6, 3, 1, 1], 6);
    const options = { stride: [1, 1], padLo: [0, 0], padHi: [0, 0], dilation: [1, 1], groups: 1 };
    await expectEqual([x, w], (b, images, kernel) => b.softmax(b.conv2d(images, kernel, options), 1), 1e-6);
  });
});
