import { StateFileError } from './state-file-error.ts';
import { assertBytes } from './stored-tensor.ts';

/** The part of `node:fs/promises` used here. Core is compiled without Node's types, and loads where there is no Node. */
interface FileSystem {
  open(path: string, flags: string, mode?: number): Promise<FileHandle>;
  realpath(path: string): Promise<string>;
  stat(path: string): Promise<{ mode: number }>;
  rename(from: string, to: string): Promise<void>;
  rm(path: string, options: { force: boolean }): Promise<void>;
}

interface FileHandle {
  stat(): Promise<{ size: number; isFile(): boolean }>;
  read(bytes: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
  write(bytes: Uint8Array, offset: number, length: number): Promise<{ bytesWritten: number }>;
  chmod(mode: number): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** One call of the operating system moves less than 2 GiB. */
const CHUNK_BYTES = 2 ** 30;

async function fileSystem(): Promise<FileSystem> {
  // A variable, so that bundlers for the browser leave the import alone.
  const specifier = 'node:fs/promises';
  try {
    return (await import(/* @vite-ignore */ specifier)) as FileSystem;
  } catch (error) {
    throw new StateFileError(
      'files can be read and written in Node only; elsewhere, fetch or keep the bytes and encode or decode those',
      { cause: error },
    );
  }
}

/**
 * Reads a whole file, of any size that fits in memory.
 *
 * @throws the operating system's error where the file cannot be read, {@link StateFileError} outside of Node
 */
export async function readStateFile(path: string): Promise<Uint8Array> {
  const { open } = await fileSystem();
  const handle = await open(path, 'r');
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new StateFileError(`${path} is not a regular file`);
    const bytes = new Uint8Array(stat.size);
    let position = 0;
    while (position < bytes.length) {
      const { bytesRead } = await handle.read(
        bytes,
        position,
        Math.min(CHUNK_BYTES, bytes.length - position),
        position,
      );
      if (bytesRead === 0) throw new StateFileError(`${path} became shorter while it was read`);
      position += bytesRead;
    }
    return bytes;
  } finally {
    await handle.close();
  }
}

/**
 * Writes a file so that whoever opens `path`, at any time and after any failure, finds the old content or the new,
 * whole. The bytes are written beside it and flushed to the disk, then renamed over it. A symbolic link keeps
 * pointing to the file; an existing file keeps its permissions.
 *
 * @throws the operating system's error where the file cannot be written, {@link StateFileError} outside of Node
 */
export async function writeStateFile(path: string, bytes: Uint8Array): Promise<void> {
  assertBytes(bytes, 'writeStateFile');
  const { open, realpath, rename, rm, stat } = await fileSystem();
  const target = (await realpath(path).catch(absent)) ?? path;
  const mode = (await stat(target).catch(absent))?.mode;
  const aside = `${target}.${Math.random().toString(36).slice(2, 12)}.tmp`;
  const handle = await open(aside, 'wx');
  try {
    try {
      if (mode !== undefined) await handle.chmod(mode & 0o777);
      let position = 0;
      while (position < bytes.length) {
        position += (await handle.write(bytes, position, Math.min(CHUNK_BYTES, bytes.length - position))).bytesWritten;
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(aside, target);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

/** A file that does not exist yet is what writing is for; every other error is one. */
function absent(error: unknown): undefined {
  if ((error as { code?: unknown }).code === 'ENOENT') return undefined;
  throw error;
}
