import { ShapeError } from '../errors.ts';
import type { DType } from '../graph/dtype.ts';
import { allocateHost, isFloating, promoteTypes } from '../graph/dtype.ts';
import type { Shape } from '../graph/shape.ts';
import { sizeOf } from '../graph/shape.ts';
import { defaultGenerator } from '../random/default-generator.ts';
import { fillRandint, fillRandperm } from '../random/integers.ts';
import { fillNormal } from '../random/normal.ts';
import { fillUniform } from '../random/uniform.ts';
import { to } from './conversion.ts';
import type { RandomOptions, ShapeArguments, TensorOptions } from './creation-options.ts';
import { filledHost, finish, randomKeys, requireShape, shapeAndOptions, tensorKeys } from './creation-options.ts';
import { getDefaultDtype } from './default-dtype.ts';
import { requireOptions, requireTensor } from './operand.ts';
import type { NestedArray, TensorData } from './tensor.ts';
import { Tensor } from './tensor.ts';

/** Nested arrays that may end in typed arrays. */
export type TensorValues = NestedArray | TensorData | BigInt64Array | readonly TensorValues[];

/**
 * A tensor with the values of nested arrays, a number, a boolean or a typed array (copied), or a copy of a tensor
 * without its history. The dtype follows the values: booleans give bool, whole numbers int32 and others float32 —
 * except in typed arrays, which keep their own. (PyTorch: `torch.tensor`)
 */
export function tensor(values: TensorValues | Tensor, options: TensorOptions = {}): Tensor {
  requireOptions('tensor', options, tensorKeys);
  if (values instanceof Tensor) {
    const copy = asTensor(values.detach(), options);
    return options.requiresGrad ? copy.requiresGrad_() : copy;
  }
  if (ArrayBuffer.isView(values)) {
    const numbers = values instanceof BigInt64Array ? Array.from(values, Number) : values;
    return finish(numbers, [numbers.length], options.dtype ?? typeOf(values), options);
  }
  const shape: number[] = [];
  for (let level: TensorValues | undefined = values; isList(level); level = level[0]) shape.push(level.length);
  const flat: number[] = [];
  let anyNumber = false;
  let anyFraction = false;
  let typed: DType | null = null;
  const visit = (value: TensorValues, depth: number): void => {
    if (isList(value)) {
      if (ArrayBuffer.isView(value)) typed = promoteTypes(typed ?? 'bool', typeOf(value));
      if (depth >= shape.length || value.length !== shape[depth])
        throw new ShapeError(
          `tensor: expected sequence of length ${shape[depth] ?? 0} at dim ${depth} (got ${value.length})`,
        );
      for (const element of value) visit(typeof element === 'bigint' ? Number(element) : element, depth + 1);
    } else {
      if (depth !== shape.length)
        throw new ShapeError(
          `tensor: expected sequence of length ${shape[depth]} at dim ${depth} (got a ${typeof value})`,
        );
      if (typeof value === 'number') {
        anyNumber = true;
        anyFraction ||= !Number.isInteger(value);
      } else if (typeof value !== 'boolean')
        throw new TypeError(
          value instanceof Tensor
            ? 'tensor: expected numbers or booleans, got a Tensor: make one of several with stack([...])'
            : `tensor: expected numbers or booleans, got ${typeof value}`,
        );
      flat.push(Number(value));
    }
  };
  visit(values, 0);
  const seen: DType =
    options.requiresGrad || anyFraction || flat.length === 0 ? getDefaultDtype() : anyNumber ? 'int32' : 'bool';
  return finish(
    flat,
    shape,
    options.dtype ?? (typed === null || (anyFraction && !isFloating(typed)) ? seen : typed),
    options,
  );
}

function isList(values: unknown): values is readonly TensorValues[] {
  return Array.isArray(values) || ArrayBuffer.isView(values);
}

/** The dtype of a typed array's numbers; integers of all sizes are int32. */
function typeOf(values: ArrayBufferView): DType {
  return values instanceof Float64Array ? 'float64' : values instanceof Float32Array ? 'float32' : 'int32';
}

/** The tensor itself, or a tensor of the values. (PyTorch: `torch.as_tensor`) */
export function asTensor(values: Tensor | TensorValues, options: TensorOptions = {}): Tensor {
  if (!(values instanceof Tensor)) return tensor(values, options);
  const converted = options.dtype === undefined ? values : to(values, options.dtype);
  return options.device ? to(converted, options.device) : converted;
}

/** `value` everywhere. (PyTorch: `torch.full`) */
export function full(shape: Shape, value: number | boolean, options: TensorOptions = {}): Tensor {
  const sizes = requireShape('full', shape);
  requireOptions('full', options, tensorKeys);
  if (typeof value !== 'number' && typeof value !== 'boolean')
    throw new TypeError(`full: expected a number or a boolean, got ${typeof value}`);
  const dtype =
    options.dtype ?? (typeof value === 'boolean' ? 'bool' : Number.isInteger(value) ? 'int32' : getDefaultDtype());
  return finish(new Float64Array(sizeOf(sizes)).fill(Number(value)), sizes, dtype, options);
}

/** Zeros. (PyTorch: `torch.zeros`) */
export function zeros(...args: ShapeArguments<TensorOptions>): Tensor {
  const { shape, options } = shapeAndOptions<TensorOptions>('zeros', args, tensorKeys);
  return finish(allocateHost('float32', sizeOf(shape)), shape, options.dtype ?? getDefaultDtype(), options);
}

/** Ones. (PyTorch: `torch.ones`) */
export function ones(...args: ShapeArguments<TensorOptions>): Tensor {
  const { shape, options } = shapeAndOptions<TensorOptions>('ones', args, tensorKeys);
  return finish(new Float32Array(sizeOf(shape)).fill(1), shape, options.dtype ?? getDefaultDtype(), options);
}

/** A tensor whose values do not matter yet; they are zeros. (PyTorch: `torch.empty`) */
export function empty(...args: ShapeArguments<TensorOptions>): Tensor {
  const { shape, options } = shapeAndOptions<TensorOptions>('empty', args, tensorKeys);
  return finish(allocateHost('float32', sizeOf(shape)), shape, options.dtype ?? getDefaultDtype(), options);
}

/** Ones on the diagonal of n rows and m columns (default: n), zeros elsewhere. (PyTorch: `torch.eye`) */
export function eye(n: number, m?: number | TensorOptions, options: TensorOptions = {}): Tensor {
  const chosen = typeof m === 'object' ? m : options;
  requireOptions('eye', chosen, tensorKeys);
  const sizes = requireShape('eye', [n, typeof m === 'number' ? m : n]) as [number, number];
  const values = new Float32Array(sizes[0] * sizes[1]);
  for (let i = 0; i < Math.min(...sizes); i++) values[i * sizes[1] + i] = 1;
  return finish(values, sizes, chosen.dtype ?? getDefaultDtype(), chosen);
}

export interface ArangeOptions extends TensorOptions {
  /** Where it begins, if not given before the end. Default 0. */
  start?: number;
  /** Where it ends, if it is not given before. */
  end?: number;
  /** The distance of neighbours. Default 1. */
  step?: number;
}

/**
 * Numbers from `start` (default 0) by `step` (default 1) up to, but not including, `end`: ceil((end - start) / step) of
 * them. Whole arguments give int32, others float32; JavaScript cannot tell 1.0 from 1. (PyTorch: `torch.arange`)
 */
export function arange(...args: readonly [...numbers: number[], options: ArangeOptions] | readonly number[]): Tensor {
  const rest: unknown[] = [...args];
  const last = rest.at(-1);
  const options = (typeof last === 'object' && last !== null ? rest.pop() : {}) as ArangeOptions;
  requireOptions('arange', options, ['start', 'end', 'step', ...tensorKeys]);
  if (options.end !== undefined && rest.length < 2) rest.push(options.end);
  if (rest.length === 1 && (options.start !== undefined || options.step !== undefined))
    rest.unshift(options.start ?? 0);
  if (rest.length === 2 && options.step !== undefined) rest.push(options.step);
  while (rest.length > 1 && rest.at(-1) === undefined) rest.pop();
  if (rest.length < 1 || rest.length > 3 || rest.some((n) => typeof n !== 'number'))
    throw new TypeError('arange: expected arange(end), arange(start, end) or arange(start, end, step), and options');
  const numbers = rest as number[];
  const dtype = options.dtype ?? (numbers.every((n) => Number.isInteger(n)) ? 'int32' : getDefaultDtype());
  // Integers count with whole numbers, as in PyTorch.
  const [start, end, step] = (
    numbers.length === 1 ? [0, numbers[0]!, 1] : [numbers[0]!, numbers[1]!, numbers[2] ?? 1]
  ).map((n) => (dtype === 'int32' && Number.isFinite(n) ? Math.trunc(n) : n)) as [number, number, number];
  if (step === 0) throw new RangeError('step must be nonzero');
  if (!Number.isFinite(start) || !Number.isFinite(end)) throw new RangeError(`unsupported range: ${start} -> ${end}`);
  if ((end - start) * Math.sign(step) < 0)
    throw new RangeError('upper bound and lower bound inconsistent with step sign');
  const count = Math.ceil((end - start) / step);
  return finish(
    Float64Array.from({ length: count }, (_, i) => start + i * step),
    [count],
    dtype,
    options,
  );
}

export interface StepsOptions extends TensorOptions {
  /** How many numbers. */
  steps: number;
}

/** `steps` numbers from `start` to `end`, both included, at equal distances. (PyTorch: `torch.linspace`) */
export function linspace(
  start: number,
  end: number,
  steps: number | StepsOptions,
  options: TensorOptions = {},
): Tensor {
  const chosen: StepsOptions = typeof steps === 'object' ? steps : { ...options, steps };
  requireOptions('linspace', chosen, ['steps', ...tensorKeys]);
  return finish(
    spaced('linspace', start, end, chosen.steps),
    [chosen.steps],
    chosen.dtype ?? getDefaultDtype(),
    chosen,
  );
}

function spaced(name: string, start: number, end: number, steps: number): Float64Array {
  if (typeof start !== 'number' || typeof end !== 'number')
    throw new TypeError(`${name}: expected numbers as start and end`);
  if (!Number.isInteger(steps)) throw new TypeError(`${name}: expected a whole number of steps, got ${String(steps)}`);
  if (steps < 0) throw new RangeError('number of steps must be non-negative');
  const step = steps > 1 ? (end - start) / (steps - 1) : 0;
  // From both ends, so that the last number is `end` itself.
  return Float64Array.from({ length: steps }, (_, i) =>
    i < steps / 2 ? start + step * i : end - step * (steps - 1 - i),
  );
}

export interface LogspaceOptions extends TensorOptions {
  /** Default 10. */
  base?: number;
}

/** base^start to base^end in `steps` numbers at equal ratios. (PyTorch: `torch.logspace`) */
export function logspace(
  start: number,
  end: number,
  steps: number | (LogspaceOptions & StepsOptions),
  options: number | LogspaceOptions = {},
): Tensor {
  const others = typeof options === 'number' ? { base: options } : options;
  const chosen: LogspaceOptions & StepsOptions = typeof steps === 'object' ? steps : { ...others, steps };
  requireOptions('logspace', chosen, ['steps', 'base', ...tensorKeys]);
  const { base = 10 } = chosen;
  return finish(
    spaced('logspace', start, end, chosen.steps).map((exponent) => base ** exponent),
    [chosen.steps],
    chosen.dtype ?? getDefaultDtype(),
    chosen,
  );
}

/** Uniform numbers in [0, 1), PyTorch's stream for the seed. (PyTorch: `torch.rand`) */
export function rand(...args: ShapeArguments<RandomOptions>): Tensor {
  const { shape, options } = shapeAndOptions<RandomOptions>('rand', args, randomKeys);
  return random('rand', shape, options, fillUniform);
}

/** Standard normal numbers, PyTorch's stream for the seed. (PyTorch: `torch.randn`) */
export function randn(...args: ShapeArguments<RandomOptions>): Tensor {
  const { shape, options } = shapeAndOptions<RandomOptions>('randn', args, randomKeys);
  return random('randn', shape, options, fillNormal);
}

function random(name: string, shape: Shape, options: RandomOptions, fill: typeof fillUniform): Tensor {
  const dtype = options.dtype ?? getDefaultDtype();
  if (!isFloating(dtype)) throw new TypeError(`${name}: expected a floating point dtype, got ${dtype}`);
  const filled = filledHost(dtype, sizeOf(shape), (out, precision) =>
    fill(options.generator ?? defaultGenerator(), out, 0, 1, precision),
  );
  return finish(filled, shape, dtype, options);
}

/** A shape among the options. */
export interface SizeOptions extends RandomOptions {
  size: Shape;
}

/**
 * Whole numbers from `low` (default 0) up to, but not including, `high`, PyTorch's stream for the seed. int32 unless
 * `dtype` says otherwise: `randint(10, [2, 3])`, `randint(5, 10, [2, 3])`. (PyTorch: `torch.randint`)
 */
export function randint(high: number, shape: Shape | SizeOptions, options?: RandomOptions): Tensor;
export function randint(low: number, high: number, shape: Shape | SizeOptions, options?: RandomOptions): Tensor;
export function randint(
  first: number,
  second: number | Shape | SizeOptions,
  third?: Shape | SizeOptions | RandomOptions,
  fourth: RandomOptions = {},
): Tensor {
  const short = typeof second !== 'number';
  const [low, high] = short ? [0, first] : [first, second];
  const extent = short ? second : third;
  const more = short ? third : fourth;
  const options = {
    ...(Array.isArray(extent) ? { size: extent as Shape } : (extent as SizeOptions | undefined)),
    ...(more as RandomOptions | undefined),
  };
  requireOptions('randint', options, ['size', ...randomKeys]);
  const shape = requireShape('randint', options.size as Shape);
  if (!Number.isInteger(low) || !Number.isInteger(high))
    throw new TypeError(`randint: expected whole numbers, got ${String(low)} and ${String(high)}`);
  if (low >= high)
    throw new RangeError(`random_ expects 'from' to be less than 'to', but got from=${low} >= to=${high}`);
  const dtype = options.dtype ?? 'int32';
  const size = sizeOf(shape);
  const generator = options.generator ?? defaultGenerator();
  const out =
    dtype === 'float64' ? new Float64Array(size) : isFloating(dtype) ? new Float32Array(size) : new Int32Array(size);
  return finish(fillRandint(generator, out, low, high), shape, dtype, options);
}

/** A random order of 0 to n - 1, PyTorch's stream for the seed. int32. (PyTorch: `torch.randperm`) */
export function randperm(n: number, options: RandomOptions = {}): Tensor {
  requireOptions('randperm', options, randomKeys);
  const [count] = requireShape('randperm', [n]) as [number];
  return finish(
    fillRandperm(options.generator ?? defaultGenerator(), new Int32Array(count)),
    [count],
    options.dtype ?? 'int32',
    options,
  );
}

/** The options of a tensor like another one: its dtype and device, unless others are asked for. */
function like<O extends TensorOptions>(
  name: string,
  x: Tensor,
  options: O,
  known: readonly string[],
): O & { dtype: DType } {
  requireTensor(name, x);
  requireOptions(name, options, known);
  return {
    ...options,
    dtype: options.dtype ?? x.dtype,
    device: options.device === undefined ? x.device : options.device,
  };
}

/** Zeros of the shape, dtype and device of x. (PyTorch: `torch.zeros_like`) */
export function zerosLike(x: Tensor, options: TensorOptions = {}): Tensor {
  return zeros(requireTensor('zeros_like', x).shape, like('zeros_like', x, options, tensorKeys));
}

/** Ones of the shape, dtype and device of x. (PyTorch: `torch.ones_like`) */
export function onesLike(x: Tensor, options: TensorOptions = {}): Tensor {
  return ones(requireTensor('ones_like', x).shape, like('ones_like', x, options, tensorKeys));
}

/** `value` in the shape, dtype and device of x. (PyTorch: `torch.full_like`) */
export function fullLike(x: Tensor, value: number | boolean, options: TensorOptions = {}): Tensor {
  return full(requireTensor('full_like', x).shape, value, like('full_like', x, options, tensorKeys));
}

/** A tensor of the shape, dtype and device of x whose values do not matter yet. (PyTorch: `torch.empty_like`) */
export function emptyLike(x: Tensor, options: TensorOptions = {}): Tensor {
  return empty(requireTensor('empty_like', x).shape, like('empty_like', x, options, tensorKeys));
}

/** Uniform numbers in [0, 1) of the shape, dtype and device of x. (PyTorch: `torch.rand_like`) */
export function randLike(x: Tensor, options: RandomOptions = {}): Tensor {
  return rand(requireTensor('rand_like', x).shape, like('rand_like', x, options, randomKeys));
}

/** Standard normal numbers of the shape, dtype and device of x. (PyTorch: `torch.randn_like`) */
export function randnLike(x: Tensor, options: RandomOptions = {}): Tensor {
  return randn(requireTensor('randn_like', x).shape, like('randn_like', x, options, randomKeys));
}

/** Whole numbers from `low` (default 0) below `high` of the shape, dtype and device of x. (PyTorch: `torch.randint_like`) */
export function randintLike(
  x: Tensor,
  low: number,
  high?: number | RandomOptions,
  options: RandomOptions = {},
): Tensor {
  const chosen = like('randint_like', x, typeof high === 'object' ? high : options, randomKeys);
  return typeof high === 'number' ? randint(low, high, x.shape, chosen) : randint(0, low, x.shape, chosen);
}
