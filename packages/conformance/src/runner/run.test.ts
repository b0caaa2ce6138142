import type { Device } from '@chimera-nn/core';
import { differentiate, ProgramBuilder } from '@chimera-nn/core';
import { describe, expect, it } from 'vitest';
import type { Example } from '../examples/example.ts';
import { examples } from '../examples/registry.ts';
import { referenceDevice } from '../reference/device.ts';
import { runTarget } from './run-target.ts';
import { runConformance } from './run.ts';
import type { Progress, RemoteTarget } from './target.ts';

const reference = { name: 'reference', open: () => referenceDevice() };

function example(id: string, run: Example['run'], budget?: number): Example {
  return { id, title: id, summary: '', run, ...(budget !== undefined && { budget }) };
}

const passes = example('a/passes', async ({ expect }) => expect.true('truth', true));
const fails = example('a/fails', async ({ expect }) => expect.close('a number', [1.5], [1], 'exact'));

/** A device with some methods replaced. */
function spoil(device: Device, replaced: Partial<Device>): Device {
  return new Proxy(device, {
    get: (target, key) => {
      const value: unknown = key in replaced ? replaced[key as keyof Device] : target[key as keyof Device];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

describe('runConformance', () => {
  it('is green on the reference, with every example and sample', async () => {
    // Golden cases have a test of their own beside them.
    const filter = [...examples.map(({ id }) => id), 'operations/*', 'programs/*'];
    const report = await runConformance({ devices: [reference], filter });
    expect(report.failures).toEqual([]);
    expect(report.ok).toBe(true);
    expect(report.targets[0]!.results.length).toBeGreaterThan(1000);
  });

  it('reports the error and the message of a failure', async () => {
    const report = await runConformance({ devices: [reference], examples: [passes, fails], filter: 'a/*' });
    expect(report.ok).toBe(false);
    expect(report.failures).toEqual([
      'reference: a/fails: CheckError: a number: element 0 is 1.5, expected 1 within 0.00',
    ]);
    expect(report.targets[0]!.results.map(({ status }) => status)).toEqual(['pass', 'fail']);
    expect(report.targets[0]!.results[1]!.maxError).toBe(0.5);
  });

  it('fails an example that checks nothing', async () => {
    const report = await runConformance({
      devices: [reference],
      examples: [example('a/idle', async () => {})],
      filter: 'a/*',
    });
    expect(report.failures).toEqual(['reference: a/idle: the example checks nothing']);
  });

  it('fails a filter that matches nothing', async () => {
    const report = await runConformance({ devices: [reference], filter: 'nothing/*' });
    expect(report.failures).toContain('reference: the filter matches no case');
  });

  it('tells of its progress', async () => {
    const seen: Progress[] = [];
    await runConformance({
      devices: [reference],
      examples: [passes, fails],
      filter: 'a/*',
      onProgress: (progress) => seen.push(progress),
    });
    expect(seen.map((progress) => [progress.case, progress.done, progress.total, progress.result?.status])).toEqual([
      ['a/passes', 0, 2, undefined],
      ['a/passes', 1, 2, 'pass'],
      ['a/fails', 1, 2, undefined],
      ['a/fails', 2, 2, 'fail'],
    ]);
  });
});

describe('a device that cannot be opened', () => {
  const missing = { name: 'missing', open: () => Promise.reject(new Error('no card')) };

  it('is never a pass', async () => {
    const report = await runConformance({ devices: [missing], examples: [passes], filter: 'a/*' });
    expect(report.ok).toBe(false);
    expect(report.failures).toEqual(['missing is absent: Error: no card', 'no device ran to its end']);
    expect(report.targets[0]!.results).toEqual([
      { device: 'missing', case: 'a/passes', status: 'absent', message: 'Error: no card', milliseconds: 0 },
    ]);
  });

  it('is a notice where it is optional and another device ran', async () => {
    const report = await runConformance({
      devices: [{ ...missing, optional: true }, reference],
      examples: [passes],
      filter: 'a/*',
    });
    expect(report.ok).toBe(true);
    expect(report.notices).toEqual(['missing is absent: Error: no card']);
  });
});

describe('budgets', () => {
  it('give up on a case that takes too long, and go on with a fresh device', async () => {
    let opened = 0;
    const target = { name: 'slow', open: () => (opened++, referenceDevice()) };
    const endless = example('a/endless', () => new Promise(() => {}), 20);
    const report = await runConformance({ devices: [target], examples: [endless, passes], filter: 'a/*' });
    expect(report.targets[0]!.results.map(({ status, message }) => [status, message])).toEqual([
      ['fail', 'BudgetError: no result after 20 ms'],
      ['pass', undefined],
    ]);
    expect(opened).toBe(2);
  });
});

describe('known gaps', () => {
  const gap = { device: 'ref*', case: 'a/fails', reason: 'this engine has no such kernel' };

  it('are run, and are not failures', async () => {
    const report = await runConformance({
      devices: [reference],
      examples: [passes, fails],
      filter: 'a/*',
      gaps: [gap],
    });
    expect(report.ok).toBe(true);
    expect(report.targets[0]!.results[1]).toMatchObject({
      status: 'gap',
      message: expect.stringMatching(/^this engine has no such kernel \(CheckError/),
    });
  });

  it('are reported when they have closed', async () => {
    const closed = { ...gap, case: 'a/passes' };
    const report = await runConformance({ devices: [reference], examples: [passes], filter: 'a/*', gaps: [closed] });
    expect(report.targets[0]!.results[0]!.status).toBe('fixed');
    expect(report.notices).toEqual([
      'reference: a/passes passes, but is listed as a gap (this engine has no such kernel)',
    ]);
  });
});

describe('planted faults turn the run red', () => {
  it('a wrong derivative', async () => {
    // x^2 with the derivative x instead of 2x.
    const wrong = example('a/derivative', async ({ device, expect }) => {
      const b = new ProgramBuilder(device.capabilities.native);
      const x = b.input('float32', [2]);
      const y = b.mul(x, x);
      const definitionOf = (value: Parameters<typeof b.definitionOf>[0]) => {
        const definition = b.definitionOf(value);
        return value === y && definition !== null ? { ...definition, rule: () => [x, null] } : definition;
      };
      const gradient = differentiate(b, new Map([[y, b.fullLike(y, 1)]]), new Set([x]), definitionOf).get(x)!;
      const executable = await device.compile(b.finish([gradient]));
      const [out] = await executable.run([{ host: { data: Float32Array.of(1, 3), dtype: 'float32', shape: [2] } }]);
      await expect.close('gradient of the sum of squares', await device.download(out!), [2, 6]);
    });
    const report = await runConformance({ devices: [reference], examples: [wrong], filter: 'a/*' });
    expect(report.failures[0]).toMatch(/gradient of the sum of squares: element 1 is 3, expected 6/);
  });

  it.each([
    ['exp', 'operations/exp/*', 'exp'],
    ['the padding of a convolution', 'operations/conv2d/*', 'conv2d'],
    ['an example', 'blocks/*', 'matmul'],
  ] as const)('a wrong lowering, found through %s', async (_what, filter, op) => {
    const open = (): Device => {
      const device = referenceDevice();
      return spoil(device, {
        compile: (program) =>
          device.compile({
            ...program,
            instructions: program.instructions.map((instruction) => {
              if (instruction.op !== op) return instruction;
              if (instruction.op === 'exp') return { ...instruction, op: 'sin' };
              if (instruction.op === 'conv2d') {
                const { attributes } = instruction;
                return {
                  ...instruction,
                  attributes: { ...attributes, padLo: attributes.padHi, padHi: attributes.padLo },
                };
              }
              return {
                ...instruction,
                inputs: instruction.inputs,
                shape: instruction.shape,
                op: 'matmul',
                attributes: { transposeA: true, transposeB: true },
              };
            }) as typeof program.instructions,
          }),
      });
    };
    const report = await runConformance({ devices: [{ name: 'spoilt', open }], filter });
    expect(report.ok).toBe(false);
    expect(report.failures.length).toBeGreaterThan(0);
  });

  it('a skipped row, a doubled row and a row of nowhere', async () => {
    const remote = (change: (results: readonly { case: string }[]) => readonly unknown[]): RemoteTarget => ({
      name: 'remote',
      run: async (options) => {
        const report = await runTarget({ ...reference, name: 'remote' }, options);
        return { ...report, results: change(report.results) as typeof report.results };
      },
    });
    const run = (change: Parameters<typeof remote>[0]) =>
      runConformance({ devices: [remote(change)], examples: [passes], filter: 'a/*' });
    expect((await run((results) => results)).ok).toBe(true);
    expect((await run((results) => results.slice(1))).failures).toEqual([
      'remote: a/passes: no result: the case was skipped',
    ]);
    expect((await run((results) => [...results, ...results])).failures).toEqual([
      'remote: a/passes: 2 results for one case',
    ]);
    expect((await run((results) => [...results, { ...results[0], case: 'a/other' }])).failures).toEqual([
      'remote: a/other: a result that was not planned',
    ]);
  });

  it('a target that breaks off', async () => {
    const crashing: RemoteTarget = {
      name: 'crashing',
      run: async (options) => {
        await runTarget({ ...reference, name: 'crashing' }, { ...options, examples: [passes] });
        throw new Error('the page crashed');
      },
    };
    const report = await runConformance({
      devices: [crashing],
      examples: [passes, example('a/next', passes.run)],
      filter: 'a/*',
    });
    expect(report.failures).toEqual([
      'crashing: Error: the page crashed',
      'crashing: a/next: no result: the case was skipped',
      'no device ran to its end',
    ]);
  });
});
