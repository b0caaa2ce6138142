import { DeviceError } from '@chimera-nn/core';
import type { Env, InferenceSession, Tensor } from 'onnxruntime-web';
import { Queue } from './queue.ts';

/** Which build of ONNX Runtime Web: `wasm` has CPU kernels only, the others WebGPU too. */
export type EngineName = 'wasm' | 'webgpu' | 'jspi';

/** Where the engine's `.wasm` and `.mjs` files are: a folder's URL, or both files' URLs. */
export type WasmPaths = string | { readonly wasm?: string | URL; readonly mjs?: string | URL };

export interface EngineOptions {
  readonly numThreads?: number;
  readonly wasmPaths?: WasmPaths;
}

/** The parts of ONNX Runtime's module that are used here. */
interface Runtime {
  readonly env: Env;
  readonly InferenceSession: {
    create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: typeof Tensor;
}

/** A loaded build of ONNX Runtime. There is one per build and process. */
export interface Engine {
  readonly ort: Runtime;
  /** Everything that enters the engine goes through here. */
  readonly queue: Queue;
}

const engines = new Map<EngineName, Promise<Engine>>();

/**
 * Loads a build of ONNX Runtime, once. Its settings are the process's: those of the first device count, and others
 * that contradict them are refused.
 */
export async function loadEngine(name: EngineName, options: EngineOptions): Promise<Engine> {
  const known = engines.get(name);
  if (known !== undefined) return agree(await known, name, options);
  const loading = load(name, options);
  engines.set(name, loading);
  loading.catch(() => engines.delete(name));
  return loading;
}

async function load(name: EngineName, options: EngineOptions): Promise<Engine> {
  let ort: Runtime;
  try {
    ort = await importRuntime(name);
  } catch (cause) {
    throw new DeviceError(
      `onnxruntime-web could not be loaded (${cause instanceof Error ? cause.message : String(cause)}). ` +
        'It is a dependency of @chimera-nn/onnxruntime-web: install that package again, or serve the file if a bundler left it out.',
      { cause },
    );
  }
  const { env } = ort;
  // What is logged is thrown as well.
  env.logLevel = 'fatal';
  env.wasm.numThreads = options.numThreads ?? defaultThreads(name);
  if (options.wasmPaths !== undefined) env.wasm.wasmPaths = options.wasmPaths;
  return { ort, queue: new Queue() };
}

// Written out, so that bundlers see each build, and load only the one that is asked for.
function importRuntime(name: EngineName): Promise<Runtime> {
  switch (name) {
    case 'wasm':
      // Node's own build starts threads as Node does. Not a literal, because bundlers for browsers need not see it.
      if (inNode()) return import(/* @vite-ignore */ /* webpackIgnore: true */ ['onnxruntime', 'web'].join('-'));
      return import('onnxruntime-web/wasm');
    case 'webgpu':
      return import('onnxruntime-web/webgpu');
    case 'jspi':
      return import('onnxruntime-web/jspi');
  }
}

function agree(engine: Engine, name: EngineName, { numThreads }: EngineOptions): Engine {
  const running = engine.ort.env.wasm.numThreads;
  if (numThreads !== undefined && numThreads !== running)
    throw new DeviceError(
      `onnxruntimeWeb: numThreads is ${running} for the whole process since the first ${name} device was opened; ${numThreads} cannot be had any more`,
    );
  return engine;
}

// WebGPU leaves the CPU to bookkeeping. Threads in a browser need a cross-origin isolated page; in Node their workers
// cost more than they give on the small programs that run there.
function defaultThreads(name: EngineName): number {
  if (name !== 'wasm' || inNode() || !(globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated) return 1;
  return Math.min(4, Math.ceil((globalThis.navigator.hardwareConcurrency || 1) / 2));
}

/** Whether this is Node, and not a browser or a worker of one. */
export function inNode(): boolean {
  return nodeVersion() !== undefined;
}

/** Node's version as text, or undefined elsewhere. */
export function nodeVersion(): string | undefined {
  return (globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node;
}
