import { DeviceError, ExecutionError, ProgramBuilder } from '@chimera-nn/core';
import { describe, expect, it } from 'vitest';
import { referenceDevice } from './device.ts';

function addOne(): { program: ReturnType<ProgramBuilder['finish']> } {
  const b = new ProgramBuilder();
  const x = b.input('float32', [3]);
  return { program: b.finish([b.add(x, b.scalar(1))]) };
}

describe('the reference device', () => {
  it('uploads, runs and downloads', async () => {
    const device = referenceDevice();
    const x = device.upload(Float32Array.of(1, 2, 3), [3], 'float32');
    const executable = await device.compile(addOne().program);
    const [y] = await executable.run([{ buffer: x }]);
    expect(await device.download(y!)).toEqual(Float32Array.of(2, 3, 4));
    const [z] = await executable.run([{ host: { data: Float32Array.of(0, 0, 1), dtype: 'float32', shape: [3] } }]);
    expect(await device.download(z!)).toEqual(Float32Array.of(1, 1, 2));
  });

  it('counts every live buffer and byte', async () => {
    const device = referenceDevice();
    const x = device.upload(new Float64Array(6), [2, 3], 'float64');
    const mask = device.upload(Uint8Array.of(1, 0), [2], 'bool');
    expect(device.stats()).toEqual({ buffers: 2, bytes: 50, compilations: 0 });
    device.free(x);
    expect(device.stats()).toEqual({ buffers: 1, bytes: 2, compilations: 0 });
    device.free(mask);
    expect(device.stats()).toEqual({ buffers: 0, bytes: 0, compilations: 0 });
  });

  it('gives a fresh buffer for every output, also where it is an input or a repetition', async () => {
    const device = referenceDevice();
    const b = new ProgramBuilder();
    const x = b.input('float32', [2]);
    const y = b.neg(x);
    const executable = await device.compile(b.finish([x, y, y]));
    const buffer = device.upload(Float32Array.of(1, 2), [2], 'float32');
    const results = await executable.run([{ buffer }]);
    expect(new Set([buffer, ...results]).size).toBe(4);
    device.free(buffer);
    device.free(results[1]!);
    expect(await device.download(results[0]!)).toEqual(Float32Array.of(1, 2));
    expect(await device.download(results[2]!)).toEqual(Float32Array.of(-1, -2));
  });

  it('refuses freed memory, a second free and the buffers of others', async () => {
    const device = referenceDevice();
    const other = referenceDevice({ name: 'other' });
    const x = device.upload(new Float32Array(3), [3], 'float32');
    const executable = await device.compile(addOne().program);
    const foreign = other.upload(new Float32Array(3), [3], 'float32');
    await expect(async () => executable.run([{ buffer: foreign }])).rejects.toThrow(
      /belongs to another device \(other\)/,
    );
    await expect(async () => executable.run([{ buffer: { ...x } }])).rejects.toThrow(
      /not a buffer of a reference device/,
    );
    device.free(x);
    expect(() => device.free(x)).toThrow(/free: the float32 buffer of shape \[3\] has been freed/);
    await expect(device.download(x)).rejects.toThrow(DeviceError);
    await expect(async () => executable.run([{ buffer: x }])).rejects.toThrow(/run: input 0: .* has been freed/);
  });

  it('refuses inputs of another type or number', async () => {
    const device = referenceDevice();
    const executable = await device.compile(addOne().program);
    const wrong = device.upload(new Float32Array(4), [4], 'float32');
    await expect(async () => executable.run([{ buffer: wrong }])).rejects.toThrow(
      /expected float32 \[3\], got float32 \[4\]/,
    );
    await expect(async () => executable.run([])).rejects.toThrow(/expected 1 inputs, got 0/);
    expect(() => device.upload(new Float32Array(4), [3], 'float32')).toThrow(/4 elements do not fill shape \[3\]/);
    expect(() => device.upload(new Float64Array(3), [3], 'float32')).toThrow(TypeError);
  });

  it('leaves no buffer behind when a run fails, and names the instruction', async () => {
    const device = referenceDevice();
    const b = new ProgramBuilder();
    const x = b.input('int32', [2]);
    const executable = await device.compile(b.finish([b.gather(x, x, 0)]));
    const buffer = device.upload(Int32Array.of(0, 7), [2], 'int32');
    const failure = await Promise.resolve()
      .then(() => executable.run([{ buffer }]))
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ExecutionError);
    expect(failure).toMatchObject({
      instruction: 1,
      message: 'gather: index 7 is out of bounds for an axis of 2 elements',
    });
    expect(device.stats().buffers).toBe(1);
  });

  it('refuses everything after close, and after dispose', async () => {
    const device = referenceDevice();
    const executable = await device.compile(addOne().program);
    const disposed = await device.compile(addOne().program);
    disposed.dispose();
    const x = device.upload(new Float32Array(3), [3], 'float32');
    expect(() => disposed.run([{ buffer: x }])).toThrow(/disposed/);
    await device.close();
    expect(() => executable.run([{ buffer: x }])).toThrow(/closed/);
    expect(() => device.upload(new Float32Array(3), [3], 'float32')).toThrow(/closed/);
    expect(() => device.compile(addOne().program)).toThrow(/closed/);
    await expect(device.download(x)).rejects.toThrow(/closed/);
  });

  it('keeps to its dtypes', () => {
    const device = referenceDevice({ dtypes: ['float32', 'int32', 'bool'] });
    expect(() => device.upload(new Float64Array(1), [1], 'float64')).toThrow(/has no float64/);
    const b = new ProgramBuilder();
    const x = b.input('float32', []);
    expect(() => device.compile(b.finish([b.cast(x, 'float16')]))).toThrow(/has no float16/);
  });

  it('rounds each instruction to its dtype', async () => {
    const device = referenceDevice();
    const b = new ProgramBuilder();
    const x = b.input('float32', []);
    const i = b.input('int32', []);
    const half = b.cast(x, 'float16');
    const program = b.finish([b.sub(b.add(x, b.scalar(2 ** 24)), b.scalar(2 ** 24)), half, b.mul(i, i), b.add(i, i)]);
    const executable = await device.compile(program);
    const results = await executable.run([
      { host: { data: Float32Array.of(0.1), dtype: 'float32', shape: [] } },
      { host: { data: Int32Array.of(0x7fffffff), dtype: 'int32', shape: [] } },
    ]);
    const [lost, bits, product, sum] = await Promise.all(results.map((result) => device.download(result)));
    expect(lost).toEqual(Float32Array.of(0));
    expect(bits).toEqual(Uint16Array.of(0x2e66));
    expect(product).toEqual(Int32Array.of(1));
    expect(sum).toEqual(Int32Array.of(-2));
  });

  it('computes composites that core hands over whole by their expansion', async () => {
    const device = referenceDevice({ native: ['softmax'] });
    const b = new ProgramBuilder(device.capabilities.native);
    const x = b.input('float64', [2]);
    const executable = await device.compile(b.finish([b.softmax(x, 0)]));
    const [y] = await executable.run([
      { host: { data: Float64Array.of(0, Math.log(3)), dtype: 'float64', shape: [2] } },
    ]);
    expect([...(await device.download(y!))]).toEqual([expect.closeTo(0.25, 12), expect.closeTo(0.75, 12)]);
  });
});
