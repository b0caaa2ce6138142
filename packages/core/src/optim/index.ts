export { Optimizer } from './optimizer.ts';
export type { ParameterGroup, ParametersArgument, ParameterState } from './optimizer.ts';
export { SGD } from './sgd.ts';
export type { SGDOptions } from './sgd.ts';
