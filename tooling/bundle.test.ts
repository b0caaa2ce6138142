import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { expect, test } from 'vitest';
import { sourceCondition } from './vitest.project.ts';

/** What a bundler makes of a program that uses core, with everything dropped that it takes for unused. */
async function bundle(program: string): Promise<string> {
  const result = await build({
    root: import.meta.dirname,
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: [sourceCondition] },
    plugins: [
      {
        name: 'program',
        resolveId: (id) =>
          id.endsWith('bundled-program.ts') ? `${import.meta.dirname}/bundled-program.ts` : undefined,
        load: (id) => (id.endsWith('/bundled-program.ts') ? program : undefined),
      },
    ],
    build: { write: false, minify: false, lib: { entry: 'bundled-program.ts', formats: ['es'] } },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (output === undefined || !('output' in output)) throw new Error('vite is watching instead of building');
  return output.output.map((chunk) => (chunk.type === 'chunk' ? chunk.code : '')).join('\n');
}

test('a bundled program keeps the methods of tensors', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'chimera-nn-bundle-'));
  try {
    const path = join(folder, 'program.mjs');
    writeFileSync(
      path,
      await bundle("import { zeros } from '@chimera-nn/core'; export const sum = zeros([2, 3]).add(1).sum(1);"),
    );
    const { sum } = (await import(pathToFileURL(path).href)) as { sum: { shape: number[] } };
    expect(sum.shape).toEqual([2]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
