import { project } from '../../tooling/vitest.project.ts';

export default project({ name: 'onnx', root: import.meta.dirname });
