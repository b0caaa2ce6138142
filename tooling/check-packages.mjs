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
    run(name, ['pack', '--out', tarball], join(root, 'packages', name));
    run(name, ['exec', 'publint', 'run', tarball, '--strict'], root);
    run(name, ['exec', 'attw', tarball, '--profile', 'esm-only'], root);
    console.log(`${name}: packs, resolves and types as an ESM package`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function run(/** @type {string} */ name, /** @type {string[]} */ args, /** @type {string} */ cwd) {
  const { status, stdout, stderr } = spawnSync('pnpm', args, {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status === 0) return;
  console.error(`${name}: pnpm ${args.join(' ')}\n${stdout}${stderr}`);
  process.exitCode = 1;
}
