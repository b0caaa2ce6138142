// Writes docs/support.md from what operation samples and golden cases give on each device:
//   node tooling/support-table.mjs [device...]        (default: reference tfjs-node wasm webgpu)
// Devices are those of `node tooling/cases.mjs`. Nothing in the table is written by hand.

import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ device: string, case: string, status: 'pass' | 'fail' | 'gap' | 'fixed' | 'absent', message?: string }} Result */

const root = join(import.meta.dirname, '..');
const devices = process.argv.length > 2 ? process.argv.slice(2) : ['reference', 'tfjs-node', 'wasm', 'webgpu'];

/** What a device gives. */
function results(/** @type {string} */ device, /** @type {string[]} */ ...options) {
  const { stdout, error } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, 'cases.mjs'), '--device', device, '--json', ...options],
    { encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const line = stdout?.split('\n').findLast((text) => text.startsWith('['));
  if (error !== undefined || line === undefined) throw new Error(`${device} gave no results`, { cause: error });
  return /** @type {Result[]} */ (JSON.parse(line));
}

/** The elements by key, in order of first appearance. */
function groupBy(/** @type {readonly Result[]} */ list, /** @type {(result: Result) => string} */ keyOf) {
  /** @type {Map<string, Result[]>} */
  const groups = new Map();
  for (const one of list) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return groups;
}

function table(
  /** @type {string} */ first,
  /** @type {string[]} */ names,
  /** @type {(name: string, device: string) => string} */ cellOf,
) {
  const rows = names.map((name) => `| \`${name}\` | ${devices.map((device) => cellOf(name, device)).join(' | ')} |`);
  return [`| ${first} | ${devices.join(' | ')} |`, `| --- | ${devices.map(() => '---').join(' | ')} |`, ...rows].join(
    '\n',
  );
}

/** How many of some cases pass. */
function share(/** @type {readonly Result[]} */ list) {
  const count = (/** @type {string} */ status) => list.filter((result) => result.status === status).length;
  const tried = list.length - count('absent');
  const passed = count('pass') + count('fixed');
  if (tried === 0) return '–';
  return passed === tried ? `✓ ${passed}` : `${passed} of ${tried}`;
}

/** The dtypes in which an operation's samples pass; those in which some fail are struck out. */
function dtypeCell(/** @type {readonly Result[]} */ list) {
  const byDType = groupBy(list, ({ case: name }) => /\[(\w+)\]$/.exec(name)?.[1] ?? 'other');
  const cells = ['float32', 'float64', 'float16', 'other'].flatMap((dtype) => {
    const tried = (byDType.get(dtype) ?? []).filter(({ status }) => status !== 'absent');
    if (tried.length === 0) return [];
    const label = dtype === 'other' ? 'int32/bool' : dtype;
    return tried.every(({ status }) => status === 'pass' || status === 'fixed') ? [label] : [`~~${label}~~`];
  });
  return cells.join(', ') || '–';
}

/** @type {Map<string, Result[]>} */
const operations = new Map();
/** @type {Map<string, Result[]>} */
const cases = new Map();
for (const device of devices) {
  operations.set(device, results(device, '--operations'));
  cases.set(device, results(device));
}

const operationOf = (/** @type {Result} */ { case: name }) => name.split('/')[1] ?? name;
const familyOf = operationOf;
/** The function or class that a case is about; families whose ids do not begin with one are about themselves. */
function subjectOf(/** @type {Result} */ result) {
  const subject = result.case.split('/')[2] ?? '';
  return /^[A-Za-z]\w*$/.test(subject) ? subject : familyOf(result);
}
const everyOperation = [...operations.values()].flat().filter(({ case: name }) => name.startsWith('operations/'));
const everyCase = [...cases.values()].flat();
const operationsByDevice = new Map(
  devices.map((device) => [device, groupBy(operations.get(device) ?? [], operationOf)]),
);

const sections = [...groupBy(everyCase, familyOf).keys()].sort().map((family) => {
  const subjects = [
    ...groupBy(
      everyCase.filter((result) => familyOf(result) === family),
      subjectOf,
    ).keys(),
  ].sort();
  const byDevice = new Map(
    devices.map((device) => [
      device,
      groupBy(
        (cases.get(device) ?? []).filter((result) => familyOf(result) === family),
        subjectOf,
      ),
    ]),
  );
  return `### ${family}\n\n${table('name', subjects, (name, device) => share(byDevice.get(device)?.get(name) ?? []))}`;
});

const everything = [...operations.values(), ...cases.values()].flat();
const failures = everything.filter(({ status }) => status === 'fail');
const gaps = everything.filter(({ status }) => status === 'gap');
// A gap's message is its reason, and in parentheses what was seen.
const reasons = groupBy(gaps, ({ device, message }) => `${device}: ${message?.split(' (')[0]}`);
const gapLines = [
  ...[...reasons].map(([reason, list]) => `- ${reason}: ${list.map(({ case: name }) => `\`${name}\``).join(', ')}`),
  ...failures.map(({ device, case: name }) => `- ${device}: FAILS: \`${name}\``),
];

const text = `# Support

Written by \`node tooling/support-table.mjs\` from what samples and PyTorch goldens give on each device. \`wasm\` and \`webgpu\` are those of
\`@chimera-nn/onnxruntime-web\` in Node; where there is no GPU, Chromium's software renderer stands in for one (it has no float16).

## All together

${table('proof', ['operation samples', 'golden cases'], (name, device) => share((name === 'golden cases' ? cases : operations).get(device) ?? []))}

## Operations of a program

What adapters implement. A cell has the dtypes in which every sample of an operation passes; composites that an engine has no kernel for run as
their expansion. A dtype that is not there cannot be asked for: core refuses it at the call.

${table('operation', [...groupBy(everyOperation, operationOf).keys()].sort(), (name, device) => dtypeCell(operationsByDevice.get(device)?.get(name) ?? []))}

## What users call

Golden cases that pass: values, dtypes, shapes, gradients, buffers, printed forms and error texts against PyTorch. "–": the device lacks the
dtypes of these cases.

${sections.join('\n\n')}

## Gaps

${gapLines.length === 0 ? 'None.' : gapLines.join('\n')}
`;

mkdirSync(join(root, 'docs'), { recursive: true });
writeFileSync(join(root, 'docs/support.md'), text);
console.log(
  `docs/support.md: ${everyOperation.length + everyCase.length} results, ${gaps.length} gaps, ${failures.length} failures`,
);
