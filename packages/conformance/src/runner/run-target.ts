import type { Device } from '@chimera-nn/core';
import type { Case, CaseStep } from './case.ts';
import { describeError } from './case.ts';
import { planCases } from './plan.ts';
import type { CaseResult, Outcome, TargetReport } from './result.ts';
import type { DeviceTarget, TargetOptions } from './target.ts';
import { BudgetError, within } from './within.ts';

/** Opens a target's device, runs every case on it, one after another, and closes it. Never rejects. */
export async function runTarget(target: DeviceTarget, options: TargetOptions = {}): Promise<TargetReport> {
  const start = performance.now();
  const results: CaseResult[] = [];
  let device: Device;
  try {
    device = await target.open();
  } catch (error) {
    return {
      target: target.name,
      status: 'absent',
      message: describeError(error),
      dtypes: ['float32', 'int32', 'bool'],
      results,
      milliseconds: performance.now() - start,
    };
  }
  const { dtypes } = device.capabilities;
  const cases = await planCases(dtypes, options);
  const finish = (status: TargetReport['status'], message?: string): TargetReport => ({
    target: target.name,
    status,
    ...(message !== undefined && { message }),
    dtypes,
    results,
    milliseconds: performance.now() - start,
  });
  for (const one of cases) {
    options.onProgress?.({ target: target.name, case: one.name, done: results.length, total: cases.length });
    const { outcome, exhausted, milliseconds } = await runCase(one, device, options, (step) =>
      options.onProgress?.({ target: target.name, case: one.name, done: results.length, total: cases.length, step }),
    );
    const result: CaseResult = { device: target.name, case: one.name, ...outcome, milliseconds };
    results.push(result);
    options.onProgress?.({ target: target.name, case: one.name, done: results.length, total: cases.length, result });
    if (!exhausted) continue;
    // The engine is still busy with what we gave up on: go on with a fresh device.
    try {
      await within(10_000, device.close()).catch(() => undefined);
      device = await target.open();
    } catch (error) {
      return finish('broken', `could not be opened again after ${one.name}: ${describeError(error)}`);
    }
  }
  try {
    await within(10_000, device.close());
  } catch (error) {
    return finish('broken', `could not be closed: ${describeError(error)}`);
  }
  return finish('ran');
}

async function runCase(
  one: Case,
  device: Device,
  { budget = 60_000, patience = 1 }: TargetOptions,
  tell: (step: CaseStep) => void,
): Promise<{ outcome: Outcome; exhausted: boolean; milliseconds: number }> {
  const start = performance.now();
  try {
    const outcome = await within((one.budget ?? budget) * patience, one.run(device, tell));
    return { outcome, exhausted: false, milliseconds: performance.now() - start };
  } catch (error) {
    const outcome: Outcome = { status: 'fail', message: describeError(error) };
    return { outcome, exhausted: error instanceof BudgetError, milliseconds: performance.now() - start };
  }
}
