import type { StoredDType } from './stored-tensor.ts';

/** PyTorch's typed storages, by the names that checkpoints use for them. */
export const STORAGE_DTYPES: ReadonlyMap<string, StoredDType> = new Map<string, StoredDType>([
  ['DoubleStorage', 'F64'],
  ['FloatStorage', 'F32'],
  ['HalfStorage', 'F16'],
  ['BFloat16Storage', 'BF16'],
  ['LongStorage', 'I64'],
  ['IntStorage', 'I32'],
  ['ShortStorage', 'I16'],
  ['CharStorage', 'I8'],
  ['ByteStorage', 'U8'],
  ['BoolStorage', 'BOOL'],
]);

/** The storage class of each dtype. */
export const STORAGE_NAMES: ReadonlyMap<StoredDType, string> = new Map(
  [...STORAGE_DTYPES].map(([name, dtype]) => [dtype, name]),
);

/** Names of dtypes that a checkpoint may mention on their own; tensors are limited to the storages above. */
export const DTYPE_NAMES: ReadonlySet<string> = new Set([
  'float64',
  'float32',
  'float16',
  'bfloat16',
  'int64',
  'int32',
  'int16',
  'int8',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'bool',
  'complex32',
  'complex64',
  'complex128',
  'float8_e4m3fn',
  'float8_e4m3fnuz',
  'float8_e5m2',
  'float8_e5m2fnuz',
]);
