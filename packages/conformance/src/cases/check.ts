import { getDefaultDevice, setDefaultDevice } from '@chimera-nn/core';
import type { Device, DType } from '@chimera-nn/core';
import type { Case } from '../runner/case.ts';
import { describeError } from '../runner/case.ts';
import { matchesFilter } from '../runner/filter.ts';
import type { KnownGap } from '../runner/gaps.ts';
import type { CaseResult, Outcome } from '../runner/result.ts';
import { within } from '../runner/within.ts';
import { runCall } from './call.ts';
import type { FamilyName } from './families.ts';
import { caseGaps } from './gaps.ts';
import { runLayer } from './layer.ts';
import { familyNames, loadFamily } from './load.ts';
import type { CaseEntry, Family } from './manifest.ts';
import { Observation } from './observation.ts';
import { runInit, runOptimizer, runScheduler } from './optimizer.ts';

export interface CheckCasesOptions {
  /** Families by name, or ones that have been read. Default: all that are built in. */
  readonly families?: readonly (FamilyName | Family)[];
  /** Globs over ids within a family, such as `sum/*`; default: every case. */
  readonly filter?: string | readonly string[];
  /** Only every n-th case of each family, for devices on which all of them would take too long; default 1. */
  readonly every?: number;
  /** Milliseconds after which a case has failed; default 60,000. */
  readonly timeout?: number;
  /** What devices are known not to do. Default: the list of this package. */
  readonly gaps?: readonly KnownGap[];
  readonly onResult?: (result: CaseResult) => void;
}

/**
 * Runs the public surface against what PyTorch gave: calls, layers, optimizers, schedulers, initialisers, each with
 * values, dtypes, shapes, gradients, buffers, printed forms or error texts. Names are `cases/<family>/<id>`.
 */
export async function checkCases(device: Device, options: CheckCasesOptions = {}): Promise<CaseResult[]> {
  const { families = familyNames, filter, every = 1, timeout = 60_000, gaps = caseGaps, onResult } = options;
  const results: CaseResult[] = [];
  for (const family of families) {
    let position = 0;
    for (const [id, one] of casesOf(typeof family === 'string' ? await loadFamily(family) : family)) {
      if (!matchesFilter(id, filter) || position++ % every !== 0) continue;
      const start = performance.now();
      let outcome: Outcome;
      try {
        outcome = await within(timeout, one.run(device));
      } catch (error) {
        outcome = { status: 'fail', message: describeError(error) };
      }
      const result = withGap(
        { device: device.name, case: one.name, ...outcome, milliseconds: performance.now() - start },
        gaps,
      );
      results.push(result);
      onResult?.(result);
    }
  }
  return results;
}

/** The cases of a family by id. */
export function casesOf(family: Family): Map<string, Case> {
  const dtypes = dtypesById(family);
  return new Map(
    family.cases.map((entry) => [
      entry.id,
      {
        name: `cases/${family.name}/${entry.id}`,
        run: (device) => runEntry(device, family, entry, dtypes.get(entry.id) ?? new Set()),
      },
    ]),
  );
}

function dtypesById({ goldens }: Family): Map<string, Set<DType>> {
  const found = new Map<string, Set<DType>>();
  for (const [key, { dtype }] of goldens) {
    const id = key.slice(0, key.indexOf('#'));
    found.set(id, (found.get(id) ?? new Set()).add(dtype));
  }
  return found;
}

async function runEntry(
  device: Device,
  family: Family,
  entry: CaseEntry,
  dtypes: ReadonlySet<DType>,
): Promise<Outcome> {
  const missing = [...dtypes].find((dtype) => !device.capabilities.dtypes.includes(dtype));
  if (missing !== undefined) return { status: 'absent', message: `${device.name} has no ${missing}` };
  const outer = getDefaultDevice();
  setDefaultDevice(device);
  try {
    const observation = new Observation(family, entry.id);
    if ('call' in entry) await runCall(entry, observation);
    else if ('layer' in entry) await runLayer(entry, observation);
    else if ('init' in entry) await runInit(entry, observation);
    else if ('scheduler' in entry) await runScheduler(entry, observation);
    else await runOptimizer(entry, observation);
    return await observation.finish();
  } catch (error) {
    return { status: 'fail', message: describeError(error) };
  } finally {
    setDefaultDevice(outer);
  }
}

/** A result in the light of the known gaps. */
export function withGap(result: CaseResult, gaps: readonly KnownGap[]): CaseResult {
  const gap = gaps.find(
    (candidate) => matchesFilter(result.device, candidate.device) && matchesFilter(result.case, candidate.case),
  );
  if (gap === undefined) return result;
  if (result.status === 'fail')
    return { ...result, status: 'gap', message: `${gap.reason} (${result.message ?? 'failed'})` };
  if (result.status === 'pass') return { ...result, status: 'fixed', message: gap.reason };
  return result;
}

/** What keeps results from being green, one sentence each. Only what needs a dtype that the device lacks may be absent. */
export function failuresOf(results: readonly CaseResult[]): string[] {
  if (!results.some(({ status }) => status === 'pass')) return ['no case passed'];
  return results
    .filter(
      ({ status, message }) =>
        status === 'fail' ||
        status === 'fixed' ||
        (status === 'absent' && !/ has no float(16|64)$/.test(message ?? '')),
    )
    .map(
      ({ case: name, status, message }) =>
        `${name}: ${status === 'fixed' ? 'passes, but is listed as a gap: ' : ''}${message}`,
    );
}
