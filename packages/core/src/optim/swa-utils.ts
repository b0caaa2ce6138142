export { SWALR } from './schedulers/swa-lr.ts';
export type { SWALROptions } from './schedulers/swa-lr.ts';
export * from './swa.ts';
