import { noGrad } from '../../autograd/mode.ts';
import { ChimeraError } from '../../errors.ts';
import { recorder as b } from '../../graph/node.ts';
import type { Value } from '../../graph/value.ts';
import { normOver } from '../../tensor/statistics.ts';
import type { HookHandle, Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { Block } from '../block.ts';
import { Parameter } from '../parameter.ts';
import { registered } from '../registration.ts';

export interface WeightNormOptions {
  /** Which parameter. Default `'weight'`. */
  name?: string;
  /** The dimension along which every slice has a length of its own; `null`: one length for all. Default 0. */
  dim?: number | null;
}

/** The lengths of the slices along `dim`, kept as dimensions of 1; of everything if `dim` is -1. */
function lengths(v: Value, dim: number): Value {
  const rank = v.shape.length;
  const all = v.shape.map((_, i) => i);
  if (dim === -1) return normOver(v, 2, all, false);
  const kept = dim < 0 ? dim + rank : dim;
  return normOver(
    v,
    2,
    all.filter((i) => i !== kept),
    true,
  );
}

function weightOf(v: Value, g: Value, dim: number): Value {
  return b.mul(v, b.div(g, lengths(v, dim)));
}

const handles = new WeakMap<Block, Map<string, { handle: HookHandle; dim: number }>>();

function compute(block: Block, name: string, dim: number): Tensor {
  const own = block as unknown as Record<string, Tensor>;
  return wrap(weightOf(own[`${name}_v`]!.node, own[`${name}_g`]!.node, dim));
}

/**
 * The weight as g v / |v|, with `weight_g` and `weight_v` as parameters instead of it; computed before every `forward`.
 * Returns the block. (PyTorch: `torch.nn.utils.weight_norm`, which newer code replaces by `parametrizations.weightNorm`)
 */
export function weightNorm<B extends Block>(
  block: B,
  name: WeightNormOptions | string = 'weight',
  dim: number | null = 0,
): B {
  const given = typeof name === 'string' ? { name, dim } : name;
  const target = given.name ?? 'weight';
  const chosen = given.dim === undefined ? 0 : (given.dim ?? -1);
  const known = handles.get(block) ?? new Map<string, { handle: HookHandle; dim: number }>();
  if (known.has(target))
    throw new ChimeraError(`Cannot register two weight_norm hooks on the same parameter ${target}`);
  const weight = registered(block).parameters.get(target);
  if (!weight) throw new ChimeraError(`${block.constructor.name} has no parameter '${target}'`);
  const length = noGrad(() => wrap(lengths(weight.node, chosen)));
  Reflect.deleteProperty(block, target);
  block.registerParameter(`${target}_g`, new Parameter(length));
  block.registerParameter(`${target}_v`, new Parameter(weight.detach()));
  const own = block as unknown as Record<string, Tensor>;
  own[target] = compute(block, target, chosen);
  const handle = block.registerForwardPreHook(() => {
    own[target] = compute(block, target, chosen);
  });
  handles.set(block, known.set(target, { handle, dim: chosen }));
  return block;
}

/** Makes the weight a parameter again. Returns the block. (PyTorch: `torch.nn.utils.remove_weight_norm`) */
export function removeWeightNorm<B extends Block>(block: B, name = 'weight'): B {
  const found = handles.get(block)?.get(name);
  if (found === undefined) throw new ChimeraError(`weight_norm of '${name}' not found in ${String(block)}`);
  const value = noGrad(() => compute(block, name, found.dim));
  found.handle.remove();
  handles.get(block)!.delete(name);
  for (const key of [name, `${name}_g`, `${name}_v`]) Reflect.deleteProperty(block, key);
  block.registerParameter(name, new Parameter(value));
  return block;
}
