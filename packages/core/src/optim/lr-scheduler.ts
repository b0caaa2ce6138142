export * from './schedulers/annealing.ts';
export * from './schedulers/combined.ts';
export * from './schedulers/cyclic.ts';
export * from './schedulers/factor.ts';
export * from './schedulers/plateau.ts';
export { LRScheduler } from './schedulers/scheduler.ts';
export type { Schedulable } from './schedulers/scheduler.ts';
