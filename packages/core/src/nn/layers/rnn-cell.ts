import { ChimeraError, ShapeError } from '../../errors.ts';
import { recorder as b } from '../../graph/node.ts';
import type { Value } from '../../graph/value.ts';
import { zeros } from '../../tensor/creation.ts';
import { requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';
import { Block } from '../block.ts';
import type { RecurrentMode } from '../functional/recurrent.ts';
import { gateCount, recurrentStep } from '../functional/recurrent.ts';
import { uniform_ } from '../init.ts';
import { Parameter } from '../parameter.ts';
import type { FactoryOptions } from './linear.ts';
import type { LSTMState } from './recurrent.ts';

export interface CellOptions extends FactoryOptions {
  /** Learn biases. Default true. */
  bias?: boolean;
}

export interface RNNCellOptions extends CellOptions {
  /** `'tanh'` or `'relu'`. Default `'tanh'`. */
  nonlinearity?: 'tanh' | 'relu';
}

/** What the cells have in common. (PyTorch: `torch.nn.RNNCellBase`) */
export abstract class RNNCellBase extends Block {
  readonly inputSize: number;
  readonly hiddenSize: number;
  declare weight_ih: Parameter;
  declare weight_hh: Parameter;
  declare bias_ih: Parameter | null;
  declare bias_hh: Parameter | null;

  constructor(mode: RecurrentMode, inputSize: number, hiddenSize: number, { bias = true, dtype, device }: CellOptions) {
    super();
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    const gates = gateCount[mode] * hiddenSize;
    const parameter = (shape: number[]): Parameter => new Parameter(zeros(shape, { dtype, device }));
    this.weight_ih = parameter([gates, inputSize]);
    this.weight_hh = parameter([gates, hiddenSize]);
    this.registerParameter('bias_ih', bias ? parameter([gates]) : null);
    this.registerParameter('bias_hh', bias ? parameter([gates]) : null);
    this.resetParameters();
  }

  /** Draws all parameters from ±1/sqrt(hiddenSize). (PyTorch: `reset_parameters`) */
  resetParameters(): void {
    const bound = this.hiddenSize > 0 ? 1 / Math.sqrt(this.hiddenSize) : 0;
    for (const parameter of this.parameters()) uniform_(parameter, -bound, bound);
  }

  get weightIh(): Parameter {
    return this.weight_ih;
  }
  get weightHh(): Parameter {
    return this.weight_hh;
  }
  get biasIh(): Parameter | null {
    return this.bias_ih;
  }
  get biasHh(): Parameter | null {
    return this.bias_hh;
  }

  override extraRepr(): string {
    return `${this.inputSize}, ${this.hiddenSize}${this.bias_ih === null ? ', bias=False' : ''}`;
  }
}

/** What a step reads of a cell. */
type Cell = Pick<RNNCellBase, 'inputSize' | 'hiddenSize' | 'weight_ih' | 'weight_hh' | 'bias_ih' | 'bias_hh'>;

/** One step of a cell; gives the new states, without the batch if the input has none. */
function step(cell: Cell, mode: RecurrentMode, input: Tensor, given: readonly Tensor[] | null): Tensor[] {
  const name = cell.constructor.name;
  const source = requireTensor(name, input);
  const rank = source.shape.length;
  if (rank !== 1 && rank !== 2) throw new ShapeError(`${name}: Expected input to be 1D or 2D, got ${rank}D instead`);
  const states = given?.map((state) => requireTensor(name, state));
  for (const [i, state] of (states ?? []).entries())
    if (state.shape.length !== 1 && state.shape.length !== 2)
      throw new ShapeError(
        mode === 'LSTM'
          ? `LSTMCell: Expected hx[${i}] to be 1D or 2D, got ${state.shape.length}D instead`
          : `${name}: Expected hidden to be 1D or 2D, got ${state.shape.length}D instead`,
      );
  const matrix = (x: Value): Value => (x.shape.length === 1 ? b.reshape(x, [1, x.shape[0]!]) : x);
  const x = matrix(source);
  const [batch, size] = x.shape as [number, number];
  if (size !== cell.inputSize)
    throw new ShapeError(`input has inconsistent input_size: got ${size} expected ${cell.inputSize}`);
  const full = (): Value => b.full([batch, cell.hiddenSize], 0, source.dtype);
  const [h, c] =
    states === undefined
      ? [full(), mode === 'LSTM' ? full() : null]
      : [matrix(states[0]!), mode === 'LSTM' ? matrix(states[1]!) : null];
  for (const [i, state] of [h, c].entries()) {
    if (state === null) continue;
    if (state.shape[0] !== batch)
      throw new ShapeError(`Input batch size ${batch} doesn't match hidden${i} batch size ${state.shape[0]}`);
    if (state.shape[1] !== cell.hiddenSize)
      throw new ShapeError(
        `hidden${i} has inconsistent hidden_size: got ${state.shape[1]}, expected ${cell.hiddenSize}`,
      );
  }
  const next = recurrentStep(
    mode,
    x,
    { h, c },
    {
      weightIh: cell.weight_ih.node,
      weightHh: cell.weight_hh.node,
      biasIh: cell.bias_ih?.node ?? null,
      biasHh: cell.bias_hh?.node ?? null,
      weightHr: null,
    },
  );
  return [next.h, next.c]
    .filter((state) => state !== null)
    .map((state) => wrap(rank === 1 ? b.reshape(state, [cell.hiddenSize]) : state));
}

/** h' = tanh(x W_ih^T + b_ih + h W_hh^T + b_hh), or with relu; x [N, inputSize] or [inputSize]. (PyTorch: `torch.nn.RNNCell`) */
export class RNNCell extends RNNCellBase {
  readonly nonlinearity: 'tanh' | 'relu';

  constructor(
    inputSize: number,
    hiddenSize: number,
    ...args: Trailing<RNNCellOptions, ['bias', 'nonlinearity', 'device', 'dtype']>
  ) {
    const options = readTrailing<RNNCellOptions>('RNNCell', args, ['bias', 'nonlinearity', 'device', 'dtype']);
    super('RNN_TANH', inputSize, hiddenSize, options);
    this.nonlinearity = options.nonlinearity ?? 'tanh';
  }

  override forward(input: Tensor, hx: Tensor | null = null): Tensor {
    if (this.nonlinearity !== 'tanh' && this.nonlinearity !== 'relu')
      throw new ChimeraError(`Unknown nonlinearity: ${String(this.nonlinearity)}`);
    return step(this, this.nonlinearity === 'tanh' ? 'RNN_TANH' : 'RNN_RELU', input, hx === null ? null : [hx])[0]!;
  }

  override extraRepr(): string {
    return super.extraRepr() + (this.nonlinearity === 'tanh' ? '' : `, nonlinearity=${this.nonlinearity}`);
  }
}

/** One step of a GRU; x [N, inputSize] or [inputSize]. (PyTorch: `torch.nn.GRUCell`) */
export class GRUCell extends RNNCellBase {
  constructor(inputSize: number, hiddenSize: number, ...args: Trailing<CellOptions, ['bias', 'device', 'dtype']>) {
    super('GRU', inputSize, hiddenSize, readTrailing<CellOptions>('GRUCell', args, ['bias', 'device', 'dtype']));
  }

  override forward(input: Tensor, hx: Tensor | null = null): Tensor {
    return step(this, 'GRU', input, hx === null ? null : [hx])[0]!;
  }
}

/** One step of an LSTM, giving `[hidden, cell]`; x [N, inputSize] or [inputSize]. (PyTorch: `torch.nn.LSTMCell`) */
export class LSTMCell extends RNNCellBase {
  constructor(inputSize: number, hiddenSize: number, ...args: Trailing<CellOptions, ['bias', 'device', 'dtype']>) {
    super('LSTM', inputSize, hiddenSize, readTrailing<CellOptions>('LSTMCell', args, ['bias', 'device', 'dtype']));
  }

  override forward(input: Tensor, hx: LSTMState | null = null): [hidden: Tensor, cell: Tensor] {
    if (hx !== null && (!Array.isArray(hx) || hx.length !== 2))
      throw new TypeError('LSTMCell: expected the state as [hidden, cell], two tensors');
    return step(this, 'LSTM', input, hx) as [Tensor, Tensor];
  }
}
