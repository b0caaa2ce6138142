import type { Device } from '@chimera-nn/core';
import type { Outcome } from './result.ts';

/** One row of the table: something that is tried on every device. */
export interface Case {
  readonly name: string;
  /** Milliseconds that it may take; the runner's default where it does not say. */
  readonly budget?: number;
  readonly run: (device: Device, tell?: (step: CaseStep) => void) => Promise<Outcome>;
}

/** How far a case is. */
export interface CaseStep {
  readonly step: number;
  readonly steps: number;
  /** What there is to say about it, a loss for instance. */
  readonly text: string;
}

/** An error as the text of a result. */
export function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
