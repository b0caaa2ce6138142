import { decodeSafetensors, setDefaultDevice, tensor } from '@chimera-nn/core';
import type { Device } from '@chimera-nn/core';
import { onnxruntimeWeb } from '@chimera-nn/onnxruntime-web';
import { tfjsNode } from '@chimera-nn/tfjs-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBytes } from '../goldens/read.ts';
import { referenceDevice } from '../reference/device.ts';
import { recurrentTraining, transformerTraining } from './language.ts';
import { residualTraining } from './residual.ts';
import type { Training } from './training.ts';

const { tensors } = decodeSafetensors(
  await readBytes(new URL('../../goldens/training-losses.safetensors', import.meta.url)),
);
const bytes = (name: string): ArrayBuffer => tensors.get(name)!.data.slice().buffer;
const numbers = (name: string): Float64Array => new Float64Array(bytes(name));
const text = Int32Array.from(new BigInt64Array(bytes('tokens')), Number);
const vocabulary = Math.max(...text) + 1;
const steps = 20;

const trainings: readonly (readonly [string, () => Training])[] = [
  ['resnet', residualTraining],
  ['lstm', () => recurrentTraining(tensor(text), vocabulary)],
  ['transformer', () => transformerTraining(tensor(text), vocabulary, steps)],
];

/** Devices with the number of steps that they are asked for, and of which networks: the slow ones do a part. */
const devices: readonly (readonly [string, number, readonly string[], () => Promise<Device>])[] = [
  ['tfjs-node:cpu', steps, ['resnet', 'lstm', 'transformer'], () => tfjsNode()],
  ['onnxruntime-web:wasm', steps, ['resnet', 'lstm', 'transformer'], () => onnxruntimeWeb({ device: 'wasm' })],
  ['reference', 2, ['resnet', 'lstm', 'transformer'], async () => referenceDevice()],
  // Without a card, making the pipelines of the other two takes a minute, and a step half of one.
  process.env['CHIMERA_WEBGPU'] === 'all'
    ? ['onnxruntime-web:webgpu', steps, ['resnet', 'lstm', 'transformer'], () => onnxruntimeWeb({ device: 'webgpu' })]
    : ['onnxruntime-web:webgpu', 2, ['transformer'], () => onnxruntimeWeb({ device: 'webgpu' })],
];

describe.each(devices)('training on %s', (_name, count, names, open) => {
  let device: Device;
  beforeAll(async () => {
    device = await open();
    setDefaultDevice(device);
  }, 60_000);
  afterAll(() => device.close());

  it.each(trainings.filter(([name]) => names.includes(name)))(
    `has the losses of PyTorch: %s, ${count} steps`,
    { timeout: 900_000 },
    async (name, begin) => {
      const { net, step } = begin();
      const expected = numbers(`${name}/losses`);
      const apart: number[] = [];
      for (let i = 0; i < count; i++) apart.push(Math.abs((await step(i)) - expected[i]!) / expected[i]!);
      expect(Math.max(...apart), `relative distances: ${apart.map((x) => x.toExponential(1)).join(' ')}`).toBeLessThan(
        1e-4,
      );
      if (count < steps) return;
      let squares = 0;
      for (const parameter of net.parameters()) for (const x of await parameter.data()) squares += x * x;
      const norm = numbers(`${name}/norm`)[0]!;
      expect(Math.abs(Math.sqrt(squares) - norm) / norm).toBeLessThan(1e-5);
    },
  );
});
