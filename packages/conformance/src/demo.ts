import { mkdir, writeFile } from 'node:fs/promises';
import { styleText } from 'node:util';
import { Presets, SingleBar } from 'cli-progress';
import Table from 'cli-table3';
import { knownDevices, targetNamed } from './cli/targets.ts';
import { examples } from './examples/registry.ts';
import { goldenOfEntry } from './goldens/goldens.ts';
import { reportToHtml } from './report/html.ts';
import { formatCell, summarize } from './report/table.ts';
import type { ConformanceReport, TargetReport } from './runner/result.ts';
import { runConformance } from './runner/run.ts';
import type { Progress } from './runner/target.ts';

// Every example of the chapter on every engine that this machine has, side by side with PyTorch; then what each engine
// made of the same training run.

const training = 'training/digits';
const page = '.results/examples.html';
const out = process.stdout;
type Style = Parameters<typeof styleText>[0];

/** Text in a colour where colours can be seen. */
function styled(style: Style, text: string): string {
  return styleText(style, text, { stream: out });
}

function say(text = ''): void {
  out.write(`${text}\n`);
}

/** A bar per device and another for its training in a terminal; a few lines elsewhere. */
class DemoProgress {
  #bar: SingleBar | undefined;
  #target = '';
  #case = '';
  #failed = 0;

  show({ target, case: name, done, total, result, step }: Progress): void {
    if (target !== this.#target) this.#begin(target, total);
    if (name !== this.#case && name === training) this.#beginTraining(done);
    this.#case = name;
    if (step !== undefined) this.#showStep(step.step, step.steps, step.text);
    else if (name !== training) this.#bar?.update(done, { text: result === undefined ? name : '' });
    if (result?.status !== 'fail') return;
    this.#failed++;
    this.#endBar();
    say(`  ${styled('red', 'failed')} ${name}: ${result.message ?? ''}`);
    if (name !== training) this.#startExamples(total, done);
  }

  end(): void {
    this.#endBar();
  }

  #begin(target: string, total: number): void {
    this.#endBar();
    this.#target = target;
    this.#failed = 0;
    say(`\n${styled('bold', target)}`);
    this.#startExamples(total, 0);
  }

  #startExamples(total: number, done: number): void {
    if (!out.isTTY) return;
    this.#bar = newBar('  examples {bar} {value}/{total} {text}');
    this.#bar.start(total - 1, done, { text: '' });
  }

  #beginTraining(done: number): void {
    this.#bar?.update(done, { text: '' });
    this.#endBar();
    if (!out.isTTY) say(`  examples: ${done - this.#failed} of ${done} as PyTorch`);
  }

  #showStep(step: number, steps: number, text: string): void {
    if (!out.isTTY) {
      if (step % 20 === 0) say(`  training: step ${step} of ${steps}, ${text}`);
      return;
    }
    if (this.#bar === undefined) {
      this.#bar = newBar('  training {bar} {value}/{total} {text}');
      this.#bar.start(steps, 0, { text: '' });
    }
    this.#bar.update(step, { text });
    if (step === steps) this.#endBar();
  }

  #endBar(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }
}

function newBar(format: string): SingleBar {
  return new SingleBar({ format, stream: out, hideCursor: true, barsize: 30 }, Presets.shades_classic);
}

/** What one training run gave, as its example shows it. */
interface Training {
  readonly correct: string;
  readonly losses: readonly number[];
  readonly predictions: string;
  readonly seconds: number;
}

function trainingOf({ results }: TargetReport): Training | undefined {
  const result = results.find(({ case: name }) => name === training);
  let correct: string | undefined;
  let predictions = '';
  let losses: readonly number[] = [];
  for (const exhibit of result?.exhibits ?? []) {
    if (exhibit.kind === 'curve') losses = exhibit.values;
    if (exhibit.kind === 'text' && exhibit.title === 'accuracy') correct = exhibit.text;
    if (exhibit.kind === 'text' && exhibit.title.startsWith('what it says')) predictions = exhibit.text;
  }
  return result === undefined || correct === undefined
    ? undefined
    : { correct, losses, predictions, seconds: result.milliseconds / 1000 };
}

const cellStyles: Readonly<Record<string, Style>> = { pass: 'green', fixed: 'green', gap: 'yellow', fail: 'red' };

function printExamples({ targets, ...report }: ConformanceReport): void {
  const present = targets.filter(({ status }) => status !== 'absent');
  if (present.length === 0) return;
  // Names of devices are long: a line for each of their parts.
  const head = ['example', ...present.map(({ target }) => target.replaceAll(/[/:]/g, '$&\n'))];
  const table = new Table({ head, style: { head: [], border: [], compact: true } });
  for (const { name, cells } of summarize({ ...report, targets: present }))
    table.push([name, ...cells.map((cell) => styled(cellStyles[cell.status] ?? 'reset', formatCell(cell)))]);
  say(`\n${styled('bold', 'The examples, with the largest difference from PyTorch’s numbers')}`);
  say(table.toString());
}

/** Prints what training gave, and tells whether all devices agree. */
async function printTraining({ targets }: ConformanceReport): Promise<boolean> {
  const runs = targets.flatMap((target) => {
    const run = trainingOf(target);
    return run === undefined ? [] : [{ name: target.target, ...run }];
  });
  const losses = await goldenOfEntry('training', 'digits/losses');
  const correct = await goldenOfEntry('training', 'digits/correct');
  const first = runs[0];
  if (losses === undefined || correct === undefined || first === undefined) return false;
  const apart = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
    Array.from(a).reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0);
  const table = new Table({
    head: ['trained on', 'held out digits', 'last loss', 'loss apart from PyTorch', 'seconds'],
    style: { head: [], border: [], compact: true },
  });
  const last = losses.values[losses.values.length - 1]!;
  table.push(['PyTorch (recorded)', `${correct.values[0]} of ${first.predictions.length}`, last.toFixed(6), '', '']);
  for (const run of runs)
    table.push([
      run.name,
      run.correct.replace(' held out digits', ''),
      run.losses.at(-1)!.toFixed(6),
      `at most ${apart(run.losses, losses.values).toExponential(1)}`,
      run.seconds.toFixed(1),
    ]);
  say(`\n${styled('bold', 'Digits, trained from one seed on every device')}`);
  say(table.toString());
  const different = Array.from(first.predictions).filter((digit, i) =>
    runs.some((run) => run.predictions[i] !== digit),
  );
  const counts = new Set(runs.map((run) => run.correct));
  const devices = runs.length === 1 ? 'One device' : `${runs.length} devices`;
  say(
    different.length === 0
      ? `${devices}: the same answer for each of ${first.predictions.length} held out digits.`
      : `${devices}: ${different.length} of ${first.predictions.length} held out digits get different answers.`,
  );
  // A digit on the edge may fall to either side; more than one is another model.
  return different.length <= 1 && counts.size <= 2;
}

say(styled('bold', 'Chimera: one model, every engine'));
say(
  `Runs ${examples.length} examples of the chapter "Layers and Blocks" on each device of this machine and compares every number with\n` +
    'PyTorch’s. The last example trains a perceptron on 1,500 handwritten digits and tests it on 297 others.',
);
const progress = new DemoProgress();
const report = await runConformance({
  devices: knownDevices.filter((name) => name !== 'reference').map((name) => targetNamed(name, true)),
  filter: examples.map(({ id }) => id),
  patience: 3,
  onProgress: (event) => progress.show(event),
});
progress.end();
printExamples(report);
const agree = await printTraining(report);

say();
for (const { target, status, message, milliseconds } of report.targets)
  say(`${target}: ${status === 'ran' ? `${(milliseconds / 1000).toFixed(1)} s` : `${status}: ${message ?? ''}`}`);
for (const failure of report.failures) say(styled('red', failure));
if (!agree) say(styled('red', 'The devices do not agree on the digits.'));
await mkdir('.results', { recursive: true });
await writeFile(page, reportToHtml(report, examples));
say(`\nAs a page: packages/conformance/${page}`);
const ok = report.ok && agree;
say(ok ? styled('green', 'Everything agrees with PyTorch.') : styled('red', 'FAILED'));
process.exitCode = ok ? 0 : 1;
// Engines keep threads and timers of their own alive after their device has been closed.
out.write('', () => process.exit());
