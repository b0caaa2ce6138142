export { Optimizer } from './optimizer.ts';
export type {
  OptimizerStateDict,
  ParameterGroup,
  ParametersArgument,
  ParameterState,
  StepClosure,
  StepHook,
} from './optimizer.ts';
export { Adafactor } from './adafactor.ts';
export type { AdafactorOptions } from './adafactor.ts';
export * from './adagrad.ts';
export * from './adam.ts';
export { LBFGS } from './lbfgs.ts';
export type { LBFGSOptions } from './lbfgs.ts';
export * from './rmsprop.ts';
export { SGD } from './sgd.ts';
export type { SGDOptions } from './sgd.ts';
export * as lrScheduler from './lr-scheduler.ts';
export * from './lr-scheduler.ts';
