import { tfjsNode } from '@chimera-nn/tfjs-node';
import { afterAll, expect, it } from 'vitest';
import { checkPrimitives } from './check.ts';

// A program is interpreted first and compiled when it has come back often enough: each way must give the same numbers.
it.each(['interpret', 'compile'] as const)('every operation on tfjs-node (%s)', { timeout: 300_000 }, async (tier) => {
  const device = await tfjsNode({ tier });
  afterAll(() => device.close());
  const results = await checkPrimitives(device);
  expect(results.length).toBeGreaterThan(0);
  expect(results.filter(({ status }) => status !== 'pass')).toEqual([]);
});
