export { Optimizer } from './optimizer.ts';
export type {
  OptimizerLoadHook,
  OptimizerStateDict,
  OptimizerStateHook,
  OptimizerStateSource,
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
export * from './adamax.ts';
export { LBFGS } from './lbfgs.ts';
export type { LBFGSOptions } from './lbfgs.ts';
export { Muon } from './muon.ts';
export type { MuonOptions } from './muon.ts';
export * from './nadam.ts';
export * from './radam.ts';
export * from './rmsprop.ts';
export { SGD } from './sgd.ts';
export type { SGDOptions } from './sgd.ts';
export type { FusedOptions, ImplementationOptions } from './options.ts';
export * as lrScheduler from './lr-scheduler.ts';
export * as swaUtils from './swa-utils.ts';
export * from './lr-scheduler.ts';
