import { composite } from '../operation.ts';
import type { NoAttributes, Value } from '../value.ts';
import { requireFloating } from './elementwise.ts';

export const activations = {
  // f(x) = ln(1 + e^x); f'(x) = sigmoid x
  softplus: composite<NoAttributes>({
    doc: 'ln(1 + e^x)',
    arity: 1,
    infer: ([x]) => {
      requireFloating('softplus', x!);
      return { dtype: x!.dtype, shape: x!.shape };
    },
    vjp: (b, g, { inputs: [x] }): [Value] => [b.mul(g, b.sigmoid(x!))],
    // From e^-|x|, which cannot overflow.
    expand: (b, [x]): Value => b.add(b.maximum(x!, b.like(x!, 0)), b.emit('log1p', [b.exp(b.neg(b.abs(x!)))], {})),
  }),
} as const;
