import { ShapeError } from '../errors.ts';
import { recorder as b } from '../graph/node.ts';
import type { Shape } from '../graph/shape.ts';
import { normalizeDim, sizeOf } from '../graph/shape.ts';
import { requireTensor } from './operand.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

/** A shape with at most one -1 made definite. */
function resolveShape(name: string, shape: Shape, size: number): Shape {
  if (!Array.isArray(shape)) throw new TypeError(`${name}: expected a shape as an array, got ${typeof shape}`);
  const unknown = shape.indexOf(-1);
  for (const [i, extent] of shape.entries())
    if (!Number.isInteger(extent) || extent < -1 || (extent === -1 && i !== unknown))
      throw new ShapeError(extent === -1 ? `${name}: only one dimension can be inferred` : `${name}: invalid shape dimension ${extent}`);
  if (unknown < 0) {
    if (sizeOf(shape) !== size) throw new ShapeError(`shape '[${shape.join(', ')}]' is invalid for input of size ${size}`);
    return shape;
  }
  const rest = shape.reduce((product, extent, i) => (i === unknown ? product : product * extent), 1);
  if (rest === 0 || size % rest !== 0) throw new ShapeError(`shape '[${shape.join(', ')}]' is invalid for input of size ${size}`);
  return shape.map((extent, i) => (i === unknown ? size / rest : extent));
}

/** The same elements in another shape; one size may be -1. (PyTorch: `torch.reshape`) */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const node = requireTensor('reshape', x);
  return wrap(b.reshape(node, resolveShape('reshape', shape, sizeOf(node.shape))));
}

/** As `reshape`: recorded tensors have no strides. (PyTorch: `Tensor.view`) */
export function view(x: Tensor, shape: Shape): Tensor {
  const node = requireTensor('view', x);
  return wrap(b.reshape(node, resolveShape('view', shape, sizeOf(node.shape))));
}

/** Dimensions `startDim` to `endDim` as one. (PyTorch: `torch.flatten`) */
export function flatten(x: Tensor, startDim = 0, endDim = -1): Tensor {
  const node = requireTensor('flatten', x);
  const start = normalizeDim(startDim, node.shape.length, 'flatten');
  const end = normalizeDim(endDim, node.shape.length, 'flatten');
  if (start > end) throw new ShapeError('flatten() has invalid args: start_dim cannot come after end_dim');
  const { shape } = node;
  return wrap(b.reshape(node, [...shape.slice(0, start), sizeOf(shape.slice(start, end + 1)), ...shape.slice(end + 1)]));
}

/** Two dimensions swapped. (PyTorch: `torch.transpose`) */
export function transpose(x: Tensor, dim0: number, dim1: number): Tensor {
  return wrap(b.transpose(requireTensor('transpose', x), dim0, dim1));
}

/** A matrix transposed; vectors and scalars unchanged. (PyTorch: `torch.t`) */
export function t(x: Tensor): Tensor {
  const node = requireTensor('t', x);
  if (node.shape.length > 2) throw new ShapeError(`t() expects a tensor with <= 2 dimensions, but self is ${node.shape.length}D`);
  return wrap(node.shape.length < 2 ? b.emit('reshape', [node], { shape: node.shape }) : b.transpose(node));
}
