import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { manualSeed, noGrad, save, setDefaultDevice } from '@chimera-nn/core';
import type { nn } from '@chimera-nn/core';
import { referenceDevice } from '../reference/device.ts';
import { travellers } from './interchange-models.ts';

// Writes models for tooling/goldens/interchange.py to read.
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Say into which folder: node tooling/interchange.mjs FOLDER');
mkdirSync(folder, { recursive: true });
setDefaultDevice(referenceDevice());
for (const [name, { make, input }] of Object.entries(travellers)) {
  manualSeed(23);
  const model = make() as nn.AnyBlock;
  const x = input();
  noGrad(() => model(x));
  model.eval();
  const output = noGrad(() => model(x));
  await save({ model: model.stateDict(), input: x, output }, join(folder, `${name}.pt`));
  await save(model.stateDict(), join(folder, `${name}.safetensors`));
}
