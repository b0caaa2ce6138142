import type { Device } from '@chimera-nn/core';
import type { Example } from '../examples/example.ts';
import type { CaseStep } from './case.ts';
import type { CaseResult, TargetReport } from './result.ts';

/** A device to run on: what an adapter's author hands over. */
export interface DeviceTarget {
  /** The name in the report, by convention `adapter:hardware`. */
  readonly name: string;
  /** Opens the device. A rejection means that it is absent here, and its message says why. */
  readonly open: () => Device | Promise<Device>;
  /** Whether the run may be green without it. Default: no. */
  readonly optional?: boolean;
}

/** A device in another process, such as a browser: it runs its cases itself and reports them. */
export interface RemoteTarget {
  readonly name: string;
  readonly optional?: boolean;
  readonly run: (options: TargetOptions) => Promise<TargetReport>;
}

export type Target = DeviceTarget | RemoteTarget;

/** What to run on a target, in plain data but for the examples and the callback. */
export interface TargetOptions {
  /** Globs over case names, `blocks/*` for instance. Default: everything. */
  readonly filter?: string | readonly string[];
  /** Milliseconds per case that names no budget of its own; default 60,000. */
  readonly budget?: number;
  /** Factor on every budget, for slow devices; default 1. */
  readonly patience?: number;
  /** Default: every example of the chapter. */
  readonly examples?: readonly Example[];
  readonly onProgress?: (progress: Progress) => void;
}

/** Something happened to a case. */
export interface Progress {
  readonly target: string;
  readonly case: string;
  /** How many cases of the target are done, this one included if `result` is there. */
  readonly done: number;
  readonly total: number;
  readonly result?: CaseResult;
  /** How far the case is, where it tells. */
  readonly step?: CaseStep;
}
