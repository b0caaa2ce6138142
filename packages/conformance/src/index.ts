export { referenceDevice } from './reference/device.ts';
export type { ReferenceOptions } from './reference/device.ts';
