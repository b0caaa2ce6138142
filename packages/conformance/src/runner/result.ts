/**
 * How a case ended. `gap`: it failed, and is listed as a known gap. `fixed`: it is listed as a known gap but passed,
 * so the list is out of date. `absent`: it could not be tried, and `message` says why; never a pass.
 */
export type CaseStatus = 'pass' | 'fail' | 'gap' | 'fixed' | 'absent';

/** What one case gave on one device. */
export interface CaseResult {
  readonly device: string;
  readonly case: string;
  readonly status: CaseStatus;
  /** The largest absolute difference from what was expected; Infinity where NaN or an infinity met something else. */
  readonly maxError?: number;
  /** What went wrong, or why the case is absent. */
  readonly message?: string;
  readonly milliseconds: number;
}
