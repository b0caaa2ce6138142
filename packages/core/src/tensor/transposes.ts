import { ShapeError } from '../errors.ts';
import { recorder as b } from '../graph/node.ts';
import { fresh } from './movement.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

function lastTwo(name: 'mT' | 'mH', { node }: Tensor): Tensor {
  const rank = node.shape.length;
  if (rank < 2)
    throw new ShapeError(`tensor.${name} is only supported on matrices or batches of matrices. Got ${rank}-D tensor.`);
  return wrap(b.transpose(node));
}

/** Transposes that are read as properties of a tensor. */
export const transposes = {
  T: ({ node }: Tensor): Tensor =>
    wrap(
      fresh(
        b.permute(
          node,
          node.shape.map((_, i) => node.shape.length - 1 - i),
        ),
        node,
      ),
    ),
  mT: (x: Tensor): Tensor => lastTwo('mT', x),
  H: ({ node }: Tensor): Tensor => {
    const rank = node.shape.length;
    if (rank !== 0 && rank !== 2)
      throw new ShapeError(
        `tensor.H is only supported on matrices (2-D tensors). Got ${rank}-D tensor. For batches of matrices, consider using tensor.mH`,
      );
    return wrap(rank === 0 ? fresh(node, node) : b.transpose(node));
  },
  mH: (x: Tensor): Tensor => lastTwo('mH', x),
} as const;
