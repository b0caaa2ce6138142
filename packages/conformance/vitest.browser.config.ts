import { browserProject } from '../../tooling/vitest.project.ts';

export default browserProject({ name: 'conformance', root: import.meta.dirname });
