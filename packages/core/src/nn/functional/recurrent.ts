import { recorder as b } from '../../graph/node.ts';
import type { Value } from '../../graph/value.ts';

/** The kinds of recurrent layers. */
export type RecurrentMode = 'RNN_TANH' | 'RNN_RELU' | 'LSTM' | 'GRU';

/** How many gates of hidden size each kind has. */
export const gateCount: Record<RecurrentMode, number> = { RNN_TANH: 1, RNN_RELU: 1, LSTM: 4, GRU: 3 };

/** The parameters of one direction of one layer. */
export interface RecurrentWeights {
  readonly weightIh: Value;
  readonly weightHh: Value;
  readonly biasIh: Value | null;
  readonly biasHh: Value | null;
  /** Projects the hidden state of an LSTM: [projSize, hiddenSize]. */
  readonly weightHr: Value | null;
}

/** Hidden state [N, H], and the cell state of an LSTM. */
export interface RecurrentState {
  readonly h: Value;
  readonly c: Value | null;
}

/** The rows of one time step in a flat sequence. */
export interface Step {
  readonly start: number;
  readonly rows: number;
}

function rows(x: Value, start: number, count: number): Value {
  return b.narrow(x, 0, start, count);
}

/** x W^T + bias. */
function project(x: Value, weight: Value, bias: Value | null): Value {
  const product = b.matmul(x, weight, { transposeB: true });
  return bias === null ? product : b.add(product, bias);
}

/**
 * What does not depend on the state, for all steps at once: the input's part of every gate. The hidden bias joins it
 * where it is only added.
 */
function projectInput(mode: RecurrentMode, x: Value, { weightIh, biasIh, biasHh }: RecurrentWeights): Value {
  const bias = biasIh === null || biasHh === null || mode === 'GRU' ? biasIh : b.add(biasIh, biasHh);
  return project(x, weightIh, bias);
}

/** One step from the input's part of the gates. `state` is `null` for a state of zeros. */
function advance(
  mode: RecurrentMode,
  input: Value,
  state: RecurrentState | null,
  weights: RecurrentWeights,
): RecurrentState {
  const { weightHh, biasHh, weightHr } = weights;
  if (mode === 'GRU') return { h: advanceGru(input, state?.h ?? null, weightHh, biasHh), c: null };
  const gates = state === null ? input : b.add(input, b.matmul(state.h, weightHh, { transposeB: true }));
  if (mode === 'RNN_TANH') return { h: b.tanh(gates), c: null };
  if (mode === 'RNN_RELU') return { h: b.relu(gates), c: null };
  const size = weightHh.shape[0]! / 4;
  const squashed = b.sigmoid(gates);
  const gate = (x: Value, i: number): Value => b.narrow(x, 1, i * size, size);
  const added = b.mul(gate(squashed, 0), b.tanh(gate(gates, 2)));
  const c = state === null ? added : b.add(b.mul(gate(squashed, 1), state.c!), added);
  const h = b.mul(gate(squashed, 3), b.tanh(c));
  return { h: weightHr === null ? h : b.matmul(h, weightHr, { transposeB: true }), c };
}

function advanceGru(input: Value, h: Value | null, weightHh: Value, biasHh: Value | null): Value {
  const size = weightHh.shape[0]! / 3;
  const hidden =
    h === null ? (biasHh === null ? null : b.reshape(biasHh, [1, 3 * size])) : project(h, weightHh, biasHh);
  const both = (x: Value): Value => b.narrow(x, 1, 0, 2 * size);
  const last = (x: Value): Value => b.narrow(x, 1, 2 * size, size);
  const gates = b.sigmoid(hidden === null ? both(input) : b.add(both(input), both(hidden)));
  const reset = b.narrow(gates, 1, 0, size);
  const update = b.narrow(gates, 1, size, size);
  const candidate = b.tanh(hidden === null ? last(input) : b.add(last(input), b.mul(reset, last(hidden))));
  return h === null ? b.sub(candidate, b.mul(update, candidate)) : b.add(candidate, b.mul(update, b.sub(h, candidate)));
}

/** One step of a cell: input [N, in], state [N, H]. */
export function recurrentStep(
  mode: RecurrentMode,
  x: Value,
  state: RecurrentState,
  weights: RecurrentWeights,
): RecurrentState {
  return advance(mode, projectInput(mode, x, weights), state, weights);
}

function zeros(x: Value, shape: readonly number[]): Value {
  return b.full(shape, 0, x.dtype);
}

/**
 * One direction of one layer over a flat sequence [sum of rows, in], step after step. Steps never have more rows than
 * those before them (those of a packed sequence have fewer): backwards, rows join with their initial state. Gives the
 * flat output and the last state of each row, both in the order of the input.
 */
export function recurrentDirection(
  mode: RecurrentMode,
  x: Value,
  steps: readonly Step[],
  initial: RecurrentState | null,
  weights: RecurrentWeights,
  backwards: boolean,
): { output: Value; state: RecurrentState } {
  const inputs = projectInput(mode, x, weights);
  const outputs = new Array<Value>(steps.length);
  const order = [...steps.keys()];
  if (backwards) order.reverse();
  const hiddenSize = (weights.weightHr ?? weights.weightHh).shape[weights.weightHr === null ? 1 : 0]!;
  const cellSize = weights.weightHh.shape[0]! / gateCount[mode];
  const start = (from: number, count: number): RecurrentState =>
    initial === null
      ? { h: zeros(x, [count, hiddenSize]), c: mode === 'LSTM' ? zeros(x, [count, cellSize]) : null }
      : { h: rows(initial.h, from, count), c: initial.c === null ? null : rows(initial.c, from, count) };
  // A state of zeros needs no product; but if there is only one step, the weight should get its gradient of zeros.
  let state: RecurrentState | null = initial === null && steps.length > 1 ? null : start(0, steps[order[0]!]!.rows);
  let count = steps[order[0]!]!.rows;
  const finished: RecurrentState[] = [];
  for (const t of order) {
    const step = steps[t]!;
    if (step.rows < count) {
      // These rows have ended; they are the last of those that go on.
      finished.unshift(part(state!, step.rows, count - step.rows));
      state = part(state!, 0, step.rows);
    } else if (step.rows > count) state = joined([state!, start(count, step.rows - count)]);
    count = step.rows;
    state = advance(mode, rows(inputs, step.start, step.rows), state, weights);
    outputs[t] = state.h;
  }
  return { output: b.concat(outputs, 0), state: joined([state!, ...finished]) };
}

function part({ h, c }: RecurrentState, from: number, count: number): RecurrentState {
  return { h: rows(h, from, count), c: c === null ? null : rows(c, from, count) };
}

function joined(states: readonly RecurrentState[]): RecurrentState {
  if (states.length === 1) return states[0]!;
  return {
    h: b.concat(
      states.map(({ h }) => h),
      0,
    ),
    c:
      states[0]!.c === null
        ? null
        : b.concat(
            states.map(({ c }) => c!),
            0,
          ),
  };
}
