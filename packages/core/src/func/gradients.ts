import { GraphError } from '../errors.ts';
import { grad as gradientsOf } from '../tensor/backward.ts';
import { zerosLike } from '../tensor/creation.ts';
import { Tensor } from '../tensor/tensor.ts';
import { Level } from './level.ts';
import { requireRecorded, tensorsOf, withTensors } from './structure.ts';

/** A function whose arguments are tensors, or lists, maps and plain objects of tensors, and whatever else it needs. */
export type Transformable<Args extends readonly unknown[], Result> = (...args: Args) => Result;

export interface ArgumentOptions<N extends number | readonly number[] = number | readonly number[]> {
  /** Which arguments to differentiate with respect to: a position, or a list of them. Default 0. */
  argnums?: N;
}

export interface TransformOptions<
  N extends number | readonly number[] = number | readonly number[],
> extends ArgumentOptions<N> {
  /** The function gives `[result, aux]`; `aux` is handed on beside the derivative. Default false. (PyTorch: `has_aux`) */
  hasAux?: boolean;
}

/** What is differentiated with respect to: one argument, or several. */
export type Chosen<Args extends readonly unknown[], N> = N extends readonly number[]
  ? { [I in keyof N]: Args[N[I] & number] }
  : Args[N & number];

/** Positions from 0, or PyTorch's error. */
export function resolveArgnums(argnums: number | readonly number[], count: number): readonly number[] {
  const resolve = (argnum: unknown): number => {
    if (typeof argnum !== 'number' || !Number.isInteger(argnum))
      throw new TypeError(`argnum must be int, got: ${typeof argnum}`);
    if (argnum < -count || argnum >= count)
      throw new GraphError(`Got argnum=${argnum}, but only ${count} positional inputs`);
    return argnum < 0 ? argnum + count : argnum;
  };
  if (!Array.isArray(argnums)) return [resolve(argnums)];
  if (argnums.length === 0) throw new GraphError('argnums must be non-empty');
  const resolved = argnums.map(resolve);
  if (new Set(resolved).size !== resolved.length)
    throw new GraphError(`argnums elements must be unique, got ${argnums.join(', ')}`);
  return resolved;
}

/** The arguments with those at `positions` entered into a level, and the tensors that were entered. */
export function enterArguments(
  level: Level,
  args: readonly unknown[],
  positions: readonly number[],
  operation: string,
): { readonly all: readonly unknown[]; readonly inputs: readonly Tensor[] } {
  const inputs: Tensor[] = [];
  const all = args.map((arg, i) => {
    if (!positions.includes(i)) return arg;
    const own = tensorsOf(arg).map((tensor) => level.enter(tensor, operation));
    if (own.length === 0) throw new TypeError(`${operation}: argument ${i} has no Tensor to differentiate by`);
    inputs.push(...own);
    return withTensors(arg, own);
  });
  return { all, inputs };
}

/** The result and, with `hasAux`, what the function gives beside it. */
export function splitAux(operation: string, given: unknown, hasAux: boolean): readonly [unknown, unknown] {
  requireRecorded(operation, given);
  if (!hasAux) return [given, undefined];
  if (!Array.isArray(given) || given.length !== 2)
    throw new GraphError(
      `${operation}: output of function f should be a tuple: (output, aux) if has_aux is True (hasAux: true)`,
    );
  return given as [unknown, unknown];
}

function requireFunction(operation: string, fn: unknown): void {
  if (typeof fn !== 'function') throw new TypeError(`${operation}: expected a function, got ${typeof fn}`);
}

/** Gradient and value of a function, computed once. */
function differentiated(
  fn: (...args: never[]) => unknown,
  args: readonly unknown[],
  { argnums = 0, hasAux = false }: TransformOptions,
): { readonly gradient: unknown; readonly value: unknown; readonly aux: unknown } {
  const operation = 'grad_and_value(f)(*args)';
  const level = new Level();
  const positions = resolveArgnums(argnums, args.length);
  return level.run(() => {
    const { all, inputs } = enterArguments(level, args, positions, operation);
    const [value, aux] = splitAux(operation, fn(...(all as never[])), hasAux);
    if (!(value instanceof Tensor))
      throw new TypeError(
        `${operation}: Expected f(*args) to return a Tensor, got ${value === null ? 'null' : typeof value}`,
      );
    if (value.ndim !== 0)
      throw new GraphError(
        `${operation}: Expected f(*args) to return a scalar Tensor, got tensor with ${value.ndim} dims. Maybe you wanted to use the vjp or jacrev APIs instead?`,
      );
    const found = cotangentsOf([value], inputs, null);
    let next = 0;
    const parts = positions.map((position) => {
      const { length } = tensorsOf(args[position]);
      next += length;
      return withTensors(args[position], found.slice(next - length, next));
    });
    return { gradient: Array.isArray(argnums) ? parts : parts[0], value, aux };
  });
}

/** Gradients, zeros where nothing depends on an input. Recorded, so that they can be differentiated again. */
export function cotangentsOf(
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
  gradOutputs: readonly (Tensor | null)[] | null,
): Tensor[] {
  const kept = outputs.flatMap((output, i) => (output.requiresGrad ? [i] : []));
  if (kept.length === 0) return inputs.map((input) => zerosLike(input));
  return gradientsOf(
    kept.map((i) => outputs[i]!),
    inputs,
    {
      gradOutputs: gradOutputs === null ? null : kept.map((i) => gradOutputs[i]!),
      createGraph: true,
      materializeGrads: true,
    },
  );
}

/**
 * A function that computes the gradient of `fn`, which gives a scalar, with respect to the arguments at `argnums`: in the
 * structure of those arguments. It may be applied to its own result for higher derivatives. (PyTorch: `torch.func.grad`)
 *
 * ```ts
 * const cosine = func.grad((x: Tensor) => x.sin());
 * const minusSine = func.grad(func.grad((x: Tensor) => x.sin()));
 * ```
 */
export function grad<const Args extends readonly unknown[], Aux, const N extends number | readonly number[] = 0>(
  fn: Transformable<Args, readonly [Tensor, Aux]>,
  options: TransformOptions<N> & { hasAux: true },
): (...args: Args) => [Chosen<Args, N>, Aux];
export function grad<const Args extends readonly unknown[], const N extends number | readonly number[] = 0>(
  fn: Transformable<Args, Tensor>,
  options?: TransformOptions<N> | N,
): (...args: Args) => Chosen<Args, N>;
export function grad(
  fn: (...args: never[]) => unknown,
  options: TransformOptions | number | readonly number[] = {},
): (...args: readonly unknown[]) => unknown {
  requireFunction('grad', fn);
  const all = readOptions(options);
  return (...args) => {
    const { gradient, aux } = differentiated(fn, args, all);
    return all.hasAux ? [gradient, aux] : gradient;
  };
}

/** As `grad`, with the function's value beside the gradient: `[gradient, value]`. (PyTorch: `torch.func.grad_and_value`) */
export function gradAndValue<
  const Args extends readonly unknown[],
  Aux,
  const N extends number | readonly number[] = 0,
>(
  fn: Transformable<Args, readonly [Tensor, Aux]>,
  options: TransformOptions<N> & { hasAux: true },
): (...args: Args) => [Chosen<Args, N>, [Tensor, Aux]];
export function gradAndValue<const Args extends readonly unknown[], const N extends number | readonly number[] = 0>(
  fn: Transformable<Args, Tensor>,
  options?: TransformOptions<N> | N,
): (...args: Args) => [Chosen<Args, N>, Tensor];
export function gradAndValue(
  fn: (...args: never[]) => unknown,
  options: TransformOptions | number | readonly number[] = {},
): (...args: readonly unknown[]) => unknown {
  requireFunction('gradAndValue', fn);
  const all = readOptions(options);
  return (...args) => {
    const { gradient, value, aux } = differentiated(fn, args, all);
    return [gradient, all.hasAux ? [value, aux] : value];
  };
}

/** Options, or `argnums` alone. */
export function readOptions(options: TransformOptions | number | readonly number[]): TransformOptions {
  return typeof options === 'number' || Array.isArray(options)
    ? { argnums: options as number | readonly number[] }
    : (options as TransformOptions);
}

/** What `vjp` gives beside the output: from cotangents of the output to a list of cotangents, one per primal. */
export type VjpFunction<Primals extends readonly unknown[], Output> = (cotangents: Output) => Primals;

/**
 * The output of `fn(...primals)` and a function from a cotangent of the output to the cotangents of the primals, a list: the
 * product of a vector with the Jacobian. (PyTorch: `torch.func.vjp`)
 */
export function vjp<const Primals extends readonly unknown[], Output>(
  fn: Transformable<Primals, Output>,
  ...primals: Primals
): [Output, VjpFunction<Primals, Output>] {
  requireFunction('vjp', fn);
  const level = new Level();
  const positions = [...primals.keys()];
  return level.run(() => {
    const { all, inputs } = enterArguments(level, primals, positions, 'vjp(f, *primals)');
    const output = fn(...(all as unknown as Primals));
    requireRecorded('vjp', output);
    const outputs = tensorsOf(output);
    if (outputs.length === 0)
      throw new GraphError('vjp(f, *primals): Expected f to be a function that has non-empty output');
    const pull: VjpFunction<Primals, Output> = (cotangents) => {
      const given = tensorsOf(cotangents);
      if (given.length !== outputs.length)
        throw new GraphError(
          `Expected pytree structure of cotangents to be the same as pytree structure of outputs to the function: got ${given.length} instead of ${outputs.length} tensors`,
        );
      return level.run(() => withTensors(primals, cotangentsOf(outputs, inputs, given)));
    };
    return [output, pull];
  });
}

/**
 * The output of `fn(...primals)` and its derivative in the direction of `tangents`: the product of the Jacobian with a
 * vector. Computed by differentiating twice in reverse. (PyTorch: `torch.func.jvp`)
 */
export function jvp<const Primals extends readonly unknown[], Output>(
  fn: Transformable<Primals, Output>,
  primals: Primals,
  tangents: Primals,
): [Output, Output] {
  requireFunction('jvp', fn);
  if (!Array.isArray(primals))
    throw new TypeError(
      'jvp(f, primals, tangents): Expected primals to be a tuple. E.g. it should be valid to call f(*primals).',
    );
  const directions = tensorsOf(tangents);
  if (directions.length !== tensorsOf(primals).length)
    throw new GraphError(
      'jvp(f, primals, tangents): Expected primals and tangents to have the same python structure. For example, if primals is a tuple of 3 tensors, tangents also must be.',
    );
  const level = new Level();
  return level.run(() => {
    const { all, inputs } = enterArguments(level, primals, [...primals.keys()], 'jvp(f, primals, tangents)');
    const output = fn(...(all as unknown as Primals));
    requireRecorded('jvp', output);
    const outputs = tensorsOf(output);
    return [output, withTensors(output, pushForward(level, outputs, inputs, directions))];
  });
}

/**
 * The output of `fn(...primals)` and a function from tangents, one per primal, to the derivative in their direction: `jvp` at one
 * place for many directions. (PyTorch: `torch.func.linearize`)
 */
export function linearize<const Primals extends readonly unknown[], Output>(
  fn: Transformable<Primals, Output>,
  ...primals: Primals
): [Output, (...tangents: Primals) => Output] {
  requireFunction('linearize', fn);
  const level = new Level();
  return level.run(() => {
    const { all, inputs } = enterArguments(level, primals, [...primals.keys()], 'linearize(f, *primals)');
    const output = fn(...(all as unknown as Primals));
    requireRecorded('linearize', output);
    const outputs = tensorsOf(output);
    const push = (...tangents: Primals): Output => {
      const directions = tensorsOf(tangents);
      if (directions.length !== inputs.length)
        throw new GraphError(
          `Expected the tangents to have the same argspec as the primals: got ${directions.length} instead of ${inputs.length} tensors`,
        );
      return level.run(() => withTensors(output, pushForward(level, outputs, inputs, directions)));
    };
    return [output, push];
  });
}

/** The derivative of outputs along directions: the cotangents of the inputs are linear in those of the outputs. */
export function pushForward(
  level: Level,
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
  directions: readonly Tensor[],
): Tensor[] {
  const weights = outputs.map((output) => level.enter(zerosLike(output), 'jvp'));
  return cotangentsOf(cotangentsOf(outputs, inputs, weights), weights, directions);
}
