import type { Device, DeviceBuffer, Program, RunInput } from '@chimera-nn/core';
import { ProgramBuilder } from '@chimera-nn/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Capture } from './capture.ts';
import { onnxruntimeWeb } from './open.ts';

// A software GPU compiles shaders on the CPU, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

/** A step on an embedding, with a sum over repeated indices and results that are reshaped: what replays get wrong first. */
function stepProgram(device: Device): Program {
  const b = new ProgramBuilder(device.capabilities.native);
  const table = b.input('float32', [5, 4]);
  const w = b.input('float32', [4, 3]);
  const indices = b.input('int32', [6]);
  const rate = b.input('float32', []);
  const rows = b.gather(table, indices, 0);
  const y = b.tanh(b.matmul(rows, w));
  const g = b.mul(y, b.sub(b.like(y, 1), b.mul(y, y)));
  const tableGradient = b.scatterAdd(b.matmul(g, w, { transposeB: true }), indices, 0, 5);
  const step = b.sub(table, b.mul(rate, tableGradient));
  return b.finish([
    step,
    b.sub(w, b.mul(rate, b.matmul(rows, g, { transposeA: true }))),
    b.reduceSum(y, [0, 1]),
    b.reshape(step, [20]),
    tableGradient,
    b.argMax(y, 1),
    table,
  ]);
}

async function steps(device: Device, count: number): Promise<number[][]> {
  const executable = await device.compile(stepProgram(device));
  const start = Float32Array.from({ length: 20 }, (_, i) => Math.fround(((i * 7) % 11) / 8 - 0.5));
  const upload = (data: Float32Array, shape: number[]): DeviceBuffer => device.upload(data, shape, 'float32');
  let table = upload(start, [5, 4]);
  let w = upload(
    Float32Array.from({ length: 12 }, (_, i) => ((i * 5) % 7) / 8 - 0.25),
    [4, 3],
  );
  const numbers: number[][] = [];
  for (let step = 0; step < count; step++) {
    const indices: RunInput = {
      host: { data: Int32Array.from({ length: 6 }, (_, i) => (i * i + step) % 5), dtype: 'int32', shape: [6] },
    };
    const rate: RunInput = { host: { data: Float32Array.of(0.1 + step / 16), dtype: 'float32', shape: [] } };
    const outputs = await executable.run([{ buffer: table }, { buffer: w }, indices, rate]);
    for (const output of outputs) numbers.push([...(await device.download(output))]);
    for (const buffer of [table, w, ...outputs.slice(2)]) device.free(buffer);
    [table, w] = [outputs[0]!, outputs[1]!];
  }
  expect(device.stats().buffers).toBe(2);
  executable.dispose();
  return numbers;
}

describe('replaying', () => {
  afterEach(() => vi.restoreAllMocks());

  it('gives what running gives', async () => {
    const runs = vi.spyOn(Capture.prototype, 'run');
    const plain = await onnxruntimeWeb({ device: 'webgpu', captureAfter: false });
    const expected = await steps(plain, 8);
    await plain.close();
    expect(runs).not.toHaveBeenCalled();
    const device = await onnxruntimeWeb({ device: 'webgpu' });
    const actual = await steps(device, 8);
    await device.close();
    // Once to see whether the recording is right, then in every step after the third.
    expect(runs).toHaveBeenCalledTimes(6);
    for (const [i, values] of actual.entries())
      for (const [j, value] of values.entries()) expect(value).toBeCloseTo(expected[i]![j]!, 5);
  });

  it('is given up where a recording is wrong', async () => {
    const { run } = Capture.prototype;
    const runs = vi.spyOn(Capture.prototype, 'run').mockImplementation(async function (this: Capture, blocks) {
      // What a replay that misses part of the work looks like: the inputs of the recording.
      await this.record();
      return run.call(
        this,
        blocks.map(() => blocks[0]!),
      );
    });
    const device = await onnxruntimeWeb({ device: 'webgpu' });
    const actual = await steps(device, 5);
    expect(runs).toHaveBeenCalledTimes(1);
    await device.close();
    vi.restoreAllMocks();
    const plain = await onnxruntimeWeb({ device: 'webgpu', captureAfter: false });
    const expected = await steps(plain, 5);
    await plain.close();
    for (const [i, values] of actual.entries())
      for (const [j, value] of values.entries()) expect(value).toBeCloseTo(expected[i]![j]!, 5);
  });
});
