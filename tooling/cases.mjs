// Runs golden cases on a device, with the engines that this machine has: node tooling/cases.mjs --help

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { applyEngineEnvironment } from './environment.mjs';

// Before the process that loads the engines starts: the loader of shared libraries reads its search path only once.
applyEngineEnvironment();
const command = join(import.meta.dirname, '../packages/conformance/src/cases/command.ts');
const { status } = spawnSync(process.execPath, ['--conditions=@chimera-nn/source', command, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
