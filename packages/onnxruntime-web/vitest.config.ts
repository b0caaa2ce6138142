import { project } from '../../tooling/vitest.project.ts';

export default project({ name: 'onnxruntime-web', root: import.meta.dirname });
