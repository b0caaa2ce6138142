import { StateFileError } from './state-file-error.ts';

/** Bytes that one element of each dtype takes in a file. The names are those of safetensors. */
const ELEMENT_BYTES = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const;

/** A dtype that state files hold, under its safetensors name. `BOOL` takes a byte per element, 0 or 1. */
export type StoredDType = keyof typeof ELEMENT_BYTES;

/** A tensor as a state file holds it. */
export interface StoredTensor {
  dtype: StoredDType;
  /** Sizes per dimension; `[]` is a scalar. */
  shape: number[];
  /** Elements, row-major and contiguous, each little-endian. Not necessarily aligned to the element size. */
  data: Uint8Array;
}

export function isStoredDType(name: unknown): name is StoredDType {
  return typeof name === 'string' && Object.hasOwn(ELEMENT_BYTES, name);
}

export function elementBytes(dtype: StoredDType): number {
  return ELEMENT_BYTES[dtype];
}

/** Number of elements of `shape`, or `undefined` where a size or the product is not an exact non-negative integer. */
export function elementCount(shape: readonly number[]): number | undefined {
  let count = 1;
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || size < 0) return undefined;
    count *= size;
    if (!Number.isSafeInteger(count)) return undefined;
  }
  return count;
}

/** Throws {@link StateFileError} unless `tensor` is complete and its bytes are exactly those its dtype and shape need. */
export function assertStoredTensor(tensor: StoredTensor, name: string): void {
  const { dtype, shape, data } = tensor;
  if (!isStoredDType(dtype)) {
    throw new StateFileError(
      `${name}: dtype ${JSON.stringify(dtype)} cannot be stored; use one of ${Object.keys(ELEMENT_BYTES).join(', ')}`,
    );
  }
  if (!Array.isArray(shape)) throw new StateFileError(`${name}: shape must be an array of sizes`);
  const count = elementCount(shape);
  if (count === undefined) {
    throw new StateFileError(
      `${name}: shape [${shape.join(', ')}] must hold non-negative integers with an exact product`,
    );
  }
  if (!(data instanceof Uint8Array)) throw new StateFileError(`${name}: data must be a Uint8Array`);
  const needed = count * elementBytes(dtype);
  if (data.length !== needed) {
    throw new StateFileError(
      `${name}: ${dtype} of shape [${shape.join(', ')}] needs ${needed} bytes but data has ${data.length}`,
    );
  }
}

/** Throws `TypeError` unless `bytes` are the content of a file. */
export function assertBytes(bytes: unknown, operation: string): void {
  if (bytes instanceof Uint8Array) return;
  const found =
    bytes === null ? 'null' : typeof bytes === 'object' ? (bytes.constructor?.name ?? 'an object') : typeof bytes;
  throw new TypeError(
    `${operation}: expected a Uint8Array, found ${found}; wrap an ArrayBuffer as new Uint8Array(buffer)`,
  );
}
