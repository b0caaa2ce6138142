import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { violations } from './architecture.ts';

const root = dirname(import.meta.dirname);

function repository(): Map<string, string> {
  const paths = globSync('packages/*/src/**/*.ts', { cwd: root });
  return new Map(paths.map((path) => [path.replaceAll('\\', '/'), readFileSync(join(root, path), 'utf8')]));
}

const core = new Map([
  [
    'packages/core/src/index.ts',
    "export * from './graph/dtype.ts'; export { Block } from './nn/block.ts'; export type { Device } from './device/contract.ts';",
  ],
  ['packages/core/src/graph/dtype.ts', 'export type DType = string;'],
  ['packages/core/src/nn/block.ts', 'export class Block {}'],
  [
    'packages/core/src/device/contract.ts',
    "import type { DType } from '../graph/dtype.ts'; export interface Device { dtype: DType }",
  ],
]);

function check(path: string, source: string): string[] {
  return violations(new Map([...core, [path, source]]));
}

describe('the repository', () => {
  test('imports only in the directions that the architecture allows', () => {
    const sources = repository();
    expect(sources.size).toBeGreaterThan(0);
    expect(violations(sources)).toEqual([]);
  });
});

describe('between packages', () => {
  test('the plain example has no violation', () => {
    expect(violations(core)).toEqual([]);
  });

  test.each([
    ['core', "import '@chimera-nn/onnx';", 'none of our packages'],
    ['core', "import fs from 'node:fs';", 'fflate and nothing else'],
    ['core', "import '../../onnx/src/model.ts';", 'out of the package'],
    ['onnx', "import type { X } from '@chimera-nn/tfjs-node';", 'onnx may import core'],
    ['tfjs-node', "export * from '@chimera-nn/onnxruntime-web';", 'may import core, onnx'],
    ['tfjs-node', "const x = await import('@chimera-nn/conformance');", 'may import core, onnx'],
    ['conformance', "import { tfjsNode } from '@chimera-nn/tfjs-node';", 'conformance may import core'],
    ['onnx', "import { type DType, Block } from '@chimera-nn/core';", 'Block is from nn'],
    ['onnx', "export { Block as Base } from '@chimera-nn/core';", 'Block is from nn'],
    ['tfjs-node', "import * as core from '@chimera-nn/core';", 'name what is used'],
    ['stray', 'export {};', 'not in the table'],
  ])('%s: %s', (name, source, reason) => {
    const [first, ...others] = check(`packages/${name}/src/planted.ts`, source).filter(
      (line) => !line.includes('no place in the order'),
    );
    expect(first).toContain(reason);
    expect(others).toEqual([]);
  });

  test.each([
    ['packages/onnx/src/model.ts', "import type { Device, DType } from '@chimera-nn/core';"],
    [
      'packages/onnxruntime-web/src/session.ts',
      "import { write } from '@chimera-nn/onnx'; import * as ort from 'onnxruntime-web';",
    ],
    ['packages/conformance/src/cli.ts', "const adapter = await import('@chimera-nn/tfjs-node');"],
    [
      'packages/onnxruntime-web/src/session.test.ts',
      "import { Block } from '@chimera-nn/core'; import '@chimera-nn/conformance';",
    ],
  ])('%s may: %s', (path, source) => {
    expect(check(path, source)).toEqual([]);
  });
});

describe('inside core', () => {
  test.each([
    ['graph/planted.ts', "import '../autograd/reverse.ts';", 'graph comes before autograd'],
    ['device/planted.ts', "import type { Tensor } from '../tensor/tensor.ts';", 'device comes before tensor'],
    ['tensor/planted.ts', "export { Block } from '../nn/block.ts';", 'tensor comes before nn'],
    ['nn/planted.ts', "import '../optim/sgd.ts';", 'nn comes before optim'],
    ['optim/planted.ts', "import '../state/file.ts';", 'optim comes before state'],
    ['state/planted.ts', "import '../index.ts';", 'state comes before index'],
    ['attic/planted.ts', "import '../errors.ts';", 'attic has no place'],
  ])('%s: %s', (path, source, reason) => {
    const found = check(`packages/core/src/${path}`, source);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(reason);
  });

  test('tests are free of the order', () => {
    expect(
      check('packages/core/src/graph/shape.test.ts', "import '../index.ts'; import { test } from 'vitest';"),
    ).toEqual([]);
  });
});
