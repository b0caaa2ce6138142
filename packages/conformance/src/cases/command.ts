import { parseArgs } from 'node:util';
import type { Device } from '@chimera-nn/core';
import { checkPrimitives } from '../primitives/check.ts';
import { referenceDevice } from '../reference/device.ts';
import { knownGaps } from '../runner/gaps.ts';
import type { CaseResult } from '../runner/result.ts';
import { checkCases, withGap } from './check.ts';
import type { FamilyName } from './families.ts';
import { readFamilies } from './folder.ts';
import { familyNames } from './load.ts';
import type { Family } from './manifest.ts';

// Golden cases by hand: node tooling/cases.mjs --help

const usage = `Runs golden cases on a device.

  --device    reference (default), tfjs-node, tfjs-node:compile (always as a graph), wasm, webgpu
  --goldens   a folder of families in place of those that are built in: <family>.json and <family>.safetensors
  --family    a family, or a glob over families; may be repeated. Default: all
  --filter    a glob over ids, such as 'sum/*'; may be repeated
  --failed    only print what failed
  --ids       print ids of what failed, nothing else
  --operations  samples of every operation instead of golden cases
  --json      print the results as JSON

Built-in families: ${familyNames.join(', ')}`;

const { values } = parseArgs({
  options: {
    device: { type: 'string', default: 'reference' },
    goldens: { type: 'string' },
    family: { type: 'string', multiple: true },
    filter: { type: 'string', multiple: true },
    failed: { type: 'boolean', default: false },
    ids: { type: 'boolean', default: false },
    operations: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function open(name: string): Promise<Device> {
  switch (name) {
    case 'reference':
      return referenceDevice();
    case 'tfjs-node':
    case 'tfjs-node:compile':
      return (await import('@chimera-nn/tfjs-node')).tfjsNode(name === 'tfjs-node' ? {} : { tier: 'compile' });
    case 'wasm':
    case 'webgpu':
      return (await import('@chimera-nn/onnxruntime-web')).onnxruntimeWeb({ device: name });
    default:
      throw new TypeError(`unknown device ${name}\n\n${usage}`);
  }
}

function matching(
  families: readonly (FamilyName | Family)[],
  globs: readonly string[] | undefined,
): readonly (FamilyName | Family)[] {
  const found = families.filter((family) => {
    const name = typeof family === 'string' ? family : family.name;
    return globs?.some((glob) => new RegExp(`^${glob.replaceAll('*', '.*')}$`).test(name)) ?? true;
  });
  if (found.length === 0) throw new TypeError(`no such family\n\n${usage}`);
  return found;
}

const families = matching(
  values.goldens === undefined ? familyNames : await readFamilies(values.goldens),
  values.family,
);
/** What a case is in Python, where its manifest says so. */
const python = new Map<string, readonly string[]>(
  families.flatMap((family) =>
    typeof family === 'string'
      ? []
      : family.cases.map(({ id, python }) => [`cases/${family.name}/${id}`, python ?? []] as const),
  ),
);

function print({ case: name, status, message, milliseconds }: CaseResult): void {
  if (values.json) return;
  const bad = status === 'fail' || status === 'fixed';
  if (values.ids) {
    if (bad) console.log(name.replace(/^cases\/[^/]+\//, ''));
  } else if (bad || !values.failed) {
    console.log(
      `${status.padEnd(6)} ${name} ${milliseconds.toFixed(0)} ms${message === undefined ? '' : `: ${message}`}`,
    );
    if (bad) for (const line of python.get(name) ?? []) console.log(`         ${line}`);
  }
}

if (values.help) console.log(usage);
else {
  const device = await open(values.device);
  const options = {
    ...(!values.operations && { onResult: print }),
    ...(values.filter !== undefined && { filter: values.filter }),
  };
  const results = values.operations
    ? (await checkPrimitives(device, options)).map((result) => withGap(result, knownGaps))
    : await checkCases(device, { ...options, families });
  if (values.operations) for (const result of results) print(result);
  await device.close();
  const counts = new Map<string, number>();
  for (const { status } of results) counts.set(status, (counts.get(status) ?? 0) + 1);
  if (values.json) console.log(JSON.stringify(results));
  else if (!values.ids)
    console.log([...counts].map(([status, count]) => `${count} ${status}`).join(', ') || 'the filter matches no case');
  process.exitCode =
    results.length > 0 && results.every(({ status }) => status === 'pass' || status === 'gap' || status === 'absent')
      ? 0
      : 1;
}
