// Writes models into a folder, for PyTorch to read: node tooling/interchange.mjs FOLDER && python3 tooling/goldens/interchange.py FOLDER

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const script = join(import.meta.dirname, '../packages/conformance/src/modules/write-interchange.ts');
const { status } = spawnSync(process.execPath, ['--conditions=@chimera-nn/source', script, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
