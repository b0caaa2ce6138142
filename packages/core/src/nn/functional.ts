export * from './functional/linear.ts';
export * from './functional/pad.ts';
export * from './functional/activation.ts';
export * from './functional/classification-loss.ts';
export * from './functional/regression-loss.ts';
export * from './functional/binary-loss.ts';
export { convTbc } from './functional/conv-tbc.ts';
export { conv1d, conv2d, conv3d } from './functional/convolution.ts';
export type { ConvolutionFunctionOptions, ConvolutionGeometry, Padding } from './functional/convolution.ts';
export {
  avgPool1d,
  avgPool2d,
  avgPool3d,
  maxPool1d,
  maxPool1dWithIndices,
  maxPool2d,
  maxPool2dWithIndices,
  maxPool3d,
  maxPool3dWithIndices,
} from './functional/pooling.ts';
export type { AveragePoolFunctionOptions, MaxPoolFunctionOptions, PoolGeometry } from './functional/pooling.ts';
export { batchNorm } from './functional/batch-norm.ts';
export type { BatchNormFunctionOptions } from './functional/batch-norm.ts';
export { groupNorm } from './functional/group-norm.ts';
export { instanceNorm } from './functional/instance-norm.ts';
export type { InstanceNormFunctionOptions } from './functional/instance-norm.ts';
export * from './functional/layer-norm.ts';
export { localResponseNorm } from './functional/local-response-norm.ts';
export type { LocalResponseNormFunctionOptions } from './functional/local-response-norm.ts';
export { alphaDropout, dropout, dropout1d, dropout2d, dropout3d, featureAlphaDropout } from './functional/dropout.ts';
export type { DropoutFunctionOptions } from './functional/dropout.ts';
export * from './functional/one-hot.ts';
export * from './functional/random-activation.ts';
export * from './functional/divergence-loss.ts';
export * from './functional/margin-loss.ts';
export * from './functional/distance.ts';
export * from './functional/embedding-loss.ts';
export { fold, unfold } from './functional/sliding.ts';
export type { Pair, SlidingOptions } from './functional/sliding.ts';
export * from './functional/pixel.ts';
export * from './functional/interpolate.ts';
export {
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  adaptiveMaxPool1d,
  adaptiveMaxPool1dWithIndices,
  adaptiveMaxPool2d,
  adaptiveMaxPool2dWithIndices,
  adaptiveMaxPool3d,
  adaptiveMaxPool3dWithIndices,
} from './functional/adaptive-pooling.ts';
export type { AdaptiveMaxPoolOptions, AdaptiveSize } from './functional/adaptive-pooling.ts';
export {
  fractionalMaxPool2d,
  fractionalMaxPool2dWithIndices,
  fractionalMaxPool3d,
  fractionalMaxPool3dWithIndices,
} from './functional/fractional-pooling.ts';
export type { FractionalMaxPoolOptions } from './functional/fractional-pooling.ts';
export { lpPool1d, lpPool2d, lpPool3d } from './functional/lp-pooling.ts';
export type { LPPoolFunctionOptions } from './functional/lp-pooling.ts';
export { convTranspose1d, convTranspose2d, convTranspose3d } from './functional/transposed-convolution.ts';
export type { TransposedConvolutionFunctionOptions } from './functional/transposed-convolution.ts';
export { maxUnpool1d, maxUnpool2d, maxUnpool3d } from './functional/unpooling.ts';
export type { MaxUnpoolFunctionOptions } from './functional/unpooling.ts';
export * from './functional/attention.ts';
export { multiHeadAttentionForward } from './functional/multi-head-attention.ts';
export type { MultiHeadAttentionForwardOptions } from './functional/multi-head-attention.ts';
export * from './functional/grid-sample.ts';
export * from './functional/embedding.ts';
export * from './functional/embedding-bag.ts';
export * from './functional/bilinear.ts';
export * from './functional/ctc-loss.ts';
export * from './functional/activation-inplace.ts';
export * from './functional/linear-cross-entropy.ts';
