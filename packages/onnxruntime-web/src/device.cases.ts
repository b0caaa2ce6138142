import type { Device, DeviceBuffer, HostArray, RunInput, Value } from '@chimera-nn/core';
import { DeviceError, ExecutionError, ProgramBuilder, numbersToHost } from '@chimera-nn/core';
import { afterEach, describe, expect, it } from 'vitest';

/** What both devices must do, in Node and in browsers alike. */
export function describeDevice(name: 'wasm' | 'webgpu', open: () => Promise<Device>): void {
  describe(`a ${name} device`, () => {
    let device: Device;
    afterEach(() => device.close());

    /** Builds, compiles and runs; gives the results' numbers, and frees everything. */
    async function compute(
      build: (b: ProgramBuilder, inputs: Value[]) => Value[],
      inputs: readonly (readonly [number[], ...number[]])[],
    ): Promise<number[][]> {
      const b = new ProgramBuilder(device.capabilities.native);
      const values = inputs.map(([, ...shape]) => b.input('float32', shape));
      const executable = await device.compile(b.finish(build(b, values)));
      const buffers = inputs.map(([data, ...shape]) => device.upload(Float32Array.from(data), shape, 'float32'));
      const outputs = await executable.run(buffers.map((buffer) => ({ buffer })));
      const results: number[][] = [];
      for (const output of outputs) results.push([...(await device.download(output))]);
      for (const buffer of [...buffers, ...outputs]) device.free(buffer);
      executable.dispose();
      return results;
    }

    it('has its name', async () => {
      device = await open();
      expect(device.name).toBe(`onnxruntime-web:${name}`);
      expect(device.capabilities.dtypes).toContain('float32');
    });

    it('keeps what is uploaded, for every dtype and odd sizes', async () => {
      device = await open();
      for (const dtype of device.capabilities.dtypes)
        for (const values of [[], [1], [1, 0, 1], [1, 0, 1, 1, 0, 1, 0]]) {
          const data = numbersToHost(values, dtype);
          const buffer = device.upload(data, [values.length], dtype);
          data.fill(0);
          expect(await device.download(buffer)).toEqual(numbersToHost(values, dtype));
          device.free(buffer);
        }
      expect(device.stats()).toMatchObject({ buffers: 0, bytes: 0 });
    });

    it('computes a layer', async () => {
      device = await open();
      const [y] = await compute(
        (b, [x, w, bias]) => [b.relu(b.add(b.matmul(x!, w!, { transposeB: true }), bias!))],
        [
          [[1, 2, 3, -1, 0, 1], 2, 3],
          [[1, 0, 0, 0, 1, -1], 2, 3],
          [[0.5, -0.5], 2],
        ],
      );
      expect(y).toEqual([1.5, 0, 0, 0]);
    });

    it('gives fresh results where they repeat, are inputs or are constants', async () => {
      device = await open();
      const b = new ProgramBuilder(device.capabilities.native);
      const x = b.input('float32', [3]);
      const y = b.neg(x);
      const executable = await device.compile(b.finish([y, x, y, b.reshape(x, [3, 1]), b.full([2], 7), b.iota(2)]));
      const input = device.upload(Float32Array.of(1, -2, 3), [3], 'float32');
      const outputs = await executable.run([{ buffer: input }]);
      expect(new Set([input, ...outputs]).size).toBe(7);
      device.free(input);
      device.free(outputs[0]!);
      const rest: number[][] = [];
      for (const output of outputs.slice(1)) rest.push([...(await device.download(output))]);
      expect(rest).toEqual([
        [1, -2, 3],
        [-1, 2, -3],
        [1, -2, 3],
        [7, 7],
        [0, 1],
      ]);
      expect(outputs.map(({ shape }) => shape)).toEqual([[3], [3], [3], [3, 1], [2], [2]]);
      expect(device.stats().buffers).toBe(5);
    });

    it('works on values without elements', async () => {
      device = await open();
      const results = await compute(
        (b, [x, w]) => [
          b.exp(x!),
          b.reduceSum(x!, [0]),
          b.emit('reduceProd', [x!], { axes: [0], keepDims: false }),
          b.matmul(x!, w!, { transposeA: true }),
          b.pad(x!, [1, 0], [0, 0], 5),
        ],
        [
          [[], 0, 2],
          [[], 0, 2],
        ],
      );
      expect(results).toEqual([[], [0, 0], [1, 1], [0, 0, 0, 0], [5, 5]]);
      expect(device.stats().buffers).toBe(0);
    });

    it('takes host values, and one buffer for several inputs', async () => {
      device = await open();
      const b = new ProgramBuilder(device.capabilities.native);
      const [x, y, rate] = [b.input('float32', [2]), b.input('float32', [2]), b.input('float32', [])];
      const executable = await device.compile(b.finish([b.add(x, b.mul(y, rate))]));
      const buffer = device.upload(Float32Array.of(1, 2), [2], 'float32');
      const run = async (factor: number): Promise<number[]> => {
        const inputs: RunInput[] = [
          { buffer },
          { buffer },
          { host: { data: Float32Array.of(factor), dtype: 'float32', shape: [] } },
        ];
        const [output] = await executable.run(inputs);
        const data = [...(await device.download(output!))];
        device.free(output!);
        return data;
      };
      expect(await run(2)).toEqual([3, 6]);
      expect(await run(-1)).toEqual([0, 0]);
      expect(device.stats().buffers).toBe(1);
    });

    it('runs what is asked for at once one after another', async () => {
      device = await open();
      const executables = await Promise.all(
        [1, 2, 3, 4].map(async (k) => {
          const b = new ProgramBuilder(device.capabilities.native);
          const x = b.input('float32', [k]);
          return device.compile(b.finish([b.mul(x, b.like(x, k))]));
        }),
      );
      const runs = executables.flatMap((executable, i) =>
        [1, 2].map(async (value) =>
          executable.run([{ host: { data: new Float32Array(i + 1).fill(value), dtype: 'float32', shape: [i + 1] } }]),
        ),
      );
      const sums = await Promise.all(
        (await Promise.all(runs)).map(async ([output]) =>
          [...(await device.download(output!))].reduce((a, c) => a + c, 0),
        ),
      );
      expect(sums).toEqual([1, 2, 4, 8, 9, 18, 16, 32]);
    });

    it('lets inputs be freed while they are in use, and programs be disposed of while they run', async () => {
      device = await open();
      const b = new ProgramBuilder(device.capabilities.native);
      const x = b.input('float32', [4]);
      const executable = await device.compile(b.finish([b.exp(x)]));
      const buffer = device.upload(Float32Array.of(0, 0, 0, 0), [4], 'float32');
      const running = executable.run([{ buffer }]);
      device.free(buffer);
      executable.dispose();
      const overwriting = device.upload(Float32Array.of(9, 9, 9, 9), [4], 'float32');
      const [output] = await running;
      expect([...(await device.download(output!))]).toEqual([1, 1, 1, 1]);
      await expect(async () => executable.run([{ buffer: overwriting }])).rejects.toThrow(ExecutionError);
    });

    it('keeps results after their program and its device mates are gone', async () => {
      device = await open();
      const other = await open();
      const b = new ProgramBuilder(device.capabilities.native);
      const x = b.input('float32', [2]);
      const program = b.finish([b.sqrt(x)]);
      const host: RunInput = { host: { data: Float32Array.of(4, 9), dtype: 'float32', shape: [2] } };
      const first = await device.compile(program);
      const [kept] = await first.run([host]);
      first.dispose();
      const second = await other.compile(program);
      await second.run([host]);
      await other.close();
      expect([...(await device.download(kept!))]).toEqual([2, 3]);
      const again = await device.compile(program);
      const [output] = await again.run([{ buffer: kept! }]);
      expect([...(await device.download(output!))]).toEqual([Math.fround(Math.SQRT2), Math.fround(Math.sqrt(3))]);
    });

    it('stays flat over many steps', async () => {
      device = await open();
      const b = new ProgramBuilder(device.capabilities.native);
      const w = b.input('float32', [16]);
      const executable = await device.compile(b.finish([b.mul(w, b.like(w, 0.5)), b.reduceSum(w, [0])]));
      let state: DeviceBuffer = device.upload(new Float32Array(16).fill(2 ** 20), [16], 'float32');
      for (let step = 0; step < 40; step++) {
        const [next, sum] = await executable.run([{ buffer: state }]);
        device.free(state);
        device.free(sum!);
        state = next!;
      }
      expect(await device.download(state)).toEqual(new Float32Array(16).fill(2 ** -20));
      expect(device.stats()).toMatchObject({ buffers: 1, bytes: 64 });
    });

    it('refuses freed buffers, buffers of others, and everything once closed', async () => {
      device = await open();
      const other = await open();
      const buffer = device.upload(Float32Array.of(1), [1], 'float32');
      const foreign = other.upload(Float32Array.of(1), [1], 'float32');
      const b = new ProgramBuilder();
      const program = b.finish([b.exp(b.input('float32', [1]))]);
      const executable = await device.compile(program);
      await expect(async () => executable.run([{ buffer: foreign }])).rejects.toThrow('belongs to another device');
      device.free(buffer);
      await expect(async () => device.download(buffer)).rejects.toThrow('has been freed');
      await other.close();
      await device.close();
      expect(device.stats()).toMatchObject({ buffers: 0, bytes: 0 });
      expect(() => device.upload(Float32Array.of(1), [1], 'float32')).toThrow(DeviceError);
      await expect(async () => device.compile(program)).rejects.toThrow(DeviceError);
      await expect(async (): Promise<DeviceBuffer[]> => executable.run([{ buffer }])).rejects.toThrow(DeviceError);
      await expect(async (): Promise<HostArray> => device.download(buffer)).rejects.toThrow(DeviceError);
      await device.close();
    });
  });
}
