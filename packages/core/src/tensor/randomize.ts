import { DTypeError } from '../errors.ts';
import { isFloating } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { recorder as b } from '../graph/node.ts';
import { sizeOf } from '../graph/shape.ts';
import { fillBernoulli, fillGeometric } from '../random/bernoulli.ts';
import { fillCauchy, fillExponential, fillLogNormal } from '../random/continuous.ts';
import { defaultGenerator } from '../random/default-generator.ts';
import type { Generator } from '../random/generator.ts';
import { fillRandint, fillRandom } from '../random/integers.ts';
import { fillNormal } from '../random/normal.ts';
import { fillUniform } from '../random/uniform.ts';
import { filledHost } from './creation-options.ts';
import { numberTable } from './host-values.ts';
import { bernoulliNode } from './noise.ts';
import { requireOptions } from './operand.ts';
import { replace, requireWritable, torchNames } from './overwrite.ts';
import type { GeneratorOptions } from './sampling.ts';
import { Tensor } from './tensor.ts';

// Methods that fill their tensor with random numbers, drawn when they are called, and return it.

/** Overwrites x with numbers from the host. */
function fill(x: Tensor, values: ArrayLike<number>): Tensor {
  return replace(x, numberTable(values, x.shape, x.dtype));
}

function floatingSize(name: string, x: Tensor): number {
  const { dtype, shape } = requireWritable(name, x);
  if (!isFloating(dtype)) throw new DTypeError(`${name}: not implemented for '${torchNames[dtype]}'`);
  return sizeOf(shape);
}

/** The arguments of a random method, by position or by name. */
function named<K extends string>(
  name: string,
  keys: readonly K[],
  args: readonly unknown[],
): { [N in K]?: number } & { generator: Generator } {
  const rest = [...args];
  const last = rest.at(-1);
  const options = typeof last === 'object' && last !== null ? (rest.pop() as Record<string, unknown>) : {};
  requireOptions(name, options, [...keys, 'generator']);
  const found: Record<string, unknown> = {
    ...options,
    generator: options['generator'] ?? defaultGenerator(),
  };
  for (const [i, value] of rest.entries()) if (value !== undefined) found[keys[i] ?? ''] = value;
  for (const key of keys)
    if (found[key] !== undefined && typeof found[key] !== 'number')
      throw new TypeError(`${name}: expected a number as ${key}, got ${typeof found[key]}`);
  return found as { [N in K]?: number } & { generator: Generator };
}

type Named<K extends string> = { [N in K]?: number } & GeneratorOptions;

/** x = uniform numbers in [from, to), by default [0, 1). (PyTorch: `Tensor.uniform_`) */
export function uniform_(
  x: Tensor,
  from?: number | Named<'from' | 'to'>,
  to?: number | GeneratorOptions,
  options?: GeneratorOptions,
): Tensor {
  const size = floatingSize('uniform_', x);
  const chosen = named('uniform_', ['from', 'to'], given(from, to, options));
  return fill(
    x,
    filledHost(x.dtype, size, (out, precision) =>
      fillUniform(chosen.generator, out, chosen.from, chosen.to, precision),
    ),
  );
}

/** x = normal numbers of `mean` (default 0) and `std` (default 1). (PyTorch: `Tensor.normal_`) */
export function normal_(
  x: Tensor,
  mean?: number | Named<'mean' | 'std'>,
  std?: number | GeneratorOptions,
  options?: GeneratorOptions,
): Tensor {
  const size = floatingSize('normal_', x);
  const chosen = named('normal_', ['mean', 'std'], given(mean, std, options));
  return fill(
    x,
    filledHost(x.dtype, size, (out, precision) =>
      fillNormal(chosen.generator, out, chosen.mean, chosen.std, precision),
    ),
  );
}

/** x = numbers of density lambd e^(-lambd x), `lambd` being 1 by default. (PyTorch: `Tensor.exponential_`) */
export function exponential_(x: Tensor, lambd?: number | Named<'lambd'>, options?: GeneratorOptions): Tensor {
  const size = floatingSize('exponential_', x);
  const chosen = named('exponential_', ['lambd'], given(lambd, options));
  return fill(
    x,
    filledHost(x.dtype, size, (out, precision) => fillExponential(chosen.generator, out, chosen.lambd, precision)),
  );
}

/** x = Cauchy numbers of `median` (default 0) and `sigma` (default 1). (PyTorch: `Tensor.cauchy_`) */
export function cauchy_(
  x: Tensor,
  median?: number | Named<'median' | 'sigma'>,
  sigma?: number | GeneratorOptions,
  options?: GeneratorOptions,
): Tensor {
  const size = floatingSize('cauchy_', x);
  const chosen = named('cauchy_', ['median', 'sigma'], given(median, sigma, options));
  return fill(
    x,
    filledHost(x.dtype, size, (out, precision) =>
      fillCauchy(chosen.generator, out, chosen.median, chosen.sigma, precision),
    ),
  );
}

/** x = e^z, z being normal of `mean` (default 1) and `std` (default 2). (PyTorch: `Tensor.log_normal_`) */
export function logNormal_(
  x: Tensor,
  mean?: number | Named<'mean' | 'std'>,
  std?: number | GeneratorOptions,
  options?: GeneratorOptions,
): Tensor {
  const size = floatingSize('log_normal_', x);
  const chosen = named('log_normal_', ['mean', 'std'], given(mean, std, options));
  return fill(
    x,
    filledHost(x.dtype, size, (out, precision) =>
      fillLogNormal(chosen.generator, out, chosen.mean, chosen.std, precision),
    ),
  );
}

/** x = numbers of trials up to the first success, each of probability `p`. (PyTorch: `Tensor.geometric_`) */
export function geometric_(x: Tensor, p: number, options?: GeneratorOptions): Tensor {
  const { shape } = requireWritable('geometric_', x);
  const chosen = named('geometric_', ['p'], given(p, options));
  return fill(x, fillGeometric(chosen.generator, new Float64Array(sizeOf(shape)), p));
}

/** x = 1 with probability `p` (default 0.5; a tensor has one per element), otherwise 0. (PyTorch: `Tensor.bernoulli_`) */
export function bernoulli_(x: Tensor, p: number | Tensor | Named<'p'> = 0.5, options?: GeneratorOptions): Tensor {
  const { shape } = requireWritable('bernoulli_', x);
  const each =
    p instanceof Tensor
      ? p
      : typeof p === 'object' && (p.p as unknown) instanceof Tensor
        ? (p.p as unknown as Tensor)
        : null;
  if (each !== null) {
    const probabilities = b.broadcastTo(each.node, shape) as Node;
    return replace(x, b.cast(bernoulliNode(probabilities, options?.generator ?? defaultGenerator()), x.dtype));
  }
  const chosen = named('bernoulli_', ['p'], given(p, options));
  return fill(x, fillBernoulli(chosen.generator, new Float32Array(sizeOf(shape)), chosen.p));
}

/**
 * x = whole numbers from `from` (default 0) below `to`; without bounds, the whole range that the dtype holds exactly.
 * One number alone is `to`. (PyTorch: `Tensor.random_`)
 */
export function random_(
  x: Tensor,
  from?: number | GeneratorOptions,
  to?: number | GeneratorOptions,
  options?: GeneratorOptions,
): Tensor {
  const { dtype, shape } = requireWritable('random_', x);
  const single = typeof from === 'number' && typeof to !== 'number';
  const chosen = single
    ? named('random_', ['to'], given(from, to, options))
    : named('random_', ['from', 'to'], given(from, to, options));
  const bounds = chosen as { from?: number; to?: number };
  const size = sizeOf(shape);
  const out =
    dtype === 'float64' ? new Float64Array(size) : isFloating(dtype) ? new Float32Array(size) : new Int32Array(size);
  if (bounds.to === undefined) {
    if (dtype === 'bool') return fill(x, fillRandint(chosen.generator, out, 0, 2));
    return fill(x, fillRandom(chosen.generator, out));
  }
  return fill(x, fillRandint(chosen.generator, out, bounds.from ?? 0, bounds.to));
}

/** What was written; trailing arguments that were left out are no arguments. */
function given(...args: readonly unknown[]): readonly unknown[] {
  const rest = [...args];
  while (rest.length > 0 && rest.at(-1) === undefined) rest.pop();
  return rest;
}
