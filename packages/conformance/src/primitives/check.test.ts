import { ExecutionError, operationOf, operations, ProgramBuilder } from '@chimera-nn/core';
import type { Device, OperationName } from '@chimera-nn/core';
import { describe, expect, it } from 'vitest';
import { referenceDevice } from '../reference/device.ts';
import type { CaseResult } from '../runner/result.ts';
import { checkPrimitives, primitiveCases } from './check.ts';
import { samples } from './samples/table.ts';

const names = Object.keys(operations) as OperationName[];

describe('samples', () => {
  it.each(names)('%s has samples, of distinct names, that its shape rule accepts', (name) => {
    const list = samples[name];
    expect(list.length).toBeGreaterThan(0);
    expect(new Set(list.map((sample) => sample.name)).size).toBe(list.length);
    for (const sample of list) expect(() => operationOf(name).infer(sample.inputs, sample.attributes)).not.toThrow();
  });

  it('have distinct names', () => {
    const all = primitiveCases(['float32', 'float64', 'float16']).map(({ name }) => name);
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('checkPrimitives', () => {
  it('passes the reference with its composites expanded by core', async () => {
    const results = await checkPrimitives(referenceDevice());
    expect(results.filter(({ status }) => status !== 'pass')).toEqual([]);
    expect(results.length).toBe(primitiveCases(['float16', 'float32', 'float64']).length);
  });

  it('reports cases of dtypes that the device lacks as absent', async () => {
    const device = referenceDevice({ dtypes: ['float32', 'int32', 'bool'] });
    const results = await checkPrimitives(device, { filter: 'operations/cast/*' });
    const absent = results.filter(({ status }) => status === 'absent').map((result) => result.case);
    expect(absent).toEqual([
      'operations/cast/float32 to float64 [float32]',
      'operations/cast/float32 to float16 rounds to even [float32]',
    ]);
  });

  it('fails a wrong number', async () => {
    const device = referenceDevice();
    const result = await checkOne(
      { download: async (buffer) => (await device.download(buffer)).map((value) => value + 1e-4) },
      device,
    );
    expect(result.status).toBe('fail');
    expect(result.maxError).toBeCloseTo(1e-4, 6);
    expect(result.message).toMatch(/^with buffers: result 0: element \d+ is/);
  });

  it('fails a wrong dtype or shape', async () => {
    const device = referenceDevice();
    const other = new ProgramBuilder();
    const x = other.input('float32', [3, 5]);
    const program = other.finish([other.reshape(other.exp(x), [5, 3])]);
    const result = await checkOne({ compile: () => device.compile(program) }, device);
    expect(result).toMatchObject({
      status: 'fail',
      message: 'with buffers: result 0: expected float32 [3, 5], got float32 [5, 3]',
    });
  });

  it('fails an error, and a run that never ends', async () => {
    const failing = await checkOne({
      compile: () => {
        throw new ExecutionError('no such kernel');
      },
    });
    expect(failing).toMatchObject({ status: 'fail', message: 'ExecutionError: no such kernel' });
    const hanging = await checkOne(
      { compile: () => ({ run: () => new Promise(() => {}), dispose: () => {} }) },
      referenceDevice(),
      20,
    );
    expect(hanging).toMatchObject({ status: 'fail', message: 'BudgetError: no result after 20 ms' });
  });

  it('fails a leak', async () => {
    const result = await checkOne({ free: () => {} });
    expect(result).toMatchObject({ status: 'fail', message: '0 buffers were alive before, 3 after' });
  });
});

/** One case on a device with some methods replaced. */
async function checkOne(
  replaced: Partial<Device>,
  device: Device = referenceDevice(),
  timeout = 5000,
): Promise<CaseResult> {
  const spoiled = new Proxy(device, {
    get: (target, key) => {
      const value: unknown = key in replaced ? replaced[key as keyof Device] : target[key as keyof Device];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const [result] = await checkPrimitives(spoiled, { filter: 'operations/exp/a matrix [float32]', timeout });
  return result!;
}
