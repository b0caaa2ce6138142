import type { DType, Shape } from '@chimera-nn/core';
import { allocateHost, broadcastShapes, numbersToHost, sameShape, sizeOf } from '@chimera-nn/core';
import type { AttributeValue, Sink, Tensor, TensorType } from './sink.ts';

const int32: AttributeValue = { type: 'int32' };

// TensorFlow broadcasts over so many runs of axes; neighbours that behave alike are one run.
const mostRuns = 5;

function runsOf(a: Shape, b: Shape): number {
  const rank = Math.max(a.length, b.length);
  let runs = 0;
  let last: number | undefined;
  for (let i = 1; i <= rank; i++) {
    const [m, n] = [a.at(-i) ?? 1, b.at(-i) ?? 1];
    if (m === 1 && n === 1) continue;
    const kind = Math.sign(m - n);
    if (kind !== last) runs++;
    last = kind;
  }
  return runs;
}

/** TensorFlow's operations as functions of tensors: what lowerings are written with. */
export class Kernels {
  readonly sink: Sink;

  constructor(sink: Sink) {
    this.sink = sink;
  }

  /** A 0-d constant. */
  scalar(value: number, dtype: DType): Tensor {
    return this.sink.constant(numbersToHost([value], dtype), dtype, []);
  }
  /** A list of integers, the way operations take axes, sizes and permutations. */
  integers(values: readonly number[]): Tensor {
    return this.sink.constant(Int32Array.from(values), 'int32', [values.length]);
  }
  /** Integers in another arrangement, for example pairs of paddings. */
  integerTable(values: readonly number[], shape: Shape): Tensor {
    return this.sink.constant(Int32Array.from(values), 'int32', shape);
  }
  zeros(shape: Shape, dtype: DType): Tensor {
    return sizeOf(shape) === 0
      ? this.sink.constant(allocateHost(dtype, 0), dtype, shape)
      : this.broadcastTo(this.scalar(0, dtype), shape);
  }

  /** An operation that takes `T` and gives the same type and shape. */
  unary(name: string, x: Tensor, type: TensorType = x.type): Tensor {
    return this.sink.op({ name, inputs: [x], attributes: { T: { type: x.type } }, type, shape: x.shape });
  }
  /** An elementwise operation of two tensors of one type, which broadcast. */
  binary(name: string, a: Tensor, b: Tensor, type: TensorType = a.type): Tensor {
    const shape = broadcastShapes(a.shape, b.shape);
    const inputs = runsOf(a.shape, b.shape) > mostRuns ? [a, b].map((x) => this.broadcastTo(x, shape)) : [a, b];
    return this.sink.op({ name, inputs, attributes: { T: { type: a.type } }, type, shape });
  }
  /** The same for booleans, whose operations have no `T`. */
  logical(name: string, ...inputs: Tensor[]): Tensor {
    return this.sink.op({
      name,
      inputs,
      attributes: {},
      type: 'bool',
      shape: inputs.map((x) => x.shape).reduce((a, b) => broadcastShapes(a, b)),
    });
  }
  isNaN(x: Tensor): Tensor {
    return this.unary('IsNan', x, 'bool');
  }
  select(condition: Tensor, a: Tensor, b: Tensor): Tensor {
    const shape = broadcastShapes(broadcastShapes(condition.shape, a.shape), b.shape);
    return this.sink.op({
      name: 'SelectV2',
      inputs: [condition, a, b],
      attributes: { T: { type: a.type } },
      type: a.type,
      shape,
    });
  }

  cast(x: Tensor, type: TensorType): Tensor {
    if (x.type === type) return x;
    return this.sink.op({
      name: 'Cast',
      inputs: [x],
      attributes: { SrcT: { type: x.type }, DstT: { type } },
      type,
      shape: x.shape,
    });
  }
  /** The same bits in a type of the same width. */
  bitcast(x: Tensor, type: TensorType): Tensor {
    return this.sink.op({
      name: 'Bitcast',
      inputs: [x],
      attributes: { T: { type: x.type }, type: { type } },
      type,
      shape: x.shape,
    });
  }

  reshape(x: Tensor, shape: Shape): Tensor {
    if (sameShape(x.shape, shape)) return x;
    return this.sink.op({
      name: 'Reshape',
      inputs: [x, this.integers(shape)],
      attributes: { T: { type: x.type }, Tshape: int32 },
      type: x.type,
      shape,
    });
  }
  transpose(x: Tensor, permutation: readonly number[]): Tensor {
    const shape = permutation.map((axis) => x.shape[axis]!);
    const moving = permutation.filter((axis) => x.shape[axis] !== 1);
    if (moving.every((axis, i) => i === 0 || axis > moving[i - 1]!)) return this.reshape(x, shape);
    return this.sink.op({
      name: 'Transpose',
      inputs: [x, this.integers(permutation)],
      attributes: { T: { type: x.type }, Tperm: int32 },
      type: x.type,
      shape,
    });
  }
  broadcastTo(x: Tensor, shape: Shape): Tensor {
    if (sameShape(x.shape, shape)) return x;
    // Axis by axis, from the last: the axes that are left apart become fewer.
    if (runsOf(x.shape, shape) > mostRuns) {
      const extents = [...new Array<number>(shape.length - x.shape.length).fill(1), ...x.shape];
      const axis = extents.findLastIndex((extent, i) => extent !== shape[i]);
      return this.broadcastTo(this.broadcastTo(x, extents.with(axis, shape[axis]!)), shape);
    }
    return this.sink.op({
      name: 'BroadcastTo',
      inputs: [x, this.integers(shape)],
      attributes: { T: { type: x.type }, Tidx: int32 },
      type: x.type,
      shape,
    });
  }
  slice(x: Tensor, starts: readonly number[], sizes: Shape): Tensor {
    if (sameShape(x.shape, sizes)) return x;
    return this.sink.op({
      name: 'Slice',
      inputs: [x, this.integers(starts), this.integers(sizes)],
      attributes: { T: { type: x.type }, Index: int32 },
      type: x.type,
      shape: sizes,
    });
  }
  pad(x: Tensor, lo: readonly number[], hi: readonly number[], value: Tensor): Tensor {
    if (lo.every((n, i) => n === 0 && hi[i] === 0)) return x;
    return this.sink.op({
      name: 'PadV2',
      inputs: [
        x,
        this.integerTable(
          lo.flatMap((n, i) => [n, hi[i]!]),
          [lo.length, 2],
        ),
        value,
      ],
      attributes: { T: { type: x.type }, Tpaddings: int32 },
      type: x.type,
      shape: x.shape.map((extent, i) => extent + lo[i]! + hi[i]!),
    });
  }
  concat(values: readonly Tensor[], axis: number): Tensor {
    const [first] = values as [Tensor];
    if (values.length === 1) return first;
    const extent = values.reduce((sum, x) => sum + x.shape[axis]!, 0);
    return this.sink.op({
      name: 'ConcatV2',
      inputs: [...values, this.scalar(axis, 'int32')],
      attributes: { N: { int: values.length }, T: { type: first.type }, Tidx: int32 },
      type: first.type,
      shape: first.shape.map((n, i) => (i === axis ? extent : n)),
    });
  }
  reverse(x: Tensor, axes: readonly number[]): Tensor {
    return this.sink.op({
      name: 'ReverseV2',
      inputs: [x, this.integers(axes)],
      attributes: { T: { type: x.type }, Tidx: int32 },
      type: x.type,
      shape: x.shape,
    });
  }

  /** Sum, Prod, Max or Min over axes. */
  reduce(name: string, x: Tensor, axes: readonly number[], keepDims: boolean): Tensor {
    if (axes.length === 0) return x;
    return this.sink.op({
      name,
      inputs: [x, this.integers(axes)],
      attributes: { T: { type: x.type }, Tidx: int32, keep_dims: { bool: keepDims } },
      type: x.type,
      shape: keepDims ? x.shape.map((n, i) => (axes.includes(i) ? 1 : n)) : x.shape.filter((_, i) => !axes.includes(i)),
    });
  }
}
