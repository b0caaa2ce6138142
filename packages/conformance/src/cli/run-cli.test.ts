import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runCli } from './run-cli.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Runs the command line quietly and gives its exit code and what it printed. */
async function run(...args: string[]): Promise<{ code: number; text: string }> {
  const printed: string[] = [];
  const keep = (text: unknown): void => void printed.push(String(text));
  vi.spyOn(console, 'log').mockImplementation(keep);
  vi.spyOn(console, 'error').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => (keep(text), true));
  return { code: await runCli(args), text: printed.join('\n') };
}

describe('the command line', () => {
  it('prints a table and exits with 0 when all is well', async () => {
    const { code, text } = await run('--device', 'reference', '--filter', 'custom/centered', 'operations/relu/*');
    expect(text).toMatch(/custom\/centered +│ pass exact/);
    expect(text).toMatch(/operations\/relu +│ \d+ pass/);
    expect(text).toMatch(/\nPassed: \d+ pass\./);
    expect(code).toBe(0);
  });

  it('writes the report as JSON and as a page', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'chimera-conformance-'));
    try {
      const [json, html] = [join(folder, 'out/report.json'), join(folder, 'report.html')];
      await run('--device', 'reference', '--filter', 'blocks/mlp-sequential', '--json', json, '--html', html);
      expect(JSON.parse(await readFile(json, 'utf8'))).toMatchObject({
        ok: true,
        targets: [{ target: 'reference', status: 'ran' }],
      });
      const page = await readFile(html, 'utf8');
      expect(page).toContain('Every required device passed.');
      expect(page).toContain('(0): Linear(in_features=20, out_features=256, bias=True)');
      expect(page).not.toMatch(/<(script|link)|src=/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('exits with 1 when the filter matches nothing', async () => {
    const { code, text } = await run('--device', 'reference', '--filter', 'nothing');
    expect(text).toContain('the filter matches no case');
    expect(code).toBe(1);
  });

  it('exits with 1 when a device that was asked for is absent', async () => {
    const { code, text } = await run('--device', 'reference', 'tfjs-node:cuda', '--filter', 'custom/*');
    expect(text).toMatch(/tfjs-node:cuda is absent: /);
    expect(code).toBe(1);
  });

  it('refuses a device and an option that it does not know', async () => {
    expect(await run('--device', 'abacus')).toMatchObject({
      code: 2,
      text: expect.stringContaining('There is no device named abacus. Known are: reference'),
    });
    vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
    expect(await runCli(['--colour'])).toBe(1);
    expect(await runCli(['--budget', 'soon'])).toBe(1);
  });

  it('lists the cases', async () => {
    const { code, text } = await run('--list', '--filter', 'custom/*', 'operations/relu/*');
    expect(text.split('\n')).toContain('custom/centered');
    expect(text.split('\n')).toContain('operations/relu/a scalar [float32]');
    expect(code).toBe(0);
  });
});
