import type { Generator } from './generator.ts';
import type { FloatArray, FloatPrecision } from './precision.ts';
import { precisionOf, rounder } from './precision.ts';

/** Storage that samples of a discrete distribution fit into. */
export type NumberArray = FloatArray | Int32Array | Int16Array | Int8Array | Uint8Array;

/**
 * Fills `out` with 1 with probability `p`, otherwise 0.
 *
 * PyTorch: `Tensor.bernoulli_(p)` with a number.
 *
 * @throws RangeError outside 0 ≤ p ≤ 1.
 */
export function fillBernoulli<Out extends NumberArray>(generator: Generator, out: Out, p = 0.5): Out {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`bernoulli_ expects p to be in [0, 1], but got p=${p}`);
  for (let index = 0; index < out.length; index++) out[index] = generator.uniform53() < p ? 1 : 0;
  return out;
}

/**
 * Fills `out[i]` with 1 with probability `probabilities[i]`, otherwise 0.
 *
 * A `Float64Array` of probabilities is compared with 53-bit uniform samples, any other array with 24-bit ones, as
 * PyTorch does for float64 and for narrower tensors. PyTorch: `torch.bernoulli(p)`, `Tensor.bernoulli_(p)` with a tensor.
 *
 * @throws RangeError if the lengths differ or a probability lies outside [0, 1].
 */
export function fillBernoulliFrom<Out extends NumberArray>(
  generator: Generator,
  out: Out,
  probabilities: FloatArray,
): Out {
  if (probabilities.length !== out.length) {
    throw new RangeError(`bernoulli expects ${out.length} probabilities, but got ${probabilities.length}`);
  }
  const invalid = probabilities.find((p) => !(p >= 0 && p <= 1));
  if (invalid !== undefined) throw new RangeError(`bernoulli expects every p to be in [0, 1], but got p=${invalid}`);
  const wide = probabilities instanceof Float64Array;
  for (let index = 0; index < out.length; index++) {
    const sample = wide ? generator.uniform53() : generator.uniform24();
    out[index] = sample < probabilities[index]! ? 1 : 0;
  }
  return out;
}

/**
 * Fills `out` with the factors of dropout: 0 with probability `p`, otherwise 1/(1 − p).
 *
 * For feature dropout (`dropout1d` to `dropout3d`), `out` has one element per sample and channel, N·C.
 * With p = 0 and p = 1, PyTorch draws nothing and so does this: all factors are 1 or 0.
 * PyTorch: the noise of `torch.nn.functional.dropout` in training, on a contiguous input.
 *
 * @throws RangeError outside 0 ≤ p ≤ 1.
 */
export function fillDropout<Out extends FloatArray>(
  generator: Generator,
  out: Out,
  p = 0.5,
  precision?: FloatPrecision,
): Out {
  checkDropoutProbability(p);
  const round = rounder(precisionOf(out, precision));
  if (p === 0 || p === 1) {
    out.fill(1 - p);
    return out;
  }
  const kept = keptFactor(p, round, precision);
  const keep = 1 - p;
  for (let index = 0; index < out.length; index++) out[index] = generator.uniform53() < keep ? kept : 0;
  return out;
}

function keptFactor(p: number, round: (value: number) => number, precision: FloatPrecision | undefined): number {
  // The divisor is a plain number to PyTorch: narrow types divide in float32 and round the quotient only.
  const divisor = precision === undefined || precision === 'float64' ? round(1 - p) : Math.fround(1 - p);
  return round(1 / divisor);
}

/**
 * Fills `scale` and `shift` such that alpha dropout of x is x·scale + shift, which keeps a standard normal
 * input's mean and variance through SELU.
 *
 * For feature alpha dropout both have one element per sample and channel. With p = 0 and p = 1 nothing is drawn;
 * the result is then x and 0. PyTorch: the noise of `torch.nn.functional.alpha_dropout` in training.
 *
 * @throws RangeError outside 0 ≤ p ≤ 1, or if the lengths differ.
 */
export function fillAlphaDropout<Out extends FloatArray>(
  generator: Generator,
  scale: Out,
  shift: Out,
  p = 0.5,
  precision?: FloatPrecision,
): void {
  checkDropoutProbability(p);
  if (shift.length !== scale.length) {
    throw new RangeError(`alpha dropout expects arrays of one length, but got ${scale.length} and ${shift.length}`);
  }
  const round = rounder(precisionOf(scale, precision));
  precisionOf(shift, precision);
  if (p === 0 || p === 1) {
    scale.fill(1 - p);
    shift.fill(0);
    return;
  }
  const alpha = 1.7580993408473766;
  const a = 1 / Math.sqrt((alpha * alpha * p + 1) * (1 - p));
  const keptScale = round(a);
  const keptShift = round(alpha * a * p);
  const droppedShift = round(round(-alpha * a) + round(alpha * a * p));
  for (let index = 0; index < scale.length; index++) {
    const keep = generator.uniform53() < 1 - p;
    scale[index] = keep ? keptScale : 0;
    shift[index] = keep ? keptShift : droppedShift;
  }
}

function checkDropoutProbability(p: number): void {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`dropout probability has to be between 0 and 1, but got ${p}`);
}

/**
 * Fills `out` with the slopes of a randomised leaky ReLU in training: uniform on [lower, upper) where the input is not
 * positive, 1 elsewhere. Only the former are drawn.
 *
 * PyTorch: the noise of `torch.nn.functional.rrelu`.
 *
 * @param lower default 1/8
 * @param upper default 1/3
 * @throws RangeError if lower > upper or the lengths differ.
 */
export function fillRrelu<Out extends FloatArray>(
  generator: Generator,
  out: Out,
  input: ArrayLike<number>,
  lower = 1 / 8,
  upper = 1 / 3,
  precision?: FloatPrecision,
): Out {
  if (!(lower <= upper))
    throw new RangeError(`Lower bound should be less than or equal to the upper bound, but got ${lower} and ${upper}`);
  if (input.length !== out.length) throw new RangeError(`rrelu expects ${out.length} inputs, but got ${input.length}`);
  const target = precisionOf(out, precision);
  const round = rounder(target);
  // The sample is made in float64 whatever the type, but between bounds that were rounded to float32.
  const from = target === 'float64' ? lower : Math.fround(lower);
  const range = target === 'float64' ? upper - lower : Math.fround(upper) - from;
  for (let index = 0; index < out.length; index++) {
    out[index] = input[index]! <= 0 ? round(generator.uniform53() * range + from) : 1;
  }
  return out;
}

/**
 * Fills `out` with samples of the geometric distribution: the number of trials up to the first success, k ≥ 1.
 *
 * PyTorch: `Tensor.geometric_(p)`.
 *
 * @throws RangeError unless 0 < p < 1.
 */
export function fillGeometric<Out extends NumberArray>(generator: Generator, out: Out, p: number): Out {
  if (!(p > 0 && p < 1)) throw new RangeError(`geometric_ expects p to be in (0, 1), but got p=${p}`);
  const scale = Math.log1p(-p);
  for (let index = 0; index < out.length; index++) out[index] = Math.ceil(Math.log(generator.uniform53()) / scale);
  return out;
}
