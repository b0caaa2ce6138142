import { browserProject } from './vitest.project.ts';

export default browserProject({ name: 'tooling', root: import.meta.dirname, include: ['**/*.browser.test.ts'] });
