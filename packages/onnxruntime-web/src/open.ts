import type { Device } from '@chimera-nn/core';
import type { WasmPaths } from './engine.ts';
import { inNode, loadEngine } from './engine.ts';
import { requestGpuDevice } from './gpu.ts';
import { provideWebGpu } from './node-webgpu.ts';
import { WasmDevice } from './wasm-device.ts';
import { WebGpuDevice } from './webgpu-device.ts';

/** What `onnxruntimeWeb` opens, and how. */
export interface OnnxruntimeWebOptions {
  /** `'wasm'`: the CPU, through WebAssembly. `'webgpu'`: the GPU. Default `'wasm'`. */
  readonly device?: 'wasm' | 'webgpu';
  /**
   * Threads of the CPU kernels, for the whole process. Default 1; in a cross-origin isolated page half of the cores, at
   * most 4.
   */
  readonly numThreads?: number;
  /**
   * Where the engine's `.wasm` and `.mjs` files are served, if not beside the bundle: the URL of a folder, or of each
   * file. Bundlers that understand `new URL(..., import.meta.url)` (Vite, webpack, Rollup) need none; Node never does.
   */
  readonly wasmPaths?: WasmPaths;
  /** WebGPU: which of several GPUs. Default `'high-performance'`. */
  readonly powerPreference?: 'low-power' | 'high-performance';
  /**
   * WebGPU: whether operations without a kernel on the GPU may run on the CPU, with a copy there and back, instead of
   * failing. Default false.
   */
  readonly cpuFallback?: boolean;
  /**
   * WebGPU: from which run of a program on its GPU commands are recorded once and then replayed, which saves some 0.1 ms
   * per node. Default 3: a program that recurs will recur again. `false`: never.
   */
  readonly captureAfter?: number | false;
}

/**
 * Opens ONNX Runtime Web as a device.
 *
 * @throws DeviceError where the engine cannot run, with what to do about it.
 */
export async function onnxruntimeWeb(options: OnnxruntimeWebOptions = {}): Promise<Device> {
  const { device = 'wasm' } = options;
  if (device === 'wasm') return new WasmDevice(await loadEngine('wasm', options));
  if (device === 'webgpu') {
    await provideWebGpu();
    const gpu = await requestGpuDevice(options);
    // The smaller build needs a newer platform.
    const build = !inNode() && 'Suspending' in WebAssembly ? 'jspi' : 'webgpu';
    return new WebGpuDevice(await loadEngine(build, options), gpu, options);
  }
  throw new TypeError(`onnxruntimeWeb: device must be 'wasm' or 'webgpu', got ${JSON.stringify(device)}`);
}
