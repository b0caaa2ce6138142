import { manualSeed, nn, rand, setDefaultDevice, traceProgram } from '@chimera-nn/core';
import { emitModel, nativeComposites } from '@chimera-nn/onnx';
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-web/wasm';
import { expect, it } from 'vitest';
import { onnxruntimeWeb } from './index.ts';

it('exports a model that another runtime computes alike', { timeout: 120_000 }, async () => {
  const device = await onnxruntimeWeb({ device: 'wasm' });
  setDefaultDevice(device);
  manualSeed(0);
  const net = new nn.Sequential(
    new nn.Conv2d(1, 4, 3, { padding: 1 }),
    new nn.BatchNorm2d(4),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
    new nn.Linear(16, 5),
    new nn.Softmax(1),
  );
  const x = rand([2, 1, 4, 4]);
  await expect(traceProgram(net, [x])).rejects.toThrow(
    /changes '1\.(running_mean|running_var|num_batches_tracked)'. Call eval\(\) first/,
  );
  net.eval();
  const expected = await net(x).data();
  const { program, inputNames, initializers } = await traceProgram(net, [x], { native: nativeComposites('portable') });
  expect(inputNames.filter((name) => !name.startsWith('constant')).sort()).toEqual(
    [
      'input0',
      '0.weight',
      '0.bias',
      '1.weight',
      '1.bias',
      '1.running_mean',
      '1.running_var',
      '5.weight',
      '5.bias',
    ].sort(),
  );
  const model = emitModel(program, { target: 'portable', inputNames, outputNames: ['y'], initializers });
  const session = await InferenceSession.create(model);
  expect(session.inputNames).toEqual(['input0']);
  const { y } = await session.run({ input0: new OrtTensor('float32', (await x.data()) as Float32Array, [2, 1, 4, 4]) });
  expect(y!.dims).toEqual([2, 5]);
  for (const [i, value] of [...(y!.data as Float32Array)].entries()) expect(value).toBeCloseTo(expected[i]!, 5);
  await session.release();
  await device.close();
});
