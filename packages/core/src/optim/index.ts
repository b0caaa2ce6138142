export { Optimizer } from './optimizer.ts';
export type { OptimizerStateDict, ParameterGroup, ParametersArgument, ParameterState } from './optimizer.ts';
export * from './adagrad.ts';
export * from './adam.ts';
export * from './rmsprop.ts';
export { SGD } from './sgd.ts';
export type { SGDOptions } from './sgd.ts';
export * as lrScheduler from './scheduler.ts';
export * from './scheduler.ts';
