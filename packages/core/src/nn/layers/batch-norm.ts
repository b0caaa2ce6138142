import { noGrad } from '../../autograd/mode.ts';
import { ShapeError } from '../../errors.ts';
import type { Node } from '../../graph/node.ts';
import { recorder as b } from '../../graph/node.ts';
import type { Value } from '../../graph/value.ts';
import { ones, zeros } from '../../tensor/creation.ts';
import { requireFloatingNode, requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readArguments } from '../arguments.ts';
import { Block } from '../block.ts';
import { normalizeBatch } from '../functional/batch-norm.ts';
import { normalizeInstances } from '../functional/instance-norm.ts';
import type { RunningStatistics } from '../functional/running-statistics.ts';
import { ones_, zeros_ } from '../init.ts';
import { Parameter } from '../parameter.ts';
import { pythonText } from '../python-text.ts';
import type { StateDict } from '../state-dict.ts';
import type { FactoryOptions } from './linear.ts';

export interface BatchNormOptions extends FactoryOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
  /** Share of a batch in the running statistics; `null`: all batches count the same. Default 0.1. */
  momentum?: number | null;
  /** Learn a weight, starting at 1, and a bias, starting at 0. Default true (false for instance norm). */
  affine?: boolean;
  /** Keep running statistics and use them in evaluation. Default true (false for instance norm). */
  trackRunningStats?: boolean;
  /** Learn the bias as well. Default true. */
  bias?: boolean;
}

export const normOrder = ['eps', 'momentum', 'affine', 'trackRunningStats', 'device', 'dtype'] as const;
/** Options of a lazy normalisation. */
export type LazyNormArguments = Trailing<BatchNormOptions, typeof normOrder>;
/** `(channels, ...options)`, or all by name. */
export type NormArguments =
  | readonly [numFeatures: number, ...options: LazyNormArguments]
  | readonly [options: BatchNormOptions & { numFeatures: number }];
export type NormSetup = Required<Pick<BatchNormOptions, 'eps' | 'affine' | 'trackRunningStats' | 'bias'>> &
  FactoryOptions & { momentum: number | null; numFeatures: number };

/** Options of a normalisation with its defaults. */
export function normSetup(name: string, args: readonly unknown[], byDefault: boolean): NormSetup {
  const {
    numFeatures,
    eps = 1e-5,
    momentum = 0.1,
    affine = byDefault,
    trackRunningStats = byDefault,
    bias = true,
    dtype,
    device,
  } = readArguments<{ numFeatures: number }, BatchNormOptions>(name, args, ['numFeatures'], normOrder, ['bias']);
  if (!Number.isInteger(numFeatures) || numFeatures < 0)
    throw new TypeError(`${name}: expected num_features to be a non-negative integer, got ${String(numFeatures)}`);
  return { numFeatures, eps, momentum, affine, trackRunningStats, bias, dtype, device };
}

/** What batch and instance normalisation share. Use `BatchNorm2d` and the like. */
export abstract class NormBase extends Block {
  readonly numFeatures: number;
  eps: number;
  momentum: number | null;
  readonly affine: boolean;
  trackRunningStats: boolean;
  declare weight: Parameter | null;
  declare bias: Parameter | null;
  declare running_mean: Tensor | null;
  declare running_var: Tensor | null;
  declare num_batches_tracked: Tensor | null;

  override get stateVersion(): number {
    return 2;
  }

  constructor({ numFeatures, eps, momentum, affine, trackRunningStats, bias, dtype, device }: NormSetup) {
    super();
    this.numFeatures = numFeatures;
    this.eps = eps;
    this.momentum = momentum;
    this.affine = affine;
    this.trackRunningStats = trackRunningStats;
    this.registerParameter('weight', affine ? new Parameter(ones([numFeatures], { dtype, device })) : null);
    this.registerParameter('bias', affine && bias ? new Parameter(zeros([numFeatures], { dtype, device })) : null);
    this.registerBuffer('running_mean', trackRunningStats ? zeros([numFeatures], { dtype, device }) : null);
    this.registerBuffer('running_var', trackRunningStats ? ones([numFeatures], { dtype, device }) : null);
    this.registerBuffer('num_batches_tracked', trackRunningStats ? zeros([], { dtype: 'int32', device }) : null);
    this.registerLoadStateDictPreHook(supplyCount);
  }

  get runningMean(): Tensor | null {
    return this.running_mean;
  }
  get runningVar(): Tensor | null {
    return this.running_var;
  }
  get numBatchesTracked(): Tensor | null {
    return this.num_batches_tracked;
  }

  /** Forgets the running statistics. (PyTorch: `reset_running_stats`) */
  resetRunningStats(): void {
    if (!this.trackRunningStats) return;
    zeros_(this.running_mean!);
    ones_(this.running_var!);
    zeros_(this.num_batches_tracked!);
  }
  /** Running statistics, weight and bias as they were at first. (PyTorch: `reset_parameters`) */
  resetParameters(): void {
    this.resetRunningStats();
    if (!this.affine) return;
    ones_(this.weight!);
    if (this.bias !== null) zeros_(this.bias);
  }

  /** Throws unless the input has a number of dimensions that the layer takes. */
  protected abstract checkInput(x: Node): void;

  override extraRepr(): string {
    const { numFeatures, eps, momentum, affine, trackRunningStats } = this;
    return `${numFeatures}, eps=${pythonText(eps)}, momentum=${pythonText(momentum)}, affine=${pythonText(affine)}, bias=${pythonText(this.bias !== null)}, track_running_stats=${pythonText(trackRunningStats)}`;
  }
}

/** States from before version 2 have no count of batches. */
function supplyCount(block: Block, state: StateDict, prefix: string): void {
  const { num_batches_tracked: tracked, trackRunningStats } = block as NormBase;
  const version = state.metadata.get(prefix.slice(0, -1))?.version;
  const key = `${prefix}num_batches_tracked`;
  if (trackRunningStats && tracked !== null && (version === undefined || version < 2) && !state.has(key))
    state.set(key, tracked);
}

/** Throws unless the input has one of some numbers of dimensions. */
export function requireRank(x: Node, ...ranks: readonly number[]): void {
  if (!ranks.includes(x.shape.length))
    throw new ShapeError(
      `expected ${ranks.map((rank) => `${rank}D`).join(' or ')} input (got ${x.shape.length}D input)`,
    );
}

/** Batch normalisation of any number of dimensions. */
export abstract class BatchNorm extends NormBase {
  override forward(x: Tensor): Tensor {
    const input = requireFloatingNode(this.constructor.name, requireTensor(this.constructor.name, x));
    this.checkInput(input);
    const { running_mean: mean, running_var: variance, training } = this;
    const useBatch = training || (mean === null && variance === null);
    let running: RunningStatistics | null = null;
    if (mean !== null && variance !== null && (!training || this.trackRunningStats))
      running = { mean, variance, momentum: training ? countBatch(this) : 0 };
    return wrap(normalizeBatch(input, running, this.weight?.node ?? null, this.bias?.node ?? null, useBatch, this.eps));
  }
}

/** Counts a batch and gives its share in the running statistics. */
function countBatch({ num_batches_tracked: tracked, momentum }: BatchNorm): number | Value {
  if (tracked !== null) noGrad(() => tracked.assignValue(b.add(tracked.node, b.scalar(1, 'int32')) as Node));
  if (momentum !== null) return momentum;
  return tracked === null ? 0 : noGrad(() => b.div(b.scalar(1), b.cast(tracked.node, 'float32')));
}

/**
 * y = (x - mean) / sqrt(variance + eps) weight + bias per channel of x [N, C] or [N, C, L]: the batch's statistics in
 * training, running ones in evaluation. (PyTorch: `torch.nn.BatchNorm1d`)
 */
export class BatchNorm1d extends BatchNorm {
  constructor(...args: NormArguments) {
    super(normSetup('BatchNorm1d', args, true));
  }
  protected override checkInput(x: Node): void {
    requireRank(x, 2, 3);
  }
}

/** As `BatchNorm1d`, for x [N, C, H, W]. (PyTorch: `torch.nn.BatchNorm2d`) */
export class BatchNorm2d extends BatchNorm {
  constructor(...args: NormArguments) {
    super(normSetup('BatchNorm2d', args, true));
  }
  protected override checkInput(x: Node): void {
    requireRank(x, 4);
  }
}

/** As `BatchNorm1d`, for x [N, C, D, H, W]. (PyTorch: `torch.nn.BatchNorm3d`) */
export class BatchNorm3d extends BatchNorm {
  constructor(...args: NormArguments) {
    super(normSetup('BatchNorm3d', args, true));
  }
  protected override checkInput(x: Node): void {
    requireRank(x, 5);
  }
}

export interface SyncBatchNormOptions extends BatchNormOptions {
  /** Only null: everything is in one process. */
  processGroup?: null;
}

/** Batch normalisation of x [N, C, ...]; in one process it is `BatchNorm1d`. (PyTorch: `torch.nn.SyncBatchNorm`) */
export class SyncBatchNorm extends BatchNorm {
  constructor(
    ...args:
      | readonly [
          numFeatures: number,
          ...options: Trailing<
            SyncBatchNormOptions,
            ['eps', 'momentum', 'affine', 'trackRunningStats', 'processGroup']
          >,
        ]
      | readonly [options: SyncBatchNormOptions & { numFeatures: number }]
  ) {
    const { numFeatures, processGroup, ...options } = readArguments<{ numFeatures: number }, SyncBatchNormOptions>(
      'SyncBatchNorm',
      args,
      ['numFeatures'],
      ['eps', 'momentum', 'affine', 'trackRunningStats', 'processGroup', 'device', 'dtype'],
      ['bias'],
    );
    if (processGroup !== undefined && processGroup !== null)
      throw new TypeError('SyncBatchNorm: there is one process here, and no process group');
    super(normSetup('SyncBatchNorm', [numFeatures, options], true));
  }
  protected override checkInput(x: Node): void {
    if (x.shape.length < 2) throw new ShapeError(`expected at least 2D input (got ${x.shape.length}D input)`);
  }
}

/** Instance normalisation of so many spatial dimensions. */
export abstract class InstanceNorm extends NormBase {
  protected abstract spatialDimensions(): number;

  protected override checkInput(x: Node): void {
    requireRank(x, this.spatialDimensions() + 1, this.spatialDimensions() + 2);
  }

  override forward(x: Tensor): Tensor {
    const input = requireFloatingNode(this.constructor.name, requireTensor(this.constructor.name, x));
    this.checkInput(input);
    const dim = input.shape.length - this.spatialDimensions() - 1;
    if (this.affine && input.shape[dim] !== this.numFeatures)
      throw new ShapeError(
        `expected input's size at dim=${dim} to match num_features (${this.numFeatures}), but got: ${input.shape[dim]}.`,
      );
    const { running_mean: mean, running_var: variance } = this;
    const running = mean === null || variance === null ? null : { mean, variance, momentum: this.momentum ?? 0 };
    const batch = dim === 1 ? input : (b.reshape(input, [1, ...input.shape]) as Node);
    const y = normalizeInstances(
      batch,
      running,
      this.weight?.node ?? null,
      this.bias?.node ?? null,
      this.training || !this.trackRunningStats,
      this.eps,
    );
    return wrap(b.reshape(y, input.shape));
  }
}

/** Normalises every channel of every sample of x [N, C, L] or [C, L]. (PyTorch: `torch.nn.InstanceNorm1d`) */
export class InstanceNorm1d extends InstanceNorm {
  constructor(...args: NormArguments) {
    super(normSetup('InstanceNorm1d', args, false));
  }
  protected override spatialDimensions(): number {
    return 1;
  }
}

/** As `InstanceNorm1d`, for x [N, C, H, W] or [C, H, W]. (PyTorch: `torch.nn.InstanceNorm2d`) */
export class InstanceNorm2d extends InstanceNorm {
  constructor(...args: NormArguments) {
    super(normSetup('InstanceNorm2d', args, false));
  }
  protected override spatialDimensions(): number {
    return 2;
  }
}

/** As `InstanceNorm1d`, for x [N, C, D, H, W] or [C, D, H, W]. (PyTorch: `torch.nn.InstanceNorm3d`) */
export class InstanceNorm3d extends InstanceNorm {
  constructor(...args: NormArguments) {
    super(normSetup('InstanceNorm3d', args, false));
  }
  protected override spatialDimensions(): number {
    return 3;
  }
}
