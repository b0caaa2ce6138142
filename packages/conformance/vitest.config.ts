import { project } from '../../tooling/vitest.project.ts';

export default project({ name: 'conformance', root: import.meta.dirname });
