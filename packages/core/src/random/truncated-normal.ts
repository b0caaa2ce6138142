import { erf } from './erf.ts';
import type { Generator } from './generator.ts';
import { fillNormal } from './normal.ts';
import type { FloatArray, FloatPrecision } from './precision.ts';
import { precisionOf, rounder } from './precision.ts';
import { fillUniform } from './uniform.ts';

/** Above this share of normal samples inside the bounds, redrawing the others is cheap. */
const COMMON = 0.3;

/**
 * Fills `out` with samples of N(mean, std²) that lie in [a, b].
 *
 * If more than 30 % of the distribution lies in [a, b], samples outside are replaced from whole redraws; otherwise
 * uniform samples of [a, b] are accepted with the density's probability. PyTorch: `torch.nn.init.trunc_normal_`.
 *
 * @param mean default 0
 * @param std default 1
 * @param a lower bound, default −2
 * @param b upper bound, default 2
 * @throws RangeError unless std > 0 and a < b.
 */
export function fillTruncatedNormal<Out extends FloatArray>(
  generator: Generator,
  out: Out,
  mean = 0,
  std = 1,
  a = -2,
  b = 2,
  precision?: FloatPrecision,
): Out {
  if (!(std > 0)) throw new RangeError(`trunc_normal_ expects std > 0, but found std=${std}`);
  if (!(a < b)) throw new RangeError(`trunc_normal_ expects a < b, but found a=${a} and b=${b}`);
  const share = cumulative((b - mean) / std) - cumulative((a - mean) / std);
  if (share > COMMON) redrawOutside(generator, out, mean, std, a, b, precision);
  else acceptUniform(generator, out, mean, std, a, b, precision);
  return out;
}

function cumulative(x: number): number {
  return (1 + erf(x / Math.SQRT2)) / 2;
}

function redrawOutside(
  generator: Generator,
  out: FloatArray,
  mean: number,
  std: number,
  a: number,
  b: number,
  precision: FloatPrecision | undefined,
): void {
  const round = rounder(precisionOf(out, precision));
  const lowest = round(a);
  const highest = round(b);
  const outside = (value: number): boolean => value < lowest || value > highest;
  fillNormal(generator, out, mean, std, precision);
  const candidates = out.slice();
  while (out.some(outside)) {
    // PyTorch draws a whole tensor again for the few values that it replaces.
    fillNormal(generator, candidates, mean, std, precision);
    for (let index = 0; index < out.length; index++) {
      if (outside(out[index]!)) out[index] = candidates[index]!;
    }
  }
}

function acceptUniform(
  generator: Generator,
  out: FloatArray,
  mean: number,
  std: number,
  a: number,
  b: number,
  precision: FloatPrecision | undefined,
): void {
  const target = precisionOf(out, precision);
  const round = rounder(target);
  // A plain-number operand is rounded to the type that the arithmetic runs in.
  const operand = target === 'float64' ? round : Math.fround;
  const mode = Math.max(a, Math.min(mean, b));
  const logPeak = -0.5 * ((mode - mean) / std) ** 2;
  const logDensity = (value: number): number => {
    const deviation = round(round(value - operand(mean)) / operand(std));
    return round(round(round(deviation * deviation) * -0.5) - operand(logPeak));
  };
  const candidates = out.slice();
  const thresholds = out.slice();
  const pending = new Uint8Array(out.length).fill(1);
  do {
    fillUniform(generator, candidates, a, b, precision);
    fillUniform(generator, thresholds, 0, 1, precision);
    for (let index = 0; index < out.length; index++) {
      if (pending[index] === 0) continue;
      out[index] = candidates[index]!;
      pending[index] = round(Math.log(thresholds[index]!)) > logDensity(candidates[index]!) ? 1 : 0;
    }
  } while (pending.includes(1));
}
