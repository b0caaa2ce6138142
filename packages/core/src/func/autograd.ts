export { enableGrad, inferenceMode, isGradEnabled, noGrad, setGradEnabled } from '../autograd/mode.ts';
export { backwardAll as backward, grad } from '../tensor/backward.ts';
export type { BackwardOptions, GradOptions } from '../tensor/backward.ts';
export { CustomFunction as Function, FunctionContext } from './custom-function.ts';
export { gradcheck, gradgradcheck } from './gradient-check.ts';
export type { GradientCheckOptions } from './gradient-check.ts';
export * as functional from './functional.ts';
