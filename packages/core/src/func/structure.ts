import { GraphError } from '../errors.ts';
import { Tensor } from '../tensor/tensor.ts';

/** Arrays, maps and plain objects with tensors somewhere inside, as PyTorch's pytrees. */
function isRecord(value: unknown): value is Record<string, unknown> {
  if (value === null || typeof value !== 'object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The same structure with every tensor replaced. */
export function mapStructure(value: unknown, change: (tensor: Tensor) => unknown): unknown {
  if (value instanceof Tensor) return change(value);
  if (Array.isArray(value)) return value.map((element) => mapStructure(element, change));
  if (value instanceof Map) return new Map([...value].map(([key, element]) => [key, mapStructure(element, change)]));
  if (isRecord(value))
    return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, mapStructure(element, change)]));
  return value;
}

/** The tensors of a structure, in order. */
export function tensorsOf(value: unknown): Tensor[] {
  const found: Tensor[] = [];
  mapStructure(value, (tensor) => found.push(tensor));
  return found;
}

/** The same structure with other tensors in the places of its own, in order. */
export function withTensors<T>(structure: T, tensors: readonly unknown[]): T {
  let position = 0;
  return mapStructure(structure, () => tensors[position++]) as T;
}

/** Throws if a result is a promise: what is transformed must be recorded at once. */
export function requireRecorded(operation: string, result: unknown): void {
  if (result instanceof Promise)
    throw new GraphError(
      `${operation}: the function must be synchronous. Values cannot be read inside of what is differentiated.`,
    );
}
