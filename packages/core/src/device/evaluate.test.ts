import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ExecutionError } from '../errors.ts';
import type { Program } from '../graph/program.ts';
import { printProgram } from '../graph/program.ts';
import { nn, ones, setDefaultDevice, tensor, zeros } from '../index.ts';
import type { Device, DeviceBuffer, RunInput } from './contract.ts';

/** A device that computes nothing: it remembers what it was asked, and gives zeros. */
class SilentDevice implements Device {
  readonly name = 'silent';
  readonly capabilities = { dtypes: ['float32', 'int32', 'bool'], native: [] } as const;
  readonly programs: Program[] = [];
  readonly runs: (readonly RunInput[])[] = [];
  readonly alive = new Set<DeviceBuffer>();
  failing = false;

  compile(program: Program): ReturnType<Device['compile']> {
    this.programs.push(program);
    return {
      run: (inputs) => {
        if (this.failing) throw new ExecutionError('no luck', { instruction: program.instructions.length - 1 });
        this.runs.push(inputs);
        return program.outputs.map((i) => this.#allocate(program.instructions[i]!));
      },
      dispose: () => undefined,
    };
  }
  #allocate({ dtype, shape }: Pick<DeviceBuffer, 'dtype' | 'shape'>): DeviceBuffer {
    const buffer = { dtype, shape, bytes: 4 * shape.reduce((n, extent) => n * extent, 1) };
    this.alive.add(buffer);
    return buffer;
  }
  upload(_data: unknown, shape: readonly number[], dtype: DeviceBuffer['dtype']): DeviceBuffer {
    return this.#allocate({ dtype, shape });
  }
  download(buffer: DeviceBuffer): ReturnType<Device['download']> {
    return Promise.resolve(new Float32Array(buffer.bytes / 4));
  }
  free(buffer: DeviceBuffer): void {
    this.alive.delete(buffer);
  }
  stats(): ReturnType<Device['stats']> {
    return { buffers: this.alive.size, bytes: 0 };
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

let device: SilentDevice;
beforeEach(() => {
  device = new SilentDevice();
  setDefaultDevice(device);
});
afterEach(() => {
  setDefaultDevice(null);
});

describe('compiling', () => {
  it('happens once per structure, not per value', async () => {
    for (let i = 0; i < 5; i++) await tensor([i, 1], { dtype: 'float32' }).exp().data();
    expect(device.programs).toHaveLength(1);
    await ones([3]).exp().data();
    expect(device.programs).toHaveLength(2);
  });

  it('takes numbers in at first, and as inputs once they vary', async () => {
    const x = ones([2]);
    for (let i = 0; i < 6; i++) await x.mul(i + 0.5).data();
    expect(device.programs.map((program) => program.inputs.length)).toEqual([1, 2]);
    expect(device.runs.at(-1)!.filter((input) => 'host' in input && input.host.data[0] === 5.5)).toHaveLength(1);
  });

  it('leaves numbers that stay the same compiled in', async () => {
    const x = ones([2]);
    for (let i = 0; i < 4; i++) await x.mul(3).add(i).data();
    expect(printProgram(device.programs.at(-1)!)).toContain('constant(value=3');
  });

  it('warns, and says what differed, when a step is compiled again and again', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    for (let n = 1; n < 40; n++) {
      let y = zeros([n]);
      for (let i = 0; i < 20; i++) y = y.sin();
      await y.data();
    }
    expect(warn).toHaveBeenCalledOnce();
    expect(String(warn.mock.calls[0])).toMatch(/has shape \[\d+\] instead of \[\d+\]/);
    warn.mockRestore();
  });
});

describe('evaluating', () => {
  it('computes everything that the user holds in one run', async () => {
    const x = ones([2]);
    const a = x.sin();
    const b = a.cos();
    await b.data();
    expect(device.programs[0]!.outputs).toHaveLength(2);
    await a.data();
    expect(device.runs).toHaveLength(1);
  });

  it('leaves intermediates of blocks to the engine', async () => {
    const net = new nn.Sequential(new nn.Linear(2, 3), new nn.Sigmoid(), new nn.Linear(3, 1));
    await net(ones([1, 2])).data();
    expect(device.programs[0]!.outputs).toHaveLength(1);
  });

  it('names the operation and the block when the engine fails', async () => {
    class Net extends nn.Block {
      hidden = new nn.Linear(2, 3);
      override forward(x: ReturnType<typeof ones>): ReturnType<typeof ones> {
        return this.hidden(x).sin();
      }
    }
    const y = new Net()(ones([1, 2]));
    device.failing = true;
    await expect(y.data()).rejects.toThrow('sin in Net on silent: no luck');
    device.failing = false;
    await expect(y.data()).resolves.toHaveLength(3);
  });

  it('refuses a dtype that the device lacks, naming those that it has', () => {
    expect(() => ones([1]).to('float64')).toThrow(/silent has no float64; it has float32, int32, bool/);
    // Where a result would have the dtype, too: before anything runs.
    expect(() => ones([1]).sum({ dtype: 'float64' })).toThrow(
      /silent has no float64; .* the reference device have float64/,
    );
  });
});
