import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { applyEngineEnvironment, chromeArguments } from './environment.mjs';

/** The export condition under which our packages resolve to their TypeScript sources, so that no test waits for a build. */
export const sourceCondition = '@chimera-nn/source';

interface Project {
  name: string;
  root: string;
  include?: string[];
}

/** The tests of one package that run in Node: `src/**` /`*.test.ts`. */
export function project({ name, root, include = ['src/**/*.test.ts'] }: Project) {
  // Before any test process starts: the loader of shared libraries reads its search path only once.
  applyEngineEnvironment();
  const conditions = [sourceCondition, 'module', 'node', 'development|production'];
  return defineConfig({
    root,
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: {
      name,
      include,
      exclude: ['**/node_modules/**', '**/dist/**', '**/*.browser.test.ts'],
      // Native addons and environment variables belong to a process.
      pool: 'forks',
      // A hang is what these end; two cores that also run a browser are slow.
      testTimeout: 60_000,
      hookTimeout: 120_000,
    },
  });
}

/** The tests of one package that run in Chrome: `src/**` /`*.browser.test.ts`. Without Chrome there is nothing to configure: an error. */
export function browserProject({ name, root, include = ['src/**/*.browser.test.ts'] }: Project) {
  applyEngineEnvironment();
  const executablePath = process.env.CHROME_BIN;
  if (executablePath === undefined) throw new Error('Browser tests need Chrome: install it, or set CHROME_BIN.');
  return defineConfig({
    root,
    resolve: { conditions: [sourceCondition, 'module', 'browser', 'development|production'] },
    // Isolation gives pages SharedArrayBuffer, and with it WebAssembly its threads.
    server: {
      headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
    },
    // Its modules find their WebAssembly beside themselves, which bundling would break.
    optimizeDeps: { exclude: ['onnxruntime-web'] },
    test: {
      name: `${name}:browser`,
      include,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({ launchOptions: { executablePath, args: chromeArguments() } }),
        instances: [{ browser: 'chromium' }],
      },
    },
  });
}
