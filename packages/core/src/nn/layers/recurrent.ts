import { ChimeraError, ShapeError } from '../../errors.ts';
import type { Node } from '../../graph/node.ts';
import { recorder as b } from '../../graph/node.ts';
import { sameShape } from '../../graph/shape.ts';
import type { Value } from '../../graph/value.ts';
import { zeros } from '../../tensor/creation.ts';
import { requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import { Block } from '../block.ts';
import { dropped } from '../functional/dropped.ts';
import type { RecurrentMode, RecurrentState, Step } from '../functional/recurrent.ts';
import { gateCount, recurrentDirection } from '../functional/recurrent.ts';
import { uniform_ } from '../init.ts';
import { Parameter } from '../parameter.ts';
import { pythonText } from '../python-text.ts';
import { registered } from '../registration.ts';
import { PackedSequence, reordered } from '../utils/packed-sequence.ts';
import type { FactoryOptions } from './linear.ts';

export interface RecurrentOptions extends FactoryOptions {
  /** Layers on top of each other. Default 1. (PyTorch: `num_layers`) */
  numLayers?: number;
  /** Learn biases. Default true. */
  bias?: boolean;
  /** Input and output are [N, T, ...] instead of [T, N, ...]. Default false. (PyTorch: `batch_first`) */
  batchFirst?: boolean;
  /** Dropout on the outputs of all layers but the last. Default 0. */
  dropout?: number;
  /** Run over the sequence in both directions. Default false. */
  bidirectional?: boolean;
}

/** What an LSTM's state consists of: hidden state and cell state. */
export type LSTMState = readonly [hidden: Tensor, cell: Tensor];

/** What RNN, LSTM and GRU have in common. (PyTorch: `torch.nn.RNNBase`) */
export abstract class RNNBase extends Block {
  readonly mode: RecurrentMode;
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly numLayers: number;
  readonly bias: boolean;
  readonly batchFirst: boolean;
  readonly dropout: number;
  readonly bidirectional: boolean;
  readonly projSize: number;

  constructor(
    mode: RecurrentMode,
    inputSize: number,
    hiddenSize: number,
    {
      numLayers = 1,
      bias = true,
      batchFirst = false,
      dropout = 0,
      bidirectional = false,
      projSize = 0,
      dtype,
      device,
    }: RecurrentOptions & { projSize?: number },
  ) {
    super();
    if (typeof dropout !== 'number' || !(dropout >= 0 && dropout <= 1))
      throw new ChimeraError(
        'dropout should be a number in range [0, 1] representing the probability of an element being zeroed',
      );
    for (const [name, value] of [
      ['input_size', inputSize],
      ['hidden_size', hiddenSize],
      ['num_layers', numLayers],
    ] as const)
      if (!Number.isInteger(value)) throw new TypeError(`${name} should be of type int, got: ${typeof value}`);
    if (hiddenSize <= 0) throw new ChimeraError('hidden_size must be greater than zero');
    if (numLayers <= 0) throw new ChimeraError('num_layers must be greater than zero');
    if (projSize < 0) throw new ChimeraError('proj_size should be a positive integer or zero to disable projections');
    if (projSize >= hiddenSize) throw new ChimeraError('proj_size has to be smaller than hidden_size');
    this.mode = mode;
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.numLayers = numLayers;
    this.bias = bias;
    this.batchFirst = batchFirst;
    this.dropout = dropout;
    this.bidirectional = bidirectional;
    this.projSize = projSize;
    const gates = gateCount[mode] * hiddenSize;
    const outputSize = projSize > 0 ? projSize : hiddenSize;
    const parameter = (shape: number[]): Parameter => new Parameter(zeros(shape, { dtype, device }));
    for (let layer = 0; layer < numLayers; layer++)
      for (const suffix of suffixes(layer, this.bidirectional)) {
        const size = layer === 0 ? inputSize : outputSize * (bidirectional ? 2 : 1);
        this.registerParameter(`weight_ih_${suffix}`, parameter([gates, size]));
        this.registerParameter(`weight_hh_${suffix}`, parameter([gates, outputSize]));
        if (bias) {
          this.registerParameter(`bias_ih_${suffix}`, parameter([gates]));
          this.registerParameter(`bias_hh_${suffix}`, parameter([gates]));
        }
        if (projSize > 0) this.registerParameter(`weight_hr_${suffix}`, parameter([projSize, hiddenSize]));
      }
    this.resetParameters();
  }

  /** Draws all parameters from ±1/sqrt(hiddenSize). (PyTorch: `reset_parameters`) */
  resetParameters(): void {
    const bound = 1 / Math.sqrt(this.hiddenSize);
    for (const parameter of this.parameters()) uniform_(parameter, -bound, bound);
  }

  /** The parameters of each layer and direction, in order. (PyTorch: `all_weights`) */
  get allWeights(): Parameter[][] {
    const { parameters } = registered(this);
    const groups = new Map<string, Parameter[]>();
    for (const [name, parameter] of parameters) {
      const suffix = name.slice(name.lastIndexOf('_l') + 1);
      groups.set(suffix, [...(groups.get(suffix) ?? []), parameter!]);
    }
    return [...groups.values()];
  }

  /** Does nothing: there is no memory layout to repair. (PyTorch: `flatten_parameters`) */
  flattenParameters(): void {}

  override extraRepr(): string {
    let text = `${this.inputSize}, ${this.hiddenSize}`;
    if (this.projSize !== 0) text += `, proj_size=${this.projSize}`;
    if (this.numLayers !== 1) text += `, num_layers=${this.numLayers}`;
    if (!this.bias) text += ', bias=False';
    if (this.batchFirst) text += ', batch_first=True';
    if (this.dropout !== 0) text += `, dropout=${pythonText(this.dropout)}`;
    if (this.bidirectional) text += ', bidirectional=True';
    return text;
  }

  /** Runs all layers. States are [layers * directions, N, size]. Internal. */
  protected run(
    input: Tensor | PackedSequence,
    given: readonly (Tensor | null)[] | null,
  ): { output: Tensor | PackedSequence; states: Tensor[] } {
    const packed = input instanceof PackedSequence ? input : null;
    const source: Node = requireTensor(this.constructor.name, packed === null ? input : packed.data);
    const isBatched = packed !== null || source.shape.length === 3;
    if (packed === null && source.shape.length !== 2 && source.shape.length !== 3)
      throw new ShapeError(
        `${this.constructor.name}: Expected input to be 2D or 3D, got ${source.shape.length}D instead`,
      );
    if (packed !== null && source.shape.length !== 2)
      throw new ShapeError(`input must have 2 dimensions, got ${source.shape.length}`);
    if (source.shape.at(-1) !== this.inputSize)
      throw new ShapeError(
        `input.size(-1) must be equal to input_size. Expected ${this.inputSize}, got ${source.shape.at(-1)}`,
      );

    let x: Value = source;
    let steps: Step[];
    let batch: number;
    if (packed !== null) {
      batch = packed.batchSizes[0]!;
      let start = 0;
      steps = packed.batchSizes.map((rows) => ({ start: (start += rows) - rows, rows }));
    } else {
      if (isBatched && this.batchFirst) x = b.permute(x, [1, 0, 2]);
      const length = x.shape[0]!;
      batch = isBatched ? x.shape[1]! : 1;
      if (length === 0) throw new ShapeError('Expected sequence length to be larger than 0 in RNN');
      steps = Array.from({ length }, (_, t) => ({ start: t * batch, rows: batch }));
      x = b.reshape(x, [length * batch, this.inputSize]);
    }
    const initial = given === null ? null : initialStates(this, given, batch, isBatched, packed);

    const directions = this.bidirectional ? 2 : 1;
    const last: RecurrentState[] = [];
    for (let layer = 0; layer < this.numLayers; layer++) {
      if (layer > 0)
        x = b.reshape(
          dropped(packed === null ? b.reshape(x, [steps.length, batch, x.shape[1]!]) : x, this.dropout, this.training),
          x.shape,
        );
      const outputs: Value[] = [];
      for (const [direction, suffix] of suffixes(layer, this.bidirectional).entries()) {
        const index = layer * directions + direction;
        const state = initial === null ? null : stateAt(initial, index);
        const ran = recurrentDirection(this.mode, x, steps, state, weightsOf(this, suffix), direction === 1);
        outputs.push(ran.output);
        last.push(ran.state);
      }
      x = b.concat(outputs, 1);
    }

    const states = [last.map(({ h }) => h), ...(this.mode === 'LSTM' ? [last.map(({ c }) => c!)] : [])].map((parts) => {
      const stacked = b.concat(
        parts.map((part) => b.reshape(part, [1, batch, part.shape[1]!])),
        0,
      );
      const shaped = isBatched ? stacked : b.reshape(stacked, [stacked.shape[0]!, stacked.shape[2]!]);
      return packed === null ? wrap(shaped) : reordered(wrap(shaped), packed.unsortedIndices, 1);
    });
    if (packed !== null) return { output: packed.withData(wrap(x)), states };
    const size = x.shape[1]!;
    if (!isBatched) return { output: wrap(x), states };
    const output = b.reshape(x, [steps.length, batch, size]);
    return { output: wrap(this.batchFirst ? b.permute(output, [1, 0, 2]) : output), states };
  }
}

function stateAt(states: readonly Value[], index: number): RecurrentState {
  const [h, c] = states.map((state) => b.reshape(b.narrow(state, 0, index, 1), [state.shape[1]!, state.shape[2]!]));
  return { h: h!, c: c ?? null };
}

/** What the names of the parameters of a layer end with. */
function suffixes(layer: number, bidirectional: boolean): string[] {
  return bidirectional ? [`l${layer}`, `l${layer}_reverse`] : [`l${layer}`];
}

function weightsOf(layer: RNNBase, suffix: string): Parameters<typeof recurrentDirection>[4] {
  const { parameters } = registered(layer);
  const get = (name: string): Value | null => parameters.get(`${name}_${suffix}`)?.node ?? null;
  return {
    weightIh: get('weight_ih')!,
    weightHh: get('weight_hh')!,
    biasIh: get('bias_ih'),
    biasHh: get('bias_hh'),
    weightHr: get('weight_hr'),
  };
}

/** The initial states as [layers * directions, N, size]; throws PyTorch's texts. */
function initialStates(
  layer: RNNBase,
  given: readonly (Tensor | null)[],
  batch: number,
  isBatched: boolean,
  packed: PackedSequence | null,
): Value[] {
  const names = layer.mode === 'LSTM' ? ['hx', 'cx'] : ['hx'];
  const tensors = given.map((state) => {
    requireTensor(layer.constructor.name, state);
    return state!;
  });
  const rank = isBatched ? 3 : 2;
  if (packed === null && tensors.some((state) => state.ndim !== rank)) {
    const found = tensors.map((state) => `${state.ndim}-D`).join(', ');
    const kind = isBatched ? 'batched 3-D' : 'unbatched 2-D';
    throw new ShapeError(
      names.length === 2
        ? `For ${kind} input, hx and cx should also be ${rank}-D but got (${found}) tensors`
        : `For ${kind} input, hx should also be ${rank}-D but got ${found} tensor`,
    );
  }
  const layers = layer.numLayers * (layer.bidirectional ? 2 : 1);
  return tensors.map((state, i) => {
    const ordered = packed === null ? state : reordered(state, packed.sortedIndices, 1);
    const size = i === 0 && layer.projSize > 0 ? layer.projSize : layer.hiddenSize;
    const shaped = isBatched ? ordered.node : b.reshape(ordered.node, [ordered.shape[0]!, 1, ordered.shape[1]!]);
    if (!sameShape(shaped.shape, [layers, batch, size]))
      throw new ShapeError(
        `Expected hidden${names.length === 2 ? `[${i}]` : ''} size (${layers}, ${batch}, ${size}), got [${shaped.shape.join(', ')}]`,
      );
    return shaped;
  });
}
