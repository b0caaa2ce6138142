import { DeviceError } from '@chimera-nn/core';
import { describe, expect, it } from 'vitest';
import { onnxruntimeWeb } from './open.ts';

describe('onnxruntimeWeb', () => {
  it('refuses unknown hardware', async () => {
    await expect(onnxruntimeWeb({ device: 'cuda' as 'wasm' })).rejects.toThrow(
      "device must be 'wasm' or 'webgpu', got \"cuda\"",
    );
  });

  it('refuses another number of threads once the engine runs', async () => {
    const device = await onnxruntimeWeb({ numThreads: 1 });
    await expect(onnxruntimeWeb({ numThreads: 3 })).rejects.toThrow(DeviceError);
    await device.close();
  });

  it('says which Node WebGPU needs', async () => {
    const { node } = process.versions;
    Object.defineProperty(process.versions, 'node', { value: '22.12.0', configurable: true });
    try {
      await expect(onnxruntimeWeb({ device: 'webgpu' })).rejects.toThrow('needs Node 24 or later, this is 22.12.0');
    } finally {
      Object.defineProperty(process.versions, 'node', { value: node, configurable: true });
    }
  });

  it('says what to do where there is no GPU adapter', async () => {
    const navigator = globalThis.navigator as { gpu?: unknown };
    Object.defineProperty(navigator, 'gpu', { value: { requestAdapter: async () => null }, configurable: true });
    try {
      await expect(onnxruntimeWeb({ device: 'webgpu' })).rejects.toThrow(
        'no GPU adapter was found. Install a Vulkan driver',
      );
    } finally {
      delete navigator.gpu;
    }
  });
});
