import { parseHeader } from './safetensors-header.ts';
import type { HeaderEntry } from './safetensors-header.ts';
import { quoted, StateFileError } from './state-file-error.ts';
import { assertBytes, assertStoredTensor, elementBytes, elementCount, isStoredDType } from './stored-tensor.ts';
import type { StoredTensor } from './stored-tensor.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

/** The limit of the format, which keeps a damaged length from being believed. */
const MAX_HEADER_BYTES = 100_000_000;
const LENGTH_BYTES = 8;

/** What a safetensors file holds. */
export interface SafetensorsContent {
  /** Tensors in the header's order. `data` are views of the file's bytes, not copies. */
  tensors: Map<string, StoredTensor>;
  /** The free text of `__metadata__`, empty where there is none. Has no prototype: any key is safe to look up. */
  metadata: Record<string, string>;
}

/**
 * Writes tensors as a safetensors file. The same input gives the same bytes.
 *
 * The header lists the tensors in the map's order and is padded with spaces to a multiple of 8 bytes. Tensors with
 * wider elements lie first in the data, so that every tensor is aligned to its element size.
 *
 * Answers to `safetensors.torch.save`.
 *
 * @throws StateFileError where a tensor is inconsistent, or a name cannot be written
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  for (const [name, tensor] of tensors) {
    if (name === '__metadata__')
      throw new StateFileError('safetensors: a tensor cannot be named "__metadata__", the format reserves it');
    assertStoredTensor(tensor, `safetensors: tensor ${quoted(name)}`);
  }

  const placed = [...tensors].sort(([, a], [, b]) => elementBytes(b.dtype) - elementBytes(a.dtype));
  const offsets = new Map<string, number>();
  let dataBytes = 0;
  for (const [name, { data }] of placed) {
    offsets.set(name, dataBytes);
    dataBytes += data.length;
  }

  const fields: string[] = [];
  const notes = Object.entries(metadata).map(([key, value]) => `${quote(key)}:${quote(value)}`);
  if (notes.length > 0) fields.push(`"__metadata__":{${notes.join(',')}}`);
  for (const [name, { dtype, shape, data }] of tensors) {
    const begin = offsets.get(name) ?? 0;
    fields.push(
      `${quote(name)}:{"dtype":"${dtype}","shape":[${shape.join(',')}],"data_offsets":[${begin},${begin + data.length}]}`,
    );
  }
  const header = encodeUtf8(`{${fields.join(',')}}`);
  const headerBytes = Math.ceil(header.length / 8) * 8;
  if (headerBytes > MAX_HEADER_BYTES) {
    throw new StateFileError(
      `safetensors: the header would take ${headerBytes} bytes, the format allows ${MAX_HEADER_BYTES}`,
    );
  }

  const file = new Uint8Array(LENGTH_BYTES + headerBytes + dataBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.set(header, LENGTH_BYTES);
  file.fill(0x20, LENGTH_BYTES + header.length, LENGTH_BYTES + headerBytes);
  let position = LENGTH_BYTES + headerBytes;
  for (const [, { data }] of placed) {
    file.set(data, position);
    position += data.length;
  }
  return file;
}

/** JSON.stringify would write a lone surrogate as an escape that other readers refuse. */
function quote(text: string): string {
  if (typeof text !== 'string') throw new StateFileError(`safetensors: metadata must be text, found ${typeof text}`);
  if (!text.isWellFormed()) throw new StateFileError(`safetensors: ${JSON.stringify(text)} is not valid Unicode text`);
  return JSON.stringify(text);
}

/**
 * Reads a safetensors file.
 *
 * Every rule of the format is checked before a tensor is returned: the header's length, its JSON (repeated keys
 * included), dtypes, sizes, and that the tensors cover the data exactly, without gaps or overlaps. Memory in
 * proportion to the header is allocated, none for the data.
 *
 * Answers to `safetensors.torch.load`.
 *
 * @throws StateFileError naming what is wrong and where
 */
export function decodeSafetensors(bytes: Uint8Array): SafetensorsContent {
  assertBytes(bytes, 'decodeSafetensors');
  if (bytes.length < LENGTH_BYTES) {
    throw new StateFileError(
      `safetensors: the file has ${bytes.length} bytes, too few for the header's length; it is truncated or of another format`,
    );
  }
  const declared = new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  if (declared > BigInt(MAX_HEADER_BYTES)) {
    throw new StateFileError(
      `safetensors: the header claims ${declared} bytes, the format allows ${MAX_HEADER_BYTES}; the file is damaged or of another format`,
    );
  }
  const dataStart = LENGTH_BYTES + Number(declared);
  if (dataStart > bytes.length) {
    throw new StateFileError(
      `safetensors: the header claims ${declared} bytes but only ${bytes.length - LENGTH_BYTES} follow; the file is truncated`,
    );
  }
  const text = decodeUtf8(bytes.subarray(LENGTH_BYTES, dataStart));
  if (text === undefined) throw new StateFileError('safetensors: the header is not valid UTF-8');

  const header = parseHeader(text);
  const data = bytes.subarray(dataStart);
  assertCovered(header.entries, data.length);

  const tensors = new Map<string, StoredTensor>();
  for (const [name, entry] of header.entries) tensors.set(name, storedTensor(name, entry, data));
  const metadata = Object.create(null) as Record<string, string>;
  for (const [key, value] of header.metadata) metadata[key] = value;
  return { tensors, metadata };
}

/** Sorted by offset, each tensor must begin where the one before ends, and the last must end with the file. */
function assertCovered(entries: ReadonlyMap<string, HeaderEntry>, dataBytes: number): void {
  const sorted = [...entries].sort(([, { dataOffsets: a }], [, { dataOffsets: b }]) => a[0] - b[0] || a[1] - b[1]);
  let end = 0;
  for (const [name, { dataOffsets }] of sorted) {
    const label = `tensor ${quoted(name)} at [${dataOffsets.join(', ')})`;
    if (dataOffsets[1] < dataOffsets[0]) throw new StateFileError(`safetensors: ${label} ends before it begins`);
    if (dataOffsets[0] > end)
      throw new StateFileError(
        `safetensors: ${label} leaves bytes ${end} to ${dataOffsets[0]} unused, the format allows no gaps`,
      );
    if (dataOffsets[0] < end) throw new StateFileError(`safetensors: ${label} overlaps the tensor that ends at ${end}`);
    end = dataOffsets[1];
    if (end > dataBytes)
      throw new StateFileError(
        `safetensors: ${label} reaches past the end of the data, which has ${dataBytes} bytes; the file is truncated`,
      );
  }
  if (end < dataBytes)
    throw new StateFileError(`safetensors: ${dataBytes - end} bytes at the end of the file belong to no tensor`);
}

function storedTensor(name: string, { dtype, shape, dataOffsets }: HeaderEntry, data: Uint8Array): StoredTensor {
  const label = `safetensors: tensor ${quoted(name)}`;
  if (!isStoredDType(dtype))
    throw new StateFileError(`${label} has dtype ${quoted(dtype)}, which Chimera does not read`);
  const count = elementCount(shape);
  const [begin, end] = dataOffsets;
  // The text of a shape is bounded by the header only, hence the cut.
  const written = `[${shape.slice(0, 16).join(', ')}${shape.length > 16 ? ', ...' : ''}]`;
  if (count === undefined) throw new StateFileError(`${label} has shape ${written}, which has too many elements`);
  if (count * elementBytes(dtype) !== end - begin) {
    throw new StateFileError(
      `${label}: ${dtype} of shape ${written} needs ${count * elementBytes(dtype)} bytes, its offsets [${begin}, ${end}) hold ${end - begin}`,
    );
  }
  return { dtype, shape, data: data.subarray(begin, end) };
}
