import type { DType } from '@chimera-nn/core';

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
  /** What went wrong, or why the case is absent, or the reason of the gap. */
  readonly message?: string;
  readonly milliseconds: number;
  /** What an example shows of itself. */
  readonly exhibits?: readonly Exhibit[];
}

/** Something for the report's page: a printed block, a curve, a text. */
export type Exhibit =
  | { readonly kind: 'tree'; readonly title: string; readonly text: string }
  | { readonly kind: 'text'; readonly title: string; readonly text: string }
  | { readonly kind: 'curve'; readonly title: string; readonly values: readonly number[] };

/** What a case found out; the runner adds where and how long. */
export type Outcome = Pick<CaseResult, 'status' | 'maxError' | 'message' | 'exhibits'>;

/** What one target gave. */
export interface TargetReport {
  readonly target: string;
  /** `absent`: it could not be opened. `broken`: it stopped before its plan was done. */
  readonly status: 'ran' | 'absent' | 'broken';
  readonly message?: string;
  /** The dtypes that the device has; they decide which cases are planned. */
  readonly dtypes: readonly DType[];
  readonly results: readonly CaseResult[];
  readonly milliseconds: number;
}

/** What a whole run gave. */
export interface ConformanceReport {
  /** Whether every planned case of every required device has passed or is a known gap. */
  readonly ok: boolean;
  /** One sentence per reason why `ok` is false. */
  readonly failures: readonly string[];
  /** What a reader should know although nothing failed: absent optional devices, gaps that have closed. */
  readonly notices: readonly string[];
  readonly targets: readonly TargetReport[];
}
