// Packs every package that is published, as it would go to a registry, and has publint and attw look at the tarballs.
// Expects the packages to be built.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), 'chimera-nn-packages-'));

try {
  for (const name of readdirSync(join(root, 'packages'))) {
    const { private: unpublished } = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
    if (unpublished) continue;
    const tarball = join(folder, `${name}.tgz`);
    const steps = [
      { cwd: join(root, 'packages', name), args: ['pack', '--out', tarball] },
      { cwd: root, args: ['exec', 'publint', 'run', tarball, '--strict'] },
      { cwd: root, args: ['exec', 'attw', tarball, '--profile', 'esm-only'] },
    ];
    if (steps.every(({ args, cwd }) => run(args, cwd)))
      console.log(`${name}: packs, resolves and types as an ESM package`);
    else process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function run(/** @type {string[]} */ args, /** @type {string} */ cwd) {
  const { status, stdout, stderr } = spawnSync('pnpm', args, {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) console.error(`pnpm ${args.join(' ')}\n${stdout}${stderr}`);
  return status === 0;
}
