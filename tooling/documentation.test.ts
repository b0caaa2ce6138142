import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
// A package from which core, both adapters and the suite itself resolve.
const home = join(root, 'packages', 'conformance');
const folder = join(home, '.results', 'documentation');
mkdirSync(folder, { recursive: true });

const pages = [join(root, 'README.md'), ...globSync(join(root, 'docs', '*.md'))].map((path) => {
  const blocks = [...readFileSync(path, 'utf8').matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code!);
  return {
    name: basename(path, '.md'),
    // What runs in a page or configures Vite is not for Node; the playground does both, and is tested in Chrome.
    blocks: blocks.filter((code) => !code.includes('document.') && !code.includes("from 'vite'")),
  };
});

describe.each(pages.filter(({ blocks }) => blocks.length > 0))('the code in $name', ({ name, blocks }) => {
  test.each(blocks.map((code, i) => [i + 1, code] as const))('runs: block %i', { timeout: 120_000 }, (i, code) => {
    const file = join(folder, `${name}-${i}.ts`);
    writeFileSync(file, code);
    const { status, stderr } = spawnSync(process.execPath, ['--conditions=@chimera-nn/source', file], {
      cwd: home,
      encoding: 'utf8',
    });
    expect(status, `${code}\n${stderr}`).toBe(0);
  });
});
