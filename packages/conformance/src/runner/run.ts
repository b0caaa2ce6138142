import { describeError } from './case.ts';
import type { KnownGap } from './gaps.ts';
import { knownGaps } from './gaps.ts';
import type { CaseResult, ConformanceReport, TargetReport } from './result.ts';
import { runTarget } from './run-target.ts';
import type { Target, TargetOptions } from './target.ts';
import { judge } from './verdict.ts';

export interface ConformanceOptions extends TargetOptions {
  /** The devices, which run in sequence. */
  readonly devices: readonly Target[];
  /** What the devices are known not to do. Default: the gaps of this project's own devices. */
  readonly gaps?: readonly KnownGap[];
}

/**
 * Runs the chapter's examples, samples of every operation and a few programs on devices, and compares every number
 * with PyTorch's or the reference's. The report is `ok` when every planned case of every device that is not
 * optional has passed or is a known gap.
 */
export async function runConformance(options: ConformanceOptions): Promise<ConformanceReport> {
  const { devices, gaps = knownGaps, ...targetOptions } = options;
  const names = devices.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new TypeError(`runConformance: two devices are named ${twice}`);
  const reports: TargetReport[] = [];
  for (const target of devices) reports.push(await runAny(target, targetOptions));
  return judge(devices, reports, gaps, targetOptions);
}

async function runAny(target: Target, options: TargetOptions): Promise<TargetReport> {
  if ('open' in target) return runTarget(target, options);
  // What a remote target has told so far is kept when it breaks off.
  const results: CaseResult[] = [];
  const start = performance.now();
  try {
    return await target.run({
      ...options,
      onProgress: (progress) => {
        if (progress.result !== undefined) results.push(progress.result);
        options.onProgress?.(progress);
      },
    });
  } catch (error) {
    const message = describeError(error);
    return {
      target: target.name,
      status: 'broken',
      message,
      dtypes: ['float32', 'int32', 'bool'],
      results,
      milliseconds: performance.now() - start,
    };
  }
}
