import type { Device, DType, HostArray } from '@chimera-nn/core';
import { DeviceError, ExecutionError, ProgramBuilder, numbersToHost } from '@chimera-nn/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tfjsNode } from './device.ts';
import type { Tier } from './executable.ts';
import { host, liveTensors, programOf, results, scattered } from './testing.ts';

const tiers: readonly Tier[] = ['interpret', 'compile'];

describe('tfjsNode', () => {
  it('opens the CPU', async () => {
    const device = await tfjsNode();
    expect(device.name).toBe('tfjs-node:cpu');
    expect(device.capabilities.native).toContain('softmax');
    await device.close();
  });

  it('says what is missing for CUDA', async () => {
    await expect(tfjsNode({ device: 'cuda' })).rejects.toThrow(DeviceError);
    await expect(tfjsNode({ device: 'cuda' })).rejects.toThrow(/^tfjs-node:cuda: .*@tensorflow\/tfjs-node-gpu/);
  });

  it('refuses other hardware', async () => {
    await expect(tfjsNode({ device: 'tpu' as 'cpu' })).rejects.toThrow(
      new TypeError("tfjsNode: device must be 'cpu' or 'cuda', got tpu"),
    );
  });
});

describe('buffers', () => {
  let device: Device;
  beforeAll(async () => {
    device = await tfjsNode();
  });
  afterAll(() => device.close());

  it.each<[DType, HostArray]>([
    ['float32', Float32Array.of(1.5, -0, Number.NaN, Infinity, 1e-40, 3.4e38)],
    ['float64', Float64Array.of(Math.PI, -0, Number.NaN, -Infinity, 5e-324, 1.7e308)],
    // 1, -2, the largest, the smallest, infinity, a NaN with a payload
    ['float16', Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001, 0x7c00, 0x7e01)],
    ['int32', Int32Array.of(0, -1, 2147483647, -2147483648, 5, 6)],
    ['bool', Uint8Array.of(0, 1, 1, 0, 1, 0)],
  ])('hold %s bit by bit', async (dtype, data) => {
    const buffer = device.upload(data, [2, 3], dtype);
    expect(buffer).toMatchObject({ dtype, shape: [2, 3], bytes: data.byteLength });
    const back = await device.download(buffer);
    expect(back.constructor).toBe(data.constructor);
    expect(new Uint8Array(back.buffer, back.byteOffset, back.byteLength)).toEqual(new Uint8Array(data.buffer));
    device.free(buffer);
  });

  it.each<DType>(['float16', 'float32', 'float64', 'int32', 'bool'])(
    'hold no elements and one of %s',
    async (dtype) => {
      const none = device.upload(numbersToHost([], dtype), [2, 0], dtype);
      const one = device.upload(numbersToHost([1], dtype), [], dtype);
      expect(await device.download(none)).toEqual(numbersToHost([], dtype));
      expect(await device.download(one)).toEqual(numbersToHost([1], dtype));
      device.free(none);
      device.free(one);
    },
  );

  it('are copies of what was uploaded, also of a part of a larger array', async () => {
    // Large enough that the allocator aligns it, which is when the engine would share it.
    const data = new Float32Array(4096).fill(1);
    const whole = device.upload(data, [4096], 'float32');
    const part = device.upload(data.subarray(1, 3), [2], 'float32');
    data.fill(2);
    expect((await device.download(whole)).every((value) => value === 1)).toBe(true);
    expect(await device.download(part)).toEqual(Float32Array.of(1, 1));
    device.free(whole);
    device.free(part);
  });

  it('are counted', () => {
    const before = device.stats();
    const tensors = liveTensors();
    const float64 = device.upload(new Float64Array(6), [2, 3], 'float64');
    const bool = device.upload(new Uint8Array(4), [4], 'bool');
    expect(device.stats()).toEqual({ ...before, buffers: before.buffers + 2, bytes: before.bytes + 52 });
    expect(liveTensors()).toBe(tensors + 2);
    device.free(float64);
    device.free(bool);
    expect(device.stats()).toEqual(before);
    expect(liveTensors()).toBe(tensors);
  });

  it('are refused once freed, and by other devices', async () => {
    const buffer = device.upload(new Float32Array(1), [], 'float32');
    const other = await tfjsNode();
    expect(() => other.free(buffer)).toThrow(new DeviceError('tfjs-node:cpu: the buffer belongs to another device'));
    await other.close();
    device.free(buffer);
    expect(() => device.free(buffer)).toThrow(new DeviceError('tfjs-node:cpu: the buffer has been freed'));
    await expect(device.download(buffer)).rejects.toThrow('has been freed');
  });

  it('die with the device, which then refuses everything', async () => {
    const other = await tfjsNode({ tier: 'compile' });
    const tensors = liveTensors();
    const buffer = other.upload(new Float32Array(2), [2], 'float32');
    const executable = await other.compile(programOf([host([2], [1, 2])], (b, x) => [b.exp(x)]));
    await executable.run([{ buffer }]);
    await other.close();
    await other.close();
    expect(liveTensors()).toBe(tensors);
    expect(() => other.upload(new Float32Array(2), [2], 'float32')).toThrow(new DeviceError('tfjs-node:cpu is closed'));
    expect(() => other.compile(programOf([], (b) => [b.iota(3)]))).toThrow(DeviceError);
    expect(() => other.stats()).toThrow(DeviceError);
    expect(() => other.free(buffer)).toThrow(DeviceError);
    await expect(other.download(buffer)).rejects.toThrow(DeviceError);
    expect(() => executable.run([{ buffer }])).toThrow(DeviceError);
    executable.dispose();
  });
});

describe.each(tiers)('an executable (%s)', (tier) => {
  let device: Device;
  beforeAll(async () => {
    device = await tfjsNode({ tier });
  });
  afterAll(() => device.close());

  it('gives fresh buffers where results repeat, are inputs, or are inputs in another arrangement', async () => {
    const x = host([2, 2], [1, 2, 3, 4]);
    const program = programOf([x], (b, value) => {
      const y = b.permute(value, [1, 0]);
      return [value, value, y, y, b.reshape(value, [4])];
    });
    const executable = await device.compile(program);
    const input = device.upload(x.data, x.shape, x.dtype);
    const tensors = liveTensors();
    const outputs = await executable.run([{ buffer: input }]);
    expect(new Set(outputs).size).toBe(5);
    expect(liveTensors()).toBe(tensors + 5);
    device.free(input);
    // Freed one after another, each still has its values.
    for (const [i, expected] of [
      [1, 2, 3, 4],
      [1, 2, 3, 4],
      [1, 3, 2, 4],
      [1, 3, 2, 4],
      [1, 2, 3, 4],
    ].entries()) {
      expect([...(await device.download(outputs[i]!))]).toEqual(expected);
      device.free(outputs[i]!);
    }
    expect(device.stats().buffers).toBe(0);
    executable.dispose();
  });

  it('takes buffers and host values, and leaves both as they were', async () => {
    const program = programOf([host([2], [0, 0]), host([], [0])], (b, x, y) => [b.mul(x, y)]);
    const executable = await device.compile(program);
    const data = Float32Array.of(2, 3);
    const buffer = device.upload(data, [2], 'float32');
    const tensors = liveTensors();
    const [product] = await executable.run([{ buffer }, { host: host([], [10]) }]);
    expect(liveTensors()).toBe(tensors + 1);
    expect([...(await device.download(product!))]).toEqual([20, 30]);
    expect([...(await device.download(buffer))]).toEqual([2, 3]);
    device.free(product!);
    device.free(buffer);
    executable.dispose();
  });

  it('runs programs without inputs, without results, and with inputs that nobody reads', async () => {
    expect(
      await results(
        device,
        programOf([], (b) => [b.iota(3), b.scalar(2.5, 'float64')]),
        [],
      ),
    ).toEqual([Int32Array.of(0, 1, 2), Float64Array.of(2.5)]);
    const x = host([2], [1, 2]);
    expect(
      await results(
        device,
        programOf([x], () => []),
        [x],
      ),
    ).toEqual([]);
    expect(
      await results(
        device,
        programOf([x, x], (b, _, y) => [b.neg(y)]),
        [x, host([2], [3, 4])],
      ),
    ).toEqual([Float32Array.of(-3, -4)]);
  });

  it('names the instruction that failed, and leaves no tensor behind', async () => {
    const x = scattered([4, 3], 1);
    const program = programOf([x, host([1], [0], 'int32')], (b, values, indices) => {
      const wide = b.exp(b.neg(values));
      return [wide, b.tanh(b.gather(wide, indices, 0))];
    });
    const gather = program.instructions.findIndex(({ op }) => op === 'gather');
    const executable = await device.compile(program);
    const tensors = liveTensors();
    const run = (index: number) => executable.run([{ host: x }, { host: host([1], [index], 'int32') }]);
    for (const index of [4, -1]) {
      let error: unknown;
      try {
        await run(index);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(ExecutionError);
      expect((error as ExecutionError).message).toBe(`gather: indices[0] = ${index} is not in [0, 4)`);
      expect((error as ExecutionError).instruction).toBe(gather);
    }
    expect(liveTensors()).toBe(tensors);
    expect(device.stats().buffers).toBe(0);
    // The executable still works.
    for (const buffer of await run(3)) device.free(buffer);
    expect(liveTensors()).toBe(tensors);
    executable.dispose();
  });

  it('refuses freed buffers before it computes anything', async () => {
    const x = host([], [1]);
    const executable = await device.compile(programOf([x, x], (b, y, z) => [b.add(y, z)]));
    const freed = device.upload(x.data, [], 'float32');
    device.free(freed);
    const tensors = liveTensors();
    expect(() => executable.run([{ host: x }, { buffer: freed }])).toThrow(DeviceError);
    expect(liveTensors()).toBe(tensors);
    executable.dispose();
    expect(() => executable.run([{ host: x }, { host: x }])).toThrow('has been disposed');
  });

  it('rounds and overflows where the program does', async () => {
    const x = host([3], [1, -0, Infinity]);
    const program = programOf([x], (b, y) => [
      b.sub(b.add(y, b.scalar(1e30)), b.scalar(1e30)),
      b.mul(b.mul(y, b.scalar(1e20)), b.scalar(1e20)),
      b.mul(y, b.scalar(0)),
      b.sub(y, y),
    ]);
    expect(await results(device, program, [x])).toEqual([
      Float32Array.of(0, 0, Infinity),
      Float32Array.of(Infinity, -0, Infinity),
      Float32Array.of(0, -0, Number.NaN),
      Float32Array.of(0, 0, Number.NaN),
    ]);
  });

  it('says which composite it cannot take whole', async () => {
    const b = new ProgramBuilder();
    const program = b.finish([b.emit('gelu', [b.input('float32', [2])], { approximate: 'none' })]);
    await expect(results(device, program, [host([2], [1, 2])])).rejects.toThrow(/gelu has no kernel in TensorFlow/);
  });
});

describe('a loop of runs', () => {
  it('lets timers run', async () => {
    const device = await tfjsNode();
    const x = host(
      [64, 64],
      Array.from({ length: 4096 }, () => 0.01),
    );
    const executable = await device.compile(programOf([x], (b, value) => [b.matmul(value, value)]));
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const end = performance.now() + 300;
    while (performance.now() < end) for (const y of await executable.run([{ host: x }])) device.free(y);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(4);
    await device.close();
  });
});

describe('auto', () => {
  it('gives the same results before and after it compiles', async () => {
    const device = await tfjsNode();
    const x = scattered([8, 5], 3);
    const w = scattered([5, 4], 4);
    const executable = await device.compile(
      programOf([x, w], (b, left, right) => [b.softmax(b.add(b.matmul(left, right), b.scalar(1)), 1)]),
    );
    const seen: number[][] = [];
    for (let run = 0; run < 15; run++) {
      const [y] = await executable.run([{ host: x }, { host: w }]);
      seen.push([...(await device.download(y!))]);
      device.free(y!);
    }
    for (const values of seen) for (const [i, value] of values.entries()) expect(value).toBeCloseTo(seen[0]![i]!, 6);
    expect(device.stats()).toEqual({ buffers: 0, bytes: 0, compilations: 1 });
    await device.close();
  });
});
