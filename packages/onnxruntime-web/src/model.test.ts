import { ProgramBuilder } from '@chimera-nn/core';
import { emitModel, nativeComposites } from '@chimera-nn/onnx';
import { describe, expect, it } from 'vitest';
import { loadEngine } from './engine.ts';

describe('an exported model', () => {
  it('runs on ONNX Runtime by its own names, with its parameters inside', async () => {
    const b = new ProgramBuilder(nativeComposites('portable'));
    const x = b.input('float32', [2, 3]);
    const w = b.input('float32', [2, 3]);
    const empty = b.input('float32', [0, 2]);
    const hidden = b.relu(b.matmul(x, w, { transposeB: true }));
    const picked = b.scatterAdd(hidden, b.iota(2), 0, 3);
    const program = b.finish([hidden, x, b.full([2], 7), b.reshape(picked, [6]), b.argMax(x, 1), empty]);
    const weight = { data: Float32Array.of(1, 0, 0, 0, 1, -1), dtype: 'float32', shape: [2, 3] } as const;
    const model = emitModel(program, {
      inputNames: ['image', 'weight', 'nothing'],
      outputNames: ['y', 'echo', 'sevens', 'spread', 'class', 'void'],
      initializers: new Map([[1, weight]]),
    });
    const { ort } = await loadEngine('wasm', {});
    const session = await ort.InferenceSession.create(model, { executionProviders: ['wasm'] });
    expect(session.inputNames).toEqual(['image', 'nothing']);
    const image = new ort.Tensor('float32', Float32Array.of(1, 2, 3, -1, 5, 1), [2, 3]);
    const nothing = new ort.Tensor('float32', new Float32Array(), [0, 2]);
    const results = await session.run({ image, nothing });
    const read = Object.fromEntries(
      Object.entries(results).map(([name, { data, dims }]) => [name, [[...(data as Float32Array)], dims]]),
    );
    expect(read).toEqual({
      y: [
        [1, 0, 0, 4],
        [2, 2],
      ],
      echo: [
        [1, 2, 3, -1, 5, 1],
        [2, 3],
      ],
      sevens: [[7, 7], [2]],
      spread: [[1, 0, 0, 4, 0, 0], [6]],
      class: [[2, 1], [2]],
      void: [[], [0, 2]],
    });
    await session.release();
  });
});
