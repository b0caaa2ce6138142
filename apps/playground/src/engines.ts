import type { Device } from '@chimera-nn/core';
import { onnxruntimeWeb } from '@chimera-nn/onnxruntime-web';

export type EngineId = 'webgpu' | 'wasm';

/** A way of computing that this browser has, or would have. */
export interface Engine {
  readonly id: EngineId;
  readonly label: string;
  /** What it computes on, as far as the browser tells. */
  readonly detail: string;
  /** Why it cannot be used here; undefined where it can. */
  readonly absence?: string;
  /** Factor on time limits: a graphics card that the processor imitates is slow. */
  readonly patience: number;
  readonly open: () => Promise<Device>;
}

/** What this browser offers. Nothing is loaded yet. */
export async function findEngines(): Promise<readonly Engine[]> {
  return [await findWebGpu(), findWebAssembly()];
}

async function findWebGpu(): Promise<Engine> {
  const engine = {
    id: 'webgpu',
    label: 'WebGPU',
    patience: 1,
    open: () => onnxruntimeWeb({ device: 'webgpu' }),
  } as const;
  const absent = (absence: string): Engine => ({ ...engine, detail: 'the graphics card', absence });
  const gpu = (navigator as Partial<Navigator>).gpu;
  if (gpu === undefined) {
    return absent(
      window.isSecureContext
        ? 'This browser has no WebGPU. Chrome and Edge have it from version 113, Firefox from 141, Safari from 26.'
        : 'Browsers offer WebGPU on https pages and on localhost only, and this page is neither.',
    );
  }
  let adapter: GPUAdapter | null;
  try {
    adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  } catch (error) {
    return absent(`The browser refuses WebGPU: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (adapter === null) {
    return absent(
      'The browser knows WebGPU, but has no graphics adapter for it. Turn on hardware acceleration in its settings; ' +
        'Chrome on a machine without a card needs --enable-unsafe-webgpu --use-webgpu-adapter=swiftshader.',
    );
  }
  const { vendor, architecture, description } = adapter.info;
  const words = [...new Set([vendor, architecture, description].filter((word) => word !== ''))].join(', ');
  const software = adapter.info.isFallbackAdapter || /swiftshader|llvmpipe|software/i.test(words);
  return {
    ...engine,
    detail: `${words === '' ? 'a graphics card' : words}${software ? ' (a card imitated by the processor: correct, but slow)' : ''}`,
    patience: software ? 5 : 1,
  };
}

function findWebAssembly(): Engine {
  const engine = {
    id: 'wasm',
    label: 'WebAssembly',
    patience: 1,
    open: () => onnxruntimeWeb({ device: 'wasm' }),
  } as const;
  if (typeof WebAssembly === 'undefined') {
    return { ...engine, detail: 'the processor', absence: 'This browser has no WebAssembly, or it is turned off.' };
  }
  const threads = window.crossOriginIsolated
    ? 'with threads'
    : 'one thread only: the server did not isolate this page (COOP and COEP headers)';
  return { ...engine, detail: `the processor, ${threads}` };
}
