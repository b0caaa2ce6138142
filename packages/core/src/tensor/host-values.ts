import { Storage, storageOf } from '../device/storage.ts';
import { ShapeError } from '../errors.ts';
import { hostToNumbers } from '../graph/dtype.ts';
import type { DType, HostArray } from '../graph/dtype.ts';
import { numbersToHost } from '../graph/dtype.ts';
import { Node } from '../graph/node.ts';
import type { Shape } from '../graph/shape.ts';

/** The elements of a node whose value lies on the host, without computing anything; otherwise `null`. */
export function hostNumbers(node: Node): Float32Array | Float64Array | Int32Array | Uint8Array | null {
  const host = storageOf(node)?.host ?? null;
  return host === null ? null : hostToNumbers(host, node.dtype);
}

/** A table made by the library for the operation that uses it; it goes wherever that operation is computed. */
export function hostTable(data: HostArray, shape: Shape, dtype: DType): Node {
  return Node.leaf(dtype, shape, new Storage(data, true), null);
}

const fixedTables = new WeakSet<object>();

/** Marks a table that follows from shapes and attributes alone: a recording of the operation may keep it. */
export function fixed(table: Node): Node {
  fixedTables.add(table.storage!);
  return table;
}

/** Whether `fixed` has marked a storage. */
export function isFixed(storage: object): boolean {
  return fixedTables.has(storage);
}

/** A table of indices. */
export function indexTable(values: ArrayLike<number>, shape: Shape): Node {
  return hostTable(values instanceof Int32Array ? values : Int32Array.from(values), shape, 'int32');
}

/** A table of numbers rounded to a dtype. */
export function numberTable(values: ArrayLike<number>, shape: Shape, dtype: DType): Node {
  return hostTable(numbersToHost(values, dtype), shape, dtype);
}

/** Throws PyTorch's IndexError text if indices that are known on the host leave `lowest..size-1`. */
export function checkIndices(indices: Node, size: number, dim: number, lowest = 0): void {
  const known = hostNumbers(indices);
  if (known === null) return;
  for (const value of known)
    if (value < lowest || value >= size)
      throw new ShapeError(`index ${value} is out of bounds for dimension ${dim} with size ${size}`);
}
