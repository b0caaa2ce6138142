import { ChimeraError, DTypeError, ShapeError } from '../../errors.ts';
import type { Node } from '../../graph/node.ts';
import { recorder as b } from '../../graph/node.ts';
import type { Value } from '../../graph/value.ts';
import { hostNumbers, indexTable, numberTable } from '../../tensor/host-values.ts';
import { requireTensor } from '../../tensor/operand.ts';
import { Tensor, wrap } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';
import { floatingNode } from './activation-options.ts';
import type { LossOptions } from './reduction.ts';
import { average, requireReduction, total } from './reduction.ts';

export interface CtcOptions extends LossOptions {
  /** The class that stands for nothing. Default 0. */
  blank?: number;
  /** Count infinite losses as 0, with a gradient of 0. Default false. (PyTorch: `zero_infinity`) */
  zeroInfinity?: boolean;
}

/** Lengths on the host: numbers, or a tensor whose values were given by the host. */
export type CtcLengths = Tensor | readonly number[] | number;

// Stands for the logarithm of 0: sums and differences of it stay finite.
const nothing = -1e30;

/**
 * Connectionist temporal classification: -ln of the probability of all ways to read the targets from logProbs [T, N, C] (or
 * [T, C]) with blanks between and repetitions. Targets [N, S], or all of them one after another; lengths [N]. The mean is of
 * losses over target lengths. As in PyTorch, the gradient is that of the logits before a log-softmax.
 * (PyTorch: `F.ctc_loss`)
 */
export function ctcLoss(
  logProbs: Tensor,
  targets: Tensor,
  inputLengths: CtcLengths,
  targetLengths: CtcLengths,
  ...args: Trailing<CtcOptions, ['blank', 'reduction', 'zeroInfinity']>
): Tensor {
  const {
    blank = 0,
    reduction = 'mean',
    zeroInfinity = false,
  } = readTrailing<CtcOptions>('ctc_loss', args, ['blank', 'reduction', 'zeroInfinity']);
  requireReduction(reduction);
  const source = floatingNode('ctc_loss', logProbs);
  // Its sums would leave the range of 16 bits.
  if (source.dtype === 'float16')
    throw new DTypeError('"ctc_loss" not implemented for float16; convert log_probs with float()');
  const isBatched = source.shape.length === 3;
  if (!isBatched && source.shape.length !== 2)
    throw new ShapeError(`ctc_loss: expected log_probs of 2 or 3 dimensions, got ${source.shape.length}`);
  const [steps, batch, classes] = (isBatched ? source.shape : [source.shape[0], 1, source.shape[1]]) as [
    number,
    number,
    number,
  ];
  if (!(blank >= 0 && blank < classes)) throw new ChimeraError('blank must be in label range');
  const inputs = lengthsOf('input_lengths', inputLengths, batch);
  const sizes = lengthsOf('target_lengths', targetLengths, batch);
  for (const length of inputs)
    if (length < 0 || length > steps)
      throw new ShapeError(
        `Expected input_lengths to have value at most ${steps}, but got value ${length} (while checking arguments for ctc_loss_allocate_outputs)`,
      );
  const longest = Math.max(0, ...sizes);
  const labels = labelsOf(requireTensor('ctc_loss', targets), sizes, longest, batch, isBatched);

  const width = 2 * longest + 1;
  const extended = withBlanks(labels, blank, batch, longest);
  // Row (t, n) of the probabilities at the labels of sample n.
  const flat = b.reshape(source, [steps * batch * classes]);
  const bases = b.reshape(b.mul(b.iota(steps * batch), b.scalar(classes, 'int32')), [steps, batch, 1]);
  const positions = b.reshape(b.add(bases, b.reshape(extended, [1, batch, width])), [steps * batch, width]);
  const least = b.like(source, nothing);
  const picked = b.maximum(b.gather(flat, positions, 0), least);
  const at = (t: number): Value => b.narrow(picked, 0, t * batch, batch);

  const isStart = b.lt(b.reshape(b.iota(width), [1, width]), b.scalar(2, 'int32'));
  let alpha: Value = b.select(isStart, at(0), least);
  const skip = skipPenalty(extended, blank, batch, width, least);
  for (let t = 1; t < steps; t++) {
    const shifted = (by: number): Value => b.pad(b.narrow(alpha, 1, 0, width - by), [0, by], [0, 0], nothing);
    let next = alpha;
    if (width > 1) next = logSumExp([alpha, shifted(1), ...(skip === null ? [] : [b.add(shifted(2), skip)])]);
    next = b.add(next, at(t));
    // Samples that have ended keep what they have.
    alpha = inputs.every((length) => length > t)
      ? next
      : b.select(numberMask(inputs.map((length) => length > t)), next, alpha);
  }

  const ends = new Float64Array(batch * width).fill(nothing);
  for (const [n, size] of sizes.entries()) {
    ends[n * width + 2 * size] = 0;
    if (size > 0) ends[n * width + 2 * size - 1] = 0;
  }
  const final = b.add(alpha, numberTable(ends, [batch, width], source.dtype));
  const top = b.emit('stopGradient', [b.reduceMax(final, [1], true)], {});
  const likelihood = b.add(b.log(b.reduceSum(b.exp(b.sub(final, top)), [1])), b.reshape(top, [batch]));
  let loss: Value = b.neg(likelihood);
  if (inputs.includes(0))
    loss = b.select(
      b.reshape(numberMask(inputs.map((length) => length === 0)), [batch]),
      numberTable(
        sizes.map((size) => (size === 0 ? 0 : -nothing)),
        [batch],
        source.dtype,
      ),
      loss,
    );
  if (source.requiresGrad) loss = b.add(loss, softmaxTerm(source, inputs, [steps, batch, classes]));
  const isImpossible = b.gt(loss, b.like(loss, -nothing / 10));
  loss = b.select(isImpossible, b.like(loss, zeroInfinity ? 0 : Number.POSITIVE_INFINITY), loss);
  if (reduction === 'mean')
    return wrap(
      average(
        b.div(
          loss,
          numberTable(
            sizes.map((size) => Math.max(size, 1)),
            [batch],
            source.dtype,
          ),
        ),
      ),
    );
  if (reduction === 'sum') return wrap(total(loss));
  return wrap(isBatched ? loss : b.reshape(loss, []));
}

/** 0 per sample, with the gradient e^x: what makes the gradient that of the logits. */
function softmaxTerm(
  source: Node,
  inputs: readonly number[],
  [steps, batch, classes]: readonly [number, number, number],
): Value {
  let probabilities: Value = b.exp(b.reshape(source, [steps, batch, classes]));
  if (inputs.some((length) => length < steps)) {
    const isRead = Array.from({ length: steps * batch }, (_, i) =>
      Math.floor(i / batch) < inputs[i % batch]! ? 1 : 0,
    );
    probabilities = b.mul(probabilities, numberTable(isRead, [steps, batch, 1], source.dtype));
  }
  const sums = b.reduceSum(probabilities, [0, 2]);
  return b.sub(sums, b.emit('stopGradient', [sums], {}));
}

/** ln of the sum of e^x over values of one shape. */
function logSumExp(values: readonly Value[]): Value {
  // What is subtracted does not matter to the derivative.
  const top = b.emit('stopGradient', [values.reduce((x, y) => b.maximum(x, y))], {});
  const sum = values.map((x) => b.exp(b.sub(x, top))).reduce((x, y) => b.add(x, y));
  return b.add(b.log(sum), top);
}

function numberMask(values: readonly boolean[]): Value {
  return b.cast(indexTable(values.map(Number), [values.length, 1]), 'bool');
}

function lengthsOf(name: string, lengths: CtcLengths, batch: number): number[] {
  let found: number[];
  if (lengths instanceof Tensor) {
    const numbers = hostNumbers(lengths.node);
    if (numbers === null)
      throw new ChimeraError(
        `ctc_loss: ${name} must be known when it is called; read them first: await lengths.tolist()`,
      );
    found = [...numbers];
  } else found = typeof lengths === 'number' ? [lengths] : [...lengths];
  if (found.length !== batch) throw new ShapeError(`${name} must be of size batch_size`);
  if (found.some((length) => !Number.isInteger(length))) throw new TypeError(`ctc_loss: ${name} must be integers`);
  return found;
}

/** The targets as [N, S], S the longest; what lies beyond a target does not matter. */
function labelsOf(targets: Node, sizes: readonly number[], longest: number, batch: number, isBatched: boolean): Value {
  if (targets.dtype !== 'int32') throw new DTypeError(`ctc_loss: targets must be int32, got ${targets.dtype}`);
  const [rows, columns] = isBatched ? targets.shape : [1, targets.shape[0]];
  if (targets.shape.length === 2 || !isBatched) {
    if (rows !== batch)
      throw new ShapeError(`Expected targets to have ${batch} rows, got [${targets.shape.join(', ')}]`);
    if (columns! < longest)
      throw new ShapeError(
        `Expected tensor to have size at least ${longest} at dimension 1, but got size ${columns} for argument #2 'targets' (while checking arguments for ctc_loss_allocate_outputs)`,
      );
    return b.narrow(b.reshape(targets, [batch, columns!]), 1, 0, longest);
  }
  const sum = sizes.reduce((x, y) => x + y, 0);
  if (targets.shape.length !== 1 || targets.shape[0] !== sum)
    throw new ShapeError(
      `Expected tensor to have size ${sum} at dimension 0, but got size ${targets.shape[0]} for argument #2 'targets' (while checking arguments for ctc_loss_allocate_outputs)`,
    );
  const table = new Int32Array(batch * longest);
  let start = 0;
  for (const [n, size] of sizes.entries()) {
    for (let i = 0; i < size; i++) table[n * longest + i] = start + i;
    start += size;
  }
  return longest === 0
    ? b.reshape(b.narrow(targets, 0, 0, 0), [batch, 0])
    : b.gather(targets, indexTable(table, [batch, longest]), 0);
}

/** [N, 2 S + 1]: blank, label, blank, label, ..., blank. */
function withBlanks(labels: Value, blank: number, batch: number, longest: number): Value {
  const end = b.full([batch, 1], blank, 'int32');
  if (longest === 0) return end;
  const column = b.reshape(labels, [batch, longest, 1]);
  const pairs = b.concat([b.full([batch, longest, 1], blank, 'int32'), column], 2);
  return b.concat([b.reshape(pairs, [batch, 2 * longest]), end], 1);
}

/** 0 where a label may follow the one before the blank before it, otherwise a very negative number; `null` if nowhere. */
function skipPenalty(extended: Value, blank: number, batch: number, width: number, least: Value): Value | null {
  if (width < 3) return null;
  const here = b.narrow(extended, 1, 2, width - 2);
  const before = b.narrow(extended, 1, 0, width - 2);
  const isAllowed = b.not(b.or(b.eq(here, b.scalar(blank, 'int32')), b.eq(here, before)));
  const penalties = b.select(isAllowed, b.like(least, 0), least);
  return b.concat([b.full([batch, 2], nothing, least.dtype), b.broadcastTo(penalties, [batch, width - 2])], 1);
}
