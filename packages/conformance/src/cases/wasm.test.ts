import { onnxruntimeWeb } from '@chimera-nn/onnxruntime-web';
import { afterAll, expect, it } from 'vitest';
import { checkCases } from './check.ts';
import { familyNames } from './load.ts';

const device = await onnxruntimeWeb({ device: 'wasm' });
afterAll(() => device.close());

it.each(familyNames)('%s', { timeout: 600_000 }, async (family) => {
  const results = await checkCases(device, { families: [family] });
  expect(results.some(({ status }) => status === 'pass')).toBe(true);
  // Cases of a dtype that the device lacks are absent; nothing else is.
  for (const { status, message } of results) if (status === 'absent') expect(message).toMatch(/ has no float(16|64)$/);
  expect(results.filter(({ status }) => status === 'fail' || status === 'fixed')).toEqual([]);
});
