import type { Example } from '../examples/example.ts';
import type { CaseResult, ConformanceReport, Exhibit, TargetReport } from '../runner/result.ts';
import { countStatuses, formatCell, formatError, summarize } from './table.ts';

/** The report as one HTML page that needs nothing else: the table, then what each example shows, then the failures. */
export function reportToHtml(report: ConformanceReport, examples: readonly Example[]): string {
  const { targets } = report;
  const rows = summarize(report).map(
    ({ name, cells }) =>
      `<tr><th scope="row">${link(name, examples)}</th>${cells.map((cell) => `<td class="${cell.status}">${text(formatCell(cell))}</td>`).join('')}</tr>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Chimera conformance</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Conformance</h1>
<p class="verdict ${report.ok ? 'pass' : 'fail'}">${report.ok ? 'Every required device passed.' : `${report.failures.length === 1 ? '1 failure' : `${report.failures.length} failures`}.`} ${text(countStatuses(report))}.</p>
${list('Failures', report.failures)}
${list('Notices', report.notices)}
<h2>Devices</h2>
<ul>${targets.map((target) => `<li><strong>${text(target.target)}</strong>: ${text(describeTarget(target))}</li>`).join('')}</ul>
<h2>Results</h2>
<p>For an example, the largest difference from PyTorch's numbers; for the others, how many of their cases passed.</p>
<div class="scroll"><table>
<thead><tr><th scope="col">case</th>${targets.map(({ target }) => `<th scope="col">${text(target)}</th>`).join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table></div>
${gapTable(report)}
<h2>Examples</h2>
${examples.map((example) => section(example, report)).join('\n')}
</main>
</body>
</html>
`;
}

const style = `
:root { color-scheme: light dark; --pass: #2e7d32; --fail: #c62828; --gap: #ef6c00; --absent: #757575; --line: #8884; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 72rem; margin: 0 auto; padding: 1rem; }
table { border-collapse: collapse; font-size: 13px; }
th, td { border-bottom: 1px solid var(--line); padding: .2rem .6rem; text-align: left; white-space: nowrap; font-variant-numeric: tabular-nums; }
.pass { color: var(--pass); } .fail { color: var(--fail); font-weight: 600; } .gap, .fixed { color: var(--gap); } .absent, .none { color: var(--absent); }
pre { background: #8881; padding: .6rem; overflow-x: auto; }
.scroll { overflow-x: auto; }
td.reason { white-space: normal; }
section { border-top: 1px solid var(--line); }
svg { max-width: 24rem; height: 6rem; display: block; }
polyline { fill: none; stroke: #1976d2; stroke-width: 1.5; vector-effect: non-scaling-stroke; }
`;

function section(example: Example, report: ConformanceReport): string {
  const results = report.targets.flatMap(({ results }) => results.filter((result) => result.case === example.id));
  if (results.length === 0) return '';
  const shown = results.find(({ exhibits = [] }) => exhibits.length > 0);
  const others = results.filter((result) => result !== shown).flatMap(curves);
  return `<section id="${text(example.id)}">
<h3>${text(example.title)} <small>${text(example.id)}</small></h3>
<p>${text(example.summary)}</p>
<ul>${results.map(item).join('')}</ul>
${[...(shown?.exhibits ?? []).map((exhibit) => figure(exhibit, shown!.device)), ...others].join('\n')}
</section>`;
}

// Trees and texts are the same everywhere; curves are worth comparing.
function curves(result: CaseResult): string[] {
  return (result.exhibits ?? [])
    .filter(({ kind }) => kind === 'curve')
    .map((exhibit) => figure(exhibit, result.device));
}

function item({ device, status, maxError, message, milliseconds }: CaseResult): string {
  const error = maxError === undefined || status === 'absent' ? '' : `, largest difference ${formatError(maxError)}`;
  return `<li class="${status}">${text(device)}: ${status}${error}, ${milliseconds.toFixed(0)} ms${message === undefined ? '' : `<br>${text(message)}`}</li>`;
}

function figure(exhibit: Exhibit, device: string): string {
  if (exhibit.kind !== 'curve') return `<h4>${text(exhibit.title)}</h4><pre>${text(exhibit.text)}</pre>`;
  const { values, title } = exhibit;
  const finite = values.filter(Number.isFinite);
  const low = Math.min(...finite);
  const span = Math.max(...finite) - low || 1;
  const points = values.map(
    (value, i) => `${(i / Math.max(values.length - 1, 1)) * 100},${(95 - ((value - low) / span) * 90).toFixed(2)}`,
  );
  const label = `${title} on ${device}: from ${values[0]} to ${values.at(-1)} in ${values.length} steps`;
  return `<h4>${text(title)} <small>${text(device)}</small></h4><svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="${text(label)}"><polyline points="${points.join(' ')}"/></svg><p><small>${text(label)}</small></p>`;
}

function gapTable(report: ConformanceReport): string {
  const gaps = report.targets.flatMap(({ results }) => results.filter(({ status }) => status === 'gap'));
  if (gaps.length === 0) return '';
  const rows = gaps.map(
    ({ device, case: name, message = '' }) =>
      `<tr><td>${text(device)}</td><td>${text(name)}</td><td class="reason">${text(message)}</td></tr>`,
  );
  return `<h2>Known gaps</h2><div class="scroll"><table><thead><tr><th>device</th><th>case</th><th>reason</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function describeTarget({ status, message, milliseconds, dtypes }: TargetReport): string {
  if (status === 'absent') return `absent: ${message ?? ''}`;
  return `${status === 'broken' ? `broken off: ${message ?? ''}, ` : ''}${(milliseconds / 1000).toFixed(1)} s, ${dtypes.join(', ')}`;
}

function link(name: string, examples: readonly Example[]): string {
  return examples.some(({ id }) => id === name) ? `<a href="#${text(name)}">${text(name)}</a>` : text(name);
}

function list(title: string, sentences: readonly string[]): string {
  return sentences.length === 0
    ? ''
    : `<h2>${title}</h2><ul>${sentences.map((sentence) => `<li>${text(sentence)}</li>`).join('')}</ul>`;
}

function text(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
