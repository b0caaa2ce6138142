import type { NumberArray } from './bernoulli.ts';
import type { Generator } from './generator.ts';

/**
 * Fills `out[i]` with a sample of the Poisson distribution of rate `rates[i]`.
 *
 * Rates below 10 multiply uniform samples until the product falls below exp(−rate); larger ones use Hörmann's
 * transformed rejection (PTRS, 1993). PyTorch: `torch.poisson`.
 *
 * @throws RangeError for a negative rate or if the lengths differ.
 */
export function fillPoisson<Out extends NumberArray>(generator: Generator, out: Out, rates: ArrayLike<number>): Out {
  if (rates.length !== out.length) throw new RangeError(`poisson expects ${out.length} rates, but got ${rates.length}`);
  for (let index = 0; index < out.length; index++) {
    const rate = rates[index]!;
    if (!(rate >= 0)) throw new RangeError('invalid Poisson rate, expected rate to be non-negative');
    if (rate === 0) out[index] = 0;
    else out[index] = rate < 10 ? sampleByProduct(generator, rate) : sampleByRejection(generator, rate);
  }
  return out;
}

function sampleByProduct(generator: Generator, rate: number): number {
  const bound = Math.exp(-rate);
  let product = 1;
  for (let count = 0; ; count++) {
    product *= generator.uniform53();
    if (!(product > bound)) return count;
  }
}

function sampleByRejection(generator: Generator, rate: number): number {
  const logRate = Math.log(rate);
  const b = 0.931 + 2.53 * Math.sqrt(rate);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const acceptance = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = generator.uniform53() - 0.5;
    const v = generator.uniform53();
    const margin = 0.5 - Math.abs(u);
    const count = Math.floor(((2 * a) / margin + b) * u + rate + 0.43);
    if (margin >= 0.07 && v <= acceptance) return count;
    if (count < 0 || (margin < 0.013 && v > margin)) continue;
    const hat = Math.log(v) + Math.log(inverseAlpha) - Math.log(a / (margin * margin) + b);
    if (hat <= -rate + count * logRate - logFactorial(count)) return count;
  }
}

/** log(n!): the sum of logarithms below 16, Stirling's series above. */
function logFactorial(n: number): number {
  if (n < 16) {
    let factorial = 1;
    for (let factor = 2; factor <= n; factor++) factorial *= factor;
    return Math.log(factorial);
  }
  const inverse = 1 / n;
  const square = inverse * inverse;
  const correction =
    inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188))));
  return (n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + correction;
}
