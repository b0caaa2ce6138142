import { project } from '../../tooling/vitest.project.ts';

// These tests stand outside the page: they build the app, serve it and drive Chrome.
export default project({ name: 'playground:browser', root: import.meta.dirname, include: ['browser/**/*.test.ts'] });
