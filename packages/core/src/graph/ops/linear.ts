import { ShapeError } from '../../errors.ts';
import { primitive } from '../operation.ts';
import { broadcastShapes, formatShape } from '../shape.ts';
import { requireFloating, requireSame } from './elementwise.ts';

export const linear = {
  // y = A B (A, B after their flags); dA = g B^T, dB = A^T g
  matmul: primitive<{ readonly transposeA: boolean; readonly transposeB: boolean }>({
    doc: 'matrix product over the last two axes; leading axes broadcast',
    arity: 2,
    infer: ([a, b], { transposeA, transposeB }) => {
      requireSame('matmul', a!, b!);
      requireFloating('matmul', a!);
      const left = a!.shape;
      const right = b!.shape;
      if (left.length < 2 || right.length < 2)
        throw new ShapeError(`matmul: expected matrices, got shapes [${left.join(', ')}] and [${right.join(', ')}]`);
      const [m, k] = transposeA ? [left.at(-1)!, left.at(-2)!] : [left.at(-2)!, left.at(-1)!];
      const [k2, n] = transposeB ? [right.at(-1)!, right.at(-2)!] : [right.at(-2)!, right.at(-1)!];
      if (k !== k2)
        throw new ShapeError(
          `mat1 and mat2 shapes cannot be multiplied (${formatShape([m, k])} and ${formatShape([k2, n])})`,
        );
      return { dtype: a!.dtype, shape: [...broadcastShapes(left.slice(0, -2), right.slice(0, -2), 'matmul'), m, n] };
    },
    vjp: (b, g, { inputs: [x, y], attributes: { transposeA, transposeB }, needs }) => [
      needs[0]
        ? transposeA
          ? b.matmul(y!, g, { transposeA: transposeB, transposeB: true })
          : b.matmul(g, y!, { transposeB: !transposeB })
        : null,
      needs[1]
        ? transposeB
          ? b.matmul(g, x!, { transposeA: true, transposeB: transposeA })
          : b.matmul(x!, g, { transposeA: !transposeA })
        : null,
    ],
  }),
} as const;
