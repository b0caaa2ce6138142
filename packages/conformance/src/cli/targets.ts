import type { Device } from '@chimera-nn/core';
import { referenceDevice } from '../reference/device.ts';
import type { Target } from '../runner/target.ts';
import { browserTarget } from './browser.ts';

// Adapters are optional: each is imported when its device is asked for.
const openers: Readonly<Record<string, () => Device | Promise<Device>>> = {
  reference: () => referenceDevice(),
  'tfjs-node:cpu': async () => (await import('@chimera-nn/tfjs-node')).tfjsNode({ device: 'cpu' }),
  'tfjs-node:cuda': async () => (await import('@chimera-nn/tfjs-node')).tfjsNode({ device: 'cuda' }),
  'onnxruntime-web:wasm': async () => (await import('@chimera-nn/onnxruntime-web')).onnxruntimeWeb({ device: 'wasm' }),
  'onnxruntime-web:webgpu': async () =>
    (await import('@chimera-nn/onnxruntime-web')).onnxruntimeWeb({ device: 'webgpu' }),
};

const browserDevices = ['onnxruntime-web:wasm', 'onnxruntime-web:webgpu'] as const;

/** The devices that the command line knows. */
export const knownDevices: readonly string[] = [
  ...Object.keys(openers),
  ...browserDevices.map((name) => `chromium/${name}`),
];

/** The target of a known name. */
export function targetNamed(name: string, optional: boolean): Target {
  const device = browserDevices.find((candidate) => name === `chromium/${candidate}`);
  if (device !== undefined) return browserTarget(name, device, optional);
  const open = openers[name];
  if (open === undefined) throw new TypeError(`There is no device named ${name}`);
  return { name, open, optional };
}
