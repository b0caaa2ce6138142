import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { examples } from './examples/registry.ts';
import type { ConformanceReport } from './runner/result.ts';

// Every device in a process of its own, through the command line: an engine that takes its process down fails its own
// test and no other.
const main = fileURLToPath(new URL('cli/main.ts', import.meta.url));

// Golden cases have suites of their own. On a software GPU a case takes a second or so: there the chapter and what is
// most often got wrong, and everything with CHIMERA_WEBGPU=all.
const chapter = [...new Set(examples.map(({ id }) => `${id.split('/')[0]}/*`))];
const delicate = [
  'conv2d',
  'conv2dInputGrad',
  'conv2dWeightGrad',
  'matmul',
  'scatterAdd',
  'argMax',
  'select',
  'cumsum',
];
const all = [...chapter, 'operations/*', 'programs/*'];

function filterFor(device: string): readonly string[] {
  if (!device.endsWith('webgpu') || process.env['CHIMERA_WEBGPU'] === 'all')
    return device.startsWith('chromium/') ? chapter : all;
  return device.startsWith('chromium/') ? chapter : [...chapter, ...delicate.map((name) => `operations/${name}/*`)];
}

async function run(device: string): Promise<{ code: number; report: ConformanceReport | undefined; text: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'chimera-conformance-'));
  const file = join(folder, 'report.json');
  try {
    const { code, text } = await new Promise<{ code: number; text: string }>((resolve) => {
      const args = [
        '--conditions=@chimera-nn/source',
        main,
        '--device',
        device,
        '--json',
        file,
        '--filter',
        ...filterFor(device),
      ];
      const child = execFile(process.execPath, args, { maxBuffer: 64 * 2 ** 20 }, (_error, stdout, stderr) => {
        resolve({ code: child.exitCode ?? -1, text: `${stdout}\n${stderr}` });
      });
    });
    const json = await readFile(file, 'utf8').catch(() => undefined);
    return { code, report: json === undefined ? undefined : (JSON.parse(json) as ConformanceReport), text };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What this machine may lack. Where it does, the test is skipped, with the device's own words. */
const optional = new Set([
  'chromium/onnxruntime-web:wasm',
  'onnxruntime-web:webgpu',
  'chromium/onnxruntime-web:webgpu',
]);

describe('conformance of', () => {
  it.for(['tfjs-node:cpu', 'onnxruntime-web:wasm', ...optional])(
    '%s',
    { timeout: 900_000 },
    async (device, { skip }) => {
      const { code, report, text } = await run(device);
      expect(report, text).toBeDefined();
      const { failures, targets } = report!;
      const { status, message = '' } = targets[0]!;
      // Only the adapters' own word for it counts as a lack; anything else that goes wrong fails.
      if (status === 'absent' && optional.has(device) && message.startsWith('DeviceError')) skip(message);
      expect(failures).toEqual([]);
      expect(status).toBe('ran');
      expect(code).toBe(0);
    },
  );
});
