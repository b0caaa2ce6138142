import { ExecutionError, ProgramBuilder } from '@chimera-nn/core';
import type { DeviceBuffer, Executable } from '@chimera-nn/core';
import { describe, expect, it, vi } from 'vitest';
import { describeDevice } from './device.cases.ts';
import { onnxruntimeWeb } from './open.ts';

// Loading the engine and starting processes takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

describeDevice('wasm', () => onnxruntimeWeb({ device: 'wasm' }));

describe('a failed run', () => {
  it('names its instruction, leaves no buffer behind, and the next run works', async () => {
    const device = await onnxruntimeWeb();
    const b = new ProgramBuilder(device.capabilities.native);
    const x = b.input('float32', [3]);
    const i = b.input('int32', [2]);
    const program = b.finish([b.exp(x), b.gather(x, i, 0)]);
    const executable: Executable = await device.compile(program);
    const run = async (...indices: number[]): Promise<DeviceBuffer[]> =>
      executable.run([
        { host: { data: Float32Array.of(1, 2, 3), dtype: 'float32', shape: [3] } },
        { host: { data: Int32Array.from(indices), dtype: 'int32', shape: [2] } },
      ]);
    const failing = run(0, 7);
    const following = run(2, 0);
    const error: unknown = await failing.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ExecutionError);
    expect((error as ExecutionError).message).toContain('idx=7');
    expect(program.instructions[(error as ExecutionError).instruction!]!.op).toBe('gather');
    expect(await device.download((await following)[1]!)).toEqual(Float32Array.of(3, 1));
    expect(device.stats().buffers).toBe(2);
    await device.close();
  });
});

describe('threads', () => {
  it('do not keep Node from ending', async () => {
    const { spawnSync } = await import('node:child_process');
    const script = `(async () => {
      const { onnxruntimeWeb } = await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)});
      const { ProgramBuilder } = await import('@chimera-nn/core');
      const device = await onnxruntimeWeb({ numThreads: 2 });
      const b = new ProgramBuilder();
      const x = b.input('float32', [64, 64]);
      const executable = await device.compile(b.finish([b.matmul(x, x)]));
      const data = new Float32Array(4096).fill(1);
      const [y] = await executable.run([{ host: { data, dtype: 'float32', shape: [64, 64] } }]);
      console.log((await device.download(y))[0]);
      await device.close();
    })()`;
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ['--conditions=@chimera-nn/source', '--eval', script],
      {
        cwd: import.meta.dirname,
        encoding: 'utf8',
        timeout: 60_000,
      },
    );
    expect({ stdout: stdout.trim(), status }, stderr).toEqual({ stdout: '64', status: 0 });
  });
});
