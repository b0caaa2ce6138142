import { DTypeError, ShapeError } from '../errors.ts';
import type { Node } from '../graph/node.ts';
import { recorder as b } from '../graph/node.ts';
import { normalizeDim, sizeOf } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { checkIndices, hostNumbers, hostTable, indexTable } from './host-values.ts';
import { requireTensor } from './operand.ts';
import type { Index, IndexItem } from './subscript.ts';
import { Tensor } from './tensor.ts';

/** `x.at(0)`, `x.at(0, slice(1, null))` and `x.at([0, slice(1, null)])` alike. */
export function indexOf(items: readonly (IndexItem | Index)[]): Index {
  return items.length === 1 ? (items[0] as Index) : (items as readonly IndexItem[]);
}

/** An index whose masks have been read. */
export async function readMasks(index: Index): Promise<Index> {
  const items: readonly IndexItem[] = Array.isArray(index) ? (index as readonly IndexItem[]) : [index as IndexItem];
  const out: IndexItem[] = [];
  for (const item of items) {
    if (!(item instanceof Tensor) || item.dtype !== 'bool' || hostNumbers(item.node) !== null) out.push(item);
    else out.push(new Tensor(hostTable(await item.hostData(), item.shape, 'bool')));
  }
  return out;
}

/** An index tensor: int32. */
export function requireIndex(name: string, index: unknown): Node {
  const node = requireTensor(name, index);
  if (node.dtype !== 'int32')
    throw new DTypeError(`${name}(): Expected dtype int32/int64 for index, got ${node.dtype}`);
  return node;
}

/** Checks `x`, `index` for operations with one index per element; scalars count as vectors of one element. */
export function elementIndex(
  name: string,
  x: Node,
  index: Tensor,
  dim: number,
): { axis: number; indices: Value; source: Value; rank: number } {
  const raw = requireIndex(name, index);
  const axis = normalizeDim(dim, x.shape.length, name);
  const source = x.shape.length === 0 ? b.reshape(x, [1]) : x;
  const indices = raw.shape.length === 0 ? b.reshape(raw, [1]) : raw;
  if (indices.shape.length !== source.shape.length && sizeOf(indices.shape) > 0)
    throw new ShapeError('Index tensor must have the same number of dimensions as input tensor');
  checkIndices(raw, source.shape[axis]!, axis);
  return { axis, indices, source, rank: raw.shape.length };
}

/** Positions in a flattened tensor, negative ones made definite. */
export function flatPositions(indices: Node, size: number): Value {
  const known = hostNumbers(indices);
  if (known === null)
    return b.select(b.lt(indices, b.scalar(0, 'int32')), b.add(indices, b.scalar(size, 'int32')), indices);
  for (const value of known)
    if (value < -size || value >= size)
      throw new ShapeError(`out of range: tried to access index ${value} on a tensor of ${size} elements.`);
  return known.every((value) => value >= 0)
    ? indices
    : indexTable(
        Int32Array.from(known, (value) => (value < 0 ? value + size : value)),
        indices.shape,
      );
}

/** A mask: bool. */
export function requireMask(name: string, mask: unknown): Node {
  const node = requireTensor(name, mask);
  if (node.dtype !== 'bool') throw new DTypeError(`${name}: expected BoolTensor for mask, got ${node.dtype}`);
  return node;
}
