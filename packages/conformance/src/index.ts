export { referenceDevice } from './reference/device.ts';
export type { ReferenceOptions } from './reference/device.ts';
export { checkPrimitives, primitiveCaseNames } from './primitives/check.ts';
export type { CheckOptions } from './primitives/check.ts';
export type { CaseResult, CaseStatus } from './runner/result.ts';
