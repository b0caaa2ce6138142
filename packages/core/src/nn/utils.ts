export * as rnn from './utils/rnn.ts';
export type { NormOptions, ParameterSource } from './utils/gradients.ts';
export { clipGradNorm_, clipGradsWithNorm_, clipGradValue_, getTotalNorm } from './utils/gradients.ts';
export * from './utils/vector.ts';
export * as parametrize from './utils/parametrize.ts';
export * as parametrizations from './utils/parametrizations.ts';
