import { ShapeError } from '../../errors.ts';
import { recorder as b } from '../../graph/node.ts';
import { sizeOf } from '../../graph/shape.ts';
import { requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';

/** y_k = x1^T W_k x2 + bias_k; x1 [..., in1], x2 [..., in2], W [out, in1, in2]. (PyTorch: `F.bilinear`) */
export function bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  const [x1, x2, w] = [input1, input2, weight].map((x) => requireTensor('bilinear', x)) as [
    Tensor['node'],
    Tensor['node'],
    Tensor['node'],
  ];
  if (x1.shape.length !== x2.shape.length)
    throw new ShapeError(`bilinear(): input dimensions do not match: got ${x1.shape.length} and ${x2.shape.length}`);
  const leading = x1.shape.slice(0, -1);
  for (const [i, extent] of leading.entries())
    if (extent !== x2.shape[i])
      throw new ShapeError(
        `bilinear(): input batch dimensions do not match at dim ${i}: got ${extent} and ${x2.shape[i]}`,
      );
  const [out, in1, in2] = w.shape as [number, number, number];
  if (x1.shape.at(-1) !== in1)
    throw new ShapeError(
      `bilinear(): input1 size does not match weight size: got ${x1.shape.at(-1)} but expected ${in1}`,
    );
  if (x2.shape.at(-1) !== in2)
    throw new ShapeError(
      `bilinear(): input2 size does not match weight size: got ${x2.shape.at(-1)} but expected ${in2}`,
    );
  if (bias !== null && (bias.ndim !== 1 || bias.shape[0] !== out))
    throw new ShapeError(`bilinear(): bias size does not match weight size: got ${bias.shape[0]} but expected ${out}`);
  const rows = sizeOf(leading);
  // All W_k x2 at once, then the product with x1.
  const right = b.reshape(b.matmul(b.reshape(x2, [rows, in2]), b.reshape(w, [out * in1, in2]), { transposeB: true }), [
    rows,
    out,
    in1,
  ]);
  const sums = b.reduceSum(b.mul(right, b.reshape(x1, [rows, 1, in1])), [2]);
  return wrap(b.reshape(bias === null ? sums : b.add(sums, requireTensor('bilinear', bias)), [...leading, out]));
}
