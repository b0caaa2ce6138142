import { ChimeraError, ShapeError } from '../errors.ts';
import type { Node } from '../graph/node.ts';
import { requireTensor } from '../tensor/operand.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { wrap } from '../tensor/tensor.ts';
import * as F from './functional.ts';
import type { RecurrentMode } from './functional/recurrent.ts';
import { recurrentStep } from './functional/recurrent.ts';

// Functions of layers as PyTorch has them at its top level, where they take every argument in another order than in F.

/** `F.batchNorm` with weight and bias before the running statistics. (PyTorch: `torch.batch_norm`) */
export function batchNorm(
  x: Tensor,
  weight: Tensor | null,
  bias: Tensor | null,
  runningMean: Tensor | null,
  runningVar: Tensor | null,
  training: boolean,
  momentum: number,
  eps: number,
  _cudnnEnabled?: boolean,
): Tensor {
  return F.batchNorm(x, runningMean, runningVar, { weight, bias, training, momentum, eps });
}

/** `F.instanceNorm` with weight and bias before the running statistics. (PyTorch: `torch.instance_norm`) */
export function instanceNorm(
  x: Tensor,
  weight: Tensor | null,
  bias: Tensor | null,
  runningMean: Tensor | null,
  runningVar: Tensor | null,
  useInputStats: boolean,
  momentum: number,
  eps: number,
  _cudnnEnabled?: boolean,
): Tensor {
  return F.instanceNorm(x, { runningMean, runningVar, weight, bias, useInputStats, momentum, eps });
}

/** A convolution of 1 to 3 dimensions, or its transpose, with all arguments. (PyTorch: `torch.convolution`) */
export function convolution(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  stride: readonly number[],
  padding: readonly number[],
  dilation: readonly number[],
  transposed: boolean,
  outputPadding: readonly number[],
  groups: number,
): Tensor {
  const dimensions = requireTensor('convolution', weight).shape.length - 2;
  const forward = [F.conv1d, F.conv2d, F.conv3d][dimensions - 1];
  const backward = [F.convTranspose1d, F.convTranspose2d, F.convTranspose3d][dimensions - 1];
  if (forward === undefined || backward === undefined)
    throw new ShapeError(`convolution: expected a weight of 3 to 5 dimensions, got ${dimensions + 2}`);
  return transposed
    ? backward(x, weight, { bias, stride, padding, outputPadding, groups, dilation })
    : forward(x, weight, { bias, stride, padding, dilation, groups });
}

const gridModes = ['bilinear', 'nearest', 'bicubic'] as const;
const gridPaddings = ['zeros', 'border', 'reflection'] as const;

/**
 * `F.gridSample` with numbers for the modes (bilinear, nearest, bicubic) and paddings (zeros, border, reflection).
 * (PyTorch: `torch.grid_sampler`)
 */
export function gridSampler(
  x: Tensor,
  grid: Tensor,
  interpolationMode: number,
  paddingMode: number,
  alignCorners: boolean,
): Tensor {
  const mode = gridModes[interpolationMode];
  const padding = gridPaddings[paddingMode];
  if (mode === undefined || padding === undefined)
    throw new ChimeraError(`gridSampler: modes are 0, 1 and 2, got ${interpolationMode} and ${paddingMode}`);
  return F.gridSample(x, grid, { mode, paddingMode: padding, alignCorners });
}

export { gridSampler as gridSampler2d, gridSampler as gridSampler3d };

/** `F.affineGrid`. (PyTorch: `torch.affine_grid_generator`) */
export function affineGridGenerator(theta: Tensor, size: readonly number[], alignCorners: boolean): Tensor {
  return F.affineGrid(theta, size, alignCorners);
}

/** `dropout` in place. (PyTorch: `torch.dropout_`) */
export function dropout_(x: Tensor, p: number, train: boolean): Tensor {
  return F.dropout(x, { p, training: train, inplace: true });
}

/** `alphaDropout` in place. (PyTorch: `torch.alpha_dropout_`) */
export function alphaDropout_(x: Tensor, p: number, train: boolean): Tensor {
  return F.alphaDropout(x, { p, training: train, inplace: true });
}

/** `dropout` of whole channels of x [N, C, ...]. (PyTorch: `torch.feature_dropout`) */
export function featureDropout(x: Tensor, p: number, train: boolean): Tensor {
  return F.dropout2d(x, { p, training: train });
}

/** `featureDropout` in place. (PyTorch: `torch.feature_dropout_`) */
export function featureDropout_(x: Tensor, p: number, train: boolean): Tensor {
  return F.dropout2d(x, { p, training: train, inplace: true });
}

/** `featureAlphaDropout` in place. (PyTorch: `torch.feature_alpha_dropout_`) */
export function featureAlphaDropout_(x: Tensor, p: number, train: boolean): Tensor {
  return F.featureAlphaDropout(x, { p, training: train, inplace: true });
}

type CellArguments = readonly [weightIh: Tensor, weightHh: Tensor, biasIh?: Tensor | null, biasHh?: Tensor | null];

function step(
  name: string,
  mode: RecurrentMode,
  x: Tensor,
  state: { h: Tensor; c: Tensor | null },
  [weightIh, weightHh, biasIh = null, biasHh = null]: CellArguments,
): { h: Tensor; c: Tensor | null } {
  const node = (value: Tensor): Node => requireTensor(name, value);
  const input = node(x);
  const weight = node(weightIh);
  if (input.shape.length !== 2 || input.shape[1] !== weight.shape[1])
    throw new ShapeError(
      `${name}: input has inconsistent input_size: got ${input.shape.at(-1)} expected ${weight.shape[1]}`,
    );
  const hidden = node(state.h);
  const size = node(weightHh).shape[1]!;
  if (hidden.shape.length !== 2 || hidden.shape[1] !== size || hidden.shape[0] !== input.shape[0])
    throw new ShapeError(
      `${name}: hidden0 has inconsistent hidden_size: got [${hidden.shape.join(', ')}], expected [${input.shape[0]}, ${size}]`,
    );
  const next = recurrentStep(
    mode,
    input,
    { h: hidden, c: state.c === null ? null : node(state.c) },
    {
      weightIh: weight,
      weightHh: node(weightHh),
      biasIh: biasIh === null ? null : node(biasIh),
      biasHh: biasHh === null ? null : node(biasHh),
      weightHr: null,
    },
  );
  return { h: wrap(next.h), c: next.c === null ? null : wrap(next.c) };
}

/** One step of an LSTM: x [N, in], state [h, c] of [N, H]; gives the next [h, c]. (PyTorch: `torch.lstm_cell`) */
export function lstmCell(x: Tensor, state: readonly [Tensor, Tensor], ...weights: CellArguments): [Tensor, Tensor] {
  const { h, c } = step('lstmCell', 'LSTM', x, { h: state[0], c: state[1] }, weights);
  return [h, c!];
}

/** One step of a GRU: x [N, in], h [N, H]; gives the next h. (PyTorch: `torch.gru_cell`) */
export function gruCell(x: Tensor, h: Tensor, ...weights: CellArguments): Tensor {
  return step('gruCell', 'GRU', x, { h, c: null }, weights).h;
}

/** One step of an Elman network with tanh: x [N, in], h [N, H]; gives the next h. (PyTorch: `torch.rnn_tanh_cell`) */
export function rnnTanhCell(x: Tensor, h: Tensor, ...weights: CellArguments): Tensor {
  return step('rnnTanhCell', 'RNN_TANH', x, { h, c: null }, weights).h;
}

/** One step of an Elman network with relu: x [N, in], h [N, H]; gives the next h. (PyTorch: `torch.rnn_relu_cell`) */
export function rnnReluCell(x: Tensor, h: Tensor, ...weights: CellArguments): Tensor {
  return step('rnnReluCell', 'RNN_RELU', x, { h, c: null }, weights).h;
}
