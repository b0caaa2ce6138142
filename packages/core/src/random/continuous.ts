import type { Generator } from './generator.ts';
import type { FloatArray, FloatPrecision } from './precision.ts';
import { fusedMultiplyAdd, precisionOf, rounder } from './precision.ts';

/**
 * Fills `out` with samples of the exponential distribution, density rate·exp(−rate·x).
 *
 * PyTorch: `Tensor.exponential_(lambd)`.
 *
 * @param rate default 1
 * @throws RangeError unless rate > 0.
 */
export function fillExponential<Out extends FloatArray>(
  generator: Generator,
  out: Out,
  rate = 1,
  precision?: FloatPrecision,
): Out {
  if (!(rate > 0)) throw new RangeError(`exponential_ expects lambda > 0.0, but found lambda=${rate}`);
  const scale = -1 / rate;
  return fillWith(out, precision, () => scale * Math.log1p(-generator.uniform53()));
}

/**
 * Fills `out` with samples of the Cauchy distribution.
 *
 * PyTorch: `Tensor.cauchy_(median, sigma)`.
 *
 * @param median default 0
 * @param sigma default 1
 * @throws RangeError unless sigma > 0.
 */
export function fillCauchy<Out extends FloatArray>(
  generator: Generator,
  out: Out,
  median = 0,
  sigma = 1,
  precision?: FloatPrecision,
): Out {
  if (!(sigma > 0)) throw new RangeError(`cauchy_ expects sigma > 0.0, but found sigma=${sigma}`);
  return fillWith(out, precision, () =>
    fusedMultiplyAdd(sigma, Math.tan(Math.PI * (generator.uniform53() - 0.5)), median),
  );
}

/**
 * Fills `out` with exp(z), z from N(mean, std²). At every size z is drawn as the single normal samples are.
 *
 * PyTorch: `Tensor.log_normal_(mean, std)`.
 *
 * @param mean default 1
 * @param std default 2
 * @throws RangeError unless std > 0.
 */
export function fillLogNormal<Out extends FloatArray>(
  generator: Generator,
  out: Out,
  mean = 1,
  std = 2,
  precision?: FloatPrecision,
): Out {
  if (!(std > 0)) throw new RangeError(`log_normal_ expects std > 0.0, but found std=${std}`);
  return fillWith(out, precision, () => Math.exp(fusedMultiplyAdd(generator.standardNormal(), std, mean)));
}

/**
 * Fills `out` with samples of the standard Gumbel distribution, −log(e) of an exponential sample e.
 *
 * PyTorch: the noise that `torch.nn.functional.gumbel_softmax` adds to its logits.
 */
export function fillGumbel<Out extends FloatArray>(generator: Generator, out: Out, precision?: FloatPrecision): Out {
  const round = rounder(precisionOf(out, precision));
  fillExponential(generator, out, 1, precision);
  for (let index = 0; index < out.length; index++) out[index] = -round(Math.log(out[index]!));
  return out;
}

function fillWith<Out extends FloatArray>(out: Out, precision: FloatPrecision | undefined, sample: () => number): Out {
  const round = rounder(precisionOf(out, precision));
  for (let index = 0; index < out.length; index++) out[index] = round(sample());
  return out;
}
