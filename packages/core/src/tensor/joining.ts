import { ShapeError } from '../errors.ts';
import { recorder as b } from '../graph/node.ts';
import { broadcastShapes, normalizeDim, sameShape, sizeOf } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { option } from './integers.ts';
import { multiDot } from './linalg.ts';
import { fresh, insertAxis } from './movement.ts';
import type { AlongOptions } from './split.ts';
import { concatValues, listOf, promoteAll, requireTensors } from './tensor-list.ts';
import type { TensorList } from './tensor-list.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

/** Tensors one after another along a dimension; they meet in one dtype. (PyTorch: `torch.cat`) */
export function cat(tensors: readonly Tensor[], dim: number | AlongOptions = 0): Tensor {
  const nodes = requireTensors('cat', tensors);
  if (nodes.length === 0) throw new ShapeError('torch.cat(): expected a non-empty list of Tensors');
  return wrap(fresh(concatValues(promoteAll(nodes), option(dim, 'dim', 0)), ...nodes));
}

/** As `cat`. (PyTorch: `torch.concat`) */
export function concat(tensors: readonly Tensor[], dim: number | AlongOptions = 0): Tensor {
  return cat(tensors, dim);
}

/** As `cat`. (PyTorch: `torch.concatenate`) */
export function concatenate(tensors: readonly Tensor[], dim: number | AlongOptions = 0): Tensor {
  return cat(tensors, dim);
}

/** Tensors of one shape along a new dimension. (PyTorch: `torch.stack`) */
export function stack(tensors: readonly Tensor[], dim: number | AlongOptions = 0): Tensor {
  const nodes = requireTensors('stack', tensors);
  const [first] = nodes;
  if (first === undefined) throw new ShapeError('stack expects a non-empty TensorList');
  for (const [i, { shape }] of nodes.entries())
    if (!sameShape(shape, first.shape))
      throw new ShapeError(
        `stack expects each tensor to be equal size, but got [${first.shape.join(', ')}] at entry 0 and [${shape.join(', ')}] at entry ${i}`,
      );
  const axis = normalizeDim(option(dim, 'dim', 0), first.shape.length + 1, 'stack');
  return wrap(
    b.concat(
      promoteAll(nodes).map((value) => insertAxis(value, axis)),
      axis,
    ),
  );
}

/** Side by side: along columns, vectors along their elements. (PyTorch: `torch.hstack`) */
export function hstack(tensors: readonly Tensor[]): Tensor {
  const values = atLeast('hstack', tensors, 1);
  return wrap(fresh(concatValues(values, values[0]!.shape.length === 1 ? 0 : 1), ...values));
}

/** On top of one another: along rows, vectors as rows. (PyTorch: `torch.vstack`) */
export function vstack(tensors: readonly Tensor[]): Tensor {
  const values = atLeast('vstack', tensors, 2);
  return wrap(fresh(concatValues(values, 0), ...values));
}

/** As `vstack`. (PyTorch: `torch.row_stack`) */
export function rowStack(tensors: readonly Tensor[]): Tensor {
  return vstack(tensors);
}

/** One behind another: along the third dimension. (PyTorch: `torch.dstack`) */
export function dstack(tensors: readonly Tensor[]): Tensor {
  const values = atLeast('dstack', tensors, 3);
  return wrap(fresh(concatValues(values, 2), ...values));
}

/** Side by side, vectors as columns. (PyTorch: `torch.column_stack`) */
export function columnStack(tensors: readonly Tensor[]): Tensor {
  const values = atLeast('columnStack', tensors, 0).map((value) =>
    value.shape.length <= 1 ? b.reshape(value, [sizeOf(value.shape), 1]) : value,
  );
  return wrap(fresh(concatValues(values, 1), ...values));
}

function atLeast(name: string, tensors: readonly Tensor[], rank: number): Value[] {
  const nodes = requireTensors(name, tensors);
  if (nodes.length === 0) throw new ShapeError(`${name} expects a non-empty TensorList`);
  return promoteAll(nodes).map((value) => {
    const { shape } = value;
    if (shape.length >= rank) return value;
    if (rank === 1) return b.reshape(value, [1]);
    if (rank === 2) return b.reshape(value, [1, sizeOf(shape)]);
    return b.reshape(value, shape.length === 2 ? [...shape, 1] : [1, sizeOf(shape), 1]);
  });
}

/** The product of matrices in the cheapest order. (PyTorch: `torch.chain_matmul`) */
export function chainMatmul(...matrices: TensorList): Tensor {
  const list = listOf(matrices);
  for (const { shape } of list)
    if (shape.length !== 2) throw new ShapeError(`Tensor dimension is ${shape.length}, expected 2 instead.`);
  return multiDot(list);
}

/** All of them expanded to the shape in which they meet. (PyTorch: `torch.broadcast_tensors`) */
export function broadcastTensors(...tensors: TensorList): Tensor[] {
  const nodes = requireTensors('broadcastTensors', listOf(tensors));
  let shape = nodes[0]?.shape ?? [];
  for (const node of nodes) shape = broadcastShapes(shape, node.shape, 'broadcastTensors');
  return nodes.map((node) => wrap(fresh(b.broadcastTo(node, shape), node)));
}

/** Matrices along the diagonal of one matrix, zeros elsewhere. (PyTorch: `torch.block_diag`) */
export function blockDiag(...tensors: TensorList): Tensor {
  const nodes = requireTensors('blockDiag', listOf(tensors));
  const values = promoteAll(nodes).map((value, i) => {
    if (value.shape.length > 2)
      throw new ShapeError(
        `torch.block_diag: Input tensors must have 2 or fewer dimensions. Input ${i} has ${value.shape.length} dimensions`,
      );
    return value.shape.length === 2 ? value : b.reshape(value, [1, sizeOf(value.shape)]);
  });
  const width = values.reduce((sum, { shape }) => sum + shape[1]!, 0);
  let start = 0;
  const rows = values.map((value) => {
    start += value.shape[1]!;
    return b.pad(value, [0, start - value.shape[1]!], [0, width - start]);
  });
  return wrap(fresh(b.concat(rows, 0), ...nodes));
}
