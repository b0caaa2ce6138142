export { grad, gradAndValue, jvp, linearize, vjp } from './gradients.ts';
export type { ArgumentOptions, Chosen, Transformable, TransformOptions, VjpFunction } from './gradients.ts';
export { hessian, jacrev, jacrev as jacfwd } from './jacobian.ts';
export type { JacobianOf } from './jacobian.ts';
export { functionalCall, stackModuleState } from './functional-call.ts';
export type { FunctionalCallOptions } from './functional-call.ts';
export { vmap } from './vmap.ts';
export type { VmapOptions } from './vmap.ts';
