import { DeviceError, ProgramBuilder } from '@chimera-nn/core';
import { describe, expect, it, vi } from 'vitest';
import { describeDevice } from './device.cases.ts';
import { onnxruntimeWeb } from './open.ts';

// A software GPU compiles shaders on the CPU, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

describeDevice('webgpu', () => onnxruntimeWeb({ device: 'webgpu' }));

describe('a lost GPU', () => {
  it('is named, and a new device works', async () => {
    const requested: GPUDevice[] = [];
    const { prototype } = GPUAdapter;
    const { requestDevice } = prototype;
    prototype.requestDevice = async function (this: GPUAdapter, descriptor) {
      const device = await requestDevice.call(this, descriptor);
      requested.push(device);
      return device;
    };
    try {
      const device = await onnxruntimeWeb({ device: 'webgpu' });
      const b = new ProgramBuilder(device.capabilities.native);
      const x = b.input('float32', [2]);
      const program = b.finish([b.exp(x)]);
      const executable = await device.compile(program);
      const buffer = device.upload(Float32Array.of(0, 0), [2], 'float32');
      requested[0]!.destroy();
      await expect((async () => executable.run([{ buffer }]))()).rejects.toThrow(DeviceError);
      await expect((async () => device.download(buffer))()).rejects.toThrow('was lost');
      await device.close();
      const next = await onnxruntimeWeb({ device: 'webgpu' });
      const again = await next.compile(program);
      const [output] = await again.run([{ host: { data: Float32Array.of(0, 0), dtype: 'float32', shape: [2] } }]);
      expect([...(await next.download(output!))]).toEqual([1, 1]);
      await next.close();
    } finally {
      prototype.requestDevice = requestDevice;
    }
  });
});
