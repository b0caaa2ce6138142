import { ChimeraError, DTypeError, ShapeError } from '../../errors.ts';
import { recorder as b } from '../../graph/node.ts';
import type { Value } from '../../graph/value.ts';
import { hostNumbers } from '../../tensor/host-values.ts';
import { requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';
import { Block } from '../block.ts';
import { ModuleList } from '../containers/module-list.ts';
import { Sequential } from '../containers/sequential.ts';
import { average } from '../functional/reduction.ts';
import type { FactoryOptions } from './linear.ts';
import { Linear } from './linear.ts';

export interface AdaptiveLogSoftmaxOptions extends FactoryOptions {
  /** How much narrower each cluster is than the one before. Default 4. (PyTorch: `div_value`) */
  divValue?: number;
  /** Learn a bias for the head. Default false. (PyTorch: `head_bias`) */
  headBias?: boolean;
}

/** The logarithms of the targets' probabilities [N], and their negated mean. */
export interface AdaptiveLogSoftmaxResult {
  output: Tensor;
  loss: Tensor;
}

/**
 * A softmax over many classes, frequent ones first: the head holds classes below the first cutoff and one entry for each
 * cluster of rarer classes, whose own softmax lies behind a narrower layer. (PyTorch: `torch.nn.AdaptiveLogSoftmaxWithLoss`)
 */
export class AdaptiveLogSoftmaxWithLoss extends Block {
  readonly inFeatures: number;
  readonly nClasses: number;
  /** The first class of each cluster, and the number of classes. */
  readonly cutoffs: readonly number[];
  readonly divValue: number;
  readonly headBias: boolean;
  readonly shortlistSize: number;
  readonly nClusters: number;
  readonly headSize: number;
  declare head: Linear;
  declare tail: ModuleList<Sequential<readonly [Linear, Linear]>>;

  constructor(
    inFeatures: number,
    nClasses: number,
    cutoffs: readonly number[],
    ...args: Trailing<AdaptiveLogSoftmaxOptions, ['divValue', 'headBias', 'device', 'dtype']>
  ) {
    super();
    const {
      divValue = 4,
      headBias = false,
      dtype,
      device,
    } = readTrailing<AdaptiveLogSoftmaxOptions>('AdaptiveLogSoftmaxWithLoss', args, [
      'divValue',
      'headBias',
      'device',
      'dtype',
    ]);
    if (!Array.isArray(cutoffs) || cutoffs.length === 0)
      throw new ChimeraError('cutoffs should be a sequence of length larger than 0');
    if (
      cutoffs.some(
        (cutoff, i) =>
          !Number.isInteger(cutoff) || cutoff <= 0 || cutoff > nClasses - 1 || (i > 0 && cutoff <= cutoffs[i - 1]!),
      )
    )
      throw new ChimeraError(
        'cutoffs should be a sequence of unique, positive integers sorted in an increasing order, where each value is between 1 and n_classes-1',
      );
    this.inFeatures = inFeatures;
    this.nClasses = nClasses;
    this.cutoffs = [...cutoffs, nClasses];
    this.divValue = divValue;
    this.headBias = headBias;
    this.shortlistSize = cutoffs[0]!;
    this.nClusters = cutoffs.length;
    this.headSize = this.shortlistSize + this.nClusters;
    this.head = new Linear(inFeatures, this.headSize, { bias: headBias, dtype, device });
    this.tail = new ModuleList(
      Array.from({ length: this.nClusters }, (_, i) => {
        const width = Math.trunc(Math.floor(inFeatures / divValue ** (i + 1)));
        const size = this.cutoffs[i + 1]! - this.cutoffs[i]!;
        return new Sequential(
          new Linear(inFeatures, width, { bias: false, dtype, device }),
          new Linear(width, size, { bias: false, dtype, device }),
        );
      }),
    );
  }

  /** Draws new weights. (PyTorch: `reset_parameters`) */
  resetParameters(): void {
    this.head.resetParameters();
    for (const [first, second] of this.tail as Iterable<Iterable<Linear>>) {
      first!.resetParameters();
      second!.resetParameters();
    }
  }

  override forward(input: Tensor, target: Tensor): AdaptiveLogSoftmaxResult {
    const y = requireTensor('AdaptiveLogSoftmaxWithLoss', target);
    const rank = y.shape.length;
    if (rank > 1) throw new ShapeError('0D or 1D target tensor expected, multi-target not supported');
    if (input.ndim !== rank + 1)
      throw new ShapeError(
        `${rank}D target tensor expects ${rank + 1}D input tensors, but found inputs with size [${input.shape.join(', ')}]`,
      );
    if (rank === 1 && input.shape[0] !== y.shape[0])
      throw new ShapeError('Input and target should have the same size in the batch dimension.');
    if (y.dtype !== 'int32') throw new DTypeError(`AdaptiveLogSoftmaxWithLoss: expected int32 targets, got ${y.dtype}`);
    const known = hostNumbers(y);
    if (known?.some((value) => value < 0 || value >= this.nClasses))
      throw new ChimeraError(
        `Target values should be in [0, ${this.nClasses - 1}], but values in range [${Math.min(...known)}, ${Math.max(...known)}] were found. `,
      );
    const rows = rank === 0 ? 1 : y.shape[0]!;
    const x = rank === 0 ? wrap(b.reshape(input.node, [1, input.shape[0]!])) : input;
    const index = b.reshape(y, [rows, 1]);
    const zero = b.like(input.node, 0);
    // Every row goes through every cluster; only what belongs to its target counts.
    const pick = (logs: Value, first: number): Value =>
      b.reduceSum(b.select(b.eq(b.sub(index, b.scalar(first, 'int32')), b.iota(logs.shape[1]!)), logs, zero), [1]);
    const head = b.logSoftmax(this.head(x).node, 1);
    let output = pick(b.narrow(head, 1, 0, this.shortlistSize), 0);
    for (const [i, cluster] of [...this.tail].entries()) {
      const [low, high] = [this.cutoffs[i]!, this.cutoffs[i + 1]!];
      const logs = b.add(b.logSoftmax(cluster(x).node, 1), b.narrow(head, 1, this.shortlistSize + i, 1));
      const isInside = b.reshape(b.and(b.ge(index, b.scalar(low, 'int32')), b.lt(index, b.scalar(high, 'int32'))), [
        rows,
      ]);
      output = b.select(isInside, pick(logs, low), output);
    }
    const loss = b.neg(average(output));
    return { output: wrap(rank === 0 ? b.reshape(output, []) : output), loss: wrap(loss) };
  }

  /** Logarithms of the probabilities of all classes: [N, inFeatures] -> [N, nClasses]. (PyTorch: `log_prob`) */
  logProb(input: Tensor): Tensor {
    return wrap(this.allLogs(input).all);
  }

  /** The most probable class of each row: [N]. (PyTorch: `predict`) */
  predict(input: Tensor): Tensor {
    const { head, all } = this.allLogs(input);
    const best = b.argMax(head, 1);
    return wrap(b.select(b.lt(best, b.scalar(this.shortlistSize, 'int32')), best, b.argMax(all, 1)));
  }

  /** Internal. */
  protected allLogs(input: Tensor): { head: Value; all: Value } {
    const head = b.logSoftmax(this.head(input).node, 1);
    const parts = [b.narrow(head, 1, 0, this.shortlistSize)];
    for (const [i, cluster] of [...this.tail].entries())
      parts.push(b.add(b.logSoftmax(cluster(input).node, 1), b.narrow(head, 1, this.shortlistSize + i, 1)));
    return { head, all: b.concat(parts, 1) };
  }
}
