// Draws calls at random, has PyTorch run them, and compares: node tooling/random-cases.mjs --help

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const usage = `Draws calls at random, has PyTorch run them (python3 with torch, numpy, safetensors), and compares.

  --seed      the same seed gives the same cases (default 1)
  --count     how many (default 500)
  --device    reference (default), tfjs-node, tfjs-node:compile, wasm, webgpu; may be repeated
  --family    only this family of calls; may be repeated
  --operation only this operation; may be repeated
  --errors    only calls that PyTorch refuses: an error must be thrown, whatever its text
  --finite    only cases without NaN and infinities, which shader compilers may lose
  --folder    where the cases are written (default .results/random-cases); node tooling/cases.mjs --goldens runs them again
  --list      print the operations and stop
  --python    the interpreter (default python3)`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '500' },
    device: { type: 'string', multiple: true, default: ['reference'] },
    family: { type: 'string', multiple: true, default: [] },
    operation: { type: 'string', multiple: true, default: [] },
    errors: { type: 'boolean', default: false },
    finite: { type: 'boolean', default: false },
    folder: { type: 'string', default: '.results/random-cases' },
    list: { type: 'boolean', default: false },
    python: { type: 'string', default: 'python3' },
    help: { type: 'boolean', default: false },
  },
});

/** Runs a program in this terminal; whether it succeeded. */
function succeeds(/** @type {string} */ command, /** @type {string[]} */ args) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (error !== undefined) console.error(`${command}: ${error.message}`);
  return status === 0;
}

function draw() {
  const { seed, count, folder, family, operation, errors, finite, list } = values;
  return succeeds(values.python, [
    join(import.meta.dirname, 'goldens/random_cases'),
    '--seed',
    seed,
    '--count',
    count,
    '--folder',
    folder,
    ...family.flatMap((name) => ['--family', name]),
    ...operation.flatMap((name) => ['--operation', name]),
    ...(errors ? ['--errors'] : []),
    ...(finite ? ['--finite'] : []),
    ...(list ? ['--list'] : []),
  ]);
}

function compare(/** @type {string} */ device) {
  console.log(`\n${device}`);
  const command = join(import.meta.dirname, 'cases.mjs');
  return succeeds(process.execPath, [command, '--goldens', values.folder, '--device', device, '--failed']);
}

if (values.help) console.log(usage);
else {
  // Arguments are checked before any device is asked.
  if (values.errors && values.device.join() !== 'reference')
    throw new TypeError('--errors is for the reference device: calls are refused before a device sees them');
  const drawn = draw();
  const results = drawn && !values.list ? values.device.map(compare) : [drawn];
  process.exitCode = results.every(Boolean) ? 0 : 1;
}
