import { ShapeError } from '../errors.ts';
import { finish } from './creation-options.ts';
import type { TensorOptions } from './creation-options.ts';
import { requireInteger } from './integers.ts';
import type { Tensor } from './tensor.ts';

export interface WindowOptions extends TensorOptions {
  /** Whether it is the start of a window that is one longer, as Fourier transforms want it. Default true. */
  periodic?: boolean;
}

function made(
  name: string,
  length: number,
  periodic: boolean | WindowOptions,
  options: WindowOptions,
  value: (fraction: number) => number,
): Tensor {
  const { periodic: isPeriodic = true, ...rest } =
    typeof periodic === 'boolean' ? { ...options, periodic } : { ...options, ...periodic };
  if (requireInteger(name, length) < 0)
    throw new ShapeError(`${name} requires non-negative window_length, got window_length=${length}`);
  const last = isPeriodic ? length : length - 1;
  const values = Array.from({ length }, (_, k) => (length === 1 ? 1 : value(k / last)));
  return finish(values, [length], rest.dtype ?? 'float32', rest);
}

/** 1/2 - 1/2 cos(2 pi k / n). (PyTorch: `torch.hann_window`) */
export function hannWindow(
  windowLength: number,
  periodic: boolean | WindowOptions = true,
  options: WindowOptions = {},
): Tensor {
  return made('hann_window', windowLength, periodic, options, (t) => 0.5 - 0.5 * Math.cos(2 * Math.PI * t));
}

/** 0.54 - 0.46 cos(2 pi k / n). (PyTorch: `torch.hamming_window`) */
export function hammingWindow(
  windowLength: number,
  periodic: boolean | WindowOptions = true,
  options: WindowOptions = {},
): Tensor {
  return made('hamming_window', windowLength, periodic, options, (t) => 0.54 - 0.46 * Math.cos(2 * Math.PI * t));
}

/** 0.42 - 0.5 cos(2 pi k / n) + 0.08 cos(4 pi k / n). (PyTorch: `torch.blackman_window`) */
export function blackmanWindow(
  windowLength: number,
  periodic: boolean | WindowOptions = true,
  options: WindowOptions = {},
): Tensor {
  return made(
    'blackman_window',
    windowLength,
    periodic,
    options,
    (t) => 0.42 - 0.5 * Math.cos(2 * Math.PI * t) + 0.08 * Math.cos(4 * Math.PI * t),
  );
}

/** 1 - |2 k / n - 1|. (PyTorch: `torch.bartlett_window`) */
export function bartlettWindow(
  windowLength: number,
  periodic: boolean | WindowOptions = true,
  options: WindowOptions = {},
): Tensor {
  return made('bartlett_window', windowLength, periodic, options, (t) => 1 - Math.abs(2 * t - 1));
}

/** I0(beta sqrt(1 - (2 k / n - 1)^2)) / I0(beta). (PyTorch: `torch.kaiser_window`) */
export function kaiserWindow(
  windowLength: number,
  periodic: boolean | WindowOptions = true,
  beta = 12,
  options: WindowOptions = {},
): Tensor {
  return made(
    'kaiser_window',
    windowLength,
    periodic,
    options,
    (t) => besselI0(beta * Math.sqrt(Math.max(1 - (2 * t - 1) ** 2, 0))) / besselI0(beta),
  );
}

/** The modified Bessel function of order 0, by its power series. */
function besselI0(x: number): number {
  let sum = 1;
  for (let k = 1, term = 1; term > sum * 1e-17; k++) sum += term *= (x / (2 * k)) ** 2;
  return sum;
}
