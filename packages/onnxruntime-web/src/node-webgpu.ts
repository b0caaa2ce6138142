import { DeviceError } from '@chimera-nn/core';
import { inNode, nodeVersion } from './engine.ts';

interface Dawn {
  create(flags: string[]): GPU;
  readonly globals: Record<string, unknown>;
}

/**
 * Gives Node what browsers have: `navigator.gpu` and WebGPU's global classes, from the package `webgpu` (Dawn). ONNX
 * Runtime looks for them there when it is loaded. Where they exist already, nothing changes.
 */
export async function provideWebGpu(): Promise<void> {
  if (!inNode() || (globalThis.navigator as Partial<Navigator> | undefined)?.gpu !== undefined) return;
  const version = nodeVersion()!;
  // Before 24, compiling the first pipeline takes most of a minute.
  if (Number(version.split('.')[0]) < 24)
    throw new DeviceError(
      `onnxruntime-web:webgpu needs Node 24 or later, this is ${version}. Use Node 24, or { device: 'wasm' }`,
    );
  const dawn = await importDawn();
  for (const [name, value] of Object.entries(dawn.globals))
    if (!(name in globalThis)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  copySharedWrites();
  Object.defineProperty(globalThis.navigator, 'gpu', { value: dawn.create([]), configurable: true });
}

async function importDawn(): Promise<Dawn> {
  // Not a literal, so that bundlers for browsers do not look for a package that only Node needs.
  const name = 'webgpu';
  try {
    return (await import(/* @vite-ignore */ /* webpackIgnore: true */ name)) as Dawn;
  } catch (cause) {
    throw new DeviceError(
      `onnxruntime-web:webgpu in Node needs the package "webgpu": npm install webgpu (${cause instanceof Error ? cause.message : String(cause)})`,
      { cause },
    );
  }
}

// ONNX Runtime writes from its own memory, which is shared between threads; Dawn's queue takes unshared memory only.
function copySharedWrites(): void {
  const { prototype } = GPUQueue;
  const write = prototype.writeBuffer;
  prototype.writeBuffer = function (this: GPUQueue, buffer, bufferOffset, data, dataOffset = 0, size) {
    const memory = ArrayBuffer.isView(data) ? data.buffer : data;
    if (!(memory instanceof SharedArrayBuffer))
      return write.call(this, buffer, bufferOffset, data as ArrayBuffer, dataOffset, size);
    // Offset and size count elements of a typed array, bytes of a buffer.
    const unit = (data as { readonly BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? 1;
    const start = (ArrayBuffer.isView(data) ? data.byteOffset : 0) + dataOffset * unit;
    const length = size === undefined ? data.byteLength - dataOffset * unit : size * unit;
    return write.call(this, buffer, bufferOffset, new Uint8Array(memory, start, length).slice());
  };
}
