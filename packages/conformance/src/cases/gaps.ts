import type { KnownGap } from '../runner/gaps.ts';

/** Golden cases that a device is known to fail. They are still run: one that passes must leave this list. */
export const caseGaps: readonly KnownGap[] = [];
