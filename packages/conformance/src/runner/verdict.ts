import { matchesFilter } from './filter.ts';
import type { KnownGap } from './gaps.ts';
import { planCases } from './plan.ts';
import type { CaseResult, ConformanceReport, TargetReport } from './result.ts';
import type { Target, TargetOptions } from './target.ts';

/**
 * Holds the reports against the plan. The plan is made here, from the examples and samples themselves, never from
 * what a target says it did: a planned case without a result has failed, and so has one with two, or one that nobody
 * planned.
 */
export async function judge(
  targets: readonly Target[],
  reports: readonly TargetReport[],
  gaps: readonly KnownGap[],
  options: Pick<TargetOptions, 'examples' | 'filter'>,
): Promise<ConformanceReport> {
  const failures: string[] = [];
  const notices: string[] = [];
  const judgeOne = async (target: Target): Promise<TargetReport> => {
    const report = reports.find((candidate) => candidate.target === target.name);
    const plan = await planCases(report?.dtypes ?? ['float32', 'int32', 'bool'], options);
    const planned = plan.map(({ name }) => name);
    if (planned.length === 0) failures.push(`${target.name}: the filter matches no case`);
    if (report === undefined) {
      failures.push(`${target.name}: there is no report`);
      return {
        target: target.name,
        status: 'broken',
        message: 'there is no report',
        dtypes: [],
        results: [],
        milliseconds: 0,
      };
    }
    if (report.status === 'absent') {
      const sentence = `${target.name} is absent: ${report.message ?? 'no reason was given'}`;
      (target.optional === true ? notices : failures).push(sentence);
      return { ...report, results: planned.map((name) => absent(target.name, name, report.message)) };
    }
    if (report.status === 'broken') failures.push(`${target.name}: ${report.message ?? 'broken off'}`);
    const results = complete(target.name, planned, report.results).map((result) => withGap(result, gaps));
    for (const { case: name, status, message } of results) {
      if (status === 'fail') failures.push(`${target.name}: ${name}: ${message ?? 'failed'}`);
      if (status === 'fixed') notices.push(`${target.name}: ${name} passes, but is listed as a gap (${message})`);
    }
    return { ...report, results };
  };
  const judged: TargetReport[] = [];
  for (const target of targets) judged.push(await judgeOne(target));
  if (!judged.some(({ status }) => status === 'ran')) failures.push('no device ran to its end');
  return { ok: failures.length === 0, failures, notices, targets: judged };
}

/** One result per planned case, in the plan's order, and failures for whatever does not fit the plan. */
function complete(device: string, planned: readonly string[], results: readonly CaseResult[]): CaseResult[] {
  const left = new Map<string, CaseResult[]>();
  for (const result of results) left.set(result.case, [...(left.get(result.case) ?? []), result]);
  const failure = (name: string, message: string): CaseResult => ({
    device,
    case: name,
    status: 'fail',
    message,
    milliseconds: 0,
  });
  const rows = planned.map((name) => {
    const found = left.get(name) ?? [];
    left.delete(name);
    if (found.length > 1) return failure(name, `${found.length} results for one case`);
    return found[0] ?? failure(name, 'no result: the case was skipped');
  });
  return [...rows, ...[...left.keys()].map((name) => failure(name, 'a result that was not planned'))];
}

function withGap(result: CaseResult, gaps: readonly KnownGap[]): CaseResult {
  const gap = gaps.find(
    (candidate) => matchesFilter(result.device, candidate.device) && matchesFilter(result.case, candidate.case),
  );
  if (gap === undefined) return result;
  if (result.status === 'fail')
    return { ...result, status: 'gap', message: `${gap.reason} (${result.message ?? 'failed'})` };
  if (result.status === 'pass') return { ...result, status: 'fixed', message: gap.reason };
  return result;
}

function absent(device: string, name: string, reason = 'the device could not be opened'): CaseResult {
  return { device, case: name, status: 'absent', message: reason, milliseconds: 0 };
}
