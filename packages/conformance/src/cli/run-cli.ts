import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { examples } from '../examples/registry.ts';
import { reportToHtml } from '../report/html.ts';
import { reportToJson } from '../report/json.ts';
import { planCases } from '../runner/plan.ts';
import { runConformance } from '../runner/run.ts';
import { printReport } from './print.ts';
import { ProgressPrinter } from './progress.ts';
import { knownDevices, targetNamed } from './targets.ts';

interface CliOptions {
  device?: string[];
  filter?: string[];
  json?: string;
  html?: string;
  budget: number;
  patience: number;
  list?: boolean;
}

/** Runs the command line and gives its exit code: 0 only if every required device passed. */
export async function runCli(args: readonly string[]): Promise<number> {
  const command = new Command('chimera-conformance')
    .description(
      'Runs the examples of the chapter and samples of every operation on devices, and compares every number.',
    )
    .option(
      '-d, --device <name...>',
      `devices that must pass; default: all known, those that are not here left out (${knownDevices.join(', ')})`,
    )
    .option('-f, --filter <glob...>', 'cases to run, for example "blocks/*" or "operations/conv2d/*"; default: all')
    .option('--json <file>', 'write the report as JSON')
    .option('--html <file>', 'write the report as a page')
    .option('--budget <ms>', 'milliseconds per case', positive, 60_000)
    .option('--patience <factor>', 'factor on every budget, for slow devices', positive, 1)
    .option('--list', 'print the names of the cases and stop')
    .exitOverride();
  try {
    command.parse(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    throw error;
  }
  const { device, filter, json, html, budget, patience, list } = command.opts<CliOptions>();
  const plan = { ...(filter !== undefined && { filter }) };
  if (list === true) {
    for (const { name } of await planCases(['float32', 'int32', 'bool'], plan)) console.log(name);
    return 0;
  }
  const unknown = device?.find((name) => !knownDevices.includes(name));
  if (unknown !== undefined) {
    console.error(`There is no device named ${unknown}. Known are: ${knownDevices.join(', ')}.`);
    return 2;
  }
  // A device that was asked for must be there; of all known ones, those that this machine lacks are only named.
  const devices = (device ?? knownDevices).map((name) => targetNamed(name, device === undefined));
  const progress = new ProgressPrinter(process.stderr);
  const report = await runConformance({
    devices,
    ...plan,
    budget,
    patience,
    onProgress: (event) => progress.show(event),
  });
  progress.end();
  printReport(report);
  if (json !== undefined) await write(json, reportToJson(report));
  if (html !== undefined) await write(html, reportToHtml(report, examples));
  return report.ok ? 0 : 1;
}

async function write(file: string, content: string): Promise<void> {
  const path = resolve(file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  console.log(`Written: ${file}`);
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('expected a number above 0');
  return value;
}
