import { onnxruntimeWeb } from '@chimera-nn/onnxruntime-web';
import { afterAll, expect, it } from 'vitest';
import { checkCases } from './check.ts';
import { familyNames } from './load.ts';

// A second or so per case where the GPU is a program: a sample there, everything with CHIMERA_WEBGPU=all.
const every = process.env['CHIMERA_WEBGPU'] === 'all' ? 1 : 60;

const device = await onnxruntimeWeb({ device: 'webgpu' });
afterAll(() => device.close());

it.each(familyNames)('%s', { timeout: 600_000 }, async (family) => {
  const results = await checkCases(device, { families: [family], every });
  expect(results.length).toBeGreaterThan(0);
  // What a shader makes of NaN depends on the machine: a gap that has closed here is no failure.
  expect(
    results.filter(({ status }) => status === 'fail').map(({ case: name, message }) => `${name}: ${message}`),
  ).toEqual([]);
});
