import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import util from 'node:util';
import { DeviceError } from '@chimera-nn/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadEngine } from './engine.ts';

describe('loadEngine', () => {
  let project: string;
  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), 'chimera-engine-'));
  });
  afterEach(() => rmSync(project, { recursive: true }));

  /** Installs a package that runs `code` when it is loaded. */
  function install(name: string, code: string): void {
    const folder = join(project, 'node_modules', name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, main: 'index.js' }));
    writeFileSync(join(folder, 'index.js'), code);
  }

  const from = (): string => join(project, 'adapter.js');

  it('says how to install a package that is missing', () => {
    expect(() => loadEngine('cuda', from())).toThrow(
      new DeviceError(
        'tfjs-node:cuda: the package @tensorflow/tfjs-node-gpu is not installed. Add it to your project: npm install @tensorflow/tfjs-node-gpu',
      ),
    );
  });

  it('says how to get a native addon that is missing', () => {
    install('@tensorflow/tfjs-node', "throw new Error('The Node.js native addon module can not be found\\nat all')");
    expect(() => loadEngine('cpu', from())).toThrow(DeviceError);
    expect(() => loadEngine('cpu', from())).toThrow(
      /the native addon of @tensorflow\/tfjs-node does not load.*node tooling\/bootstrap\.mjs.*npm rebuild @tensorflow\/tfjs-node.*The reason given: The Node\.js native addon module can not be found$/,
    );
  });

  it('does not take a processor for a card', () => {
    install('@tensorflow/tfjs-node-gpu', 'exports.backend = () => ({ binding: { isUsingGpuDevice: () => false } })');
    expect(() => loadEngine('cuda', from())).toThrow(
      /^tfjs-node:cuda: @tensorflow\/tfjs-node-gpu found no CUDA device/,
    );
  });

  it('gives Node back what the engine still calls, and leaves the log level of the user alone', () => {
    const level = process.env['TF_CPP_MIN_LOG_LEVEL'];
    install(
      '@tensorflow/tfjs-node',
      `const util = require('node:util');
       if (!util.isNullOrUndefined(undefined) || util.isNullOrUndefined(0)) throw new Error('missing');
       exports.backend = () => ({ binding: { level: process.env.TF_CPP_MIN_LOG_LEVEL } });`,
    );
    try {
      process.env['TF_CPP_MIN_LOG_LEVEL'] = '0';
      expect(loadEngine('cpu', from())).toEqual({ level: '0' });
      delete process.env['TF_CPP_MIN_LOG_LEVEL'];
      expect(loadEngine('cpu', from())).toEqual({ level: '2' });
    } finally {
      if (level === undefined) delete process.env['TF_CPP_MIN_LOG_LEVEL'];
      else process.env['TF_CPP_MIN_LOG_LEVEL'] = level;
    }
    expect(typeof Reflect.get(util, 'isArray')).toBe('function');
  });
});
