import Table from 'cli-table3';
import { countStatuses, formatCell, summarize } from '../report/table.ts';
import type { ConformanceReport } from '../runner/result.ts';

/** Prints the table, then notices and failures. */
export function printReport(report: ConformanceReport): void {
  const table = new Table({
    head: ['case', ...report.targets.map(({ target }) => target)],
    style: { head: [], border: [] },
  });
  for (const { name, cells } of summarize(report)) table.push([name, ...cells.map(formatCell)]);
  console.log(table.toString());
  for (const { target, status, message, milliseconds } of report.targets)
    console.log(
      `${target}: ${status === 'ran' ? `${(milliseconds / 1000).toFixed(1)} s` : `${status}: ${message ?? ''}`}`,
    );
  if (report.notices.length > 0) console.log(`\nNotices:\n${bullets(report.notices)}`);
  if (report.failures.length > 0) console.log(`\nFailures:\n${bullets(report.failures)}`);
  console.log(`\n${report.ok ? 'Passed' : 'FAILED'}: ${countStatuses(report)}.`);
}

function bullets(sentences: readonly string[]): string {
  return sentences.map((sentence) => `  - ${sentence}`).join('\n');
}
