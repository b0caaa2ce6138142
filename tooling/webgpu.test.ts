import { expect, test } from 'vitest';
import { create } from 'webgpu';

test('Node offers WebGPU, on a card or on the software renderer that Chromium brings', async () => {
  const adapter = await create([]).requestAdapter();
  expect(adapter).not.toBeNull();
  const device = await adapter?.requestDevice();
  expect(device?.limits.maxBufferSize).toBeGreaterThan(0);
  device?.destroy();
});
