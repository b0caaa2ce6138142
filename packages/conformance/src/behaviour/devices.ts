import type { Device } from '@chimera-nn/core';
import { onnxruntimeWeb } from '@chimera-nn/onnxruntime-web';
import { tfjsNode } from '@chimera-nn/tfjs-node';
import { referenceDevice } from '../reference/device.ts';

/** The devices on which behaviour beyond single operations is tested. */
export const devices: readonly (readonly [string, () => Promise<Device>])[] = [
  ['reference', async () => referenceDevice()],
  ['tfjs-node:cpu', () => tfjsNode()],
  ['onnxruntime-web:wasm', () => onnxruntimeWeb({ device: 'wasm' })],
];
