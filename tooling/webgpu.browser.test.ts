import { expect, test } from 'vitest';

interface Gpu {
  requestAdapter(): Promise<object | null>;
}

test('Chrome offers WebGPU, on a card or on its software renderer', async () => {
  const { gpu } = navigator as unknown as { gpu?: Gpu };
  expect(gpu).toBeDefined();
  expect(await gpu?.requestAdapter()).not.toBeNull();
});

test('pages are isolated, so that WebAssembly has threads', () => {
  expect((globalThis as unknown as { crossOriginIsolated: boolean }).crossOriginIsolated).toBe(true);
});
