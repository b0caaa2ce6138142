import { DTypeError } from '../errors.ts';
import type { DType } from '../graph/dtype.ts';
import { isFloating } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { recorder as b } from '../graph/node.ts';
import type { Shape } from '../graph/shape.ts';
import { sizeOf } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import type { Generator } from '../random/generator.ts';
import { fillUniform } from '../random/uniform.ts';
import { filledHost } from './creation-options.ts';
import { hostNumbers, numberTable } from './host-values.ts';

/** Random numbers from the host for the operation that uses them. */
export function noise(
  dtype: DType,
  shape: Shape,
  fill: (out: Float32Array | Float64Array, precision?: 'float16') => ArrayLike<number>,
): Node {
  return numberTable(filledHost(dtype, sizeOf(shape), fill), shape, dtype);
}

/** Bernoulli samples of the probabilities in a node, in its dtype and without a gradient. */
export function bernoulliNode(probabilities: Node, generator: Generator): Value {
  if (!isFloating(probabilities.dtype))
    throw new DTypeError(`bernoulli: expected probabilities of a floating point dtype, got ${probabilities.dtype}`);
  for (const p of hostNumbers(probabilities) ?? [])
    if (!(p >= 0 && p <= 1)) throw new RangeError('Expected p_in >= 0 && p_in <= 1 to be true, but got false.');
  const uniform = noise(probabilities.dtype, probabilities.shape, (out) => fillUniform(generator, out));
  return b.mask(b.lt(uniform, probabilities), probabilities.dtype);
}
