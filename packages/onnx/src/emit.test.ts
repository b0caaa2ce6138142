import { fromBinary } from '@bufbuild/protobuf';
import type { HostValue, Program, Value } from '@chimera-nn/core';
import { ProgramBuilder } from '@chimera-nn/core';
import { describe, expect, it } from 'vitest';
import { emitModel, emitProgram } from './emit.ts';
import type { GraphProto } from './generated/onnx_pb.ts';
import { ModelProtoSchema } from './generated/onnx_pb.ts';
import { nativeComposites } from './lower/composite.ts';
import type { Target } from './lower/lowering.ts';

function build(
  target: Target,
  shapes: readonly (readonly number[])[],
  body: (b: ProgramBuilder, inputs: Value[]) => Value[],
): Program {
  const b = new ProgramBuilder(nativeComposites(target));
  return b.finish(
    body(
      b,
      shapes.map((shape) => b.input('float32', shape)),
    ),
  );
}

/** The nodes of a program's model, as `Op(inputs)`. */
function nodesOf(
  target: Target,
  shapes: readonly (readonly number[])[],
  body: (b: ProgramBuilder, inputs: Value[]) => Value[],
): string[] {
  const { model } = emitProgram(build(target, shapes, body), { target });
  return model === undefined ? [] : graphOf(model).node.map(({ opType }) => opType);
}

function graphOf(model: Uint8Array): GraphProto {
  return fromBinary(ModelProtoSchema, model).graph!;
}

describe('emitProgram', () => {
  it('writes a linear layer as one Gemm', () => {
    const layer = (b: ProgramBuilder, [x, w, bias]: Value[]): Value[] => [
      b.add(b.matmul(x!, w!, { transposeB: true }), bias!),
    ];
    expect(nodesOf('wasm', [[2, 20], [16, 20], [16]], layer)).toEqual(['Gemm']);
    expect(nodesOf('wasm', [[2, 5, 20], [16, 20], [16]], layer)).toEqual(['Reshape', 'Gemm']);
    // Which side the product stands on is the same to a sum, and a full matrix is a bias to Gemm too.
    expect(
      nodesOf(
        'wasm',
        [
          [2, 3],
          [3, 4],
          [2, 4],
        ],
        (b, [x, w, c]) => [b.add(c!, b.matmul(x!, w!))],
      ),
    ).toEqual(['Gemm']);
    // A product that is used elsewhere has to exist.
    expect(
      nodesOf('wasm', [[2, 3], [3, 4], [4]], (b, [x, w, c]) => {
        const y = b.matmul(x!, w!);
        return [y, b.add(y, c!)];
      }),
    ).toEqual(['Gemm', 'Add']);
  });

  it('writes a convolution with a bias per channel as one Conv', () => {
    const options = { stride: [1, 1], padLo: [0, 0], padHi: [0, 0], dilation: [1, 1], groups: 1 };
    const shapes = [[2, 3, 8, 8], [4, 3, 3, 3], [4]];
    expect(
      nodesOf('webgpu', shapes, (b, [x, w, bias]) => [
        b.add(b.conv2d(x!, w!, options), b.reshape(bias!, [1, 4, 1, 1])),
      ]),
    ).toEqual(['Conv']);
    expect(
      nodesOf('webgpu', [...shapes.slice(0, 2), [6]], (b, [x, w, bias]) => [b.add(b.conv2d(x!, w!, options), bias!)]),
    ).toEqual(['Conv', 'Add']);
  });

  it('writes a layer norm with weight and bias as one LayerNormalization of what the mean leaves', () => {
    const shapes = [[2, 3, 8], [8], [8]];
    const norm = (b: ProgramBuilder, x: Value): Value => b.emit('layerNorm', [x], { axis: 2, eps: 1e-5 });
    const together = ['ReduceMean', 'Sub', 'LayerNormalization'];
    expect(nodesOf('webgpu', shapes, (b, [x, weight, bias]) => [b.add(bias!, b.mul(norm(b, x!), weight!))])).toEqual(
      together,
    );
    expect(nodesOf('webgpu', shapes, (b, [x, weight]) => [b.mul(norm(b, x!), weight!)])).toEqual(together);
    // What a backward pass needs has to exist, and comes from the same node.
    expect(
      nodesOf('webgpu', shapes, (b, [x, weight]) => {
        const y = norm(b, x!);
        return [b.mul(y, weight!), y, b.emit('layerNormScale', [x!], { axis: 2, eps: 1e-5 })];
      }),
    ).toEqual([...together, 'Mul']);
    // A weight per row is no weight of the layer norm.
    expect(
      nodesOf(
        'webgpu',
        [
          [2, 3, 8],
          [3, 1],
        ],
        (b, [x, weight]) => [b.mul(norm(b, x!), weight!)],
      ),
    ).toEqual([...together, 'Mul']);
  });

  it('leaves repetition to the nodes that broadcast', () => {
    const body = (b: ProgramBuilder, [x, y]: Value[]): Value[] => [b.add(b.exp(b.broadcastTo(x!, [5, 3])), y!)];
    expect(
      nodesOf(
        'wasm',
        [
          [1, 3],
          [5, 3],
        ],
        body,
      ),
    ).toEqual(['Exp', 'Add']);
    expect(nodesOf('wasm', [[1, 3]], (b, [x]) => [b.broadcastTo(x!, [5, 3])])).toEqual(['Expand']);
    expect(nodesOf('wasm', [[5, 3]], (b, [x]) => [b.add(x!, b.full([5, 3], 2))])).toEqual(['Add']);
  });

  it('writes no chains of reshapes, and none that change nothing', () => {
    expect(nodesOf('wasm', [[2, 6]], (b, [x]) => [b.exp(b.reshape(b.reshape(x!, [12]), [3, 4]))])).toEqual([
      'Reshape',
      'Exp',
    ]);
    expect(nodesOf('wasm', [[2, 6]], (b, [x]) => [b.exp(b.reshape(b.reshape(x!, [12]), [2, 6]))])).toEqual(['Exp']);
    expect(nodesOf('wasm', [[2, 1, 6]], (b, [x]) => [b.exp(b.permute(x!, [1, 0, 2]))])).toEqual(['Reshape', 'Exp']);
  });

  it('gives a reshaped result as it was before', () => {
    const { outputs, results } = emitProgram(
      build('wasm', [[2, 3]], (b, [x]) => [b.reshape(b.exp(x!), [6])]),
      { target: 'wasm' },
    );
    expect(outputs).toMatchObject([{ shape: [2, 3] }]);
    expect(results).toEqual([{ kind: 'model', name: outputs[0]!.name }]);
  });

  it('needs no model for what is known', () => {
    const program = build('wasm', [[2], [0, 3]], (b, [x, empty]) => [
      x!,
      empty!,
      b.full([2, 2], 3),
      b.iota(3),
      b.reduceSum(empty!, [0]),
    ]);
    const { model, results, inputs } = emitProgram(program, { target: 'wasm' });
    expect(model).toBeUndefined();
    expect(inputs).toEqual(['x0', undefined]);
    expect(results).toEqual([
      { kind: 'input', index: 0 },
      { kind: 'known', data: new Float32Array() },
      { kind: 'known', data: Float32Array.of(3, 3, 3, 3) },
      { kind: 'known', data: Int32Array.of(0, 1, 2) },
      { kind: 'known', data: new Float32Array(3) },
    ]);
  });

  it('does not ask for inputs that nothing uses', () => {
    const { inputs, model } = emitProgram(
      build('wasm', [[2], [3]], (b, [, y]) => [b.exp(y!)]),
      { target: 'wasm' },
    );
    expect(inputs).toEqual([undefined, 'x1']);
    expect(graphOf(model!).input.map(({ name }) => name)).toEqual(['x1']);
  });

  it('keeps to what WebGPU has kernels for', () => {
    const body = (b: ProgramBuilder, [x]: Value[]): Value[] => {
      const i = b.cast(x!, 'int32');
      const c = b.lt(x!, b.like(x!, 0));
      return [
        b.sign(x!),
        b.emit('round', [x!], {}),
        b.neg(i),
        b.abs(i),
        b.slice(i, [1], [2]),
        b.or(c, b.not(c)),
        b.flip(c, [0]),
        b.concat([c, c], 0),
        b.argMax(x!, 0),
      ];
    };
    const missing = ['Sign', 'Round', 'Or', 'Slice', 'IsNaN', 'TopK'];
    const nodes = nodesOf('webgpu', [[4]], body);
    expect(nodes.filter((op) => missing.includes(op))).toEqual([]);
    expect(nodesOf('wasm', [[4]], body)).toEqual(expect.arrayContaining(['Sign', 'Round', 'Or', 'Slice']));
  });

  it('names nodes after instructions', () => {
    const { model } = emitProgram(
      build('wasm', [[2]], (b, [x]) => [b.sqrt(b.exp(x!))]),
      { target: 'wasm' },
    );
    expect(graphOf(model!).node.map(({ name }) => name)).toEqual(['i1_Exp_0', 'i2_Sqrt_1']);
  });
});

describe('emitModel', () => {
  const program = build('portable', [[2, 3], [4, 3], [4]], (b, [x, w, bias]) => {
    const y = b.relu(b.add(b.matmul(x!, w!, { transposeB: true }), bias!));
    return [y, y, x!, b.full([2], 1)];
  });

  it('names inputs and outputs and stores parameters', () => {
    const weight: HostValue = { data: new Float32Array(12).fill(0.5), dtype: 'float32', shape: [4, 3] };
    const bias: HostValue = { data: Float32Array.of(1, 2, 3, 4), dtype: 'float32', shape: [4] };
    const model = fromBinary(
      ModelProtoSchema,
      emitModel(program, {
        inputNames: ['image', 'layer.weight', 'layer.bias'],
        outputNames: ['y', 'again', 'echo', 'ones'],
        initializers: new Map([
          [1, weight],
          [2, bias],
        ]),
        name: 'net',
      }),
    );
    const graph = model.graph!;
    expect(model.opsetImport).toMatchObject([{ domain: '', version: 20n }]);
    expect(graph.name).toBe('net');
    expect(graph.input.map(({ name }) => name)).toEqual(['image']);
    expect(graph.output.map(({ name }) => name)).toEqual(['y', 'again', 'echo', 'ones']);
    const stored = graph.initializer.find(({ name }) => name === 'layer.bias')!;
    expect(stored.dims).toEqual([4n]);
    expect(new Float32Array(stored.rawData.slice().buffer)).toEqual(bias.data);
  });

  it('refuses names that are missing or repeated', () => {
    expect(() => emitModel(program, { inputNames: ['a'] })).toThrow('inputNames has 1 names, the program has 3');
    expect(() => emitModel(program, { inputNames: ['a', 'b', 'a'] })).toThrow('the name "a" is given twice');
    expect(() => emitModel(program, { outputNames: ['y', 'y', 'x', 'z'] })).toThrow('the name "y" is given twice');
  });
});
