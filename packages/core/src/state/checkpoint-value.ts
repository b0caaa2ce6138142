import type { StoredTensor } from './stored-tensor.ts';

/** `torch.Size`. */
export interface CheckpointSize {
  torch: 'size';
  dims: number[];
}

/** `torch.device`, such as `cpu` or `cuda:1`. */
export interface CheckpointDevice {
  torch: 'device';
  device: string;
}

/** A dtype on its own, such as `float32` for `torch.float32`. */
export interface CheckpointDType {
  torch: 'dtype';
  dtype: string;
}

/** Keys of a `dict` and members of a `set`. */
export type CheckpointKey = string | number | bigint | boolean | null;

/**
 * What a PyTorch checkpoint is made of.
 *
 * | Python | here |
 * |---|---|
 * | `dict`, `OrderedDict`, `Counter` | `Map`, in order |
 * | `list` | array |
 * | `tuple` | frozen array |
 * | `set` | `Set` |
 * | `int` | `number`, or `bigint` outside of ±(2^53 - 1) |
 * | `float` | `number` |
 * | `bool`, `str`, `None`, `bytes` | `boolean`, `string`, `null`, `Uint8Array` |
 * | `Tensor`, `Parameter` | {@link StoredTensor} |
 * | `torch.Size`, `torch.device`, `torch.dtype` | {@link CheckpointSize}, {@link CheckpointDevice}, {@link CheckpointDType} |
 */
export type CheckpointValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | StoredTensor
  | CheckpointSize
  | CheckpointDevice
  | CheckpointDType
  | readonly CheckpointValue[]
  | Set<CheckpointKey>
  | Map<CheckpointKey, CheckpointValue>;

/** True for a tensor among the values of a checkpoint. */
export function isStoredTensor(value: CheckpointValue | undefined): value is StoredTensor {
  return isPlainObject(value) && 'data' in value;
}

/** True for what is neither a primitive nor a container: a tensor, or one of torch's small descriptions. */
export function isPlainObject(
  value: unknown,
): value is StoredTensor | CheckpointSize | CheckpointDevice | CheckpointDType {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Map) &&
    !(value instanceof Set) &&
    !(value instanceof Uint8Array)
  );
}

export function isCheckpointKey(value: unknown): value is CheckpointKey {
  return value === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
}

/** Nesting that the decoder returns and the encoder takes. State nests a few levels; code that walks it may recurse. */
export const MAX_DEPTH = 256;
