import type { Generator } from './generator.ts';
import type { FloatArray, FloatPrecision } from './precision.ts';
import { fusedMultiplyAdd, precisionOf, rounder } from './precision.ts';

/** From this many elements on, PyTorch transforms the samples in blocks of this size. */
const BLOCK = 16;

/**
 * Fills `out` with samples of the normal distribution N(mean, std²).
 *
 * Below 16 elements every sample is made alone, in float64, and the second value of a Box-Muller pair waits in the
 * generator. From 16 on, blocks of 16 uniform samples become 16 normal ones, and if the size is no multiple
 * of 16, the last 16 elements are drawn anew. PyTorch: `Tensor.normal_`, `torch.randn`, on a contiguous tensor.
 *
 * @param mean default 0
 * @param std default 1
 * @throws RangeError if std is negative.
 */
export function fillNormal<Out extends FloatArray>(
  generator: Generator,
  out: Out,
  mean = 0,
  std = 1,
  precision?: FloatPrecision,
): Out {
  const target = precisionOf(out, precision);
  if (!(std >= 0)) throw new RangeError(`normal expects std >= 0.0, but found std ${std}`);
  const round = rounder(target);
  if (out.length < BLOCK) {
    for (let index = 0; index < out.length; index++) {
      out[index] = round(fusedMultiplyAdd(generator.standardNormal(), std, mean));
    }
    return out;
  }
  if (target === 'float64')
    fillBlocks(
      out,
      () => generator.uniform53(),
      (block) => transform64(block, mean, std),
    );
  else if (target === 'float32')
    fillBlocks(
      out,
      () => generator.uniform24(),
      (block) => transform32(block, mean, std),
    );
  else fillNarrowBlocks(generator, out, mean, std, round);
  return out;
}

/**
 * Fills `out` with samples whose mean and standard deviation are given per element (or as one number for all).
 *
 * PyTorch: `torch.normal(mean, std)` with a tensor for either; all operands already have `out`'s shape.
 *
 * @throws RangeError if an array's length differs from `out`'s or a standard deviation is negative.
 */
export function fillNormalFrom<Out extends FloatArray>(
  generator: Generator,
  out: Out,
  mean: ArrayLike<number> | number,
  std: ArrayLike<number> | number,
  precision?: FloatPrecision,
): Out {
  checkLength('mean', mean, out.length);
  checkLength('std', std, out.length);
  if (typeof std === 'number') {
    if (typeof mean === 'number') return fillNormal(generator, out, mean, std, precision);
    fillNormal(generator, out, 0, std, precision);
  } else {
    for (let index = 0; index < std.length; index++) {
      if (!(std[index]! >= 0)) throw new RangeError('normal expects all elements of std >= 0.0');
    }
    fillNormal(generator, out, 0, 1, precision);
  }
  // PyTorch scales and shifts in two separate operations, each rounded.
  const round = rounder(precisionOf(out, precision));
  for (let index = 0; index < out.length; index++) {
    const scaled = typeof std === 'number' ? out[index]! : round(out[index]! * std[index]!);
    out[index] = round(scaled + (typeof mean === 'number' ? round(mean) : mean[index]!));
  }
  return out;
}

function checkLength(name: string, values: ArrayLike<number> | number, length: number): void {
  if (typeof values !== 'number' && values.length !== length) {
    throw new RangeError(`normal expects ${length} values of ${name}, but found ${values.length}`);
  }
}

function fillBlocks(out: FloatArray, uniform: () => number, transform: (block: FloatArray) => void): void {
  const size = out.length;
  for (let index = 0; index < size; index++) out[index] = uniform();
  for (let start = 0; start + BLOCK <= size; start += BLOCK) transform(out.subarray(start, start + BLOCK));
  if (size % BLOCK !== 0) {
    const tail = out.subarray(size - BLOCK);
    for (let index = 0; index < BLOCK; index++) tail[index] = uniform();
    transform(tail);
  }
}

/** The narrow types are drawn a block at a time in float32, so that an incomplete block costs no draws of its own. */
function fillNarrowBlocks(
  generator: Generator,
  out: FloatArray,
  mean: number,
  std: number,
  round: (value: number) => number,
): void {
  const size = out.length;
  const block = new Float32Array(BLOCK);
  for (let start = 0; start < size; start += BLOCK) {
    const first = Math.min(start, size - BLOCK);
    for (let index = 0; index < BLOCK; index++) block[index] = generator.uniform24();
    transform32(block, mean, std);
    for (let index = 0; index < BLOCK; index++) out[first + index] = round(block[index]!);
  }
}

function transform64(block: FloatArray, mean: number, std: number): void {
  for (let index = 0; index < BLOCK / 2; index++) {
    const radius = Math.sqrt(-2 * Math.log(1 - block[index]!));
    const angle = 2 * Math.PI * block[index + BLOCK / 2]!;
    block[index] = fusedMultiplyAdd(radius * Math.cos(angle), std, mean);
    block[index + BLOCK / 2] = fusedMultiplyAdd(radius * Math.sin(angle), std, mean);
  }
}

const TWO_PI = Math.fround(2 * Math.PI);

function transform32(block: FloatArray, mean: number, std: number): void {
  const round = Math.fround;
  const scale = round(std);
  const shift = round(mean);
  for (let index = 0; index < BLOCK / 2; index++) {
    const radius = round(Math.sqrt(round(-2 * round(Math.log(1 - block[index]!)))));
    const angle = round(TWO_PI * block[index + BLOCK / 2]!);
    block[index] = round(radius * round(Math.cos(angle))) * scale + shift;
    block[index + BLOCK / 2] = round(radius * round(Math.sin(angle))) * scale + shift;
  }
}
