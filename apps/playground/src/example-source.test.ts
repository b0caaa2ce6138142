import { readdirSync, readFileSync } from 'node:fs';
import { examples } from '@chimera-nn/conformance';
import { expect, test } from 'vitest';
import { exampleSource } from './example-source.ts';

const folder = new URL('../../../packages/conformance/src/examples/', import.meta.url);
const files = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'));

test.each(examples.map(({ id }) => id))('the code of %s is found in one file', (id) => {
  const found = files.flatMap((file) => exampleSource(id, file) ?? []);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(/expect\./);
});

test('brings what the file declares and the code uses, and nothing else', () => {
  const file = `import { nn } from '@chimera-nn/core';

const size = 3;
const other = 4;

function make() {
  return new Layer(size);
}

class Layer {
  width = 1;
}

export const group = [
  {
    id: 'group/one',
    run: async ({ expect }) => {
      const layer = make();
      expect.true('made', layer !== null);
    },
  },
];
`;
  expect(exampleSource('group/one', file)).toBe(`const size = 3;

function make() {
  return new Layer(size);
}

class Layer {
  width = 1;
}

const layer = make();
expect.true('made', layer !== null);`);
  expect(exampleSource('group/two', file)).toBeUndefined();
});
