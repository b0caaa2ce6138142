import { unzipSync, zipSync } from 'fflate';
import type { Zippable } from 'fflate';
import { quoted, StateFileError } from './state-file-error.ts';

/** Beyond it, zip needs 64-bit offsets, which are neither read nor written here. */
const MAX_ARCHIVE_BYTES = 0xffff_ffff;
/** How the first bytes of a file say what it is. */
const ZIP_MAGIC = [0x50, 0x4b, 0x03, 0x04];
/** The pickled integer that PyTorch before 1.6, and `_use_new_zipfile_serialization=False`, begin files with. */
const LEGACY_MAGIC = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];
/** A zip archive's directory takes at least this much for an entry. */
const DIRECTORY_ENTRY_BYTES = 46;

/**
 * Reads the records of a zip archive that PyTorch wrote: their names without the archive's own folder, their bytes as
 * copies. PyTorch stores records uncompressed, so together they can never be larger than the file; an archive that
 * says otherwise is refused before anything is copied. The checksums of zip are not verified;
 * PyTorch does not verify them either.
 */
export function readArchive(bytes: Uint8Array): Map<string, Uint8Array> {
  if (startsWith(bytes, LEGACY_MAGIC)) {
    throw new StateFileError(
      'checkpoint: this file has the format of PyTorch before 1.6, which Chimera does not read; load it in PyTorch and save it again with torch.save',
    );
  }
  if (!startsWith(bytes, ZIP_MAGIC)) {
    throw new StateFileError('checkpoint: this is not a file of torch.save, which begins as a zip archive');
  }
  if (bytes.length > MAX_ARCHIVE_BYTES) {
    throw new StateFileError(
      'checkpoint: files of more than 4 GiB are not read; save it as safetensors, or in several files',
    );
  }

  const sizes = new Map<string, number>();
  let total = 0;
  let entries = 0;
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(bytes, {
      filter: ({ name, size, originalSize, compression }) => {
        const label = quoted(name);
        entries += 1;
        total += size;
        // The count and the sizes are only claims: believing them would let a small file loop or allocate for long.
        if (entries * DIRECTORY_ENTRY_BYTES > bytes.length)
          throw new StateFileError('checkpoint: the archive lists more records than it can hold');
        if (!name.includes('/') || name.startsWith('/'))
          throw new StateFileError(`checkpoint: record ${label} is not in the archive's folder`);
        if (/^[^/]+\/(code\/|constants\.pkl$)/.test(name)) {
          throw new StateFileError(
            'checkpoint: this is a TorchScript archive, which holds a program; save the state_dict() with torch.save instead',
          );
        }
        if (sizes.has(name)) throw new StateFileError(`checkpoint: the archive lists record ${label} twice`);
        if (compression !== 0 || size !== originalSize)
          throw new StateFileError(`checkpoint: record ${label} is compressed, torch.save stores records as they are`);
        if (total > bytes.length)
          throw new StateFileError(
            `checkpoint: the archive's records, up to ${label}, claim more bytes than the file has`,
          );
        sizes.set(name, size);
        return true;
      },
    });
  } catch (error) {
    if (error instanceof StateFileError) throw error;
    throw new StateFileError('checkpoint: the zip archive is damaged or truncated', { cause: error });
  }

  const roots = [...sizes.keys()]
    .filter((name) => /^[^/]+\/data\.pkl$/.test(name))
    .map((name) => name.slice(0, -'data.pkl'.length));
  const root = roots[0];
  if (root === undefined || roots.length > 1)
    throw new StateFileError(`checkpoint: the archive needs one record data.pkl, found ${roots.length}`);
  const records = new Map<string, Uint8Array>();
  for (const [name, size] of sizes) {
    const data = files[name];
    if (data === undefined || data.length !== size)
      throw new StateFileError(`checkpoint: record ${quoted(name)} reaches past the end of the file`);
    if (name.startsWith(root)) records.set(name.slice(root.length), data);
  }
  return records;
}

function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, index) => bytes[index] === byte);
}

/** What PyTorch aligns records to, so that it can map them into memory. */
const ALIGNMENT = 64;
/** The extra field of a zip entry that PyTorch pads with. */
const PADDING_FIELD = 0x4246;
const LOCAL_HEADER_BYTES = 30;
const FIELD_HEADER_BYTES = 4;
const MAX_ENTRIES = 0xffff;

/** Writes records as PyTorch does: uncompressed, aligned, in one folder. The same records give the same bytes. */
export function writeArchive(records: ReadonlyMap<string, Uint8Array>): Uint8Array {
  // Zip has no time zone and begins in 1980; a fixed date keeps files reproducible.
  const mtime = new Date(1980, 0, 1);
  const entries: Zippable = {};
  let position = 0;
  let directoryBytes = 0;
  for (const [name, data] of records) {
    const path = `archive/${name}`;
    const headerBytes = LOCAL_HEADER_BYTES + path.length + FIELD_HEADER_BYTES;
    const padding = (ALIGNMENT - ((position + headerBytes) % ALIGNMENT)) % ALIGNMENT;
    entries[path] = [data, { level: 0, mtime, extra: { [PADDING_FIELD]: new Uint8Array(padding) } }];
    position += headerBytes + padding + data.length;
    directoryBytes += DIRECTORY_ENTRY_BYTES + path.length + FIELD_HEADER_BYTES + padding;
  }
  if (position + directoryBytes > MAX_ARCHIVE_BYTES || records.size > MAX_ENTRIES) {
    throw new StateFileError(
      `checkpoint: ${records.size} records of ${position} bytes exceed what is written (4 GiB, 65535 records); use safetensors, or several files`,
    );
  }
  return zipSync(entries);
}
