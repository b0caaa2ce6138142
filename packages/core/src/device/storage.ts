import { DeviceError, GraphError } from '../errors.ts';
import type { HostArray } from '../graph/dtype.ts';
import { byteSize } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { sizeOf } from '../graph/shape.ts';
import type { Device, DeviceBuffer, HostValue, RunInput } from './contract.ts';

/**
 * The value of a node: on the host, on a device, or on both. State (parameters, registered buffers, optimizer state)
 * owns its storage and frees it the moment it is replaced. Everything else is loose: its buffers are kept in a
 * least-recently-used pool, from which they return to the host when the pool is full.
 */
export class Storage {
  host: HostArray | null;
  buffer: DeviceBuffer | null = null;
  device: Device | null = null;
  /** How many state holders own it. 0: loose. */
  owners = 0;
  /** Why the value is no longer there, and what to do; `null` while it is. */
  gone: string | null = null;
  /** Made by the library for a single run: never worth keeping on a device. */
  readonly transient: boolean;

  constructor(host: HostArray | null, transient = false) {
    this.host = host;
    this.transient = transient;
  }

  static onDevice(device: Device, buffer: DeviceBuffer): Storage {
    const storage = new Storage(null);
    attach(storage, device, buffer);
    return storage;
  }
}

/** The storage of a node that has one. */
export function storageOf(node: Node): Storage | null {
  return node.storage as Storage | null;
}

interface PoolEntry {
  readonly reference: WeakRef<Storage>;
  readonly device: Device;
  readonly buffer: DeviceBuffer;
}

// Buffers beyond these limits return to the host, oldest use first.
const maximumBuffers = 128;
const maximumBytes = 512 * 2 ** 20;

const pool = new Map<DeviceBuffer, PoolEntry>();
let poolBytes = 0;

// The safety net: a value that nobody can reach any more, freed when the garbage collector notices.
const collected = new FinalizationRegistry<{ readonly device: Device; readonly buffer: DeviceBuffer }>(
  ({ device, buffer }) => {
    leave(buffer);
    freeOn(device, buffer);
  },
);

/** Frees a buffer; a device that has been closed has freed it already. */
function freeOn(device: Device, buffer: DeviceBuffer): void {
  try {
    device.free(buffer);
  } catch (error) {
    if (!(error instanceof DeviceError)) throw error;
  }
}

function attach(storage: Storage, device: Device, buffer: DeviceBuffer): void {
  storage.device = device;
  storage.buffer = buffer;
  collected.register(storage, { device, buffer }, buffer);
}

/** Puts a loose storage's buffer into the pool, as the most recently used. */
export function keepLoose(storage: Storage): void {
  const { buffer, device } = storage;
  if (buffer === null || device === null || storage.owners > 0) return;
  if (!pool.delete(buffer)) poolBytes += buffer.bytes;
  pool.set(buffer, { reference: new WeakRef(storage), device, buffer });
}

function leave(buffer: DeviceBuffer): void {
  if (pool.delete(buffer)) poolBytes -= buffer.bytes;
}

/** Makes a storage the property of one more state holder. */
export function own(storage: Storage): void {
  storage.owners++;
  if (storage.buffer !== null) leave(storage.buffer);
}

/** Ends one state holder's ownership; the last one frees the value. `reason` is what a later reader is told. */
export function disown(storage: Storage, reason: string): void {
  storage.owners--;
  if (storage.owners === 0) discard(storage, reason);
}

/** Ends ownership but lets whoever still holds the value read it. */
export function release(storage: Storage): void {
  storage.owners--;
  if (storage.owners === 0) keepLoose(storage);
}

/** Frees a value at once. */
export function discard(storage: Storage, reason: string): void {
  freeBuffer(storage);
  storage.host = null;
  storage.gone = reason;
}

function freeBuffer(storage: Storage): void {
  const { buffer, device } = storage;
  if (buffer === null) return;
  leave(buffer);
  collected.unregister(buffer);
  storage.buffer = null;
  storage.device = null;
  freeOn(device!, buffer);
}

/** Brings the pool within its limits: the oldest values return to host memory. */
export async function trimPool(): Promise<void> {
  while (pool.size > maximumBuffers || poolBytes > maximumBytes) {
    const oldest = pool.values().next().value!;
    const storage = oldest.reference.deref();
    if (storage === undefined || storage.buffer !== oldest.buffer) {
      // Unreachable already: the finalizer will come too late to help, and must then find nothing to do.
      leave(oldest.buffer);
      collected.unregister(oldest.buffer);
      freeOn(oldest.device, oldest.buffer);
      continue;
    }
    try {
      storage.host ??= await oldest.device.download(oldest.buffer);
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error;
      // Its device has been closed, which must not fail the run that happens to notice.
      discard(storage, error.message);
      continue;
    }
    freeBuffer(storage);
  }
}

/** Throws if the value of a node has been freed. */
export function requirePresent(storage: Storage): void {
  if (storage.gone !== null) throw new GraphError(storage.gone);
}

/** The value on the host. */
export async function downloadStorage(storage: Storage): Promise<HostArray> {
  requirePresent(storage);
  if (storage.host !== null) return storage.host;
  const data = await storage.device!.download(storage.buffer!);
  // Small values are read again and again (a loss, an accuracy); a copy on the host costs nothing.
  if (data.byteLength <= 4096) storage.host = data;
  return data;
}

// Below this size a host value travels with the run instead of having a buffer of its own.
const inlineBytes = 512;

/** A leaf's value as the input of a run on `device`, uploading it if need be. */
export async function runInput(node: Node, device: Device): Promise<RunInput> {
  const storage = storageOf(node)!;
  requirePresent(storage);
  if (storage.device !== null && storage.device !== device) {
    storage.host ??= await storage.device.download(storage.buffer!);
    freeBuffer(storage);
  }
  if (storage.buffer !== null) {
    keepLoose(storage);
    return { buffer: storage.buffer };
  }
  const host: HostValue = { data: storage.host!, dtype: node.dtype, shape: node.shape };
  if (storage.transient || (storage.owners === 0 && sizeOf(node.shape) * byteSize(node.dtype) <= inlineBytes))
    return { host };
  attach(storage, device, device.upload(host.data, host.shape, host.dtype));
  if (storage.owners > 0) storage.host = null;
  else keepLoose(storage);
  return { buffer: storage.buffer! };
}
