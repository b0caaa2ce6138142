import type { Device } from '@chimera-nn/core';
import { referenceDevice } from '../reference/device.ts';

/** The devices on which behaviour beyond single operations is tested. */
export const devices: readonly (readonly [string, () => Promise<Device>])[] = [
  ['reference', async () => referenceDevice()],
  ['tfjs-node:cpu', async () => (await import('@chimera-nn/tfjs-node')).tfjsNode()],
  [
    'onnxruntime-web:wasm',
    async () => (await import('@chimera-nn/onnxruntime-web')).onnxruntimeWeb({ device: 'wasm' }),
  ],
];
