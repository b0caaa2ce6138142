import { afterEach, describe, expect, it, vi } from 'vitest';
import { runConformance } from '../runner/run.ts';
import { processTarget } from './process.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('a device in a process of its own', () => {
  it('gives its report', async () => {
    const report = await runConformance({ devices: [processTarget('reference', false)], filter: 'operations/relu/*' });
    expect(report).toMatchObject({ ok: true, failures: [], targets: [{ target: 'reference', status: 'ran' }] });
  });

  it('is broken, not absent, when the process dies', async () => {
    vi.stubEnv('NODE_OPTIONS', '--no-such-option');
    const report = await runConformance({ devices: [processTarget('reference', true)], filter: 'operations/relu/*' });
    expect(report.ok).toBe(false);
    expect(report.targets[0]!.status).toBe('broken');
    expect(report.failures[0]).toMatch(
      /^reference: Error: its process ended with code 9; its last words were: .*--no-such-option/s,
    );
    expect(report.failures).toContain('reference: operations/relu/at zero [float32]: no result: the case was skipped');
  });
});
