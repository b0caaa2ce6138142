import { ShapeError } from '../errors.ts';
import { recorder as b } from '../graph/node.ts';
import type { Value } from '../graph/value.ts';
import type { Trailing } from './arguments.ts';
import { readTrailing } from './arguments.ts';
import type { ComplexTensor } from './fourier.ts';
import { fixed, hostNumbers, indexTable } from './host-values.ts';
import { requireInteger } from './integers.ts';
import { requireFloatingNode, requireTensor } from './operand.ts';
import { padConstant, padSpatial } from './padding.ts';
import type { PadMode } from './padding.ts';
import { mapParts, realSignal, transform } from './spectrum.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

export interface StftOptions {
  /** Distance between frames. Default nFft / 4. */
  hopLength?: number | null;
  /** Length of the window, centred in the frame. Default nFft. */
  winLength?: number | null;
  /** What frames are multiplied with. Default: ones. */
  window?: Tensor | null;
  /** Whether frame t is centred at t hopLength, the signal being padded. Default true. */
  center?: boolean;
  /** How it is padded. Default `'reflect'`. */
  padMode?: PadMode;
  /** Divided by the root of nFft. Default false. */
  normalized?: boolean;
  /** Only the first nFft / 2 + 1 bins. Default true. */
  onesided?: boolean | null;
  /** Accepted for familiarity: results are pairs { real, imag }. */
  returnComplex?: boolean;
}

const stftOrder = [
  'hopLength',
  'winLength',
  'window',
  'center',
  'padMode',
  'normalized',
  'onesided',
  'returnComplex',
] as const;

/**
 * Fourier transforms of overlapping frames: x [time] or [N, time] -> { real, imag } of shape [bins, frames] or
 * [N, bins, frames]. (PyTorch: `torch.stft` with `return_complex=True`)
 */
export function stft(x: Tensor, nFft: number, ...args: Trailing<StftOptions, typeof stftOrder>): ComplexTensor {
  const node = requireFloatingNode('stft', requireTensor('stft', x));
  const options = readTrailing<StftOptions>('stft', args, stftOrder);
  requireInteger('stft', nFft, 'an integer nFft');
  const hop = options.hopLength ?? Math.floor(nFft / 4);
  const length = options.winLength ?? nFft;
  if (node.shape.length !== 1 && node.shape.length !== 2)
    throw new ShapeError(`stft: expected a 1D or 2D tensor, got ${node.shape.length}D`);
  if (hop <= 0) throw new ShapeError(`stft: expected hop_length > 0, but got hop_length=${hop}`);
  if (length <= 0 || length > nFft)
    throw new ShapeError(`stft: expected 0 < win_length <= n_fft, but got win_length=${length}`);
  const isBatch = node.shape.length === 2;
  let signal: Value = isBatch ? node : b.reshape(node, [1, node.shape[0]!]);
  if (options.center ?? true) {
    const half = Math.floor(nFft / 2);
    const mode = options.padMode ?? 'reflect';
    signal = mode === 'constant' ? padConstant(signal, [half, half], 0) : padSpatial(signal, [half, half], mode);
  }
  const time = signal.shape[1]!;
  if (nFft <= 0 || nFft > time) throw new ShapeError(`stft: expected 0 < n_fft < ${time}, but got n_fft=${nFft}`);
  const count = Math.floor((time - nFft) / hop) + 1;
  const places = Array.from({ length: count * nFft }, (_, i) => Math.floor(i / nFft) * hop + (i % nFft));
  let frames = b.gather(signal, fixed(indexTable(places, [count, nFft])), 1);
  const left = Math.floor((nFft - length) / 2);
  const window = options.window ? requireTensor('stft', options.window) : null;
  if (window !== null && (window.shape.length !== 1 || window.shape[0] !== length))
    throw new ShapeError(
      `stft: expected a 1D window tensor of size equal to win_length=${length}, but got window with size [${window.shape.join(', ')}]`,
    );
  if (window !== null || length < nFft) {
    const weights = window === null ? b.full([length], 1, node.dtype) : b.cast(window, node.dtype);
    frames = b.mul(frames, b.pad(weights, [left], [nFft - length - left]));
  }
  const bins = (options.onesided ?? true) ? Math.floor(nFft / 2) + 1 : nFft;
  const by = options.normalized ? 1 / Math.sqrt(nFft) : 1;
  const { real, imag } = mapParts(transform({ real: frames, imag: null }, -1, bins), (part) => {
    const turned = b.transpose(by === 1 ? part : b.mul(part, b.like(part, by)));
    return isBatch ? turned : b.reshape(turned, [bins, count]);
  });
  return { real: wrap(real), imag: wrap(imag!) };
}

export interface IstftOptions {
  /** Distance between frames. Default nFft / 4. */
  hopLength?: number | null;
  /** Length of the window, centred in the frame. Default nFft. */
  winLength?: number | null;
  /** What frames were multiplied with. Default: ones. */
  window?: Tensor | null;
  /** Whether frame t was centred at t hopLength. Default true. */
  center?: boolean;
  /** Whether `stft` divided by the root of nFft. Default false. */
  normalized?: boolean;
  /** Whether only the first nFft / 2 + 1 bins are there. Default true. */
  onesided?: boolean | null;
  /** The signal is trimmed, or padded with zeros, to this length. Default: as long as the frames reach. */
  length?: number | null;
  /** Accepted for familiarity; only false is available. */
  returnComplex?: boolean;
}

const istftOrder = [
  'hopLength',
  'winLength',
  'window',
  'center',
  'normalized',
  'onesided',
  'length',
  'returnComplex',
] as const;

/**
 * The signal of which these are the `stft`, by overlapping and adding the frames and dividing by the sum of the squared
 * windows: { real, imag } of shape [bins, frames] or [N, bins, frames] -> [time] or [N, time]. (PyTorch: `torch.istft`)
 */
export function istft(x: ComplexTensor, nFft: number, ...args: Trailing<IstftOptions, typeof istftOrder>): Tensor {
  const options = readTrailing<IstftOptions>('istft', args, istftOrder);
  if (typeof x !== 'object' || x === null || !('real' in x))
    throw new TypeError(
      'istft requires a complex-valued input tensor matching the output from stft with return_complex=True. Pass { real, imag }.',
    );
  if (options.returnComplex) throw new TypeError('istft: signals are real here; returnComplex must be false');
  requireInteger('istft', nFft, 'an integer nFft');
  const parts = [x.real, x.imag].map((part) => requireFloatingNode('istft', requireTensor('istft', part)));
  const { shape, dtype } = parts[0]!;
  if (shape.length !== 2 && shape.length !== 3)
    throw new ShapeError(`istft: expected a tensor with 2 or 3 dimensions, but got ${shape.length}`);
  const [bins, frames] = shape.slice(-2) as [number, number];
  const batch = shape.length === 3 ? shape[0]! : 1;
  const half = Math.floor(nFft / 2) + 1;
  const onesided = options.onesided ?? true;
  if (bins !== (onesided ? half : nFft))
    throw new ShapeError(
      onesided
        ? `istft: expected the frequency dimension (3rd to the last) of the input tensor to match n_fft / 2 + 1 when onesided=True, but got ${bins}`
        : `istft: expected the frequency dimension (3rd to the last) of the input tensor to match n_fft when onesided=False, but got ${bins}`,
    );
  const hop = options.hopLength ?? Math.floor(nFft / 4);
  const width = options.winLength ?? nFft;
  if (!(hop > 0 && hop <= width)) throw new ShapeError('istft: expected 0 < hop_length <= win_length');
  if (!(width > 0 && width <= nFft)) throw new ShapeError('istft: expected 0 < win_length <= n_fft');
  const left = Math.floor((nFft - width) / 2);
  const given = options.window ? requireTensor('istft', options.window) : null;
  if (given !== null && (given.shape.length !== 1 || given.shape[0] !== width))
    throw new ShapeError(
      `istft: Invalid window shape. window has to be 1D and length of \`win_length\` (${width}), got [${given.shape.join(', ')}]`,
    );
  const inner = given === null ? b.full([width], 1, dtype) : b.cast(given, dtype);
  const window = b.pad(inner, [left], [nFft - width - left]);

  const [real, imag] = parts.map((part) => b.transpose(b.reshape(part, [batch, bins, frames]))) as [Value, Value];
  // The other bins, where they are given, are taken for conjugates of the first.
  const first = mapParts({ real, imag }, (part) => b.narrow(part, 2, 0, half));
  const wave = realSignal(first, nFft);
  const pieces = b.mul(b.mul(wave, window), b.like(wave, options.normalized ? 1 / Math.sqrt(nFft) : 1 / nFft));
  const total = nFft + hop * (frames - 1);
  const places = fixed(
    indexTable(
      Array.from({ length: frames * nFft }, (_, i) => Math.floor(i / nFft) * hop + (i % nFft)),
      [frames * nFft],
    ),
  );
  const overlapped = b.scatterAdd(b.reshape(pieces, [batch, frames * nFft]), places, 1, total);
  const squares = b.broadcastTo(b.mul(window, window), [frames, nFft]);
  const envelope = b.scatterAdd(b.reshape(squares, [frames * nFft]), places, 0, total);
  const start = (options.center ?? true) ? Math.floor(nFft / 2) : 0;
  const end = typeof options.length === 'number' ? start + options.length : total - start;
  const reach = Math.max(0, Math.min(end, total) - start);
  requireCovered(given === null ? null : hostNumbers(given), { width, left, nFft, hop, frames, start, reach });
  const signal = b.div(b.narrow(overlapped, 1, start, reach), b.narrow(envelope, 0, start, reach));
  const padded = end > total ? b.pad(signal, [0, 0], [0, end - total]) : signal;
  return wrap(shape.length === 3 ? padded : b.reshape(padded, [padded.shape[1]!]));
}

interface Frames {
  readonly width: number;
  readonly left: number;
  readonly nFft: number;
  readonly hop: number;
  readonly frames: number;
  readonly start: number;
  readonly reach: number;
}

/** Throws where no window reaches, if the windows' values are known before they are computed. */
function requireCovered(
  window: ArrayLike<number> | null,
  { width, left, nFft, hop, frames, start, reach }: Frames,
): void {
  const sums = new Float64Array(nFft + hop * (frames - 1));
  for (let frame = 0; frame < frames; frame++)
    for (let i = 0; i < width; i++) {
      const place = frame * hop + left + i;
      sums[place] = sums[place]! + (window === null ? 1 : window[i]! ** 2);
    }
  if (sums.subarray(start, start + reach).some((sum) => sum < 1e-11))
    throw new ShapeError(
      'istft: window overlap add min: 1: the windows leave parts of the signal out, so that it cannot be found',
    );
}
