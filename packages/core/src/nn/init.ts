import { noGrad } from '../autograd/mode.ts';
import { ShapeError } from '../errors.ts';
import { numbersToHost } from '../graph/dtype.ts';
import { sizeOf } from '../graph/shape.ts';
import { defaultGenerator } from '../random/default-generator.ts';
import type { Generator } from '../random/generator.ts';
import { fillRandperm } from '../random/integers.ts';
import { fillNormal } from '../random/normal.ts';
import type { FloatArray, FloatPrecision } from '../random/precision.ts';
import { fillTruncatedNormal } from '../random/truncated-normal.ts';
import { fillUniform } from '../random/uniform.ts';
import { Tensor, fromHost } from '../tensor/tensor.ts';
import type { Trailing } from './arguments.ts';
import { readTrailing } from './arguments.ts';
import { isFilling } from './filling.ts';
import { orthonormalColumns } from './orthonormal.ts';

/** Puts numbers from the host into a tensor, in place. */
export function fillWith(tensor: Tensor, values: ArrayLike<number>): Tensor {
  if (!isFilling()) return tensor;
  noGrad(() =>
    tensor.assignValue(
      fromHost(numbersToHost(values, tensor.dtype), tensor.shape, tensor.dtype, { device: tensor.device }).node,
    ),
  );
  return tensor;
}

interface GeneratorOption {
  /** Default: the generator that `manualSeed` seeds. */
  generator?: Generator | null;
}
export interface UniformOptions extends GeneratorOption {
  /** Lower bound. Default 0. */
  a?: number;
  /** Upper bound. Default 1. */
  b?: number;
}
export interface NormalOptions extends GeneratorOption {
  /** Default 0. */
  mean?: number;
  /** Default 1. */
  std?: number;
}
export interface TruncatedNormalOptions extends NormalOptions {
  /** Lower bound. Default -2. */
  a?: number;
  /** Upper bound. Default 2. */
  b?: number;
}
export interface XavierOptions extends GeneratorOption {
  /** Scale. Default 1. */
  gain?: number;
}
/** Which side of a weight keeps its variance. */
export type FanMode = 'fan_in' | 'fan_out' | 'fanIn' | 'fanOut';
export interface KaimingOptions extends GeneratorOption {
  /** Negative slope of the leaky ReLU that follows. Default 0. */
  a?: number;
  /** Whether forward (`'fanIn'`) or backward (`'fanOut'`) values keep their variance. Default `'fanIn'`. */
  mode?: FanMode;
  /** What follows the layer, for `calculateGain`. Default `'leakyRelu'`. */
  nonlinearity?: Nonlinearity;
}
export interface SparseOptions extends GeneratorOption {
  /** Standard deviation of what is not zero. Default 0.01. */
  std?: number;
}

/** Non-linearities that `calculateGain` knows; PyTorch's spelling is taken as well. */
export type Nonlinearity =
  | 'linear'
  | 'conv1d'
  | 'conv2d'
  | 'conv3d'
  | 'conv_transpose1d'
  | 'conv_transpose2d'
  | 'conv_transpose3d'
  | 'convTranspose1d'
  | 'convTranspose2d'
  | 'convTranspose3d'
  | 'sigmoid'
  | 'tanh'
  | 'relu'
  | 'leaky_relu'
  | 'leakyRelu'
  | 'selu';

const snake = (name: string): string => name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * The scale by which a non-linearity shrinks its input: 1 for linear maps and sigmoid, 5/3 for tanh, sqrt(2) for ReLU,
 * sqrt(2 / (1 + slope²)) for leaky ReLU (slope: `parameter`, default 0.01), 3/4 for SELU. (PyTorch: `nn.init.calculate_gain`)
 */
export function calculateGain(nonlinearity: Nonlinearity, parameter: number | null = null): number {
  const name = typeof nonlinearity === 'string' ? snake(nonlinearity) : '';
  if (/^(linear|sigmoid|conv(_transpose)?[123]d)$/.test(name)) return 1;
  if (name === 'tanh') return 5 / 3;
  if (name === 'relu') return Math.sqrt(2);
  if (name === 'leaky_relu') {
    if (parameter !== null && typeof parameter !== 'number')
      throw new TypeError(`negative_slope ${String(parameter)} not a valid number`);
    return Math.sqrt(2 / (1 + (parameter ?? 0.01) ** 2));
  }
  if (name === 'selu') return 3 / 4;
  throw new TypeError(`Unsupported nonlinearity ${nonlinearity}`);
}

/** Fan in and fan out of a weight [out, in, ...kernel]. */
export function calculateFanInAndFanOut(tensor: Tensor): [fanIn: number, fanOut: number] {
  const { shape } = requireTensor('calculateFanInAndFanOut', tensor);
  if (shape.length < 2)
    throw new ShapeError('Fan in and fan out can not be computed for tensor with fewer than 2 dimensions');
  const receptive = sizeOf(shape.slice(2));
  return [shape[1]! * receptive, shape[0]! * receptive];
}

/** Uniform in [a, b), PyTorch's stream. (PyTorch: `nn.init.uniform_`) */
export function uniform_(tensor: Tensor, ...options: Trailing<UniformOptions, ['a', 'b', 'generator']>): Tensor {
  const { a = 0, b = 1, generator } = readTrailing<UniformOptions>('uniform_', options, ['a', 'b', 'generator']);
  return fill('uniform_', tensor, (out, precision) =>
    fillUniform(generator ?? defaultGenerator(), out, a, b, precision),
  );
}

/** Normal with a mean and a standard deviation, PyTorch's stream. (PyTorch: `nn.init.normal_`) */
export function normal_(tensor: Tensor, ...options: Trailing<NormalOptions, ['mean', 'std', 'generator']>): Tensor {
  const {
    mean = 0,
    std = 1,
    generator,
  } = readTrailing<NormalOptions>('normal_', options, ['mean', 'std', 'generator']);
  return fill('normal_', tensor, (out, precision) =>
    fillNormal(generator ?? defaultGenerator(), out, mean, std, precision),
  );
}

/** Normal, redrawn until it lies in [a, b]; PyTorch's stream. (PyTorch: `nn.init.trunc_normal_`) */
export function truncNormal_(
  tensor: Tensor,
  ...options: Trailing<TruncatedNormalOptions, ['mean', 'std', 'a', 'b', 'generator']>
): Tensor {
  const {
    mean = 0,
    std = 1,
    a = -2,
    b = 2,
    generator,
  } = readTrailing<TruncatedNormalOptions>('truncNormal_', options, ['mean', 'std', 'a', 'b', 'generator']);
  return fill('truncNormal_', tensor, (out, precision) =>
    fillTruncatedNormal(generator ?? defaultGenerator(), out, mean, std, a, b, precision),
  );
}

/** One number everywhere. (PyTorch: `nn.init.constant_`) */
export function constant_(tensor: Tensor, value: number | boolean): Tensor {
  if (typeof value !== 'number' && typeof value !== 'boolean')
    throw new TypeError(`constant_: expected a number, got ${typeof value}`);
  return fillWith(requireTensor('constant_', tensor), new Float64Array(tensor.numel()).fill(Number(value)));
}

/** 1 everywhere. (PyTorch: `nn.init.ones_`) */
export function ones_(tensor: Tensor): Tensor {
  return constant_(tensor, 1);
}

/** 0 everywhere. (PyTorch: `nn.init.zeros_`) */
export function zeros_(tensor: Tensor): Tensor {
  return constant_(tensor, 0);
}

/** The identity matrix, of 2-d tensors. (PyTorch: `nn.init.eye_`) */
export function eye_(tensor: Tensor): Tensor {
  const { shape } = requireTensor('eye_', tensor);
  if (shape.length !== 2) throw new ShapeError('Only tensors with 2 dimensions are supported');
  const [rows, columns] = shape as [number, number];
  const values = new Float64Array(rows * columns);
  for (let i = 0; i < Math.min(rows, columns); i++) values[i * columns + i] = 1;
  return fillWith(tensor, values);
}

/**
 * The kernel that keeps as many channels as possible: the Dirac delta, per group. 3-d to 5-d tensors.
 * (PyTorch: `nn.init.dirac_`)
 */
export function dirac_(tensor: Tensor, groups: number | { groups?: number } = 1): Tensor {
  const count = typeof groups === 'number' ? groups : (groups.groups ?? 1);
  const { shape } = requireTensor('dirac_', tensor);
  if (shape.length < 3 || shape.length > 5)
    throw new ShapeError('Only tensors with 3, 4, or 5 dimensions are supported');
  const [out, inputs, ...kernel] = shape as [number, number, ...number[]];
  if (out % count !== 0) throw new ShapeError('dim 0 must be divisible by groups');
  const perGroup = out / count;
  const area = sizeOf(kernel);
  let center = 0;
  for (const extent of kernel) center = center * extent + Math.floor(extent / 2);
  const values = new Float64Array(sizeOf(shape));
  for (let group = 0; group < count; group++)
    for (let d = 0; d < Math.min(perGroup, inputs); d++)
      values[((group * perGroup + d) * inputs + d) * area + center] = 1;
  return fillWith(tensor, values);
}

/** Uniform in ±gain sqrt(6 / (fanIn + fanOut)). (PyTorch: `nn.init.xavier_uniform_`) */
export function xavierUniform_(tensor: Tensor, ...options: Trailing<XavierOptions, ['gain', 'generator']>): Tensor {
  const { gain = 1, generator } = readTrailing<XavierOptions>('xavierUniform_', options, ['gain', 'generator']);
  const [fanIn, fanOut] = calculateFanInAndFanOut(tensor);
  const bound = Math.sqrt(3) * (gain * Math.sqrt(2 / (fanIn + fanOut)));
  return uniform_(tensor, -bound, bound, generator);
}

/** Normal with standard deviation gain sqrt(2 / (fanIn + fanOut)). (PyTorch: `nn.init.xavier_normal_`) */
export function xavierNormal_(tensor: Tensor, ...options: Trailing<XavierOptions, ['gain', 'generator']>): Tensor {
  const { gain = 1, generator } = readTrailing<XavierOptions>('xavierNormal_', options, ['gain', 'generator']);
  const [fanIn, fanOut] = calculateFanInAndFanOut(tensor);
  return normal_(tensor, 0, gain * Math.sqrt(2 / (fanIn + fanOut)), generator);
}

/** Uniform in ±gain sqrt(3 / fan); gain follows the non-linearity. (PyTorch: `nn.init.kaiming_uniform_`) */
export function kaimingUniform_(
  tensor: Tensor,
  ...options: Trailing<KaimingOptions, ['a', 'mode', 'nonlinearity', 'generator']>
): Tensor {
  const read = readTrailing<KaimingOptions>('kaimingUniform_', options, ['a', 'mode', 'nonlinearity', 'generator']);
  // A weight without elements has no fan; as in PyTorch, nothing is drawn.
  if (requireTensor('kaimingUniform_', tensor).numel() === 0) return tensor;
  const bound = Math.sqrt(3) * kaimingDeviation(tensor, read);
  return uniform_(tensor, -bound, bound, read.generator);
}

/** Normal with standard deviation gain / sqrt(fan); gain follows the non-linearity. (PyTorch: `nn.init.kaiming_normal_`) */
export function kaimingNormal_(
  tensor: Tensor,
  ...options: Trailing<KaimingOptions, ['a', 'mode', 'nonlinearity', 'generator']>
): Tensor {
  const read = readTrailing<KaimingOptions>('kaimingNormal_', options, ['a', 'mode', 'nonlinearity', 'generator']);
  if (requireTensor('kaimingNormal_', tensor).numel() === 0) return tensor;
  return normal_(tensor, 0, kaimingDeviation(tensor, read), read.generator);
}

function kaimingDeviation(
  tensor: Tensor,
  { a = 0, mode = 'fan_in', nonlinearity = 'leaky_relu' }: KaimingOptions,
): number {
  const side =
    typeof mode === 'string'
      ? snake(mode.replace(/^fan(in|out)$/i, (_, end: string) => `fan_${end.toLowerCase()}`))
      : '';
  if (side !== 'fan_in' && side !== 'fan_out')
    throw new TypeError(`Mode ${mode} not supported, please use one of ['fan_in', 'fan_out']`);
  const [fanIn, fanOut] = calculateFanInAndFanOut(tensor);
  return calculateGain(nonlinearity, a) / Math.sqrt(side === 'fan_in' ? fanIn : fanOut);
}

/**
 * A (semi-)orthogonal matrix times `gain`, of the tensor as [first, others]: the Q of a QR decomposition of normal
 * numbers whose R has a positive diagonal. (PyTorch: `nn.init.orthogonal_`)
 */
export function orthogonal_(tensor: Tensor, ...options: Trailing<XavierOptions, ['gain', 'generator']>): Tensor {
  const { gain = 1, generator } = readTrailing<XavierOptions>('orthogonal_', options, ['gain', 'generator']);
  const { shape } = requireTensor('orthogonal_', tensor);
  if (shape.length < 2) throw new ShapeError('Only tensors with 2 or more dimensions are supported');
  if (tensor.numel() === 0) return tensor;
  const rows = shape[0]!;
  const columns = tensor.numel() / rows;
  return fill('orthogonal_', tensor, (out, precision) => {
    fillNormal(generator ?? defaultGenerator(), out, 0, 1, precision);
    const tall = rows < columns ? transposed(out, rows, columns) : Float64Array.from(out);
    const q = orthonormalColumns(tall, Math.max(rows, columns), Math.min(rows, columns));
    const values = rows < columns ? transposed(q, columns, rows) : q;
    for (let i = 0; i < out.length; i++) out[i] = Math.fround(gain) * values[i]!;
  });
}

function transposed(values: ArrayLike<number>, rows: number, columns: number): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = values[i * columns + j]!;
  return out;
}

/** Normal numbers of which a fraction `sparsity` in each column is 0; 2-d tensors. (PyTorch: `nn.init.sparse_`) */
export function sparse_(
  tensor: Tensor,
  sparsity: number | (SparseOptions & { sparsity: number }),
  ...options: Trailing<SparseOptions, ['std', 'generator']>
): Tensor {
  if (typeof sparsity === 'object' && sparsity !== null) {
    const { sparsity: named, ...others } = sparsity;
    return sparse_(tensor, named, others);
  }
  if (typeof sparsity !== 'number')
    throw new TypeError(`sparse_: expected sparsity to be a number, got ${typeof sparsity}`);
  const { std = 0.01, generator } = readTrailing<SparseOptions>('sparse_', options, ['std', 'generator']);
  const { shape } = requireTensor('sparse_', tensor);
  if (shape.length !== 2) throw new ShapeError('Only tensors with 2 dimensions are supported');
  const [rows, columns] = shape as [number, number];
  const zeros = Math.ceil(sparsity * rows);
  return fill('sparse_', tensor, (out, precision) => {
    fillNormal(generator ?? defaultGenerator(), out, 0, std, precision);
    for (let column = 0; column < columns; column++) {
      // The order of the columns' permutations is always the default generator's, as in PyTorch.
      const order = fillRandperm(defaultGenerator(), new Int32Array(rows));
      for (const row of order.subarray(0, zeros)) out[row * columns + column] = 0;
    }
  });
}

function requireTensor(name: string, tensor: unknown): Tensor {
  if (!(tensor instanceof Tensor))
    throw new TypeError(`${name}: expected a Tensor, got ${tensor === null ? 'null' : typeof tensor}`);
  return tensor;
}

function fill(name: string, tensor: Tensor, draw: (out: FloatArray, precision: FloatPrecision) => void): Tensor {
  const { dtype } = requireTensor(name, tensor);
  if (dtype === 'int32' || dtype === 'bool')
    throw new TypeError(`${name}: expected a floating point tensor, got ${dtype}`);
  if (!isFilling()) return tensor;
  const size = tensor.numel();
  const out = dtype === 'float64' ? new Float64Array(size) : new Float32Array(size);
  draw(out, dtype);
  return fillWith(tensor, out);
}
