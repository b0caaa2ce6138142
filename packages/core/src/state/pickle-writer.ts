import { isCheckpointKey, isPlainObject, MAX_DEPTH } from './checkpoint-value.ts';
import type { CheckpointValue } from './checkpoint-value.ts';
import { StateFileError } from './state-file-error.ts';
import { assertStoredTensor, elementBytes } from './stored-tensor.ts';
import type { StoredTensor } from './stored-tensor.ts';
import { DTYPE_NAMES, STORAGE_NAMES } from './torch-names.ts';
import { encodeUtf8 } from './utf8.ts';

const opcode = {
  proto: 0x80,
  stop: 0x2e,
  none: 0x4e,
  newTrue: 0x88,
  newFalse: 0x89,
  binInt: 0x4a,
  binInt1: 0x4b,
  long1: 0x8a,
  binFloat: 0x47,
  binUnicode: 0x58,
  mark: 0x28,
  emptyTuple: 0x29,
  tuple: 0x74,
  emptyList: 0x5d,
  appends: 0x65,
  emptyDict: 0x7d,
  setItems: 0x75,
  longBinPut: 0x72,
  longBinGet: 0x6a,
  global: 0x63,
  reduce: 0x52,
  binPersId: 0x51,
} as const;

/** A pickle program, and the storages that its persistent ids "0", "1", ... stand for. */
export interface WrittenPickle {
  program: Uint8Array;
  storages: Uint8Array[];
}

/** Writes `root` as pickle protocol 2, the way `torch.save` does. */
export function writePickle(root: CheckpointValue): WrittenPickle {
  const storages: Uint8Array[] = [];
  const storageKeys = new Map<ArrayBufferLike, Map<string, number>>();
  const globals = new Map<string, number>();
  let bytes = new Uint8Array(1024);
  let length = 0;

  function emit(...values: number[]): void {
    emitBytes(values);
  }

  function emitBytes(values: ArrayLike<number>): void {
    if (length + values.length > bytes.length) {
      const grown = new Uint8Array(Math.max(bytes.length * 2, length + values.length));
      grown.set(bytes);
      bytes = grown;
    }
    bytes.set(values, length);
    length += values.length;
  }

  function emitUint32(value: number): void {
    emit(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24);
  }

  function integer(value: number | bigint): void {
    if (value >= 0 && value <= 0xff) return emit(opcode.binInt1, Number(value));
    if (value >= -(2 ** 31) && value < 2 ** 31) {
      emit(opcode.binInt);
      return emitUint32(Number(value) >>> 0);
    }
    const wide = BigInt(value);
    let width = 1;
    while (BigInt.asIntN(width * 8, wide) !== wide) width += 1;
    if (width > 0xff) throw new StateFileError('checkpoint: an integer of more than 255 bytes cannot be written');
    emit(opcode.long1, width);
    for (let index = 0; index < width; index += 1) emit(Number((wide >> BigInt(index * 8)) & 0xffn));
  }

  function float(value: number): void {
    const encoded = new Uint8Array(8);
    new DataView(encoded.buffer).setFloat64(0, value, false);
    emit(opcode.binFloat);
    emitBytes(encoded);
  }

  function string(value: string): void {
    if (!value.isWellFormed())
      throw new StateFileError(`checkpoint: ${JSON.stringify(value)} is not valid Unicode text`);
    const encoded = encodeUtf8(value);
    emit(opcode.binUnicode);
    emitUint32(encoded.length);
    emitBytes(encoded);
  }

  function global(module: string, name: string): void {
    const full = `${module}\n${name}\n`;
    const known = globals.get(full);
    if (known !== undefined) {
      emit(opcode.longBinGet);
      return emitUint32(known);
    }
    emit(opcode.global);
    emitBytes(encodeUtf8(full));
    emit(opcode.longBinPut);
    emitUint32(globals.size);
    globals.set(full, globals.size);
  }

  function call(module: string, name: string, args: () => void): void {
    global(module, name);
    emit(opcode.mark);
    args();
    emit(opcode.tuple, opcode.reduce);
  }

  function integers(values: readonly number[]): void {
    emit(opcode.mark);
    for (const value of values) integer(value);
    emit(opcode.tuple);
  }

  /** Tensors over the same bytes get one storage, which is how PyTorch keeps tied weights tied. */
  function storageKey({ data, dtype }: StoredTensor): number {
    let keys = storageKeys.get(data.buffer);
    if (keys === undefined) storageKeys.set(data.buffer, (keys = new Map()));
    const extent = `${dtype} ${data.byteOffset} ${data.length}`;
    const known = data.length === 0 ? undefined : keys.get(extent);
    if (known !== undefined) return known;
    keys.set(extent, storages.length);
    return storages.push(data) - 1;
  }

  function tensor(value: StoredTensor): void {
    assertStoredTensor(value, 'checkpoint: a tensor');
    const { dtype, shape, data } = value;
    let stride = 1;
    const strides = shape.toReversed().map((size) => {
      const own = stride;
      stride *= Math.max(size, 1);
      return own;
    });
    call('torch._utils', '_rebuild_tensor_v2', () => {
      emit(opcode.mark);
      string('storage');
      global('torch', STORAGE_NAMES.get(dtype)!);
      string(String(storageKey(value)));
      string('cpu');
      integer(data.length / elementBytes(dtype));
      emit(opcode.tuple, opcode.binPersId, opcode.binInt1, 0);
      integers(shape);
      integers(strides.toReversed());
      emit(opcode.newFalse);
      call('collections', 'OrderedDict', () => undefined);
    });
  }

  function plainObject(value: Extract<CheckpointValue, { torch: string } | StoredTensor>): void {
    if ('data' in value) return tensor(value);
    switch (value.torch) {
      case 'size':
        return call('torch', 'Size', () => integers(value.dims));
      case 'device': {
        const [type = '', index] = value.device.split(':');
        return call('torch', 'device', () => {
          string(type);
          if (index !== undefined) integer(Number(index));
        });
      }
      case 'dtype':
        if (!DTYPE_NAMES.has(value.dtype))
          throw new StateFileError(`checkpoint: torch has no dtype ${JSON.stringify(value.dtype)}`);
        return global('torch', value.dtype);
      default:
        throw new StateFileError(
          "checkpoint: an object that is neither a tensor nor one of torch's descriptions cannot be written; use a Map for a dict",
        );
    }
  }

  function write(value: CheckpointValue, depth: number): void {
    if (depth > MAX_DEPTH)
      throw new StateFileError(`checkpoint: containers are nested more than ${MAX_DEPTH} deep, or hold themselves`);
    if (value === null) return emit(opcode.none);
    if (typeof value === 'boolean') return emit(value ? opcode.newTrue : opcode.newFalse);
    if (typeof value === 'string') return string(value);
    if (typeof value === 'bigint') return integer(value);
    if (typeof value === 'number')
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? integer(value) : float(value);
    if (value instanceof Uint8Array) {
      return call('_codecs', 'encode', () => {
        string(latin1(value));
        string('latin1');
      });
    }
    if (value instanceof Set) {
      return call('__builtin__', 'set', () => write([...value], depth + 1));
    }
    if (value instanceof Map) {
      emit(opcode.emptyDict, opcode.mark);
      for (const [name, item] of value) {
        if (!isCheckpointKey(name))
          throw new StateFileError('checkpoint: keys must be text, numbers, booleans or null');
        write(name, depth + 1);
        write(item, depth + 1);
      }
      return emit(opcode.setItems);
    }
    if (isPlainObject(value)) return plainObject(value);
    if (!Array.isArray(value))
      throw new StateFileError(`checkpoint: a value of type ${typeof value} cannot be written`);
    const isTuple = Object.isFrozen(value);
    if (!isTuple) emit(opcode.emptyList);
    emit(opcode.mark);
    for (const item of value as readonly CheckpointValue[]) write(item, depth + 1);
    emit(isTuple ? opcode.tuple : opcode.appends);
  }

  emit(opcode.proto, 2);
  write(root, 0);
  emit(opcode.stop);
  return { program: bytes.slice(0, length), storages };
}

function latin1(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let start = 0; start < bytes.length; start += 8192)
    parts.push(String.fromCharCode(...bytes.subarray(start, start + 8192)));
  return parts.join('');
}
