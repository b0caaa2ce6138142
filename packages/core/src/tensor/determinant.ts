import { recorder as b } from '../graph/node.ts';
import { scoped } from '../graph/scope.ts';
import * as linalg from './linalg.ts';
import type { NamedResults } from './named-results.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

/** The determinant of a square matrix, or of each of a batch. (PyTorch: `torch.det`) */
export function det(x: Tensor): Tensor {
  return linalg.det(x);
}

/** Sign and logarithm of the magnitude of the determinant. (PyTorch: `torch.slogdet`) */
export function slogdet(x: Tensor): NamedResults<{ readonly sign: Tensor; readonly logabsdet: Tensor }> {
  return linalg.slogdet(x);
}

/** The logarithm of the determinant; NaN where it is negative. (PyTorch: `torch.logdet`) */
export function logdet(x: Tensor): Tensor {
  const { sign, logabsdet } = scoped(() => linalg.slogdet(x));
  return wrap(b.select(b.lt(sign.node, b.like(sign.node, 0)), b.like(sign.node, Number.NaN), logabsdet.node));
}

/** The inverse of a square matrix, or of each of a batch. (PyTorch: `torch.inverse`) */
export function inverse(x: Tensor): Tensor {
  return linalg.inv(x);
}
