import * as core from '@chimera-nn/core';
import { tensor, zeros } from '@chimera-nn/core';
import type { DType, NestedArray, Tensor } from '@chimera-nn/core';
import type { Golden } from './golden-file.ts';
import type { Json } from './manifest.ts';

/** A function of the public surface, found by its name. */
export type Callable = (...args: unknown[]) => unknown;
/** A class of the public surface, found by its name. */
export type Constructor = new (...args: unknown[]) => unknown;

type Names = Readonly<Record<string, unknown>>;

const surface = core as unknown as Names;
const namedNumbers: Readonly<Record<string, number>> = { inf: Infinity, '-inf': -Infinity, nan: NaN };

/** Names that a spec's paths begin with. */
function rootOf(name: string): Names | undefined {
  if (name === 'torch') return surface;
  if (name === 'F') return (surface['F'] ?? (surface['nn'] as Names | undefined)?.['functional']) as Names | undefined;
  return surface[name] as Names | undefined;
}

/** What a path such as `x.sum`, `F.softmax` or `torch.linalg.norm` names; functions are bound to what precedes them. */
export function lookup(path: string, tensors: ReadonlyMap<string, Tensor>): unknown {
  const [first, ...rest] = path.split('.') as [string, ...string[]];
  let owner: unknown = tensors.get(first) ?? rootOf(first);
  let value = owner;
  for (const name of rest) {
    owner = value;
    value = (owner as Names | undefined)?.[name];
    if (value === undefined) throw new MissingError(`there is no ${path}`);
  }
  if (value === undefined) throw new MissingError(`there is no ${path}`);
  return typeof value === 'function' && owner !== value ? (value as Callable).bind(owner) : value;
}

/** A name of the public surface that does not exist. */
export class MissingError extends Error {
  override name = 'MissingError';
}

/** A class such as `nn.Linear`. */
export function classOf(namespace: 'nn' | 'optim' | 'optim.lrScheduler' | 'optim.swaUtils', name: string): Constructor {
  let owner: unknown = surface;
  for (const part of namespace.split('.')) owner = (owner as Names | undefined)?.[part];
  const found = (owner as Names | undefined)?.[name];
  if (typeof found !== 'function') throw new MissingError(`there is no ${namespace}.${name}`);
  return found as Constructor;
}

/** An argument of a spec as the value that a user would write. */
export function argument(value: Json, tensors: ReadonlyMap<string, Tensor>): unknown {
  if (typeof value === 'string') {
    if (value.startsWith('$')) {
      const found = tensors.get(value.slice(1));
      if (found === undefined) throw new Error(`the spec has no input ${value}`);
      return found;
    }
    return namedNumbers[value] ?? value;
  }
  if (Array.isArray(value)) {
    const list = value as readonly Json[];
    if (list[0] === 'slice') return (lookup('torch.slice', tensors) as Callable)(...list.slice(1));
    return list.map((entry) => argument(entry, tensors));
  }
  if (typeof value === 'object' && value !== null) {
    const object = value as { readonly [key: string]: Json };
    if (typeof object['layer'] === 'string')
      return makeLayer(object['layer'], (object['args'] ?? []) as readonly Json[], tensors);
    if (typeof object['function'] === 'string') return lookup(object['function'], tensors);
    if (Array.isArray(object['complex'])) {
      const [real, imag] = object['complex'].map((entry) => argument(entry as Json, tensors));
      return { real, imag };
    }
    if (Array.isArray(object['tuple'])) return argument(object['tuple'], tensors);
    return Object.fromEntries(Object.entries(object).map(([key, entry]) => [key, argument(entry, tensors)]));
  }
  return value;
}

/** A new layer by the name of its class. */
export function makeLayer(name: string, args: readonly Json[], tensors: ReadonlyMap<string, Tensor>): unknown {
  return new (classOf('nn', name))(...args.map((entry) => argument(entry, tensors)));
}

/** A leaf with a golden's values. */
export function leafOf({ dtype, shape, values }: Golden, requiresGrad = false): Tensor {
  const leaf = values.length === 0 ? zeros([...shape], { dtype }) : tensor(nest(values, shape), { dtype });
  return requiresGrad ? leaf.requiresGrad_() : leaf;
}

function nest(values: ArrayLike<number>, shape: readonly number[]): NestedArray {
  let position = 0;
  const level = (depth: number): NestedArray =>
    depth === shape.length ? values[position++]! : Array.from({ length: shape[depth]! }, () => level(depth + 1));
  return level(0);
}

/** The cotangent of a result: a formula that PyTorch's side computes too, so that it need not be stored. */
export function cotangentOf(shape: readonly number[], dtype: DType, salt: number): Tensor {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const values = Float64Array.from({ length: size }, (_, i) => ((i * 37 + 11 * salt) % 101) / 50.5 - 1);
  return leafOf({ dtype, shape, values });
}
