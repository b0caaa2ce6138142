import { onnxruntimeWeb } from '@chimera-nn/onnxruntime-web';
import { afterAll, expect, it } from 'vitest';
import { checkCases } from './check.ts';

// All of them take minutes on a software renderer: the command line runs them, or CHIMERA_WEBGPU=all every case of these
// families, which use most kinds of kernels.
const families = [
  'joining',
  'layers-convolution',
  'layers-linear',
  'layers-normalization',
  'layers-pooling',
  'optimizers',
] as const;

const every = process.env['CHIMERA_WEBGPU'] === 'all' ? 1 : 8;

const device = await onnxruntimeWeb({ device: 'webgpu' });
afterAll(() => device.close());

it.each(families)('%s', { timeout: 600_000 }, async (family) => {
  const results = await checkCases(device, { families: [family], every });
  expect(results.some(({ status }) => status === 'pass')).toBe(true);
  // What a shader makes of NaN depends on the machine: a gap that has closed here is no failure.
  const failures = results.filter(({ status }) => status === 'fail');
  expect(failures.map(({ case: name, message }) => `${name}: ${message}`)).toEqual([]);
});
