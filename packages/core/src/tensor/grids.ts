import { DTypeError, ShapeError } from '../errors.ts';
import { recorder as b } from '../graph/node.ts';
import { sizeOf } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { finish } from './creation-options.ts';
import type { TensorOptions } from './creation-options.ts';
import { fixed, indexTable } from './host-values.ts';
import { integers, requireInteger } from './integers.ts';
import { column, fresh } from './movement.ts';
import { requireTensor } from './operand.ts';
import { listOf, promoteAll, requireTensors } from './tensor-list.ts';
import type { TensorList } from './tensor-list.ts';
import { Tensor, wrap } from './tensor.ts';

export interface MeshgridOptions {
  /** `'ij'`: result [n1, n2, ...]; `'xy'`: the first two swapped. Default `'ij'`. */
  indexing?: 'ij' | 'xy';
}

/** The coordinates of a grid: vectors v1, v2, ... expanded to [n1, n2, ...]. (PyTorch: `torch.meshgrid`) */
export function meshgrid(...args: readonly (Tensor | readonly Tensor[] | MeshgridOptions)[]): Tensor[] {
  const last = args.at(-1);
  const hasOptions = last !== undefined && !(last instanceof Tensor) && !Array.isArray(last);
  const { indexing = 'ij' } = hasOptions ? (last as MeshgridOptions) : {};
  const nodes = requireTensors('meshgrid', listOf((hasOptions ? args.slice(0, -1) : args) as TensorList));
  if (nodes.length === 0) throw new ShapeError('meshgrid expects a non-empty TensorList');
  if (indexing !== 'ij' && indexing !== 'xy')
    throw new TypeError(`torch.meshgrid: indexing must be one of "xy" or "ij", but received: ${String(indexing)}`);
  for (const { shape, dtype } of nodes) {
    if (shape.length > 1)
      throw new ShapeError(
        `torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got: [${shape.join(', ')}]`,
      );
    if (dtype !== nodes[0]!.dtype) throw new DTypeError('torch.meshgrid expects all tensors to have the same dtype');
  }
  const place = (i: number): number => (indexing === 'xy' && i < 2 && nodes.length >= 2 ? 1 - i : i);
  const shape = nodes.map((_, i) => sizeOf(nodes[place(i)]!.shape));
  return nodes.map((node, i) => wrap(fresh(b.broadcastTo(column(node, place(i), nodes.length), shape), node)));
}

/** All combinations of one element from each vector, in order, as rows. (PyTorch: `torch.cartesian_prod`) */
export function cartesianProd(...tensors: TensorList): Tensor {
  const nodes = requireTensors('cartesianProd', listOf(tensors));
  for (const { shape } of nodes)
    if (shape.length !== 1) throw new ShapeError(`Expect a 1D vector, but got shape [${shape.join(', ')}]`);
  if (nodes.length === 1) return wrap(fresh(nodes[0]!, nodes[0]!));
  if (nodes.some(({ dtype }) => dtype !== nodes[0]!.dtype))
    throw new DTypeError('meshgrid expects all tensors to have the same dtype');
  const shape = nodes.map((node) => node.shape[0]!);
  const columns = promoteAll(nodes).map((value, i) =>
    b.reshape(b.broadcastTo(column(value, i, shape.length), shape), [sizeOf(shape), 1]),
  );
  return wrap(b.concat(columns, 1));
}

export interface CombinationsOptions {
  /** Elements per combination. Default 2. */
  r?: number;
  /** Whether an element may be taken again. Default false. */
  withReplacement?: boolean;
}

/** All combinations of `r` elements of a vector, in order, as rows. (PyTorch: `torch.combinations`) */
export function combinations(x: Tensor, options: CombinationsOptions | number = {}, replacement = false): Tensor {
  const node = requireTensor('combinations', x);
  const { r = 2, withReplacement = false } =
    typeof options === 'number' ? { r: options, withReplacement: replacement } : options;
  if (node.shape.length !== 1) throw new ShapeError(`Expect a 1D vector, but got shape [${node.shape.join(', ')}]`);
  if (requireInteger('combinations', r) < 0) throw new ShapeError(`Expect a non-negative number, but got ${r}`);
  let rows: number[][] = [[]];
  for (let k = 0; k < r; k++)
    rows = rows.flatMap((row) => {
      const from = row.length === 0 ? 0 : row.at(-1)! + (withReplacement ? 0 : 1);
      return Array.from({ length: Math.max(node.shape[0]! - from, 0) }, (_, i) => [...row, from + i]);
    });
  if (r === 0) return wrap(b.narrow(node, 0, 0, 0));
  return wrap(b.gather(node, fixed(indexTable(rows.flat(), [rows.length, r])), 0));
}

export interface TriangleIndicesOptions extends TensorOptions {
  /** 0: the main diagonal; above it positive, below it negative. Default 0. */
  offset?: number;
}

/** Rows and columns of the elements of a lower triangle, in row-major order: [2, n]. (PyTorch: `torch.tril_indices`) */
export function trilIndices(
  row: number,
  col: number,
  offset: number | TriangleIndicesOptions = 0,
  options: TriangleIndicesOptions = {},
): Tensor {
  return triangleIndices('trilIndices', row, col, offset, options, (i, j, k) => j <= i + k);
}

/** Rows and columns of the elements of an upper triangle, in row-major order: [2, n]. (PyTorch: `torch.triu_indices`) */
export function triuIndices(
  row: number,
  col: number,
  offset: number | TriangleIndicesOptions = 0,
  options: TriangleIndicesOptions = {},
): Tensor {
  return triangleIndices('triuIndices', row, col, offset, options, (i, j, k) => j >= i + k);
}

function triangleIndices(
  name: string,
  row: number,
  col: number,
  offset: number | TriangleIndicesOptions,
  options: TriangleIndicesOptions,
  inside: (i: number, j: number, k: number) => boolean,
): Tensor {
  const given = typeof offset === 'number' ? { ...options, offset } : offset;
  const k = requireInteger(name, given.offset ?? 0);
  for (const n of [row, col])
    if (requireInteger(name, n) < 0) throw new ShapeError(`row and col must be non-negative, got ${row} and ${col}`);
  const rows: number[] = [];
  const columns: number[] = [];
  for (let i = 0; i < row; i++)
    for (let j = 0; j < col; j++)
      if (inside(i, j, k)) {
        rows.push(i);
        columns.push(j);
      }
  return finish([...rows, ...columns], [2, rows.length], given.dtype ?? 'int32', given);
}

/** Flat positions in a shape as one tensor of indices per dimension. int32. (PyTorch: `torch.unravel_index`) */
export function unravelIndex(indices: Tensor, shape: readonly number[]): Tensor[] {
  const node = requireTensor('unravelIndex', indices);
  const sizes = integers('unravelIndex', [shape]);
  if (node.dtype !== 'int32')
    throw new DTypeError(`unravel_index: Expected indices to be integer tensor, got ${node.dtype}`);
  for (const n of sizes)
    if (n < 0) throw new ShapeError(`unravel_index: shape cannot have negative values, but got [${sizes.join(', ')}]`);
  let rest: Value = node;
  const out: Value[] = [];
  for (const n of sizes.toReversed()) {
    const extent = b.scalar(n, 'int32');
    const quotient = b.emit('integerDiv', [rest, extent], {});
    out.unshift(b.sub(rest, b.mul(quotient, extent)));
    rest = quotient;
  }
  return out.map(wrap);
}

export interface VanderOptions {
  /** The number of columns. Default: the number of elements. */
  N?: number | null;
  /** Powers from 0 upwards instead of down to 0. Default false. */
  increasing?: boolean;
}

/** Powers of the elements of a vector as columns: [n, N]. (PyTorch: `torch.vander`) */
export function vander(x: Tensor, columns: number | null | VanderOptions = null, increasing = false): Tensor {
  const node = requireTensor('vander', x);
  if (node.shape.length !== 1) throw new ShapeError('x must be a one-dimensional tensor.');
  const given = typeof columns === 'object' && columns !== null ? columns : { N: columns, increasing };
  const count = given.N ?? node.shape[0]!;
  if (requireInteger('vander', count) < 0) throw new ShapeError('N must be non-negative.');
  const base = b.reshape(node, [node.shape[0]!, 1]);
  const powers: Value[] = [];
  for (let k = 0; k < count; k++)
    powers.push(k === 0 ? b.fullLike(base, 1) : k === 1 ? base : b.mul(powers[k - 1]!, base));
  if (count === 0) return wrap(b.narrow(base, 1, 0, 0));
  return wrap(fresh(b.concat(given.increasing ? powers : powers.toReversed(), 1), base, node));
}
