import type { CaseResult, CaseStatus, ConformanceReport } from '../runner/result.ts';

/** A row of the summary: an example, or all samples of one operation. */
export interface SummaryRow {
  readonly name: string;
  /** One cell per target, in the report's order. */
  readonly cells: readonly SummaryCell[];
}

export interface SummaryCell {
  /** The worst status among the row's cases; `none` where the target has no such case. */
  readonly status: CaseStatus | 'none';
  readonly passed: number;
  readonly total: number;
  readonly maxError: number;
}

const severity: readonly CaseStatus[] = ['pass', 'fixed', 'absent', 'gap', 'fail'];

/** The report as rows and columns: examples one by one, samples folded into one row per operation. */
export function summarize(report: ConformanceReport): SummaryRow[] {
  const names = new Set<string>();
  const cells = report.targets.map(({ results }) => {
    const rows = new Map<string, CaseResult[]>();
    for (const result of results) {
      const name = rowOf(result.case);
      names.add(name);
      const row = rows.get(name);
      if (row === undefined) rows.set(name, [result]);
      else row.push(result);
    }
    return rows;
  });
  return [...names].map((name) => ({ name, cells: cells.map((rows) => cellOf(rows.get(name) ?? [])) }));
}

/** `operations/matmul/B transposed [float32]` belongs to the row `operations/matmul`. */
function rowOf(name: string): string {
  const [group, operation] = name.split('/');
  if (group === 'cases') return `${group}/${operation}`;
  return group === 'operations' || group === 'programs'
    ? group === 'programs'
      ? group
      : `${group}/${operation}`
    : name;
}

function cellOf(results: readonly CaseResult[]): SummaryCell {
  let worst = -1;
  let passed = 0;
  let maxError = 0;
  for (const { status, maxError: error = 0 } of results) {
    worst = Math.max(worst, severity.indexOf(status));
    if (status === 'pass' || status === 'fixed') passed++;
    if (status !== 'absent') maxError = Math.max(maxError, error);
  }
  return { status: severity[worst] ?? 'none', passed, total: results.length, maxError };
}

/** A cell in a few characters: `pass 2.4e-7` for one case, `57 pass` or `3/57 fail` for several, whose errors have no common scale. */
export function formatCell({ status, passed, total, maxError }: SummaryCell): string {
  if (status === 'none') return '';
  if (total > 1) return status === 'pass' ? `${total} pass` : `${passed}/${total} ${status}`;
  if (status === 'absent') return status;
  // What failed before anything was compared has no error to show.
  if (maxError === 0) return status === 'pass' ? 'pass exact' : status;
  return `${status} ${formatError(maxError)}`;
}

export function formatError(error: number): string {
  return Number.isFinite(error) ? error.toExponential(1) : 'not a number';
}

/** How many cases ended how, over all targets: `1290 pass, 3 absent`. */
export function countStatuses(report: ConformanceReport): string {
  const counts = new Map<CaseStatus, number>();
  for (const { results } of report.targets)
    for (const { status } of results) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].map(([status, count]) => `${count} ${status}`).join(', ');
}
