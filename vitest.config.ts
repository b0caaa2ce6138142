import { globSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { findChrome } from './tooling/environment.mjs';

const folders = ['packages/*', 'apps/*', 'tooling'];
// Without Chrome the browser tests are left out here; the bootstrap says so, loudly.
const names = ['vitest.config.ts', ...(findChrome() === undefined ? [] : ['vitest.browser.config.ts'])];

export default defineConfig({
  test: { projects: globSync(folders.flatMap((folder) => names.map((name) => `${folder}/${name}`))) },
});
