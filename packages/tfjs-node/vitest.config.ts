import { project } from '../../tooling/vitest.project.ts';

export default project({ name: 'tfjs-node', root: import.meta.dirname });
