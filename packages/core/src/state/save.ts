import { ChimeraError } from '../errors.ts';
import { StateDict } from '../nn/state-dict.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { CheckpointKey, CheckpointValue } from './checkpoint-value.ts';
import { isStoredTensor } from './checkpoint-value.ts';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';
import { readStateFile, writeStateFile } from './file.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';
import { StateFileError } from './state-file-error.ts';
import type { StoredTensor } from './stored-tensor.ts';
import { loadTensor, storeTensor } from './tensor-bytes.ts';

/** What can be saved: tensors and plain data, nested in maps, plain objects and arrays. */
export type Savable =
  | Tensor
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly Savable[]
  | ReadonlyMap<string | number, unknown>
  | { readonly [name: string]: unknown };

/**
 * A flat dict of tensors as the bytes of a safetensors file. (Python: `safetensors.torch.save`)
 *
 * @throws ChimeraError if a value is not a tensor.
 */
export async function encodeState(
  state: ReadonlyMap<string, unknown> | Readonly<Record<string, unknown>>,
  metadata?: Record<string, string>,
): Promise<Uint8Array> {
  const entries = state instanceof Map ? [...(state as ReadonlyMap<string, unknown>)] : Object.entries(state);
  for (const [name, value] of entries)
    if (!(value instanceof Tensor))
      throw new ChimeraError(
        `"${name}" is not a tensor: a safetensors file holds a flat dict of tensors. Use the .pt format for nested data.`,
      );
  const stored = await Promise.all(
    entries.map(async ([name, value]): Promise<[string, StoredTensor]> => [name, await storeTensor(value as Tensor)]),
  );
  return encodeSafetensors(new Map(stored), metadata);
}

/** The bytes of a safetensors file as a state dict. (Python: `safetensors.torch.load`) */
export function decodeState(bytes: Uint8Array): StateDict {
  const state = new StateDict();
  for (const [name, stored] of decodeSafetensors(bytes).tensors) state.set(name, loadTensor(name, stored));
  return state;
}

/** Nested data with tensors as the bytes of a PyTorch checkpoint, which `torch.load` reads. (PyTorch: `torch.save` to a buffer) */
export async function encodeCheckpointOf(value: Savable): Promise<Uint8Array> {
  return encodeCheckpoint(await toCheckpoint(value));
}

async function toCheckpoint(value: unknown): Promise<CheckpointValue> {
  if (value instanceof Tensor) return storeTensor(value);
  if (value === null || value === undefined) return null;
  if (
    typeof value === 'boolean' ||
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    typeof value === 'string' ||
    value instanceof Uint8Array
  )
    return value;
  if (Array.isArray(value)) {
    const list = await Promise.all(value.map(toCheckpoint));
    return Object.isFrozen(value) ? Object.freeze(list) : list;
  }
  if (typeof value === 'object') {
    const entries = value instanceof Map ? [...value] : Object.entries(value);
    const stored = await Promise.all(
      entries.map(async ([key, entry]): Promise<[CheckpointKey, CheckpointValue]> => [
        key as CheckpointKey,
        await toCheckpoint(entry),
      ]),
    );
    return new Map(stored);
  }
  throw new TypeError(`save: cannot store a ${typeof value}`);
}

/** The bytes of a PyTorch checkpoint: dicts as maps (with tensors only: a StateDict), lists as arrays. (PyTorch: `torch.load`) */
// Only the caller knows what a file holds.
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
export function decodeCheckpointOf<Content = StateDict>(bytes: Uint8Array): Content {
  return fromCheckpoint(decodeCheckpoint(bytes), '') as Content;
}

function fromCheckpoint(value: CheckpointValue, path: string): unknown {
  if (isStoredTensor(value)) return loadTensor(path, value);
  if (Array.isArray(value)) return value.map((element: CheckpointValue, i) => fromCheckpoint(element, `${path}[${i}]`));
  if (value instanceof Map) {
    const entries = [...value].map(([key, entry]): [CheckpointKey, unknown] => [
      key,
      fromCheckpoint(entry, path === '' ? String(key) : `${path}.${String(key)}`),
    ]);
    const isState =
      entries.length > 0 && entries.every(([key, entry]) => typeof key === 'string' && entry instanceof Tensor);
    return isState ? new StateDict(entries as [string, unknown][]) : new Map(entries);
  }
  return value;
}

/**
 * Saves state to a file, atomically: what was there stays until the new file is complete. `.safetensors` files take a
 * flat dict of tensors; any other name gives a PyTorch checkpoint, which may be nested: `save({ model:
 * net.stateDict(), optimizer: optimizer.stateDict() }, 'last.pt')`. (PyTorch: `torch.save`, arguments in its order)
 */
export async function save(value: Savable, path: string): Promise<void> {
  if (typeof path !== 'string' || path === '') throw new TypeError('save: expected a path as the second argument');
  if (!path.endsWith('.safetensors')) return writeStateFile(path, await encodeCheckpointOf(value));
  if (
    value === null ||
    typeof value !== 'object' ||
    value instanceof Tensor ||
    Array.isArray(value) ||
    value instanceof Uint8Array
  )
    throw new TypeError('save: a .safetensors file holds a dict of tensors, for example net.stateDict()');
  return writeStateFile(path, await encodeState(value as Readonly<Record<string, unknown>>));
}

/**
 * Loads what `save`, `torch.save` or safetensors wrote; the format is recognised by the content. Tensors lie on the
 * host and go to a model's device with `loadStateDict`. Nothing in a file is executed. `Content` is what the file is known to hold: a
 * dict of tensors, unless another type is given; dicts are maps. (PyTorch: `torch.load`)
 *
 * ```ts
 * net.loadStateDict(await load('mlp.safetensors'));
 * const last = await load<Map<'model' | 'optimizer', nn.StateDict>>('last.pt');
 * ```
 */
export async function load<Content = StateDict>(path: string): Promise<Content> {
  return decode<Content>(await readStateFile(path));
}

/** As `load`, from bytes. */
// Only the caller knows what a file holds.
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
export function decode<Content = StateDict>(bytes: Uint8Array): Content {
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  // A pickle by itself: PyTorch's format before 1.6, or Python's own. A safetensors header may have such a length, but begins with a brace.
  if (bytes[0] === 0x80 && bytes[1]! >= 2 && bytes[1]! <= 5 && bytes[8] !== 0x7b)
    throw new StateFileError(
      'load: this file is a bare pickle, as torch.save wrote it before PyTorch 1.6 or with _use_new_zipfile_serialization=False. Load and save it once more with a PyTorch of today.',
    );
  return isZip ? decodeCheckpointOf<Content>(bytes) : (decodeState(bytes) as Content);
}

/** Loads a state dict: as `load`, and throws if the file holds anything else. */
export async function loadStateFile(path: string): Promise<StateDict> {
  const value = await load<unknown>(path);
  if (value instanceof StateDict) return value;
  throw new ChimeraError(`${path} does not hold a dict of tensors; use load() and take the part that does`);
}
