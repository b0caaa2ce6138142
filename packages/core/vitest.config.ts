import { project } from '../../tooling/vitest.project.ts';

export default project({ name: 'core', root: import.meta.dirname });
