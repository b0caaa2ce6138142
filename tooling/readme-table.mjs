// Writes the support table of README.md from a conformance report:
//   npx chimera-conformance --filter 'blocks/*' ... --json report.json && node tooling/readme-table.mjs report.json
// Rows are the groups of the chapter's examples, columns the devices; nothing between the markers is written by hand.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error('Say which report: node tooling/readme-table.mjs report.json');
  process.exit(2);
}

/** @typedef {{ case: string, status: string }} Result */
/** @type {{ targets: { target: string, status: string, message?: string, results: Result[] }[] }} */
const report = JSON.parse(readFileSync(file, 'utf8'));
const readme = join(import.meta.dirname, '..', 'README.md');
const text = readFileSync(readme, 'utf8');
const [start, end] = ['<!-- support: written by tooling/readme-table.mjs -->', '<!-- support ends -->'];
const from = text.indexOf(start);
const to = text.indexOf(end);
if (from < 0 || to < from) throw new Error('README.md has no place for the table');

const groups = [
  ...new Set(report.targets.flatMap(({ results }) => results.map((result) => result.case.split('/')[0]))),
];
const rows = groups.map((group) => {
  const cells = report.targets.map(({ status, results }) => {
    if (status === 'absent') return 'absent';
    const own = results.filter((result) => result.case.startsWith(`${group}/`));
    const passed = own.filter((result) => result.status === 'pass').length;
    return passed === own.length ? `✓ ${passed}` : `${passed} of ${own.length}`;
  });
  return `| ${group} | ${cells.join(' | ')} |`;
});
const names = report.targets.map(({ target }) => target);
const absent = report.targets
  .filter(({ status }) => status === 'absent')
  .map(({ target, message }) => `\`${target}\`: ${(message ?? 'absent').split('\n')[0]}`);
const table = [
  `| examples | ${names.join(' | ')} |`,
  `| --- | ${names.map(() => '---').join(' | ')} |`,
  ...rows,
  ...(absent.length > 0 ? ['', `Absent on the machine of this run: ${absent.join('; ')}`] : []),
].join('\n');
writeFileSync(readme, `${text.slice(0, from)}${start}\n\n${table}\n\n${text.slice(to)}`);
console.log(table);
