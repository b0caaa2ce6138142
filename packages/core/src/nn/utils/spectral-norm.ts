import { noGrad } from '../../autograd/mode.ts';
import { ChimeraError } from '../../errors.ts';
import type { Node } from '../../graph/node.ts';
import { recorder as b } from '../../graph/node.ts';
import { sizeOf } from '../../graph/shape.ts';
import type { Value } from '../../graph/value.ts';
import { randn } from '../../tensor/creation.ts';
import { normOver } from '../../tensor/statistics.ts';
import type { HookHandle, Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { Block } from '../block.ts';
import { TransposedConvolution } from '../layers/transposed-convolution.ts';
import { Parameter } from '../parameter.ts';
import { registered } from '../registration.ts';

export interface SpectralNormOptions {
  /** Which parameter. Default `'weight'`. */
  name?: string;
  /** Steps of power iteration per call in training mode. Default 1. */
  nPowerIterations?: number;
  /** Added to no length smaller than it. Default 1e-12. */
  eps?: number;
  /** The dimension of outputs. Default 0; 1 of transposed convolutions. */
  dim?: number | null;
}

interface Chosen {
  readonly name: string;
  readonly iterations: number;
  readonly eps: number;
  readonly dim: number;
}

function chosen(
  block: Block,
  options: SpectralNormOptions | string,
  iterations: number,
  eps: number,
  dim: number | null,
): Chosen {
  const given = typeof options === 'string' ? { name: options, nPowerIterations: iterations, eps, dim } : options;
  const steps = given.nPowerIterations ?? 1;
  if (!Number.isInteger(steps) || steps <= 0)
    throw new ChimeraError(`Expected n_power_iterations to be positive, but got n_power_iterations=${String(steps)}`);
  const isTransposed = block instanceof TransposedConvolution;
  return {
    name: given.name ?? 'weight',
    iterations: steps,
    eps: given.eps ?? 1e-12,
    dim: given.dim ?? (isTransposed ? 1 : 0),
  };
}

/** [outputs, everything else]. */
function matrixOf(weight: Value, dim: number): Value {
  const rank = weight.shape.length;
  const first = dim < 0 ? dim + rank : dim;
  const moved =
    first === 0 ? weight : b.permute(weight, [first, ...weight.shape.map((_, i) => i).filter((i) => i !== first)]);
  const height = weight.shape[first]!;
  return b.reshape(moved, [height, height === 0 ? 0 : sizeOf(weight.shape) / height]);
}

function normalized(x: Value, eps: number): Value {
  return b.div(x, b.maximum(normOver(x, 2, [0], true), b.like(x, eps)));
}

function times(matrix: Value, vector: Value): Value {
  return b.reshape(b.matmul(matrix, b.reshape(vector, [vector.shape[0]!, 1])), [matrix.shape[0]!]);
}

const constant = (x: Value): Value => b.emit('stopGradient', [x], {});

function weightOf(weight: Value, matrix: Value, u: Value, v: Value): Value {
  const largest = b.reduceSum(b.mul(u, times(matrix, v)), [0]);
  return b.div(weight, largest);
}

const handles = new WeakMap<Block, Map<string, { handle: HookHandle; options: Chosen }>>();

function compute(block: Block, { name, iterations, eps, dim }: Chosen, iterates: boolean): Tensor {
  const own = block as unknown as Record<string, Tensor>;
  const weight = own[`${name}_orig`]!.node;
  const matrix = matrixOf(weight, dim);
  if (iterates)
    noGrad(() => {
      let [u, v]: [Value, Value] = [own[`${name}_u`]!.node, own[`${name}_v`]!.node];
      const fixed = constant(matrix);
      const transposed = b.transpose(fixed);
      for (let i = 0; i < iterations; i++) {
        v = normalized(times(transposed, u), eps);
        u = normalized(times(fixed, v), eps);
      }
      own[`${name}_u`]!.assignValue(u as Node);
      own[`${name}_v`]!.assignValue(v as Node);
    });
  return wrap(weightOf(weight, matrix, constant(own[`${name}_u`]!.node), constant(own[`${name}_v`]!.node)));
}

/**
 * The weight divided by its largest singular value, with `weight_orig` as the parameter and `weight_u`, `weight_v` as
 * buffers; computed before every `forward`. Returns the block. (PyTorch: `torch.nn.utils.spectral_norm`, which newer code
 * replaces by `parametrizations.spectralNorm`)
 */
export function spectralNorm<B extends Block>(
  block: B,
  name: SpectralNormOptions | string = 'weight',
  nPowerIterations = 1,
  eps = 1e-12,
  dim: number | null = null,
): B {
  const options = chosen(block, name, nPowerIterations, eps, dim);
  const target = options.name;
  const known = handles.get(block) ?? new Map<string, { handle: HookHandle; options: Chosen }>();
  if (known.has(target))
    throw new ChimeraError(`Cannot register two spectral_norm hooks on the same parameter ${target}`);
  const weight = registered(block).parameters.get(target);
  if (!weight) throw new ChimeraError(`${block.constructor.name} has no parameter '${target}'`);
  const matrix = noGrad(() => matrixOf(weight.node, options.dim));
  const draw = (n: number): Tensor =>
    wrap(normalized(randn([n], { dtype: weight.dtype, device: weight.device }).node, options.eps));
  const u = draw(matrix.shape[0]!);
  const v = draw(matrix.shape[1]!);
  Reflect.deleteProperty(block, target);
  block.registerParameter(`${target}_orig`, weight);
  const own = block as unknown as Record<string, Tensor>;
  own[target] = weight.detach();
  block.registerBuffer(`${target}_u`, u);
  block.registerBuffer(`${target}_v`, v);
  const handle = block.registerForwardPreHook(() => {
    own[target] = compute(block, options, block.training);
  });
  handles.set(block, known.set(target, { handle, options }));
  return block;
}

/** Makes the normalized weight a parameter again. Returns the block. (PyTorch: `torch.nn.utils.remove_spectral_norm`) */
export function removeSpectralNorm<B extends Block>(block: B, name = 'weight'): B {
  const found = handles.get(block)?.get(name);
  if (found === undefined) throw new ChimeraError(`spectral_norm of '${name}' not found in ${String(block)}`);
  const value = noGrad(() => compute(block, found.options, false));
  found.handle.remove();
  handles.get(block)!.delete(name);
  for (const key of [name, `${name}_u`, `${name}_v`, `${name}_orig`]) Reflect.deleteProperty(block, key);
  block.registerParameter(name, new Parameter(value.detach()));
  return block;
}
