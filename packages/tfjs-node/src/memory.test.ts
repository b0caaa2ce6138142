import type { DeviceBuffer } from '@chimera-nn/core';
import { describe, expect, it } from 'vitest';
import { tfjsNode } from './device.ts';
import { host, liveTensors, programOf, scattered } from './testing.ts';

const megabyte = 2 ** 20;

describe.each(['interpret', 'compile'] as const)('ten thousand steps (%s)', (tier) => {
  it('keep tensors, buffers and resident memory flat', { timeout: 120_000 }, async () => {
    const device = await tfjsNode({ tier });
    const batch = scattered([64, 20], 1);
    const rate = host([], [0.01]);
    const weight = scattered([20, 32], 2);
    const executable = await device.compile(
      programOf([batch, rate, weight], (b, x, lr, w) => {
        const hidden = b.relu(b.matmul(x, w));
        const gradient = b.matmul(x, hidden, { transposeA: true });
        return [b.reduceSum(hidden, [0, 1]), b.sub(w, b.mul(b.mul(lr, b.scalar(1e-6)), gradient))];
      }),
    );
    let state: DeviceBuffer = device.upload(weight.data, weight.shape, weight.dtype);
    const step = async (): Promise<void> => {
      const [loss, next] = await executable.run([{ host: batch }, { host: rate }, { buffer: state }]);
      device.free(state);
      state = next!;
      await device.download(loss!);
      device.free(loss!);
    };
    for (let i = 0; i < 2000; i++) await step();
    const tensors = liveTensors();
    const stats = device.stats();
    const resident = process.memoryUsage.rss();
    for (let i = 0; i < 10_000; i++) await step();
    expect(liveTensors()).toBe(tensors);
    expect(device.stats()).toEqual(stats);
    // One step makes 20 kB of tensors: ten thousand lost ones would be 200 MB.
    expect(process.memoryUsage.rss() - resident).toBeLessThan(40 * megabyte);
    executable.dispose();
    await device.close();
    expect(liveTensors()).toBe(tensors - 1);
  });

  it('compile and dispose of many programs without keeping them', { timeout: 120_000 }, async () => {
    const device = await tfjsNode({ tier });
    const x = host([4], [1, 2, 3, 4]);
    const tensors = liveTensors();
    const run = async (scale: number): Promise<void> => {
      const executable = await device.compile(programOf([x], (b, value) => [b.mul(value, b.scalar(scale))]));
      const [y] = await executable.run([{ host: x }]);
      device.free(y!);
      executable.dispose();
    };
    for (let i = 0; i < 50; i++) await run(i);
    const resident = process.memoryUsage.rss();
    for (let i = 0; i < 200; i++) await run(i);
    expect(liveTensors()).toBe(tensors);
    expect(device.stats()).toMatchObject({ buffers: 0, bytes: 0, compilations: 250 });
    expect(process.memoryUsage.rss() - resident).toBeLessThan(60 * megabyte);
    await device.close();
  });
});
