// Adds up the results that the packages' test runs have left in `.results`, and prints one line.
// A package that has a test script and left no results counts as a failure: it did not get as far as running a test.
//
// Usage: node tooling/summary.mjs [--clear]

import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Which file each test script of a package leaves. */
const scripts = { test: 'tests.json', ...(process.env.CHROME_BIN ? { 'test:browser': 'browser.json' } : {}) };

const folders = ['packages', 'apps'].flatMap((name) =>
  readdirSync(join(root, name)).map((inner) => join(root, name, inner)),
);
folders.push(join(root, 'tooling'));

if (process.argv.includes('--clear')) {
  for (const folder of folders) rmSync(join(folder, '.results'), { recursive: true, force: true });
} else {
  process.exitCode = summarise() ? 0 : 1;
}

function summarise() {
  const total = { passed: 0, failed: 0, skipped: 0 };
  const unfinished = [];
  for (const folder of folders) {
    const manifest = join(folder, 'package.json');
    if (!existsSync(manifest)) continue;
    for (const [script, file] of Object.entries(scripts)) {
      if (!JSON.parse(readFileSync(manifest, 'utf8')).scripts?.[script]) continue;
      const name = `${relative(root, folder)}, ${script}`;
      const path = join(folder, '.results', file);
      if (!existsSync(path)) {
        unfinished.push(`${name}: no results`);
        continue;
      }
      const results = JSON.parse(readFileSync(path, 'utf8'));
      // A file that fails while it loads has no tests to count, and neither has a run that finds no files.
      const broken = results.testResults.filter(
        (/** @type {{ status: string; assertionResults: unknown[] }} */ file) =>
          file.status === 'failed' && file.assertionResults.length === 0,
      ).length;
      const failed = results.numFailedTests + broken;
      total.passed += results.numPassedTests;
      total.failed += failed;
      total.skipped += results.numPendingTests + results.numTodoTests;
      if (failed === 0 && !(results.success && results.numTotalTests > 0))
        unfinished.push(`${name}: the run did not succeed`);
    }
  }
  for (const line of unfinished) console.error(line);
  const failed = total.failed + unfinished.length;
  console.log(`${total.passed} passed, ${failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
  return failed === 0;
}
