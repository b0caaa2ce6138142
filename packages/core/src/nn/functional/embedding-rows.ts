import { noGrad } from '../../autograd/mode.ts';
import { ChimeraError, DTypeError } from '../../errors.ts';
import type { Builder } from '../../graph/builder.ts';
import type { Node } from '../../graph/node.ts';
import { recorder as b } from '../../graph/node.ts';
import type { DerivativeContext } from '../../graph/operation.ts';
import { sizeOf } from '../../graph/shape.ts';
import type { Value } from '../../graph/value.ts';
import { hostNumbers } from '../../tensor/host-values.ts';
import { requireTensor } from '../../tensor/operand.ts';
import { normOver } from '../../tensor/statistics.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** Refuses sparse gradients: there are none. */
export function refuseSparse(name: string, sparse: boolean): void {
  if (sparse) throw new ChimeraError(`${name}: gradients are dense here; leave sparse at false`);
}

/** The node of an index tensor. */
export function requireIndices(name: string, input: Tensor): Node {
  const node = requireTensor(name, input);
  if (node.dtype !== 'int32')
    throw new DTypeError(
      `Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got ${node.dtype} instead (while checking arguments for ${name})`,
    );
  return node;
}

/** Throws PyTorch's text if indices that are known on the host are out of range. */
export function checkRange(indices: Node, rows: number): void {
  if (hostNumbers(indices)?.some((value) => value < 0 || value >= rows))
    throw new ChimeraError('index out of range in self');
}

/** A padding index from 0. */
export function resolvePadding(index: number, rows: number): number {
  if (index >= rows || index < -rows) throw new ChimeraError('Padding_idx must be within num_embeddings');
  return index < 0 ? index + rows : index;
}

/** How often each row is looked up: [rows]. */
function countRows(builder: Builder, indices: Value, rows: number, like: Value): Value {
  const count = sizeOf(indices.shape);
  return builder.scatterAdd(builder.full([count], 1, like.dtype), builder.reshape(indices, [count]), 0, rows);
}

/** Rows at indices; the gradient leaves out the padding row, and may be divided by how often a row was looked up. */
export function lookUp(weight: Node, indices: Value, padding: number | null, isScaled: boolean): Value {
  const rows = weight.shape[0]!;
  const found = b.gather(weight, indices, 0);
  if (padding === null && !isScaled) return found;
  (found as Node).rule = (builder: Builder, g: Value, { inputs: [source, at] }: DerivativeContext<unknown>) => {
    const columns = [...at!.shape, 1];
    let cotangent = g;
    if (padding !== null)
      cotangent = builder.select(
        builder.reshape(builder.eq(at!, builder.scalar(padding, 'int32')), columns),
        builder.like(g, 0),
        cotangent,
      );
    if (isScaled)
      cotangent = builder.div(
        cotangent,
        builder.reshape(builder.gather(countRows(builder, at!, rows, g), at!, 0), columns),
      );
    return [builder.scatterAdd(cotangent, at!, 0, source!.shape[0]!), null];
  };
  return found;
}

/** Scales the rows at indices whose norm is above a bound to it, in place. */
export function renormalize(weight: Tensor, indices: Value, maxNorm: number, normType: number): void {
  noGrad(() => {
    const { node } = weight;
    const [rows] = node.shape as [number, number];
    const norms = normOver(node, normType, [1], true);
    const isUsed = b.reshape(b.gt(countRows(b, indices, rows, node), b.like(node, 0)), [rows, 1]);
    const bound = b.like(node, maxNorm);
    const scaled = b.mul(node, b.div(bound, b.add(norms, b.like(node, 1e-7))));
    weight.assignValue(b.select(b.and(isUsed, b.gt(norms, bound)), scaled, node) as Node);
  });
}
