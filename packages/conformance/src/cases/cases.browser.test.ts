import { onnxruntimeWeb } from '@chimera-nn/onnxruntime-web';
import { afterAll, expect, it } from 'vitest';
import { checkCases, failuresOf } from './check.ts';

// One of each kind of case: what is proven here is that they load and run in a page. Node's suites run them all.
const families = ['schedulers', 'optimizers', 'layers-linear', 'layers-normalization', 'init'] as const;

const device = await onnxruntimeWeb({ device: 'wasm' });
afterAll(() => device.close());

it.each(families)('%s', { timeout: 120_000 }, async (family) => {
  expect(failuresOf(await checkCases(device, { families: [family] }))).toEqual([]);
});
