import { defineProject } from 'vitest/config';

/** The export condition under which our packages resolve to their TypeScript sources, so that no test waits for a build. */
export const sourceCondition = '@chimera-nn/source';

/** What every package's tests have in common. */
export function project(options: { name: string; root: string; include?: string[] }) {
  return defineProject({
    root: options.root,
    resolve: { conditions: [sourceCondition, 'module', 'node', 'development|production'] },
    ssr: { resolve: { conditions: [sourceCondition, 'module', 'node', 'development|production'] } },
    test: {
      name: options.name,
      include: options.include ?? ['src/**/*.test.ts'],
      exclude: ['**/node_modules/**', '**/dist/**', '**/*.browser.test.ts'],
    },
  });
}
