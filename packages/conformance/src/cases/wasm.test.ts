import { onnxruntimeWeb } from '@chimera-nn/onnxruntime-web';
import { afterAll, expect, it } from 'vitest';
import { checkCases, failuresOf } from './check.ts';
import { familyNames } from './load.ts';

const device = await onnxruntimeWeb({ device: 'wasm' });
afterAll(() => device.close());

it.each(familyNames)('%s', { timeout: 600_000 }, async (family) => {
  expect(failuresOf(await checkCases(device, { families: [family] }))).toEqual([]);
});
