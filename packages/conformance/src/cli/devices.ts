import type { Device } from '@chimera-nn/core';
import { referenceDevice } from '../reference/device.ts';

// Adapters are optional: each is imported when its device is asked for.
const openers: Readonly<Record<string, () => Device | Promise<Device>>> = {
  reference: () => referenceDevice(),
  'tfjs-node:cpu': async () => (await import('@chimera-nn/tfjs-node')).tfjsNode({ device: 'cpu' }),
  'tfjs-node:cuda': async () => (await import('@chimera-nn/tfjs-node')).tfjsNode({ device: 'cuda' }),
  'onnxruntime-web:wasm': async () => (await import('@chimera-nn/onnxruntime-web')).onnxruntimeWeb({ device: 'wasm' }),
  'onnxruntime-web:webgpu': async () =>
    (await import('@chimera-nn/onnxruntime-web')).onnxruntimeWeb({ device: 'webgpu' }),
};

/** The devices that Node can open, by name. */
export const nodeDevices: readonly string[] = Object.keys(openers);

/** Opens one of them. */
export async function openNodeDevice(name: string): Promise<Device> {
  const open = openers[name];
  if (open === undefined) throw new TypeError(`There is no device named ${name}`);
  return open();
}
