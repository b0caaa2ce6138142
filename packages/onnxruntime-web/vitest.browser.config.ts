import { browserProject } from '../../tooling/vitest.project.ts';

export default browserProject({ name: 'onnxruntime-web', root: import.meta.dirname });
