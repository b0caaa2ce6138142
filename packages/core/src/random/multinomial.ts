import { fillExponential } from './continuous.ts';
import type { Generator } from './generator.ts';
import type { FloatArray } from './precision.ts';

/** How {@link multinomial} reads its weights and how it draws. */
export interface MultinomialOptions {
  /** Length R of a row of weights: `weights` holds rows × R numbers. Default: one row. */
  readonly categories?: number;
  /** Whether a category can be drawn more than once per row. Default false. */
  readonly replacement?: boolean;
}

/**
 * Draws `samples` category indices from each row of non-negative `weights`, which need not sum to one.
 *
 * Returns rows × samples indices. Without replacement the indices come in the order of weight ÷ exponential noise,
 * largest first; among categories of weight zero, reached only after all others, the order is ascending.
 * The arithmetic is that of the array: float32 for a `Float32Array`. PyTorch: `torch.multinomial`.
 *
 * @throws RangeError for negative or non-finite weights, a row that sums to zero, or too many samples.
 */
export function multinomial(
  generator: Generator,
  weights: FloatArray,
  samples: number,
  options: MultinomialOptions = {},
): Int32Array {
  const categories = options.categories ?? weights.length;
  const replacement = options.replacement ?? false;
  if (!Number.isInteger(samples) || samples <= 0)
    throw new RangeError(`cannot sample n_sample <= 0 samples, got ${samples}`);
  if (!Number.isInteger(categories) || categories <= 0 || weights.length % categories !== 0) {
    throw new RangeError(`multinomial cannot split ${weights.length} weights into rows of ${categories}`);
  }
  if (categories > 2 ** 24) throw new RangeError('number of categories cannot exceed 2^24');
  if (!replacement && samples > categories) {
    throw new RangeError(
      `cannot sample n_sample > prob_dist.size(-1) samples without replacement, got ${samples} > ${categories}`,
    );
  }
  checkWeights(weights, categories);
  const result = new Int32Array((weights.length / categories) * samples);
  // A single sample is drawn the one way by PyTorch, whether it would be replaced or not.
  if (replacement && samples > 1) drawWithReplacement(generator, weights, categories, samples, result);
  else drawWithoutReplacement(generator, weights, categories, samples, result);
  return result;
}

function checkWeights(weights: FloatArray, categories: number): void {
  for (let start = 0; start < weights.length; start += categories) {
    let sum = 0;
    for (let index = start; index < start + categories; index++) {
      const weight = weights[index]!;
      if (!(weight >= 0 && weight < Infinity)) {
        throw new RangeError('probability tensor contains either `inf`, `nan` or element < 0');
      }
      sum += weight;
    }
    if (!(sum > 0)) throw new RangeError('invalid multinomial distribution (sum of probabilities <= 0)');
  }
}

/** The largest of wᵢ/eᵢ, with eᵢ exponentially distributed, is category i with probability wᵢ/Σw. */
function drawWithoutReplacement(
  generator: Generator,
  weights: FloatArray,
  categories: number,
  samples: number,
  result: Int32Array,
): void {
  const keys = fillExponential(generator, weights.slice());
  for (let index = 0; index < keys.length; index++) keys[index] = weights[index]! / keys[index]!;
  for (let row = 0; row * categories < keys.length; row++) {
    const rowKeys = keys.subarray(row * categories, (row + 1) * categories);
    if (samples === 1) {
      result[row] = indexOfLargest(rowKeys);
      continue;
    }
    const order = Int32Array.from(rowKeys.keys()).sort((a, b) => rowKeys[b]! - rowKeys[a]!);
    result.set(order.subarray(0, samples), row * samples);
  }
}

function indexOfLargest(values: FloatArray): number {
  let largest = 0;
  for (let index = 1; index < values.length; index++) {
    if (values[index]! > values[largest]!) largest = index;
  }
  return largest;
}

/** Inverts the cumulative distribution, accumulated in the precision of the weights. */
function drawWithReplacement(
  generator: Generator,
  weights: FloatArray,
  categories: number,
  samples: number,
  result: Int32Array,
): void {
  const cumulative = weights.slice(0, categories);
  const last = categories - 1;
  for (let row = 0; row * categories < weights.length; row++) {
    cumulative[0] = weights[row * categories]!;
    for (let index = 1; index < categories; index++) {
      cumulative[index] = cumulative[index - 1]! + weights[row * categories + index]!;
    }
    const sum = cumulative[last]!;
    for (let index = 0; index < last; index++) cumulative[index] = cumulative[index]! / sum;
    cumulative[last] = 1;
    for (let sample = 0; sample < samples; sample++) {
      result[row * samples + sample] = firstAtLeast(cumulative, generator.uniform53());
    }
  }
}

function firstAtLeast(ascending: FloatArray, bound: number): number {
  let first = 0;
  let end = ascending.length;
  while (first < end) {
    const middle = (first + end) >>> 1;
    if (ascending[middle]! < bound) first = middle + 1;
    else end = middle;
  }
  return first;
}
