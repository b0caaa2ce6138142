import { DTypeError, ShapeError } from '../../errors.ts';
import { recorder as b } from '../../graph/node.ts';
import { formatShape, sizeOf } from '../../graph/shape.ts';
import { requireTensor } from '../../tensor/operand.ts';
import { torchNames } from '../../tensor/overwrite.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';

/** y = x W^T + bias; x [..., in], W [out, in], bias [out]. (PyTorch: `F.linear`) */
export function linear(x: Tensor, weight: Tensor, ...options: Trailing<{ bias?: Tensor | null }, ['bias']>): Tensor {
  const { bias = null } = readTrailing<{ bias?: Tensor | null }>('linear', options, ['bias']);
  const input = requireTensor('linear', x);
  const w = requireTensor('linear', weight);
  const features = w.shape.at(-1)!;
  const rows = sizeOf(input.shape.slice(0, -1));
  if (input.shape.at(-1) !== features)
    throw new ShapeError(
      `mat1 and mat2 shapes cannot be multiplied (${formatShape([rows, input.shape.at(-1) ?? 1])} and ${formatShape([features, w.shape[0] ?? 1])})`,
    );
  if (input.dtype !== w.dtype)
    throw new DTypeError(
      `mat1 and mat2 must have the same dtype, but got ${torchNames[input.dtype]} and ${torchNames[w.dtype]}: convert the input of dtype ${input.dtype} with to('${w.dtype}')`,
    );
  if (w.shape.length === 1) {
    const dot = b.reduceSum(b.mul(input, w), [input.shape.length - 1]);
    return wrap(bias === null ? dot : b.add(dot, bias.node));
  }
  // One matrix product however many leading dimensions there are.
  const flat = b.matmul(b.reshape(input, [rows, features]), w, { transposeB: true });
  const sum = bias === null ? flat : b.add(flat, requireTensor('linear', bias));
  return wrap(b.reshape(sum, [...input.shape.slice(0, -1), w.shape[0]!]));
}
