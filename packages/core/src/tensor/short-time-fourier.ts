import { ShapeError } from '../errors.ts';
import { recorder as b } from '../graph/node.ts';
import type { Value } from '../graph/value.ts';
import type { ComplexTensor } from './fourier.ts';
import { fixed, indexTable } from './host-values.ts';
import { requireInteger } from './integers.ts';
import { requireFloatingNode, requireOptions, requireTensor } from './operand.ts';
import { padConstant, padSpatial } from './padding.ts';
import type { PadMode } from './padding.ts';
import { mapParts, transform } from './spectrum.ts';
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

/**
 * Fourier transforms of overlapping frames: x [time] or [N, time] -> { real, imag } of shape [bins, frames] or
 * [N, bins, frames]. (PyTorch: `torch.stft` with `return_complex=True`)
 */
export function stft(x: Tensor, nFft: number, options: StftOptions = {}): ComplexTensor {
  const node = requireFloatingNode('stft', requireTensor('stft', x));
  requireOptions('stft', options, [
    'hopLength',
    'winLength',
    'window',
    'center',
    'padMode',
    'normalized',
    'onesided',
    'returnComplex',
  ]);
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
