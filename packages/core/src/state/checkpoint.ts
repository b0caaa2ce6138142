import { readArchive, writeArchive } from './checkpoint-archive.ts';
import { isCheckpointKey, isPlainObject, MAX_DEPTH } from './checkpoint-value.ts';
import type { CheckpointKey, CheckpointValue } from './checkpoint-value.ts';
import { PickleTuple, readPickle } from './pickle-reader.ts';
import type { PickleGlobal, PickleHost } from './pickle-reader.ts';
import { writePickle } from './pickle-writer.ts';
import { quoted, StateFileError } from './state-file-error.ts';
import { assertBytes, elementBytes } from './stored-tensor.ts';
import type { StoredDType } from './stored-tensor.ts';
import { contiguous } from './strided.ts';
import { DTYPE_NAMES, STORAGE_DTYPES } from './torch-names.ts';
import { encodeUtf8 } from './utf8.ts';

/** More dimensions than any tensor in use has. */
const MAX_RANK = 64;
/** The newest archive version that PyTorch writes. */
const MAX_VERSION = 10;

export interface DecodeCheckpointOptions {
  /**
   * Most bytes that may be copied to make tensors contiguous, and for byte strings and sets. A tensor that was saved
   * expanded takes little room in the file and any amount here. Default: four times the file, plus 16 MiB.
   */
  maxCopiedBytes?: number;
}

class StorageType {
  readonly dtype: StoredDType;

  constructor(dtype: StoredDType) {
    this.dtype = dtype;
  }
}

class Storage {
  readonly dtype: StoredDType;
  readonly data: Uint8Array;

  constructor(dtype: StoredDType, data: Uint8Array) {
    this.dtype = dtype;
    this.data = data;
  }
}

class Callable {
  readonly name: string;
  readonly call: (args: readonly unknown[]) => unknown;

  constructor(name: string, call: (args: readonly unknown[]) => unknown) {
    this.name = name;
    this.call = call;
  }
}

/**
 * Reads a file that PyTorch's `torch.save` wrote (the zip format, PyTorch 1.6 and later).
 *
 * Pickle is a programming language; here it can build tensors and plain data and nothing else, and no name in the
 * file is looked up in the running program. Tensors come out contiguous; those that shared a storage are views of
 * the same bytes where they were contiguous already. Attributes of an `OrderedDict`, which `state_dict()` uses for
 * `_metadata`, are dropped, as are a tensor's device and `requires_grad`.
 *
 * Answers to `torch.load(path, map_location='cpu', weights_only=True)`.
 *
 * @throws StateFileError for a damaged file, and, by its full name, for anything else that the file wants to build
 */
export function decodeCheckpoint(bytes: Uint8Array, options: DecodeCheckpointOptions = {}): CheckpointValue {
  assertBytes(bytes, 'decodeCheckpoint');
  const records = readArchive(bytes);
  const program = records.get('data.pkl') ?? new Uint8Array();
  assertVersion(text(records.get('version')));
  const maxCopiedBytes = options.maxCopiedBytes ?? bytes.length * 4 + 16 * 2 ** 20;
  const builder = checkpointBuilder(records, isBigEndian(records), maxCopiedBytes);
  try {
    return settle(readPickle(program, builder), program.length);
  } catch (error) {
    // The language's own limits: a Map of 2^24 entries, memory.
    if (error instanceof RangeError)
      throw new StateFileError(`checkpoint: it holds too much: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Short text records are ASCII; anything longer is not what it should be. */
function text(record: Uint8Array | undefined): string | undefined {
  return record === undefined ? undefined : String.fromCharCode(...record.subarray(0, 16)).trim();
}

function assertVersion(version: string | undefined): void {
  if (version !== undefined && !(/^[0-9]+$/.test(version) && Number(version) <= MAX_VERSION)) {
    throw new StateFileError(
      `checkpoint: the archive has version ${JSON.stringify(version)}, versions up to ${MAX_VERSION} are read`,
    );
  }
}

/** PyTorch before 2.1 wrote no byte order and ran on little-endian machines. */
function isBigEndian(records: ReadonlyMap<string, Uint8Array>): boolean {
  const order = text(records.get('byteorder')) ?? 'little';
  if (order !== 'little' && order !== 'big')
    throw new StateFileError(`checkpoint: unknown byte order ${JSON.stringify(order)}`);
  return order === 'big';
}

function checkpointBuilder(
  records: ReadonlyMap<string, Uint8Array>,
  bigEndian: boolean,
  maxCopiedBytes: number,
): PickleHost {
  const storages = new Map<string, Storage>();
  const orderedDicts = new WeakSet<object>();
  let copied = 0;

  /** Counts what is made in addition to the records: a pickle can ask for the same copy over and over. */
  function reserve(amount: number): void {
    copied += amount;
    if (copied > maxCopiedBytes) {
      throw new StateFileError(
        `checkpoint: more than ${maxCopiedBytes} bytes would be copied to make its tensors contiguous; raise maxCopiedBytes if the file is trusted, or save it with .contiguous()`,
      );
    }
  }

  function tensor(name: string, [storage, offset, size, strides, , , metadata]: readonly unknown[]): CheckpointValue {
    if (!(storage instanceof Storage)) throw new StateFileError(`checkpoint: ${name} without a storage`);
    if (metadata !== undefined && metadata !== null && !(metadata instanceof Map && metadata.size === 0)) {
      throw new StateFileError(
        `checkpoint: ${name} with metadata (a lazy conjugate or negative), which is not read; save the tensor with .resolve_neg()`,
      );
    }
    if (typeof offset !== 'number') throw new StateFileError(`checkpoint: ${name} with an offset that is no number`);
    const window = {
      storage: storage.data,
      dtype: storage.dtype,
      offset,
      shape: sizes(name, size),
      strides: sizes(name, strides),
    };
    try {
      return contiguous(window, reserve);
    } catch (error) {
      throw error instanceof StateFileError ? new StateFileError(`checkpoint: ${error.message}`) : error;
    }
  }

  function expectArguments(name: string, args: readonly unknown[], ...counts: number[]): void {
    if (!counts.includes(args.length))
      throw new StateFileError(`checkpoint: ${name} called with ${args.length} arguments`);
  }

  function makeSet(name: string, args: readonly unknown[]): Set<CheckpointKey> {
    expectArguments(name, args, 0, 1);
    const [items = []] = args;
    if (!Array.isArray(items)) throw new StateFileError(`checkpoint: ${name} of something that is not a list`);
    reserve(items.length * 16);
    return new Set(items.map(key));
  }

  function bytesOf(name: string, args: readonly unknown[]): Uint8Array {
    expectArguments(name, args, 2);
    const [characters, encoding] = args;
    if (typeof characters !== 'string' || encoding !== 'latin1')
      throw new StateFileError(`checkpoint: ${name} of something other than latin1 text`);
    reserve(characters.length);
    const data = new Uint8Array(characters.length);
    for (let index = 0; index < data.length; index += 1) {
      const code = characters.charCodeAt(index);
      if (code > 0xff) throw new StateFileError(`checkpoint: ${name} of text that is not latin1`);
      data[index] = code;
    }
    return data;
  }

  function device(name: string, args: readonly unknown[]): CheckpointValue {
    expectArguments(name, args, 1, 2);
    const [type, index] = args;
    const kind = index === undefined ? /^[a-z_0-9]{1,32}(:(0|[1-9][0-9]{0,4}))?$/ : /^[a-z_0-9]{1,32}$/;
    if (typeof type !== 'string' || !kind.test(type))
      throw new StateFileError(`checkpoint: ${name} of an unknown kind`);
    if (index === undefined) return { torch: 'device', device: type };
    if (typeof index !== 'number' || !Number.isSafeInteger(index) || index < 0)
      throw new StateFileError(`checkpoint: ${name} with an index that is no integer`);
    return { torch: 'device', device: `${type}:${index}` };
  }

  const callables = new Map<string, Callable>();
  function allow(names: readonly string[], call: (name: string, args: readonly unknown[]) => unknown): void {
    for (const name of names) callables.set(name, new Callable(name, (args) => call(name, args)));
  }
  allow(['collections.OrderedDict'], (name, args) => {
    expectArguments(name, args, 0);
    const dict = new Map();
    orderedDicts.add(dict);
    return dict;
  });
  // What MultiStepLR keeps its milestones in.
  allow(['collections.Counter'], (name, args) => {
    expectArguments(name, args, 0, 1);
    const [counts = new Map()] = args;
    if (!(counts instanceof Map)) throw new StateFileError(`checkpoint: ${name} of something that is not a dict`);
    return counts;
  });
  allow(['torch._utils._rebuild_tensor_v2'], (name, args) => {
    expectArguments(name, args, 6, 7);
    return tensor(name, args);
  });
  allow(['torch._utils._rebuild_tensor'], (name, args) => {
    expectArguments(name, args, 4);
    return tensor(name, args);
  });
  allow(['torch._utils._rebuild_parameter'], (name, args) => {
    expectArguments(name, args, 3);
    const [data] = args;
    if (!isPlainObject(data) || !('data' in data))
      throw new StateFileError(`checkpoint: ${name} of something that is not a tensor`);
    return data;
  });
  allow(['torch.Size'], (name, args) => {
    expectArguments(name, args, 0, 1);
    return { torch: 'size', dims: args.length === 0 ? [] : sizes(name, args[0]) };
  });
  allow(['torch.device'], device);
  allow(['__builtin__.set', 'builtins.set'], makeSet);
  allow(['_codecs.encode'], bytesOf);
  allow(['__builtin__.bytes', 'builtins.bytes'], (name, args) => {
    expectArguments(name, args, 0);
    return new Uint8Array();
  });

  return {
    global(name) {
      const callable = callables.get(String(name));
      if (callable !== undefined) return callable;
      if (name.module === 'torch' || name.module === 'torch.cuda') {
        const dtype = STORAGE_DTYPES.get(name.name);
        if (dtype !== undefined) return new StorageType(dtype);
      }
      if (name.module === 'torch' && DTYPE_NAMES.has(name.name)) return { torch: 'dtype', dtype: name.name };
      throw refused(name);
    },

    persistent(id) {
      const [kind, type, recordKey, , count] = id instanceof PickleTuple ? id.items : [];
      if (
        kind !== 'storage' ||
        !(type instanceof StorageType) ||
        typeof recordKey !== 'string' ||
        typeof count !== 'number'
      ) {
        throw new StateFileError('checkpoint: a reference to something that is not a storage');
      }
      const label = `storage ${quoted(recordKey)}`;
      const { dtype } = type;
      const cacheKey = `${dtype} ${recordKey}`;
      let storage = storages.get(cacheKey);
      if (storage === undefined) {
        const data = records.get(`data/${recordKey}`);
        if (data === undefined) throw new StateFileError(`checkpoint: ${label} is not in the archive`);
        storage = new Storage(dtype, bigEndian ? littleEndian(data, elementBytes(dtype)) : data);
        storages.set(cacheKey, storage);
      }
      const needed = count * elementBytes(dtype);
      if (storage.data.length !== needed) {
        throw new StateFileError(
          `checkpoint: ${label} of ${count} ${dtype} needs ${needed} bytes but its record has ${storage.data.length}`,
        );
      }
      return storage;
    },

    call(callable, args) {
      if (!(callable instanceof Callable))
        throw new StateFileError('checkpoint: a call of something that is not a function');
      return callable.call(args);
    },

    build(target, state) {
      if (!(target instanceof Map) || !orderedDicts.has(target) || !(state instanceof Map)) {
        throw new StateFileError('checkpoint: attributes for something that is not an OrderedDict');
      }
    },

    key,
  };
}

function key(value: unknown): CheckpointKey {
  if (!isCheckpointKey(value))
    throw new StateFileError(
      'checkpoint: a key of a dict or member of a set that is not text, a number, a bool or None',
    );
  return value;
}

function sizes(name: string, value: unknown): number[] {
  let items: readonly unknown[] | undefined;
  if (value instanceof PickleTuple) items = value.items;
  else if (isPlainObject(value) && 'dims' in value) items = value.dims;
  if (items === undefined || items.length > MAX_RANK)
    throw new StateFileError(`checkpoint: ${name} needs a tuple of at most ${MAX_RANK} sizes`);
  return items.map((item) => {
    if (typeof item !== 'number' || !Number.isSafeInteger(item) || item < 0) {
      throw new StateFileError(`checkpoint: ${name} with a size or stride that is not a non-negative integer`);
    }
    return item;
  });
}

function refused(name: PickleGlobal): StateFileError {
  const full = quoted(String(name));
  if (name.module.startsWith('torch') && name.name.endsWith('Storage')) {
    return new StateFileError(
      `checkpoint: ${full} holds a dtype that Chimera does not read; convert the tensor before saving it`,
    );
  }
  return new StateFileError(
    `checkpoint: the file wants ${full}, which is refused: only tensors and plain data are read. Save model.state_dict() rather than the model`,
  );
}

function littleEndian(data: Uint8Array, width: number): Uint8Array {
  const swapped = Uint8Array.from(data);
  for (let start = 0; start + width <= swapped.length; start += width) swapped.subarray(start, start + width).reverse();
  return swapped;
}

interface Settled {
  value: CheckpointValue;
  /** Values underneath, each counted as often as it can be reached. */
  count: number;
  depth: number;
}

/**
 * Turns what the pickle built into values that are safe to walk: no loops, bounded depth, and no structure that is
 * small only because it refers to its parts over and over. Tuples become frozen arrays.
 */
function settle(root: unknown, programBytes: number): CheckpointValue {
  const maxCount = programBytes * 16 + 1_000_000;
  const settled = new Map<unknown, Settled>();
  const open = new Set<unknown>();
  const pending: {
    node: unknown[] | Map<CheckpointKey, unknown> | PickleTuple;
    children: Iterator<unknown>;
    count: number;
    depth: number;
  }[] = [];

  /** The settled form of `node`, or `undefined` after its container was entered. */
  function visit(node: unknown): Settled | undefined {
    if (!(Array.isArray(node) || node instanceof Map || node instanceof PickleTuple))
      return { value: leaf(node), count: 1, depth: 0 };
    const known = settled.get(node);
    if (known !== undefined) return known;
    if (open.has(node)) throw new StateFileError('checkpoint: a container holds itself');
    if (pending.length >= MAX_DEPTH)
      throw new StateFileError(`checkpoint: containers are nested more than ${MAX_DEPTH} deep`);
    open.add(node);
    const children = node instanceof PickleTuple ? node.items : node;
    pending.push({ node, children: children.values(), count: 1, depth: 0 });
    return undefined;
  }

  let result = visit(root);
  while (pending.length > 0) {
    const frame = pending.at(-1)!;
    if (result !== undefined) {
      frame.count += result.count;
      frame.depth = Math.max(frame.depth, result.depth);
      if (frame.count > maxCount) throw new StateFileError('checkpoint: its containers repeat one another too often');
      if (frame.depth >= MAX_DEPTH)
        throw new StateFileError(`checkpoint: containers are nested more than ${MAX_DEPTH} deep`);
    }
    const next = frame.children.next();
    if (next.done !== true) {
      result = visit(next.value);
      continue;
    }
    const { node, count, depth } = frame;
    result = { value: container(node, (child) => settled.get(child)?.value ?? leaf(child)), count, depth: depth + 1 };
    settled.set(node, result);
    open.delete(node);
    pending.pop();
  }
  if (result === undefined) throw new StateFileError('checkpoint: it holds nothing');
  return result.value;
}

function container(
  node: unknown[] | Map<CheckpointKey, unknown> | PickleTuple,
  value: (child: unknown) => CheckpointValue,
): CheckpointValue {
  if (node instanceof PickleTuple) return Object.freeze(node.items.map(value));
  if (Array.isArray(node)) return node.map(value);
  return new Map([...node].map(([name, child]) => [name, value(child)]));
}

function leaf(value: unknown): CheckpointValue {
  if (isCheckpointKey(value) || value instanceof Uint8Array || value instanceof Set) return value;
  if (value instanceof Storage || value instanceof StorageType)
    throw new StateFileError('checkpoint: a storage on its own; save a tensor');
  if (value instanceof Callable) throw new StateFileError(`checkpoint: ${value.name} on its own is not a value`);
  if (isPlainObject(value)) return value;
  throw new StateFileError('checkpoint: a value of unknown kind');
}

/**
 * Writes nested values as a file that PyTorch's `torch.load(path, weights_only=True)` reads. The same input gives
 * the same bytes.
 *
 * `Map` becomes `dict`, arrays `list`, frozen arrays `tuple`. A number that is an integer becomes `int`, others
 * `float`. Tensors that are the same bytes share a storage, as tied weights do.
 *
 * Answers to `torch.save(value, path)`.
 *
 * @throws StateFileError for values that a checkpoint cannot hold, loops among them, and for more than 4 GiB
 */
export function encodeCheckpoint(value: CheckpointValue): Uint8Array {
  const { program, storages } = writePickle(value);
  const records = new Map<string, Uint8Array>();
  records.set('data.pkl', program);
  records.set('byteorder', encodeUtf8('little'));
  for (const [index, data] of storages.entries()) records.set(`data/${index}`, data);
  records.set('version', encodeUtf8('3\n'));
  return writeArchive(records);
}
