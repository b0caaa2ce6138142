export * from './errors.ts';
export * from './graph/dtype.ts';
export * from './graph/shape.ts';
export type { Value } from './graph/value.ts';
export type { Operation } from './graph/operation.ts';
export { Builder } from './graph/builder.ts';
export type { ConvolutionOptions } from './graph/builder.ts';
export { composites, isComposite, operationOf, operations, primitives } from './graph/registry.ts';
export type { AttributesOf, CompositeName, OperationName, PrimitiveName } from './graph/registry.ts';
export { printProgram } from './graph/program.ts';
export type { Instruction, InstructionOf, Program, ProgramInput } from './graph/program.ts';
export { ProgramBuilder } from './graph/program-builder.ts';
export type {
  Capabilities,
  Device,
  DeviceBuffer,
  DeviceStats,
  Executable,
  HostValue,
  RunInput,
} from './device/contract.ts';
export { getDefaultDevice, setDefaultDevice } from './device/default.ts';
export { enableGrad, inferenceMode, isGradEnabled, noGrad, setGradEnabled } from './autograd/mode.ts';
export { differentiate } from './autograd/reverse.ts';
export type { Definition } from './autograd/reverse.ts';
import './tensor/install.ts';
export { Tensor } from './tensor/tensor.ts';
export type { HookHandle, NestedArray, TensorData } from './tensor/tensor.ts';
export { grad } from './tensor/backward.ts';
export type { BackwardOptions, GradOptions } from './tensor/backward.ts';
export * from './tensor/creation.ts';
export type { RandomOptions, ShapeArguments, TensorOptions } from './tensor/creation-options.ts';
export * from './tensor/arithmetic.ts';
export * from './tensor/unary.ts';
export * from './tensor/special.ts';
export * from './tensor/comparison.ts';
export * from './tensor/bits.ts';
export * from './tensor/selection.ts';
export * from './tensor/activation.ts';
export * from './tensor/reduction.ts';
export * from './tensor/statistics.ts';
export * from './tensor/extremum.ts';
export * from './tensor/cumulative.ts';
export * from './tensor/integration.ts';
export * from './tensor/complex.ts';
export * from './tensor/histogram.ts';
export * from './tensor/floating-parts.ts';
export * from './tensor/sampling.ts';
export { canCast, isTensor, resultType } from './tensor/type-rules.ts';
export { clone } from './tensor/conversion.ts';
export { getDefaultDtype, setDefaultDtype } from './tensor/default-dtype.ts';
export { print } from './tensor/print.ts';
export { getPrintoptions, setPrintoptions } from './tensor/print-options.ts';
export type { PrintOptions, PrintOptionsChange } from './tensor/print-options.ts';
export type { Dims, DimOptions, DTypeOptions, KeepdimOptions, ReductionOptions } from './tensor/reduction-options.ts';
export type { ValuesAndIndices } from './tensor/values-and-indices.ts';
export type { Operand } from './tensor/operand.ts';
export * from './tensor/view.ts';
export * from './tensor/linear.ts';
export * from './tensor/arrange.ts';
export * from './tensor/split.ts';
export * from './tensor/triangle.ts';
export * from './tensor/joining.ts';
export * from './tensor/grids.ts';
export * from './tensor/indexing.ts';
export { ellipsis, newaxis, slice, Slice } from './tensor/subscript.ts';
export type { Index, IndexItem, NestedIndex } from './tensor/subscript.ts';
export {
  indexAdd,
  indexCopy,
  indexFill,
  indexReduce,
  put,
  scatter,
  scatterAdd,
  scatterReduce,
} from './tensor/scatter.ts';
export type {
  IndexAddOptions,
  IndexReduceOptions,
  PutOptions,
  ScatterOptions,
  ScatterReduceOptions,
} from './tensor/scatter.ts';
export { diagonalScatter, indexPut, maskedScatter, selectScatter, sliceScatter } from './tensor/assignment.ts';
export type { DiagonalScatterOptions, IndexPutOptions, SliceScatterOptions } from './tensor/assignment.ts';
export * from './tensor/unique.ts';
export * from './tensor/sorting.ts';
export { einsum } from './tensor/einsum.ts';
export * from './tensor/inplace.ts';
export { elementSize, isNonzero, isSameSize, isSigned, nelement, nelement as numel } from './tensor/inspection.ts';
export { addmv_ } from './tensor/product-inplace.ts';
export { indexPut_ } from './tensor/assignment.ts';
export {
  adaptiveAvgPool1d,
  adaptiveMaxPool1d,
  alphaDropout,
  avgPool1d,
  bilinear,
  binaryCrossEntropyWithLogits,
  celu,
  celu_,
  channelShuffle,
  conv1d,
  conv2d,
  conv3d,
  convTbc,
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
  cosineEmbeddingLoss,
  cosineSimilarity,
  ctcLoss,
  dropout,
  embedding,
  embeddingBag,
  featureAlphaDropout,
  groupNorm,
  hardshrink,
  hingeEmbeddingLoss,
  klDiv,
  layerNorm,
  marginRankingLoss,
  maxPool1d,
  maxPool1dWithIndices,
  maxPool2d,
  maxPool3d,
  pairwiseDistance,
  pdist,
  pixelShuffle,
  pixelUnshuffle,
  poissonNllLoss,
  prelu,
  rmsNorm,
  rrelu,
  rrelu_,
  selu,
  selu_,
  threshold,
  threshold_,
  tripletMarginLoss,
} from './nn/functional.ts';
export * from './tensor/aliases.ts';
export * from './tensor/matrices.ts';
export { pcaLowrank, svdLowrank } from './tensor/low-rank.ts';
export type { PcaLowrankOptions, SvdLowrankOptions } from './tensor/low-rank.ts';
export { luUnpack } from './tensor/triangular-factors.ts';
export { vandermonde as vander } from './tensor/vandermonde.ts';
export type { VanderOptions } from './tensor/vandermonde.ts';
export { cdist } from './tensor/distance.ts';
export type { CdistOptions } from './tensor/distance.ts';
export * from './tensor/determinant.ts';
export { asStrided, asStrided_, asStridedScatter, narrowCopy, resizeAs_ } from './tensor/strides.ts';
export * from './nn/torch-functions.ts';
export { istft, stft } from './tensor/short-time-fourier.ts';
export type { IstftOptions, StftOptions } from './tensor/short-time-fourier.ts';
export * from './tensor/signal-windows.ts';
export * as linalg from './tensor/linalg.ts';
export * as special from './tensor/special-functions.ts';
export * as fft from './tensor/fourier.ts';
export type {
  ComplexTensor,
  FourierNorm,
  FourierOptions,
  MultiFourierArguments,
  MultiFourierOptions,
} from './tensor/fourier.ts';
export {
  manualSeed,
  seed,
  initialSeed,
  getRngState,
  setRngState,
  defaultGenerator,
} from './random/default-generator.ts';
export { Generator } from './random/generator.ts';
export { Parameter } from './nn/parameter.ts';
export { traceProgram } from './nn/trace.ts';
export type { TracedProgram, TraceProgramOptions } from './nn/trace.ts';
export * as nn from './nn/index.ts';
export * as F from './nn/functional.ts';
export * as optim from './optim/index.ts';
export * as autograd from './func/autograd.ts';
export * as func from './func/index.ts';
export { vmap } from './func/vmap.ts';
export { decodeSafetensors, encodeSafetensors } from './state/safetensors.ts';
export type { SafetensorsContent } from './state/safetensors.ts';
export type { StoredDType, StoredTensor } from './state/stored-tensor.ts';
export {
  decode,
  decodeCheckpointOf,
  decodeState,
  encodeCheckpointOf,
  encodeState,
  load,
  loadStateFile,
  save,
} from './state/save.ts';
export type { Savable } from './state/save.ts';
export { StateFileError } from './state/state-file-error.ts';
export { readStateFile, writeStateFile } from './state/file.ts';
export { decodeCheckpoint, encodeCheckpoint } from './state/checkpoint.ts';
