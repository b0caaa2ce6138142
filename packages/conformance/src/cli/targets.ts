import type { Target } from '../runner/target.ts';
import { browserTarget } from './browser.ts';
import { nodeDevices } from './devices.ts';
import { processTarget } from './process.ts';

const browserDevices = ['onnxruntime-web:wasm', 'onnxruntime-web:webgpu'] as const;

/** The devices that the command line knows. */
export const knownDevices: readonly string[] = [...nodeDevices, ...browserDevices.map((name) => `chromium/${name}`)];

/** The target of a known name. */
export function targetNamed(name: string, optional: boolean): Target {
  const device = browserDevices.find((candidate) => name === `chromium/${candidate}`);
  return device === undefined ? processTarget(name, optional) : browserTarget(name, device, optional);
}
