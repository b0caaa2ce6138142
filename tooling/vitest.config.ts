import { project } from './vitest.project.ts';

export default project({ name: 'tooling', root: import.meta.dirname, include: ['**/*.test.ts'] });
