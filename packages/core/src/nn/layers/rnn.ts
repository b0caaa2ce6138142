import { ChimeraError } from '../../errors.ts';
import { Tensor } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';
import type { PackedSequence } from '../utils/packed-sequence.ts';
import type { LSTMState, RecurrentOptions } from './recurrent.ts';
import { RNNBase } from './recurrent.ts';

export interface RNNOptions extends RecurrentOptions {
  /** `'tanh'` or `'relu'`. Default `'tanh'`. */
  nonlinearity?: 'tanh' | 'relu';
}

export interface LSTMOptions extends RecurrentOptions {
  /** Project hidden states to this size. Default 0: not. (PyTorch: `proj_size`) */
  projSize?: number;
}

const factory = ['dtype', 'device'] as const;

/** Calls of packed sequences; the others follow from `forward`. */
export interface RNN {
  (input: PackedSequence, hx?: Tensor | null): [output: PackedSequence, hidden: Tensor];
}

/**
 * h_t = tanh(x_t W_ih^T + b_ih + h_{t-1} W_hh^T + b_hh), or with relu. Input [T, N, inputSize] ([N, T, inputSize] with
 * `batchFirst`; [T, inputSize] unbatched; or packed); gives `[output, hidden]`: output [T, N, D hiddenSize] with D
 * directions, hidden [D numLayers, N, hiddenSize]. (PyTorch: `torch.nn.RNN`)
 */
export class RNN extends RNNBase {
  readonly nonlinearity: 'tanh' | 'relu';

  constructor(
    inputSize: number,
    hiddenSize: number,
    ...args: Trailing<RNNOptions, ['numLayers', 'nonlinearity', 'bias', 'batchFirst', 'dropout', 'bidirectional']>
  ) {
    const options = readTrailing<RNNOptions>(
      'RNN',
      args,
      ['numLayers', 'nonlinearity', 'bias', 'batchFirst', 'dropout', 'bidirectional'],
      factory,
    );
    const { nonlinearity = 'tanh' } = options;
    if (nonlinearity !== 'tanh' && nonlinearity !== 'relu')
      throw new ChimeraError(`Unknown nonlinearity '${String(nonlinearity)}'. Select from 'tanh' or 'relu'.`);
    super(nonlinearity === 'tanh' ? 'RNN_TANH' : 'RNN_RELU', inputSize, hiddenSize, options);
    this.nonlinearity = nonlinearity;
  }

  override forward(input: PackedSequence, hx?: Tensor | null): [output: PackedSequence, hidden: Tensor];
  override forward(input: Tensor, hx?: Tensor | null): [output: Tensor, hidden: Tensor];
  override forward(input: Tensor | PackedSequence, hx: Tensor | null = null): [Tensor | PackedSequence, Tensor] {
    const { output, states } = this.run(input, hx === null ? null : [hx]);
    return [output, states[0]!];
  }
}

export interface GRU {
  (input: PackedSequence, hx?: Tensor | null): [output: PackedSequence, hidden: Tensor];
}

/**
 * Gated recurrent units: r, z = sigmoid(x W_ih^T + b_ih + h W_hh^T + b_hh), n = tanh(x W_in^T + b_in + r (h W_hn^T + b_hn)),
 * h' = (1 - z) n + z h. Shapes as in `RNN`. (PyTorch: `torch.nn.GRU`)
 */
export class GRU extends RNNBase {
  constructor(
    inputSize: number,
    hiddenSize: number,
    ...args: Trailing<RecurrentOptions, ['numLayers', 'bias', 'batchFirst', 'dropout', 'bidirectional']>
  ) {
    const last = args.at(-1) as unknown;
    if (typeof last === 'object' && last !== null && 'projSize' in last)
      throw new ChimeraError('proj_size argument is only supported for LSTM, not RNN or GRU');
    super(
      'GRU',
      inputSize,
      hiddenSize,
      readTrailing<RecurrentOptions>(
        'GRU',
        args,
        ['numLayers', 'bias', 'batchFirst', 'dropout', 'bidirectional'],
        factory,
      ),
    );
  }

  override forward(input: PackedSequence, hx?: Tensor | null): [output: PackedSequence, hidden: Tensor];
  override forward(input: Tensor, hx?: Tensor | null): [output: Tensor, hidden: Tensor];
  override forward(input: Tensor | PackedSequence, hx: Tensor | null = null): [Tensor | PackedSequence, Tensor] {
    const { output, states } = this.run(input, hx === null ? null : [hx]);
    return [output, states[0]!];
  }
}

export interface LSTM {
  (input: PackedSequence, hx?: LSTMState | null): [output: PackedSequence, state: [hidden: Tensor, cell: Tensor]];
}

/**
 * Long short-term memory: i, f, o = sigmoid(...), g = tanh(...) of x W_ih^T + b_ih + h W_hh^T + b_hh (in the order i, f, g, o),
 * c' = f c + i g, h' = o tanh(c'). Shapes as in `RNN`; gives `[output, [hidden, cell]]`. With `projSize`, hidden states are
 * h' W_hr^T, of that size. (PyTorch: `torch.nn.LSTM`)
 */
export class LSTM extends RNNBase {
  constructor(
    inputSize: number,
    hiddenSize: number,
    ...args: Trailing<LSTMOptions, ['numLayers', 'bias', 'batchFirst', 'dropout', 'bidirectional', 'projSize']>
  ) {
    super(
      'LSTM',
      inputSize,
      hiddenSize,
      readTrailing<LSTMOptions>(
        'LSTM',
        args,
        ['numLayers', 'bias', 'batchFirst', 'dropout', 'bidirectional', 'projSize'],
        factory,
      ),
    );
  }

  override forward(
    input: PackedSequence,
    hx?: LSTMState | null,
  ): [output: PackedSequence, state: [hidden: Tensor, cell: Tensor]];
  override forward(input: Tensor, hx?: LSTMState | null): [output: Tensor, state: [hidden: Tensor, cell: Tensor]];
  override forward(
    input: Tensor | PackedSequence,
    hx: LSTMState | null = null,
  ): [Tensor | PackedSequence, [Tensor, Tensor]] {
    if (hx !== null && (!Array.isArray(hx) || hx.length !== 2 || !hx.every((state) => state instanceof Tensor)))
      throw new TypeError('LSTM: expected the initial state as [hidden, cell], two tensors');
    const { output, states } = this.run(input, hx);
    return [output, [states[0]!, states[1]!]];
  }
}
