
import { recorder as b } from '../graph/node.ts';
import { normalizeDim, normalizeDims, sizeOf } from '../graph/shape.ts';
import { requireFloatingNode, requireTensor } from './operand.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

export interface KeepdimOptions {
  /** Keep reduced dimensions with size 1. Default false. */
  keepdim?: boolean;
}

/** One dimension, several, or all of them (`null`). */
export type Dims = number | readonly number[] | null;

/** Sum over dimensions; booleans are counted. (PyTorch: `torch.sum`) */
export function sum(x: Tensor, dim: Dims = null, { keepdim = false }: KeepdimOptions = {}): Tensor {
  const node = requireTensor('sum', x);
  const numeric = node.dtype === 'bool' ? b.cast(node, 'int32') : node;
  return wrap(b.reduceSum(numeric, normalizeDims(dim, node.shape.length, 'sum'), keepdim));
}

/** Mean over dimensions, of floating point tensors. (PyTorch: `torch.mean`) */
export function mean(x: Tensor, dim: Dims = null, { keepdim = false }: KeepdimOptions = {}): Tensor {
  const node = requireFloatingNode('mean', requireTensor('mean', x));
  const axes = normalizeDims(dim, node.shape.length, 'mean');
  const count = sizeOf(axes.map((axis) => node.shape[axis]!));
  return wrap(b.div(b.reduceSum(node, axes, keepdim), b.like(node, count)));
}

/** Index of the first maximum along a dimension, or of the flattened tensor. int32. (PyTorch: `torch.argmax`) */
export function argmax(x: Tensor, dim: number | null = null, { keepdim = false }: KeepdimOptions = {}): Tensor {
  const node = requireTensor('argmax', x);
  if (dim === null) {
    const flat = b.argMax(b.reshape(node, [sizeOf(node.shape)]), 0);
    return wrap(keepdim ? b.reshape(flat, node.shape.map(() => 1)) : flat);
  }
  const axis = normalizeDim(dim, node.shape.length, 'argmax');
  if (node.shape.length === 0) return wrap(b.scalar(0, 'int32'));
  const index = b.argMax(node, axis);
  return wrap(keepdim ? b.restoreAxes(index, node.shape, [axis]) : index);
}

