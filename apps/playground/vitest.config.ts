import { project } from '../../tooling/vitest.project.ts';

export default project({ name: 'playground', root: import.meta.dirname });
