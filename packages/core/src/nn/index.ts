export { Block, Module } from './module.ts';
export type { AnyBlock, BlockInputs, BlockResult, NamedOptions } from './block.ts';
export { Parameter } from './parameter.ts';
export type { ParameterOptions } from './parameter.ts';
export { Buffer } from './buffer.ts';
export type { BufferOptions } from './buffer.ts';
export { isUninitialized as isLazy, UninitializedBuffer, UninitializedParameter } from './uninitialized.ts';
export { LoadResult, StateDict } from './state-dict.ts';
export { deepcopy } from './copy.ts';
export { compile } from './hybridize.ts';
export type { CompileOptions } from './hybridize.ts';
export { Sequential } from './containers/sequential.ts';
export { ModuleList } from './containers/module-list.ts';
export { ModuleDict } from './containers/module-dict.ts';
export { ParameterDict, ParameterList } from './containers/parameter-list.ts';
export {
  registerModuleBufferRegistrationHook,
  registerModuleForwardHook,
  registerModuleForwardPreHook,
  registerModuleFullBackwardHook,
  registerModuleFullBackwardPreHook,
  registerModuleModuleRegistrationHook,
  registerModuleParameterRegistrationHook,
} from './hooks.ts';
export type {
  BufferRegistrationHook,
  HookOptions,
  ModuleRegistrationHook,
  ParameterRegistrationHook,
} from './registration.ts';
export type {
  BackwardHook,
  BackwardPreHook,
  ForwardHook,
  ForwardPreHook,
  LoadStateDictPostHook,
  LoadStateDictPreHook,
  StateDictHook,
  StateDictPreHook,
} from './hooks.ts';
export type { LoadStateDictOptions, StateDictOptions, StateMetadata, StateSource } from './state-dict.ts';
export * from './layers/linear.ts';
export * from './layers/activation.ts';
export * from './layers/hard-activation.ts';
export * from './layers/softmax.ts';
export {
  BatchNorm,
  BatchNorm1d,
  BatchNorm2d,
  BatchNorm3d,
  InstanceNorm,
  InstanceNorm1d,
  InstanceNorm2d,
  InstanceNorm3d,
  NormBase,
  SyncBatchNorm,
} from './layers/batch-norm.ts';
export type { BatchNormOptions, LazyNormArguments, NormArguments, NormSetup } from './layers/batch-norm.ts';
export { Conv1d, Conv2d, Conv3d, Convolution } from './layers/convolution.ts';
export type {
  ConvolutionArguments,
  ConvolutionOptions,
  ConvolutionSetup,
  ConvolutionSizes,
  LazyConvolutionArguments,
  PaddingMode,
} from './layers/convolution.ts';
export * from './layers/dense.ts';
export * from './layers/dropout.ts';
export { LazyLinear } from './layers/lazy-linear.ts';
export * from './layers/pooling.ts';
export * from './layers/adaptive-pooling.ts';
export * from './layers/folding.ts';
export * from './layers/lazy-convolution.ts';
export * from './layers/lazy-norm.ts';
export * from './layers/normalization.ts';
export * from './layers/padding.ts';
export * from './layers/pixel.ts';
export * from './layers/special-pooling.ts';
export {
  ConvTranspose1d,
  ConvTranspose2d,
  ConvTranspose3d,
  TransposedConvolution,
} from './layers/transposed-convolution.ts';
export type {
  LazyTransposedConvolutionArguments,
  OutputSize,
  TransposedConvolutionArguments,
  TransposedConvolutionOptions,
} from './layers/transposed-convolution.ts';
export * from './layers/upsample.ts';
export * from './layers/shape.ts';
export * from './layers/loss.ts';
export * from './layers/margin-loss.ts';
export * from './layers/distance.ts';
export * from './layers/trained-activation.ts';
export * from './layers/adaptive-log-softmax.ts';
export * from './layers/bilinear.ts';
export * from './layers/ctc-loss.ts';
export * from './layers/linear-cross-entropy.ts';
export * from './layers/embedding.ts';
export * from './layers/multihead-attention.ts';
export * from './layers/transformer-layer.ts';
export * from './layers/transformer.ts';
export * from './layers/rnn.ts';
export { GRUCell, LSTMCell, RNNCell, RNNCellBase } from './layers/rnn-cell.ts';
export type { CellOptions, RNNCellOptions } from './layers/rnn-cell.ts';
export { RNNBase } from './layers/recurrent.ts';
export type { LSTMState, RecurrentOptions } from './layers/recurrent.ts';
export * as functional from './functional.ts';
export * as utils from './utils.ts';
export * as init from './init.ts';
