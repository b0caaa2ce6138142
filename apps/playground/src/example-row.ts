import type { CaseResult, Example, Exhibit } from '@chimera-nn/conformance';
import { Curve } from './curve.ts';
import { element } from './element.ts';
import { exampleSource } from './example-source.ts';

const files = import.meta.glob<string>(
  ['../../../packages/conformance/src/examples/*.ts', '!../../../packages/conformance/src/examples/*.test.ts'],
  { query: '?raw', import: 'default' },
);

const words = {
  pass: '✓ pass',
  fail: '✗ fail',
  gap: '~ known gap',
  fixed: '✓ pass',
  absent: '– absent',
  running: '… running',
  waiting: '',
} as const;

/** An example's line of the table, and the line below it that unfolds to what it shows. */
export class ExampleRow {
  readonly rows: readonly [HTMLTableRowElement, HTMLTableRowElement];
  readonly example: Example;
  readonly #status = element('td', { class: 'status' });
  readonly #error = element('td', { class: 'number' });
  readonly #time = element('td', { class: 'number' });
  readonly #message = element('p', { class: 'message', hidden: true });
  readonly #toggle: HTMLButtonElement;
  readonly #content = element('td', { colspan: 4 });
  readonly #details: HTMLTableRowElement;
  #result: CaseResult | undefined;

  constructor(example: Example) {
    this.example = example;
    const id = `details-${example.id.replaceAll('/', '-')}`;
    this.#toggle = element(
      'button',
      {
        type: 'button',
        class: 'disclosure',
        'aria-expanded': 'false',
        'aria-controls': id,
        onclick: () => this.#unfold(this.#toggle.ariaExpanded === 'false'),
      },
      example.title,
    );
    this.#details = element('tr', { id, class: 'details', hidden: true }, this.#content);
    this.rows = [
      element(
        'tr',
        { 'data-example': example.id },
        element('th', { scope: 'row' }, this.#toggle, ' ', element('code', {}, example.id), this.#message),
        this.#status,
        this.#error,
        this.#time,
      ),
      this.#details,
    ];
    this.show(undefined);
  }

  /** Shows that it is being computed. */
  start(): void {
    this.#fill('running', undefined);
  }

  /** Shows a result, or that there is none yet. */
  show(result: CaseResult | undefined): void {
    this.#fill(result?.status ?? 'waiting', result);
    if (!this.#details.hidden) void this.#fillDetails();
  }

  #fill(status: keyof typeof words, result: CaseResult | undefined): void {
    this.#result = result;
    this.rows[0].dataset['status'] = status;
    this.#status.textContent = words[status];
    this.#error.textContent = result === undefined ? '' : formatError(result);
    this.#time.textContent =
      result === undefined || result.status === 'absent' ? '' : `${Math.max(1, Math.round(result.milliseconds))} ms`;
    this.#message.textContent = result?.message ?? '';
    this.#message.hidden = result?.message === undefined;
  }

  #unfold(open: boolean): void {
    this.#details.hidden = !open;
    this.#toggle.setAttribute('aria-expanded', String(open));
    if (open) void this.#fillDetails();
  }

  async #fillDetails(): Promise<void> {
    const { example } = this;
    const result = this.#result;
    const code = await sourceOf(example.id);
    // Another result may have come in the meantime; it fills on its own.
    if (result !== this.#result) return;
    const exhibits = result?.exhibits ?? [];
    this.#content.replaceChildren(
      element('p', {}, example.summary),
      ...exhibits.map(figure),
      ...(result === undefined ? [element('p', { class: 'muted' }, 'What it prints is shown once it has run.')] : []),
      ...(code === undefined
        ? []
        : [element('details', {}, element('summary', {}, 'Code'), element('pre', { tabindex: 0 }, code))]),
    );
  }
}

/** The largest absolute difference from PyTorch's numbers. */
function formatError({ status, maxError }: CaseResult): string {
  if (maxError === undefined || status === 'absent') return '';
  // What failed before anything was compared has no difference to show.
  if (maxError === 0) return status === 'fail' || status === 'gap' ? '' : 'exact';
  return Number.isFinite(maxError) ? maxError.toExponential(1) : 'not finite';
}

function figure(exhibit: Exhibit): HTMLElement {
  const caption = element('figcaption', {}, exhibit.title);
  if (exhibit.kind !== 'curve') return element('figure', {}, caption, element('pre', { tabindex: 0 }, exhibit.text));
  const curve = new Curve({ x: 'step', y: exhibit.title });
  for (const [step, value] of exhibit.values.entries()) curve.add(step + 1, value);
  return element('figure', {}, caption, curve.element);
}

async function sourceOf(id: string): Promise<string | undefined> {
  for (const load of Object.values(files)) {
    const found = exampleSource(id, await load());
    if (found !== undefined) return found;
  }
  return undefined;
}
