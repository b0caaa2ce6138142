import { expect, it } from 'vitest';
import { referenceDevice } from '../reference/device.ts';
import { checkCases } from './check.ts';
import { familyNames } from './load.ts';

const device = referenceDevice();

it.each(familyNames)('%s', { timeout: 300_000 }, async (family) => {
  const results = await checkCases(device, { families: [family] });
  expect(results.length).toBeGreaterThan(0);
  expect(results.filter(({ status }) => status !== 'pass' && status !== 'gap')).toEqual([]);
});
