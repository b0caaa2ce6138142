import type { Device } from '@chimera-nn/core';
import { tfjsNode } from '@chimera-nn/tfjs-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkCases } from './check.ts';
import { familyNames } from './load.ts';

// The engine interprets a program at first and compiles it when it recurs: both must be right.
describe.each(['interpret', 'compile'] as const)('%s', (tier) => {
  let device: Device;
  beforeAll(async () => {
    device = await tfjsNode({ tier });
  });
  afterAll(() => device.close());

  it.each(familyNames)('%s', { timeout: 600_000 }, async (family) => {
    const results = await checkCases(device, { families: [family] });
    expect(results.some(({ status }) => status === 'pass')).toBe(true);
    // Cases of a dtype that the device lacks are absent; nothing else is.
    for (const { status, message } of results)
      if (status === 'absent') expect(message).toMatch(/ has no float(16|64)$/);
    expect(results.filter(({ status }) => status === 'fail' || status === 'fixed')).toEqual([]);
  });
});
