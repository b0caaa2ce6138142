export { Block, Block as Module } from './block.ts';
export { Parameter } from './parameter.ts';
export { StateDict } from './state-dict.ts';
export { Sequential } from './containers/sequential.ts';
export * from './layers/linear.ts';
export * from './layers/activation.ts';
export * as functional from './functional.ts';
export * as init from './init.ts';
