import { noGrad } from '../autograd/mode.ts';
import type { Device } from '../device/contract.ts';
import { evaluate } from '../device/evaluate.ts';
import { ChimeraError } from '../errors.ts';
import { isFloating } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { recorder as b } from '../graph/node.ts';
import { scoped } from '../graph/scope.ts';
import type { AnyBlock, BlockInputs, BlockResult } from '../nn/block.ts';
import { Block } from '../nn/block.ts';
import { deepcopy } from '../nn/copy.ts';
import { BatchNorm } from '../nn/layers/batch-norm.ts';
import type { Trailing } from '../tensor/arguments.ts';
import { readTrailing } from '../tensor/arguments.ts';
import { zeros } from '../tensor/creation.ts';
import { hostNumbers, numberTable } from '../tensor/host-values.ts';
import { convert } from '../tensor/target.ts';
import { Tensor, wrap } from '../tensor/tensor.ts';

/** The new average of a tensor, from the former one, the model's value, and how many were averaged. */
export type AverageFunction = (averaged: Tensor, current: Tensor, numAveraged: Tensor) => Tensor;

/** Changes averages in place, from the model's values and how many were averaged. */
export type MultiAverageFunction = (
  averaged: readonly Tensor[],
  current: readonly Tensor[],
  numAveraged: Tensor,
) => void;

/** a + (x - a) / (n + 1): all count the same. (PyTorch: `torch.optim.swa_utils.get_swa_avg_fn`) */
export function getSwaAvgFn(): AverageFunction {
  return (averaged, current, numAveraged) => {
    const [a, x] = [floating(averaged.node), floating(current.node)];
    const n = b.add(b.cast(numAveraged.node, a.dtype), b.like(a, 1));
    return wrap(b.add(a, b.div(b.sub(x, a), n)));
  };
}

/** decay a + (1 - decay) x. Default decay 0.999. (PyTorch: `torch.optim.swa_utils.get_ema_avg_fn`) */
export function getEmaAvgFn(decay = 0.999): AverageFunction {
  requireDecay(decay);
  return (averaged, current) => {
    const [a, x] = [floating(averaged.node), floating(current.node)];
    return wrap(b.add(b.mul(a, b.like(a, decay)), b.mul(x, b.like(x, 1 - decay))));
  };
}

/** As `getSwaAvgFn`, for many tensors in place. (PyTorch: `torch.optim.swa_utils.get_swa_multi_avg_fn`) */
export function getSwaMultiAvgFn(): MultiAverageFunction {
  return inPlace(getSwaAvgFn());
}

/** As `getEmaAvgFn`, for many tensors in place. (PyTorch: `torch.optim.swa_utils.get_ema_multi_avg_fn`) */
export function getEmaMultiAvgFn(decay = 0.999): MultiAverageFunction {
  return inPlace(getEmaAvgFn(decay));
}

function requireDecay(decay: number): void {
  if (!(decay >= 0 && decay <= 1))
    throw new ChimeraError(`Invalid decay value ${decay} provided. Please provide a value in [0,1] range.`);
}

function inPlace(average: AverageFunction): MultiAverageFunction {
  return (averaged, current, numAveraged) =>
    scoped(() =>
      noGrad(() => {
        for (const [i, one] of averaged.entries()) assign(one, average(one, current[i]!, numAveraged).node);
      }),
    );
}

/** Whole numbers are averaged as fractions, and cut off afterwards. */
function floating(node: Node): Node {
  return isFloating(node.dtype) ? node : (b.cast(node, 'float32') as Node);
}

function assign(target: Tensor, value: Node): void {
  target.assignValue((value.dtype === target.dtype ? value : b.cast(value, target.dtype)) as Node);
}

export interface AveragedModelOptions {
  /** Where the averages are kept. Default: where the model is. */
  device?: Device | null;
  /** The new average of one tensor. Default: `getSwaAvgFn()`. (PyTorch: `avg_fn`) */
  avgFn?: AverageFunction | null;
  /** The new averages of all tensors, in place. (PyTorch: `multi_avg_fn`) */
  multiAvgFn?: MultiAverageFunction | null;
  /** Also average buffers; otherwise they follow the model's. Default false. (PyTorch: `use_buffers`) */
  useBuffers?: boolean;
}

/**
 * A copy of a model whose parameters are averages of those that `updateParameters` is shown: equally weighted, or by a
 * function of your own. (PyTorch: `torch.optim.swa_utils.AveragedModel`)
 *
 * ```ts
 * const average = new optim.swaUtils.AveragedModel(net, { multiAvgFn: optim.swaUtils.getEmaMultiAvgFn(0.99) });
 * // after every step
 * average.updateParameters(net);
 * ```
 */
export class AveragedModel<B extends Block = AnyBlock> extends Block {
  declare readonly module: B;
  declare n_averaged: Tensor;
  readonly avgFn: AverageFunction | null;
  readonly multiAvgFn: MultiAverageFunction | null;
  readonly useBuffers: boolean;

  constructor(model: B, ...options: Trailing<AveragedModelOptions, ['device', 'avgFn', 'multiAvgFn', 'useBuffers']>) {
    super();
    const {
      device = null,
      avgFn = null,
      multiAvgFn = null,
      useBuffers = false,
    } = readTrailing<AveragedModelOptions>('AveragedModel', options, ['device', 'avgFn', 'multiAvgFn', 'useBuffers']);
    if (avgFn !== null && multiAvgFn !== null)
      throw new ChimeraError('Only one of avg_fn and multi_avg_fn should be provided');
    const copy = deepcopy(model);
    if (device !== null) copy.to(device);
    this.module = copy;
    this.registerBuffer('n_averaged', zeros([], { dtype: 'int32', device }));
    this.avgFn = avgFn;
    this.multiAvgFn = multiAvgFn;
    this.useBuffers = useBuffers;
  }

  get nAveraged(): Tensor {
    return this.n_averaged;
  }

  override forward(...inputs: BlockInputs<B>): BlockResult<B> {
    return (this.module as unknown as (...all: unknown[]) => BlockResult<B>)(...inputs);
  }

  /** Takes the values that a model has at present into the averages; the first time they are copied. (PyTorch: `update_parameters`) */
  updateParameters(model: Block): void {
    const { n_averaged: count, multiAvgFn, module } = this;
    const averaged = [...module.parameters(), ...(this.useBuffers ? module.buffers() : [])];
    const shown = [...model.parameters(), ...(this.useBuffers ? model.buffers() : [])];
    // Known unless it was computed on a device, where it came from a state dict of another model.
    const known = hostNumbers(count.node)?.[0];
    scoped(() =>
      noGrad(() => {
        const current = averaged.map((one, i) => wrap(placed(shown[i]!, one)));
        const average = this.avgFn ?? getSwaAvgFn();
        if (known === 0) for (const [i, one] of averaged.entries()) assign(one, current[i]!.node);
        else if (known === undefined) {
          const isFirst = b.eq(count.node, b.scalar(0, 'int32'));
          const former = averaged.map(({ node }) => node);
          if (multiAvgFn !== null) multiAvgFn(averaged, current, count);
          else for (const [i, one] of averaged.entries()) assign(one, average(one, current[i]!, count).node);
          for (const [i, one] of averaged.entries())
            if (one.node !== former[i]) assign(one, b.select(isFirst, current[i]!.node, one.node) as Node);
        } else if (multiAvgFn !== null) multiAvgFn(averaged, current, count);
        else for (const [i, one] of averaged.entries()) assign(one, average(one, current[i]!, count).node);
        if (!this.useBuffers)
          for (const [i, one] of module.buffers().entries()) assign(one, placed(model.buffers()[i]!, one));
        count.assignValue(
          known === undefined
            ? (b.add(count.node, b.scalar(1, 'int32')) as Node)
            : numberTable([known + 1], [], 'int32'),
        );
      }),
    );
  }
}

/** A tensor's value where another one is. */
function placed(value: Tensor, target: Tensor): Node {
  return target.device === null ? value.node : convert(value.node, [target.device]);
}

/** What a loader gives: a batch, or an array that begins with one. */
export type Batch = Tensor | readonly [Tensor, ...unknown[]];

/**
 * Computes the running statistics of a model's batch normalisations anew, as means over all batches: weights that were
 * averaged have other statistics than any of the models. (PyTorch: `torch.optim.swa_utils.update_bn`)
 */
export async function updateBn(
  loader: Iterable<Batch> | AsyncIterable<Batch>,
  model: Block,
  ...options: Trailing<{ device?: Device | null }, ['device']>
): Promise<void> {
  const { device = null } = readTrailing<{ device?: Device | null }>('updateBn', options, ['device']);
  const layers = model.modules().filter((block) => block instanceof BatchNorm);
  if (layers.length === 0) return;
  const momenta = layers.map(({ momentum }) => momentum);
  const wasTraining = model.training;
  for (const layer of layers) layer.resetRunningStats();
  model.train();
  for (const layer of layers) layer.momentum = null;
  try {
    for await (const batch of loader) {
      const input = batch instanceof Tensor ? batch : batch[0];
      noGrad(() => (model as AnyBlock)(device === null ? input : input.to(device)));
      await evaluate(layers.flatMap((layer) => layer.buffers().map(({ node }) => node)));
    }
  } finally {
    for (const [i, layer] of layers.entries()) layer.momentum = momenta[i]!;
    model.train(wasTraining);
  }
}
