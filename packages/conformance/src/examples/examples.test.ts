import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { goldenGroups, goldensOf, goldensRead } from '../goldens/goldens.ts';
import { referenceDevice } from '../reference/device.ts';
import { exampleCase } from './case.ts';
import { CheckError, ExampleRun } from './context.ts';
import { deepEqual } from './equality.ts';
import { examples } from './registry.ts';
import { rows } from './rows.ts';

describe('examples', () => {
  it('have distinct ids of the form group/name, a title and a summary', () => {
    expect(new Set(examples.map(({ id }) => id)).size).toBe(examples.length);
    for (const { id, title, summary } of examples) {
      expect(id).toMatch(/^[a-z]+\/[a-z0-9-]+$/);
      expect(title.length, id).toBeGreaterThan(5);
      expect(summary.length, id).toBeGreaterThan(40);
    }
  });

  it('are the rows of the table, in its order', () => {
    expect(examples.map(({ id }) => id)).toEqual(rows);
  });

  it.each(examples.map((example) => [example.id, example] as const))(
    '%s gives the numbers of PyTorch on the reference',
    { timeout: 120_000 },
    async (_id, example) => {
      const device = referenceDevice();
      const outcome = await exampleCase(example).run(device);
      expect(outcome.message ?? '').toBe('');
      expect(outcome.status).toBe('pass');
    },
  );

  // Runs after the examples above, in the order of this file.
  it('use every golden there is', async () => {
    for (const group of goldenGroups)
      for (const entry of (await goldensOf(group)).keys())
        expect(goldensRead.has(`${group}/${entry}`), `${group}/${entry} is compared with nothing`).toBe(true);
    const files = readdirSync(new URL('../../goldens/chapter/', import.meta.url)).filter((name) =>
      name.endsWith('.safetensors'),
    );
    expect(files.map((name) => name.replace('.safetensors', '')).sort()).toEqual([...goldenGroups].sort());
  });
});

describe('expect', () => {
  const run = () => new ExampleRun('custom/centered', referenceDevice());

  it('compares numbers within the tolerance and keeps the largest error', async () => {
    const one = run();
    await one.expect.close('near', [1, 2], [1, 2.00001]);
    expect(one.maxError).toBeCloseTo(1e-5, 8);
    await expect(one.expect.close('far', [1, 2], [1, 2.1])).rejects.toThrow(
      'far: element 1 is 2, expected 2.1 within 0.0000220',
    );
    await expect(one.expect.close('NaN', [Number.NaN], [1])).rejects.toThrow(CheckError);
    await expect(one.expect.close('length', [1], [1, 2])).rejects.toThrow('length: expected 2 elements, got 1');
    expect(one.checks).toBe(4);
  });

  it('demands equality', () => {
    expect(() => run().expect.equal('shape', [2, 3], [3, 2])).toThrow('shape: expected [3,2], got [2,3]');
    expect(() => run().expect.equal('text', 'a', 'b')).toThrow('text: expected b, got a');
    run().expect.equal('typed arrays', Float32Array.of(1, 2), [1, 2]);
    expect(() => run().expect.true('truth', false)).toThrow('truth: does not hold');
  });

  it('demands errors with their text', async () => {
    const fail = () => {
      throw new RangeError('out of luck');
    };
    await run().expect.throws('luck', fail, /luck/);
    await expect(run().expect.throws('luck', fail, /skill/)).rejects.toThrow(
      'expected an error like /skill/, got "out of luck"',
    );
    await expect(run().expect.throws('luck', async () => 1, /luck/)).rejects.toThrow('nothing was thrown');
  });

  it('misses a golden that is not there', async () => {
    const { tensor } = await import('@chimera-nn/core');
    await expect(run().expect.golden('nowhere', tensor([1]))).rejects.toThrow(
      'goldens/chapter/custom.safetensors has no entry centered/nowhere',
    );
    await expect(run().expect.golden('output', tensor([1], { dtype: 'float32' }))).rejects.toThrow(
      'PyTorch gives float32 [5], this device float32 [1]',
    );
  });
});

describe('deepEqual', () => {
  it('compares lists, records, typed arrays and NaN', () => {
    expect(deepEqual({ a: [1, Number.NaN] }, { a: [1, Number.NaN] })).toBe(true);
    expect(deepEqual(Int32Array.of(1, 2), [1, 2])).toBe(true);
    expect(deepEqual({ a: 1 }, { a: 1, b: 2 })).toBe(false);
    expect(deepEqual({ a: undefined }, { b: undefined })).toBe(false);
    expect(deepEqual([1], { 0: 1 })).toBe(false);
    expect(deepEqual(null, {})).toBe(false);
  });
});
