import { expect, it } from 'vitest';
import { referenceDevice } from '../reference/device.ts';
import { checkCases, failuresOf } from './check.ts';
import { familyNames } from './load.ts';

const device = referenceDevice();

it.each(familyNames)('%s', { timeout: 300_000 }, async (family) => {
  expect(failuresOf(await checkCases(device, { families: [family] }))).toEqual([]);
});
