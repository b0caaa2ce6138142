export { referenceDevice } from './reference/device.ts';
export type { ReferenceOptions } from './reference/device.ts';
export { checkPrimitives, primitiveCases } from './primitives/check.ts';
export type { CheckOptions } from './primitives/check.ts';
export type { Case } from './runner/case.ts';
export type { CaseResult, CaseStatus, ConformanceReport, Exhibit, Outcome, TargetReport } from './runner/result.ts';
