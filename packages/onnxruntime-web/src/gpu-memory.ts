/** A piece of GPU memory. */
export interface Block {
  readonly gpuBuffer: GPUBuffer;
  /** Runs and downloads that have yet to read it. */
  holds: number;
  freed: boolean;
}

/** Freed memory that is kept for the next buffer of its size. */
const keptBytes = 256 * 2 ** 20;

/**
 * GPU memory by size. Kernels read sixteen bytes at a time, so sizes are rounded up to that. A training step frees as
 * many buffers of each size as it makes, so keeping them saves their making.
 */
export class GpuMemory {
  readonly #device: GPUDevice;
  readonly #kept = new Map<number, GPUBuffer[]>();
  #bytes = 0;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  acquire(bytes: number): Block {
    const size = Math.max(16, Math.ceil(bytes / 16) * 16);
    const known = this.#kept.get(size)?.pop();
    if (known !== undefined) {
      this.#bytes -= size;
      return { gpuBuffer: known, holds: 0, freed: false };
    }
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    return { gpuBuffer: this.#device.createBuffer({ size, usage }), holds: 0, freed: false };
  }

  /** Host data in a block of its own; `null` for data without elements. */
  upload(data: ArrayBufferView): Block | null {
    if (data.byteLength === 0) return null;
    const block = this.acquire(data.byteLength);
    this.write(block, data);
    return block;
  }

  /** Copies a block's first bytes to the host. */
  async read(block: Block, out: Uint8Array): Promise<void> {
    const size = Math.ceil(out.byteLength / 4) * 4;
    const staging = this.#device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    try {
      this.copy([[block.gpuBuffer, staging]]);
      await staging.mapAsync(GPUMapMode.READ);
      out.set(new Uint8Array(staging.getMappedRange(0, size)).subarray(0, out.byteLength));
    } finally {
      staging.destroy();
    }
  }

  /** Fills blocks with zeros. */
  zero(blocks: readonly Block[]): void {
    const encoder = this.#device.createCommandEncoder();
    for (const { gpuBuffer } of blocks) encoder.clearBuffer(gpuBuffer);
    this.#device.queue.submit([encoder.finish()]);
  }

  /** Copies whole blocks; of two sizes, the smaller counts. */
  copy(pairs: readonly (readonly [GPUBuffer, GPUBuffer])[]): void {
    const encoder = this.#device.createCommandEncoder();
    for (const [from, to] of pairs) encoder.copyBufferToBuffer(from, 0, to, 0, Math.min(from.size, to.size));
    this.#device.queue.submit([encoder.finish()]);
  }

  /** Copies host data into a block; the queue takes multiples of four bytes. */
  write(block: Block, data: ArrayBufferView): void {
    let bytes = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
    // Pages that are not cross-origin isolated have no SharedArrayBuffer.
    const shared = typeof SharedArrayBuffer !== 'undefined' && data.buffer instanceof SharedArrayBuffer;
    if (bytes.length % 4 !== 0 || shared) {
      const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
      padded.set(bytes);
      bytes = padded;
    }
    this.#device.queue.writeBuffer(block.gpuBuffer, 0, bytes);
  }

  /** Keeps a block from being used again before `release`. */
  hold(block: Block): void {
    block.holds++;
  }

  release(block: Block): void {
    block.holds--;
    this.#recycle(block);
  }

  free(block: Block): void {
    block.freed = true;
    this.#recycle(block);
  }

  /** Destroys what is kept. */
  clear(): void {
    for (const buffers of this.#kept.values()) for (const buffer of buffers) buffer.destroy();
    this.#kept.clear();
    this.#bytes = 0;
  }

  #recycle(block: Block): void {
    if (!block.freed || block.holds > 0) return;
    const { gpuBuffer } = block;
    if (this.#bytes + gpuBuffer.size > keptBytes) {
      gpuBuffer.destroy();
      return;
    }
    const list = this.#kept.get(gpuBuffer.size);
    if (list === undefined) this.#kept.set(gpuBuffer.size, [gpuBuffer]);
    else list.push(gpuBuffer);
    this.#bytes += gpuBuffer.size;
  }
}
