import type { Device } from '@chimera-nn/core';
import { describe, expect, it } from 'vitest';
import { referenceDevice } from '../reference/device.ts';
import type { CaseResult } from '../runner/result.ts';
import { casesOf, checkCases, failuresOf } from './check.ts';
import type { Golden } from './golden-file.ts';
import type { CaseEntry, Family } from './manifest.ts';
import { compareWithGolden, toleranceOf } from './tolerance.ts';

const golden = (...values: number[]): Golden => ({
  dtype: 'float32',
  shape: [values.length],
  values: Float32Array.from(values),
});

/** A family of one case, x.exp(), with goldens that may be changed. */
function familyOf(entry: Partial<CaseEntry> = {}, goldens: Record<string, Golden> = {}): Family {
  const call = {
    id: 'exp',
    call: 'x.exp',
    inputs: { x: { requiresGrad: true } },
    result: { $tensor: 0 },
    differentiable: [0],
    gradients: ['x'],
  };
  const all = {
    'exp#in.x': golden(0, 1),
    'exp#out.0': golden(1, Math.E),
    // The cotangent is -1 and 37 / 50.5 - 1.
    'exp#grad.x': golden(-1, (37 / 50.5 - 1) * Math.E),
    ...goldens,
  };
  return { name: 'test', cases: [{ ...call, ...entry }], goldens: new Map(Object.entries(all)) };
}

function run(family: Family, device: Device = referenceDevice()) {
  return casesOf(family).get('exp')!.run(device);
}

describe('a case', () => {
  it('passes with the right numbers', async () => {
    expect(await run(familyOf())).toMatchObject({ status: 'pass' });
  });

  it.each([
    ['a wrong value', familyOf({}, { 'exp#out.0': golden(1, 2.7) }), /^result: element 1 is 2\.718/],
    ['a wrong gradient', familyOf({}, { 'exp#grad.x': golden(1, 0) }), /^gradient of x: element/],
    ['a wrong shape', familyOf({}, { 'exp#out.0': golden(1) }), /^result: expected float32 \[1\], got float32 \[2\]/],
    [
      'a wrong dtype',
      familyOf({}, { 'exp#out.0': { dtype: 'int32', shape: [2], values: Int32Array.of(1, 2) } }),
      /^result: expected int32/,
    ],
    ['a wrong structure', familyOf({ result: [{ $tensor: 0 }] }), /^result: expected 1 values/],
    [
      'a gradient that should not be',
      familyOf({ differentiable: [], gradients: [] }),
      /^result 0: requiresGrad is true/,
    ],
    ['a function that is missing', familyOf({ call: 'x.expo' }), /there is no x\.expo/],
    ['an error that does not come', familyOf({ error: 'no' }), /^expected an error saying "no", got none/],
    [
      'another error',
      familyOf({ call: 'x.reshape', args: [[3]], error: 'no' }),
      /^expected an error saying "no", got "shape/,
    ],
  ])('fails %s', async (_what, family, message) => {
    const outcome = await run(family);
    expect(outcome.status).toBe('fail');
    expect(outcome.message).toMatch(message);
  });

  it('is absent where the device lacks a dtype', async () => {
    const device = referenceDevice({ dtypes: ['int32', 'bool'] });
    expect(await run(familyOf(), device)).toEqual({ status: 'absent', message: 'reference has no float32' });
  });

  it('fails an engine that computes wrong numbers', async () => {
    const device = referenceDevice();
    const spoiled = new Proxy(device, {
      get: (target, key) => {
        if (key === 'download')
          return async (buffer: never) => (await target.download(buffer)).map((value) => value + 1e-3);
        const value: unknown = target[key as keyof Device];
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    expect(await run(familyOf(), spoiled)).toMatchObject({ status: 'fail' });
  });
});

describe('gaps', () => {
  const gap = { device: 'reference', case: 'cases/schedulers/StepLR/*', reason: 'no steps' };

  it('are reported when they have closed', async () => {
    const results = await checkCases(referenceDevice(), {
      families: ['schedulers'],
      filter: 'StepLR/plain',
      gaps: [gap],
    });
    expect(results.map(({ status }) => status)).toEqual(['fixed']);
    expect(failuresOf([...results, passed])).toEqual([
      'cases/schedulers/StepLR/plain: passes, but is listed as a gap: no steps',
    ]);
  });
});

const passed: CaseResult = { device: 'reference', case: 'cases/test/exp', status: 'pass', milliseconds: 1 };

describe('failuresOf', () => {
  it('is empty when everything passes, is a gap, or needs another dtype', () => {
    const absent: CaseResult = { ...passed, status: 'absent', message: 'reference has no float16' };
    expect(failuresOf([passed, { ...passed, status: 'gap', message: 'known' }, absent])).toEqual([]);
  });

  it('counts nothing as everything', () => {
    expect(failuresOf([])).toEqual(['no case passed']);
    expect(failuresOf([{ ...passed, status: 'absent', message: 'reference has no float16' }])).toEqual([
      'no case passed',
    ]);
  });

  it('knows no other reason to be absent', () => {
    expect(failuresOf([passed, { ...passed, status: 'absent', message: 'too slow' }])).toEqual([
      'cases/test/exp: too slow',
    ]);
  });
});

describe('tolerances', () => {
  it('are of each element for elementwise results, of the largest otherwise', () => {
    const expected = golden(1000, 1e-3);
    expect(
      compareWithGolden([1000.009, 1e-3], expected, toleranceOf('elementwise', 'exp', 'result')).problem,
    ).toBeNull();
    expect(compareWithGolden([1000, 1.1e-3], expected, toleranceOf('elementwise', 'exp', 'result')).problem).toMatch(
      /^element 1/,
    );
    expect(compareWithGolden([1000, 1.1e-3], expected, toleranceOf('reduction', 'sum', 'result')).problem).toBeNull();
    expect(compareWithGolden([1000.02, 1e-3], expected, toleranceOf('reduction', 'sum', 'result')).problem).toMatch(
      /^element 0/,
    );
  });

  it('hold NaN and infinities to be themselves', () => {
    const expected = golden(Number.NaN, Infinity, 1);
    const tolerance = toleranceOf('reduction', 'sum', 'result');
    expect(compareWithGolden([Number.NaN, Infinity, 1], expected, tolerance).problem).toBeNull();
    expect(compareWithGolden([1, Infinity, 1], expected, tolerance).problem).toMatch(/^element 0/);
    expect(compareWithGolden([Number.NaN, 3e38, 1], expected, tolerance).problem).toMatch(/^element 1/);
    expect(compareWithGolden([Number.NaN, Infinity, Number.NaN], expected, tolerance).problem).toMatch(/^element 2/);
  });
});
