import { examples, runConformance } from '@chimera-nn/conformance';
import type { CaseResult, ConformanceReport, Example } from '@chimera-nn/conformance';
import { element } from './element.ts';
import type { Engine, EngineId } from './engines.ts';
import { ExampleRow } from './example-row.ts';
import type { Workbench } from './workbench.ts';

const titles: Readonly<Record<string, string>> = {
  blocks: 'Layers and blocks',
  module: 'What a block can do',
  sequential: 'Sequential',
  modulelist: 'Lists of blocks',
  custom: 'Layers of one’s own',
  parameters: 'Parameters',
  initialization: 'Initialisation',
  deferred: 'Deferred initialisation',
  files: 'Files',
  devices: 'Devices',
  training: 'Training',
};

/** The chapter's examples as a table: run them, and see how far their numbers are from PyTorch's. */
export function chapter(workbench: Workbench): HTMLElement {
  const rows = new Map(examples.map((example) => [example.id, new ExampleRow(example)]));
  const results: Record<EngineId, Map<string, CaseResult>> = { webgpu: new Map(), wasm: new Map() };
  const progress = element('progress', { max: 1, value: 0, 'aria-label': 'Examples done' });
  const verdict = element('output', { class: 'verdict' });
  const problems = element('div', { role: 'alert' });

  const complain = (sentence: string): void =>
    problems.replaceChildren(element('p', { class: 'notice fail' }, sentence));

  const run = (wanted: readonly Example[]) =>
    workbench.work(async (engine) => {
      const found = results[engine.id];
      for (const { id } of wanted) {
        found.delete(id);
        rows.get(id)!.show(undefined);
      }
      problems.replaceChildren();
      progress.max = wanted.length;
      progress.value = 0;
      verdict.textContent = `Starting ${engine.label}`;
      let report: ConformanceReport;
      try {
        report = await runConformance({
          devices: [{ name: `onnxruntime-web:${engine.id}`, open: engine.open }],
          filter: wanted.map(({ id }) => id),
          patience: engine.patience,
          onProgress: ({ case: id, done, total, result }) => {
            progress.value = done;
            if (result === undefined) {
              verdict.textContent = `${done + 1} of ${total}: ${id}`;
              rows.get(id)?.start();
            } else rows.get(id)?.show(result);
          },
        });
      } catch (error) {
        // PyTorch's numbers could not be loaded, for instance.
        complain(`The run could not be made: ${error instanceof Error ? error.message : String(error)}`);
        return;
      }
      const [target] = report.targets;
      // The report knows more than what came on the way: which failures are known, and what has no result.
      for (const result of target?.results ?? []) {
        found.set(result.case, result);
        rows.get(result.case)?.show(result);
      }
      progress.value = progress.max;
      if (target?.status !== 'ran') {
        const end = target?.status === 'broken' ? 'broke off' : 'could not be opened';
        complain(`${engine.label} ${end}: ${target?.message ?? 'no reason was given'}`);
      }
    });

  const buttons: HTMLButtonElement[] = [];
  const button = (label: string, wanted: readonly Example[], attributes = {}): HTMLButtonElement => {
    const made = element('button', { type: 'button', ...attributes, onclick: () => void run(wanted) }, label);
    buttons.push(made);
    return made;
  };

  const groups = Map.groupBy(examples, ({ id }) => id.split('/')[0]!);
  const bodies = [...groups].map(([group, members]) =>
    element(
      'tbody',
      { 'data-group': group },
      element(
        'tr',
        { class: 'group' },
        element('th', { scope: 'rowgroup', colspan: 3 }, titles[group] ?? group),
        element('td', { class: 'number' }, button('Run', members, { 'aria-label': `Run ${titles[group] ?? group}` })),
      ),
      ...members.flatMap(({ id }) => rows.get(id)!.rows),
    ),
  );

  const section = element(
    'section',
    { id: 'chapter', 'aria-labelledby': 'chapter-title' },
    element('h2', { id: 'chapter-title' }, 'The chapter, example by example'),
    element(
      'p',
      {},
      'Each line is an example of the chapter “Layers and Blocks”. Running it compares what the engine computes with what PyTorch ' +
        'computed. Unfold a line for what it shows: trees of blocks, texts, curves, and its code.',
    ),
    element(
      'div',
      { class: 'controls' },
      button('Run the chapter', examples, { class: 'primary', id: 'run-chapter' }),
      progress,
      verdict,
    ),
    problems,
    element(
      'div',
      { class: 'scroll' },
      element(
        'table',
        { id: 'results' },
        element(
          'thead',
          {},
          element(
            'tr',
            {},
            element('th', { scope: 'col' }, 'Example'),
            element('th', { scope: 'col' }, 'Result'),
            element('th', { scope: 'col', class: 'number' }, 'Largest error'),
            element('th', { scope: 'col', class: 'number' }, 'Time'),
          ),
        ),
        ...bodies,
      ),
    ),
  );

  let shown: Engine | undefined;
  workbench.onChange(() => {
    for (const one of buttons) one.disabled = !workbench.ready;
    const { engine, busy } = workbench;
    if (engine === undefined) verdict.textContent = 'Choose an engine first.';
    if (busy || engine === undefined) return;
    const found = results[engine.id];
    if (engine !== shown) {
      shown = engine;
      progress.value = 0;
      problems.replaceChildren();
      for (const [id, row] of rows) row.show(found.get(id));
    }
    verdict.textContent = describe([...found.values()], engine);
  });
  return section;
}

function describe(results: readonly CaseResult[], engine: Engine): string {
  if (results.length === 0) return `Nothing has run on ${engine.label} yet.`;
  const count = (...statuses: readonly CaseResult['status'][]) =>
    results.filter(({ status }) => statuses.includes(status)).length;
  const parts = [
    `${count('pass', 'fixed')} of ${examples.length} passed on ${engine.label}`,
    ...[
      [count('fail'), 'failed'] as const,
      [count('gap'), 'known gaps'] as const,
      [count('absent'), 'absent'] as const,
      [examples.length - results.length, 'not run'] as const,
    ].flatMap(([n, word]) => (n > 0 ? [`${n} ${word}`] : [])),
  ];
  return `${parts.join(', ')}.`;
}
