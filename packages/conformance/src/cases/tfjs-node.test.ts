import type { Device } from '@chimera-nn/core';
import { tfjsNode } from '@chimera-nn/tfjs-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkCases, failuresOf } from './check.ts';
import { caseGaps, compiledGraphGaps } from './gaps.ts';
import { familyNames } from './load.ts';

// The engine interprets a program at first and compiles it when it recurs: both must be right.
describe.each(['interpret', 'compile'] as const)('%s', (tier) => {
  let device: Device;
  beforeAll(async () => {
    device = await tfjsNode({ tier });
  });
  afterAll(() => device.close());

  it.each(familyNames)('%s', { timeout: 600_000 }, async (family) => {
    const gaps = tier === 'compile' ? [...caseGaps, ...compiledGraphGaps] : caseGaps;
    expect(failuresOf(await checkCases(device, { families: [family], gaps }))).toEqual([]);
  });
});
