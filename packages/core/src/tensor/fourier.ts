import { DTypeError, ShapeError } from '../errors.ts';
import { isFloating } from '../graph/dtype.ts';
import { recorder as b } from '../graph/node.ts';
import { normalizeDim, sameShape } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { finish } from './creation-options.ts';
import type { TensorOptions } from './creation-options.ts';
import { requireInteger } from './integers.ts';
import { fresh, moveAxis } from './movement.ts';
import { requireOptions, requireTensor } from './operand.ts';
import { mapParts, realSignal, transform } from './spectrum.ts';
import type { Direction, Spectrum } from './spectrum.ts';
import { Tensor, wrap } from './tensor.ts';

/** A complex tensor as two real ones of one shape: there is no complex dtype. */
export interface ComplexTensor {
  readonly real: Tensor;
  readonly imag: Tensor;
}

/** `'backward'`: the inverse is divided by n; `'ortho'`: both by its root; `'forward'`: the transform is divided by n. */
export type FourierNorm = 'backward' | 'ortho' | 'forward';

export interface FourierOptions {
  /** The length of the signal: it is trimmed, or padded with zeros at the end. Default: its own. */
  n?: number | null;
  /** Default -1. */
  dim?: number;
  /** Default `'backward'`. */
  norm?: FourierNorm | null;
}

export interface MultiFourierOptions {
  /** The lengths of the signal along `dim`. Default: its own. */
  s?: readonly number[] | null;
  /** Default: all dimensions, or as many last ones as `s` has (`fft2` and the like: the last two). */
  dim?: readonly number[] | null;
  /** Default `'backward'`. */
  norm?: FourierNorm | null;
}

/** Options, or `s`, `dim` and `norm` in this order. */
export type MultiFourierArguments =
  | readonly [options?: MultiFourierOptions]
  | readonly [s?: readonly number[] | null, dim?: readonly number[] | null, norm?: FourierNorm | null];

type Signal = Tensor | ComplexTensor;

function floating(name: string, x: unknown): Value {
  const node = requireTensor(name, x);
  return isFloating(node.dtype) ? node : b.cast(node, 'float32');
}

function spectrumOf(name: string, x: Signal): Spectrum {
  if (x instanceof Tensor || typeof x !== 'object' || x === null || !('real' in x))
    return { real: floating(name, x), imag: null };
  const real = floating(name, x.real);
  const imag = floating(name, x.imag);
  if (real.dtype !== imag.dtype)
    throw new DTypeError(`${name}: expected both parts to have the same dtype, got ${real.dtype} and ${imag.dtype}`);
  if (!sameShape(real.shape, imag.shape))
    throw new ShapeError(
      `${name}: expected both parts to have the same shape, got [${real.shape.join(', ')}] and [${imag.shape.join(', ')}]`,
    );
  return { real, imag };
}

function requireReal(name: string, x: Signal): Value {
  if (!(x instanceof Tensor) && typeof x === 'object' && x !== null && 'real' in x)
    throw new TypeError(`${name} expects a real input tensor, but got a complex one ({ real, imag })`);
  return floating(name, x);
}

function optionsOf(
  name: string,
  n: number | null | FourierOptions | undefined,
  dim: number | undefined,
  norm: FourierNorm | null | undefined,
): Required<FourierOptions> {
  const given = typeof n === 'object' && n !== null ? n : { n, dim, norm };
  requireOptions(name, given, ['n', 'dim', 'norm']);
  const length = given.n ?? null;
  if (length !== null && requireInteger(name, length) < 1)
    throw new ShapeError(`Invalid number of data points (${length}) specified`);
  return { n: length, dim: given.dim ?? -1, norm: given.norm ?? 'backward' };
}

/** What a transform of n elements is multiplied with. */
function factor(norm: FourierNorm | null, n: number, direction: Direction): number {
  const how = norm ?? 'backward';
  if (how === 'ortho') return 1 / Math.sqrt(n);
  if (how !== 'backward' && how !== 'forward') throw new TypeError(`Invalid normalization mode: "${String(how)}"`);
  return (how === 'forward') === (direction === -1) ? 1 / n : 1;
}

/** The last axis trimmed or padded to a length. */
function resized(x: Value, n: number): Value {
  const axis = x.shape.length - 1;
  const extent = x.shape[axis]!;
  if (extent >= n) return b.narrow(x, axis, 0, n);
  const none = x.shape.map(() => 0);
  return b.pad(
    x,
    none,
    none.map((_, d) => (d === axis ? n - extent : 0)),
  );
}

function axisOf(name: string, x: Value, dim: number): number {
  if (x.shape.length === 0) throw new ShapeError(`${name}: Dimension specified as ${dim} but tensor has no dimensions`);
  return normalizeDim(dim, x.shape.length, name);
}

function scaled(x: Spectrum, by: number): Spectrum {
  return by === 1 ? x : mapParts(x, (part) => b.mul(part, b.like(part, by)));
}

function pair({ real, imag }: Spectrum): ComplexTensor {
  return { real: wrap(fresh(real, real)), imag: wrap(imag === null ? b.fullLike(real, 0) : fresh(imag, imag)) };
}

/** A complex transform along one dimension. */
function along(name: string, x: Spectrum, { n, dim, norm }: Required<FourierOptions>, direction: Direction): Spectrum {
  const axis = axisOf(name, x.real, dim);
  const last = x.real.shape.length - 1;
  const length = n ?? x.real.shape[axis]!;
  if (length < 1) throw new ShapeError(`Invalid number of data points (${length}) specified`);
  const signal = mapParts(x, (part) => resized(moveAxis(part, axis, last), length));
  return mapParts(scaled(transform(signal, direction), factor(norm, length, direction)), (part) =>
    moveAxis(part, last, axis),
  );
}

/** The conjugate: the imaginary part's sign changed. */
function conjugate({ real, imag }: Spectrum): Spectrum {
  return { real, imag: imag === null ? null : b.neg(imag) };
}

function half(name: string, x: Value, { n, dim, norm }: Required<FourierOptions>, direction: Direction = -1): Spectrum {
  const axis = axisOf(name, x, dim);
  const last = x.shape.length - 1;
  const length = n ?? x.shape[axis]!;
  if (length < 1) throw new ShapeError(`Invalid number of data points (${length}) specified`);
  const signal = { real: resized(moveAxis(x, axis, last), length), imag: null };
  const bins = Math.floor(length / 2) + 1;
  const forward = scaled(transform(signal, -1, bins), factor(norm, length, direction));
  return mapParts(direction === 1 ? conjugate(forward) : forward, (part) => moveAxis(part, last, axis));
}

function signalOf(
  name: string,
  x: Spectrum,
  { n, dim, norm }: Required<FourierOptions>,
  direction: Direction = 1,
): Value {
  const axis = axisOf(name, x.real, dim);
  const last = x.real.shape.length - 1;
  const length = n ?? 2 * (x.real.shape[axis]! - 1);
  if (length < 1) throw new ShapeError(`Invalid number of data points (${length}) specified`);
  const bins = mapParts(direction === 1 ? x : conjugate(x), (part) =>
    resized(moveAxis(part, axis, last), Math.floor(length / 2) + 1),
  );
  const signal = realSignal(bins, length);
  const by = factor(norm, length, direction);
  return moveAxis(by === 1 ? signal : b.mul(signal, b.like(signal, by)), last, axis);
}

/** X[k] = sum_t x[t] e^(-2 pi i k t / n). (PyTorch: `torch.fft.fft`) */
export function fft(
  x: Signal,
  n?: number | null | FourierOptions,
  dim?: number,
  norm?: FourierNorm | null,
): ComplexTensor {
  return pair(along('fft', spectrumOf('fft', x), optionsOf('fft', n, dim, norm), -1));
}

/** x[t] = 1/n sum_k X[k] e^(2 pi i k t / n). (PyTorch: `torch.fft.ifft`) */
export function ifft(
  x: Signal,
  n?: number | null | FourierOptions,
  dim?: number,
  norm?: FourierNorm | null,
): ComplexTensor {
  return pair(along('ifft', spectrumOf('ifft', x), optionsOf('ifft', n, dim, norm), 1));
}

/** The first n/2 + 1 bins of the transform of a real signal; the others are their conjugates. (PyTorch: `torch.fft.rfft`) */
export function rfft(
  x: Tensor,
  n?: number | null | FourierOptions,
  dim?: number,
  norm?: FourierNorm | null,
): ComplexTensor {
  return pair(half('rfft', requireReal('rfft', x), optionsOf('rfft', n, dim, norm)));
}

/** The real signal of n elements (default 2 (bins - 1)) that has these first bins. (PyTorch: `torch.fft.irfft`) */
export function irfft(x: Signal, n?: number | null | FourierOptions, dim?: number, norm?: FourierNorm | null): Tensor {
  const value = signalOf('irfft', spectrumOf('irfft', x), optionsOf('irfft', n, dim, norm));
  return wrap(fresh(value, value));
}

/**
 * The transform, real, of a signal of which the first n/2 + 1 elements are given and the others are their conjugates; n is
 * 2 (elements - 1) by default. (PyTorch: `torch.fft.hfft`)
 */
export function hfft(x: Signal, n?: number | null | FourierOptions, dim?: number, norm?: FourierNorm | null): Tensor {
  const value = signalOf('hfft', spectrumOf('hfft', x), optionsOf('hfft', n, dim, norm), -1);
  return wrap(fresh(value, value));
}

/** The first n/2 + 1 elements of the signal that has this real transform. (PyTorch: `torch.fft.ihfft`) */
export function ihfft(
  x: Tensor,
  n?: number | null | FourierOptions,
  dim?: number,
  norm?: FourierNorm | null,
): ComplexTensor {
  return pair(half('ihfft', requireReal('ihfft', x), optionsOf('ihfft', n, dim, norm), 1));
}

function stages(
  name: string,
  rank: number,
  [first, dim, norm]: MultiFourierArguments,
  byDefault: readonly number[] | null,
): Required<FourierOptions>[] {
  const isOptions = typeof first === 'object' && first !== null && !Array.isArray(first);
  const options: MultiFourierOptions = isOptions
    ? (first as MultiFourierOptions)
    : { s: (first as readonly number[] | null | undefined) ?? null, dim: dim ?? null, norm: norm ?? null };
  requireOptions(name, options, ['s', 'dim', 'norm']);
  const sizes = options.s ?? null;
  const dims =
    options.dim ?? byDefault ?? Array.from({ length: sizes?.length ?? rank }, (_, i) => i - (sizes?.length ?? rank));
  if (sizes !== null && sizes.length !== dims.length)
    throw new ShapeError(`${name}: When given, dim and shape arguments must have the same length`);
  if (new Set(dims.map((dim) => normalizeDim(dim, rank, name))).size < dims.length)
    throw new ShapeError('FFT dims must be unique');
  return dims.map((dim, i) => ({
    n: sizes === null || sizes[i] === -1 ? null : sizes[i]!,
    dim,
    norm: options.norm ?? 'backward',
  }));
}

function several(
  name: string,
  x: Signal,
  args: MultiFourierArguments,
  byDefault: readonly number[] | null,
  direction: Direction,
): ComplexTensor {
  let spectrum = spectrumOf(name, x);
  for (const stage of stages(name, spectrum.real.shape.length, args, byDefault).reverse())
    spectrum = along(name, spectrum, stage, direction);
  return pair(spectrum);
}

function halfSeveral(
  name: string,
  x: Tensor,
  args: MultiFourierArguments,
  byDefault: readonly number[] | null,
  direction: Direction = -1,
): ComplexTensor {
  const value = requireReal(name, x);
  const list = stages(name, value.shape.length, args, byDefault);
  let spectrum = half(name, value, list.at(-1)!, direction);
  for (const stage of list.slice(0, -1).reverse()) spectrum = along(name, spectrum, stage, direction);
  return pair(spectrum);
}

function signalSeveral(
  name: string,
  x: Signal,
  args: MultiFourierArguments,
  byDefault: readonly number[] | null,
  direction: Direction = 1,
): Tensor {
  let spectrum = spectrumOf(name, x);
  const list = stages(name, spectrum.real.shape.length, args, byDefault);
  for (const stage of list.slice(0, -1)) spectrum = along(name, spectrum, stage, direction);
  return wrap(signalOf(name, spectrum, list.at(-1)!, direction));
}

const lastTwo = [-2, -1] as const;

/** `fft` along two dimensions. (PyTorch: `torch.fft.fft2`) */
export function fft2(x: Signal, ...args: MultiFourierArguments): ComplexTensor {
  return several('fft2', x, args, lastTwo, -1);
}
/** `ifft` along two dimensions. (PyTorch: `torch.fft.ifft2`) */
export function ifft2(x: Signal, ...args: MultiFourierArguments): ComplexTensor {
  return several('ifft2', x, args, lastTwo, 1);
}
/** `fft` along several dimensions. (PyTorch: `torch.fft.fftn`) */
export function fftn(x: Signal, ...args: MultiFourierArguments): ComplexTensor {
  return several('fftn', x, args, null, -1);
}
/** `ifft` along several dimensions. (PyTorch: `torch.fft.ifftn`) */
export function ifftn(x: Signal, ...args: MultiFourierArguments): ComplexTensor {
  return several('ifftn', x, args, null, 1);
}
/** `fft2` of a real signal: half of the last dimension's bins. (PyTorch: `torch.fft.rfft2`) */
export function rfft2(x: Tensor, ...args: MultiFourierArguments): ComplexTensor {
  return halfSeveral('rfft2', x, args, lastTwo);
}
/** The real signal of `rfft2`. (PyTorch: `torch.fft.irfft2`) */
export function irfft2(x: Signal, ...args: MultiFourierArguments): Tensor {
  return signalSeveral('irfft2', x, args, lastTwo);
}
/** `fftn` of a real signal: half of the last dimension's bins. (PyTorch: `torch.fft.rfftn`) */
export function rfftn(x: Tensor, ...args: MultiFourierArguments): ComplexTensor {
  return halfSeveral('rfftn', x, args, null);
}
/** The real signal of `rfftn`. (PyTorch: `torch.fft.irfftn`) */
export function irfftn(x: Signal, ...args: MultiFourierArguments): Tensor {
  return signalSeveral('irfftn', x, args, null);
}

/** `hfft` along the last of two dimensions, `fft` along the other. (PyTorch: `torch.fft.hfft2`) */
export function hfft2(x: Signal, ...args: MultiFourierArguments): Tensor {
  return signalSeveral('hfft2', x, args, lastTwo, -1);
}
/** The signal of `hfft2`. (PyTorch: `torch.fft.ihfft2`) */
export function ihfft2(x: Tensor, ...args: MultiFourierArguments): ComplexTensor {
  return halfSeveral('ihfft2', x, args, lastTwo, 1);
}
/** `hfft` along the last of several dimensions, `fft` along the others. (PyTorch: `torch.fft.hfftn`) */
export function hfftn(x: Signal, ...args: MultiFourierArguments): Tensor {
  return signalSeveral('hfftn', x, args, null, -1);
}
/** The signal of `hfftn`. (PyTorch: `torch.fft.ihfftn`) */
export function ihfftn(x: Tensor, ...args: MultiFourierArguments): ComplexTensor {
  return halfSeveral('ihfftn', x, args, null, 1);
}

/** Frequencies of the bins of `fft` in cycles per unit: 0, 1, ..., -2, -1 over n d. (PyTorch: `torch.fft.fftfreq`) */
export function fftfreq(
  n: number,
  d: number | (TensorOptions & { d?: number }) = 1,
  options: TensorOptions = {},
): Tensor {
  const { d: spacing = 1, ...rest } = typeof d === 'number' ? { ...options, d } : d;
  const positive = Math.ceil(requireInteger('fftfreq', n) / 2);
  if (n < 0) throw new ShapeError(`Trying to create tensor with negative dimension ${n}: [${n}]`);
  return finish(
    Array.from({ length: n }, (_, k) => (k < positive ? k : k - n) / (n * spacing)),
    [n],
    rest.dtype ?? 'float32',
    rest,
  );
}

/** Frequencies of the bins of `rfft`: 0, 1, ..., n/2 over n d. (PyTorch: `torch.fft.rfftfreq`) */
export function rfftfreq(
  n: number,
  d: number | (TensorOptions & { d?: number }) = 1,
  options: TensorOptions = {},
): Tensor {
  const { d: spacing = 1, ...rest } = typeof d === 'number' ? { ...options, d } : d;
  const bins = Math.floor(requireInteger('rfftfreq', n) / 2) + 1;
  if (bins < 0) throw new ShapeError(`Trying to create tensor with negative dimension ${bins}: [${bins}]`);
  return finish(
    Array.from({ length: bins }, (_, k) => k / (n * spacing)),
    [bins],
    rest.dtype ?? 'float32',
    rest,
  );
}

function shifted(
  name: string,
  x: Tensor,
  dim: number | readonly number[] | null | { dim?: number | readonly number[] | null },
  by: (n: number) => number,
): Tensor {
  const node = requireTensor(name, x);
  const given =
    typeof dim === 'object' && dim !== null && !Array.isArray(dim)
      ? ((dim as { dim?: number | readonly number[] | null }).dim ?? null)
      : (dim as number | readonly number[] | null);
  const dims =
    given === null ? node.shape.map((_, d) => d) : [given].flat().map((d) => normalizeDim(d, node.shape.length, name));
  let y: Value = node;
  for (const axis of dims) {
    const n = y.shape[axis]!;
    const start = n === 0 ? 0 : (n - by(n)) % n;
    if (start !== 0) y = b.concat([b.narrow(y, axis, start, n - start), b.narrow(y, axis, 0, start)], axis);
  }
  return wrap(fresh(y, node));
}

/** Bins in the order of their frequencies: zero in the middle. (PyTorch: `torch.fft.fftshift`) */
export function fftshift(
  x: Tensor,
  dim: number | readonly number[] | null | { dim?: number | readonly number[] | null } = null,
): Tensor {
  return shifted('fftshift', x, dim, (n) => Math.floor(n / 2));
}

/** The inverse of `fftshift`. (PyTorch: `torch.fft.ifftshift`) */
export function ifftshift(
  x: Tensor,
  dim: number | readonly number[] | null | { dim?: number | readonly number[] | null } = null,
): Tensor {
  return shifted('ifftshift', x, dim, (n) => Math.ceil(n / 2));
}
