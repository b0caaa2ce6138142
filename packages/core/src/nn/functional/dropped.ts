import { recorder as b } from '../../graph/node.ts';
import type { Value } from '../../graph/value.ts';
import { fillDropout } from '../../random/bernoulli.ts';
import { defaultGenerator } from '../../random/default-generator.ts';
import { noise } from '../../tensor/noise.ts';

/** Dropout inside a layer, on nodes: PyTorch's stream. */
export function dropped(x: Value, p: number, training: boolean): Value {
  if (!training || p === 0) return x;
  return b.mul(
    x,
    noise(x.dtype, x.shape, (out, precision) => fillDropout(defaultGenerator(), out, p, precision)),
  );
}
