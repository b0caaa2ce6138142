import { composite } from '../operation.ts';
import { broadcastShapes } from '../shape.ts';
import type { NoAttributes, Value } from '../value.ts';
import { requireFloating, requireSame } from './elementwise.ts';

export const losses = {
  // f(x, y) = -(y ln x + (1 - y) ln(1 - x)); f_x = (x - y)/(x (1 - x)), f_y = ln(1 - x) - ln x
  binaryCrossEntropy: composite<NoAttributes>({
    doc: '-(b ln a + (1 - b) ln(1 - a)), with logarithms of at least -100',
    arity: 2,
    infer: ([x, y]) => {
      requireSame('binary_cross_entropy', x!, y!);
      requireFloating('binary_cross_entropy', x!);
      return { dtype: x!.dtype, shape: broadcastShapes(x!.shape, y!.shape, 'binary_cross_entropy') };
    },
    vjp: (b, g, { inputs: [x, y], needs }): (Value | null)[] => {
      const one = b.like(x!, 1);
      return [
        // The denominator is bounded below, as PyTorch does it: gradients at 0 and 1 are large, not infinite.
        needs[0]
          ? b.div(
              b.mul(g, b.sub(x!, y!)),
              b.maximum(b.mul(b.sub(one, x!), x!), b.like(x!, x!.dtype === 'float16' ? 6e-8 : 1e-12)),
            )
          : null,
        needs[1] ? b.mul(g, b.sub(b.emit('log1p', [b.neg(x!)], {}), b.log(x!))) : null,
      ];
    },
    expand: (b, [x, y]): Value => {
      const least = b.like(x!, -100);
      const yes = b.maximum(b.log(x!), least);
      const no = b.maximum(b.emit('log1p', [b.neg(x!)], {}), least);
      return b.neg(b.add(b.mul(y!, yes), b.mul(b.sub(b.like(y!, 1), y!), no)));
    },
  }),
} as const;
