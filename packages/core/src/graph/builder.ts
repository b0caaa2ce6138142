import type { DType } from './dtype.ts';
import { isFloating } from './dtype.ts';
import type { PoolAttributes } from './ops/composite.ts';
import type { AttributesOf, OperationName } from './registry.ts';
import type { Shape } from './shape.ts';
import { normalizeDim, sameShape, sizeOf } from './shape.ts';
import type { Value } from './value.ts';

export interface ConvolutionOptions {
  readonly stride: readonly number[];
  readonly padLo: readonly number[];
  readonly padHi: readonly number[];
  readonly dilation: readonly number[];
  readonly groups: number;
}

/**
 * Builds graphs: one method per primitive and a few shorthands. Derivative rules and expansions are written against
 * it, so the same rule records onto the user's graph or rewrites a finished program, whichever `emit` does.
 * Elementwise inputs broadcast; they must have one dtype (promotion is the tensor's business).
 */
export abstract class Builder {
  /** Adds one operation and gives its value. */
  abstract emit<N extends OperationName>(name: N, inputs: readonly Value[], attributes: AttributesOf<N>): Value;

  /** A 0-d constant. */
  scalar(value: number, dtype: DType = 'float32'): Value {
    return this.emit('constant', [], { value, dtype });
  }
  /** A constant of the dtype of `x`. */
  like(x: Value, value: number): Value {
    return this.scalar(value, x.dtype);
  }
  /** A constant of the dtype and shape of `x`. */
  fullLike(x: Value, value: number): Value {
    return this.broadcastTo(this.like(x, value), x.shape);
  }
  full(shape: Shape, value: number, dtype: DType = 'float32'): Value {
    return this.broadcastTo(this.scalar(value, dtype), shape);
  }
  /** 0, 1, ..., n-1. */
  iota(n: number, dtype: DType = 'int32'): Value {
    return this.emit('iota', [], { n, dtype });
  }

  neg(x: Value): Value {
    return this.emit('neg', [x], {});
  }
  abs(x: Value): Value {
    return this.emit('abs', [x], {});
  }
  sign(x: Value): Value {
    return this.emit('sign', [x], {});
  }
  exp(x: Value): Value {
    return this.emit('exp', [x], {});
  }
  log(x: Value): Value {
    return this.emit('log', [x], {});
  }
  sqrt(x: Value): Value {
    return this.emit('sqrt', [x], {});
  }
  sin(x: Value): Value {
    return this.emit('sin', [x], {});
  }
  cos(x: Value): Value {
    return this.emit('cos', [x], {});
  }
  tanh(x: Value): Value {
    return this.emit('tanh', [x], {});
  }
  erf(x: Value): Value {
    return this.emit('erf', [x], {});
  }
  floor(x: Value): Value {
    return this.emit('floor', [x], {});
  }

  add(a: Value, b: Value): Value {
    return this.emit('add', [a, b], {});
  }
  sub(a: Value, b: Value): Value {
    return this.emit('sub', [a, b], {});
  }
  mul(a: Value, b: Value): Value {
    return this.emit('mul', [a, b], {});
  }
  div(a: Value, b: Value): Value {
    return this.emit('div', [a, b], {});
  }
  pow(a: Value, b: Value): Value {
    return this.emit('pow', [a, b], {});
  }
  maximum(a: Value, b: Value): Value {
    return this.emit('maximum', [a, b], {});
  }
  minimum(a: Value, b: Value): Value {
    return this.emit('minimum', [a, b], {});
  }

  /** Without the fraction: rounded towards zero (floating dtypes). */
  trunc(x: Value): Value {
    return this.select(this.lt(x, this.like(x, 0)), this.emit('ceil', [x], {}), this.floor(x));
  }
  /** Whether a floating number is negative, -0 included: only its reciprocal tells it from 0. */
  hasSign(x: Value): Value {
    const zero = this.like(x, 0);
    return this.or(this.lt(x, zero), this.and(this.eq(x, zero), this.lt(this.div(this.like(x, 1), x), zero)));
  }

  lt(a: Value, b: Value): Value {
    return this.emit('less', [a, b], {});
  }
  le(a: Value, b: Value): Value {
    return this.emit('lessEqual', [a, b], {});
  }
  gt(a: Value, b: Value): Value {
    return this.emit('less', [b, a], {});
  }
  ge(a: Value, b: Value): Value {
    return this.emit('lessEqual', [b, a], {});
  }
  eq(a: Value, b: Value): Value {
    return this.emit('equal', [a, b], {});
  }
  not(a: Value): Value {
    return this.emit('logicalNot', [a], {});
  }
  and(a: Value, b: Value): Value {
    return this.emit('logicalAnd', [a, b], {});
  }
  or(a: Value, b: Value): Value {
    return this.emit('logicalOr', [a, b], {});
  }
  select(condition: Value, a: Value, b: Value): Value {
    return this.emit('select', [condition, a, b], {});
  }

  cast(x: Value, dtype: DType): Value {
    return x.dtype === dtype ? x : this.emit('cast', [x], { dtype });
  }
  /** 1 where true, 0 where false, in a numeric dtype. */
  mask(condition: Value, dtype: DType): Value {
    return this.cast(condition, dtype);
  }

  reduceSum(x: Value, axes: readonly number[], keepDims = false): Value {
    return this.emit('reduceSum', [x], { axes, keepDims });
  }
  reduceMax(x: Value, axes: readonly number[], keepDims = false): Value {
    return this.emit('reduceMax', [x], { axes, keepDims });
  }
  reduceMin(x: Value, axes: readonly number[], keepDims = false): Value {
    return this.emit('reduceMin', [x], { axes, keepDims });
  }
  /** Mean over `axes` (floating dtypes). */
  reduceMean(x: Value, axes: readonly number[], keepDims = false): Value {
    let count = 1;
    for (const axis of axes) count *= x.shape[axis]!;
    return this.mul(this.reduceSum(x, axes, keepDims), this.like(x, 1 / count));
  }
  argMax(x: Value, axis: number): Value {
    return this.emit('argMax', [x], { axis });
  }
  cumsum(x: Value, axis: number, options: { reverse?: boolean; exclusive?: boolean } = {}): Value {
    return this.emit('cumsum', [x], { axis, reverse: options.reverse ?? false, exclusive: options.exclusive ?? false });
  }

  reshape(x: Value, shape: Shape): Value {
    return sameShape(x.shape, shape) ? x : this.emit('reshape', [x], { shape });
  }
  permute(x: Value, permutation: readonly number[]): Value {
    return permutation.every((axis, i) => axis === i) ? x : this.emit('permute', [x], { permutation });
  }
  /** Swaps two axes; negative ones count from the end. */
  transpose(x: Value, first = -2, second = -1): Value {
    const permutation = x.shape.map((_, i) => i);
    const i = normalizeDim(first, x.shape.length);
    const j = normalizeDim(second, x.shape.length);
    permutation[i] = j;
    permutation[j] = i;
    return this.permute(x, permutation);
  }
  broadcastTo(x: Value, shape: Shape): Value {
    return sameShape(x.shape, shape) ? x : this.emit('broadcastTo', [x], { shape });
  }
  slice(x: Value, starts: readonly number[], sizes: readonly number[]): Value {
    return sameShape(x.shape, sizes) ? x : this.emit('slice', [x], { starts, sizes });
  }
  /** Elements `start` to `start + size` of one axis. */
  narrow(x: Value, axis: number, start: number, size: number): Value {
    return this.slice(
      x,
      x.shape.map((_, i) => (i === axis ? start : 0)),
      x.shape.map((extent, i) => (i === axis ? size : extent)),
    );
  }
  pad(x: Value, lo: readonly number[], hi: readonly number[], value = 0): Value {
    return lo.every((n) => n === 0) && hi.every((n) => n === 0) ? x : this.emit('pad', [x], { lo, hi, value });
  }
  concat(values: readonly Value[], axis: number): Value {
    return values.length === 1 ? values[0]! : this.emit('concat', values, { axis });
  }
  flip(x: Value, axes: readonly number[]): Value {
    return axes.length === 0 ? x : this.emit('flip', [x], { axes });
  }

  matmul(a: Value, b: Value, options: { transposeA?: boolean; transposeB?: boolean } = {}): Value {
    return this.emit('matmul', [a, b], {
      transposeA: options.transposeA ?? false,
      transposeB: options.transposeB ?? false,
    });
  }
  conv2d(x: Value, w: Value, options: ConvolutionOptions): Value {
    return this.emit('conv2d', [x, w], pick(options));
  }
  conv2dInputGrad(g: Value, w: Value, options: ConvolutionOptions & { readonly inputSize: readonly number[] }): Value {
    return this.emit('conv2dInputGrad', [g, w], { ...pick(options), inputSize: options.inputSize });
  }
  conv2dWeightGrad(
    x: Value,
    g: Value,
    options: ConvolutionOptions & { readonly kernelSize: readonly number[] },
  ): Value {
    return this.emit('conv2dWeightGrad', [x, g], { ...pick(options), kernelSize: options.kernelSize });
  }
  windows(
    x: Value,
    options: { size: readonly number[]; stride: readonly number[]; dilation: readonly number[] },
  ): Value {
    return this.emit('windows', [x], { size: options.size, stride: options.stride, dilation: options.dilation });
  }
  windowsAdjoint(
    g: Value,
    options: {
      size: readonly number[];
      stride: readonly number[];
      dilation: readonly number[];
      inputSize: readonly number[];
    },
  ): Value {
    return this.emit('windowsAdjoint', [g], {
      size: options.size,
      stride: options.stride,
      dilation: options.dilation,
      inputSize: options.inputSize,
    });
  }

  maxPool2d(x: Value, options: PoolAttributes): Value {
    return this.emit('maxPool2d', [x], pickPool(options));
  }
  maxPool2dGrad(x: Value, g: Value, options: PoolAttributes): Value {
    return this.emit('maxPool2dGrad', [x, g], pickPool(options));
  }

  relu(x: Value): Value {
    return this.emit('relu', [x], {});
  }
  sigmoid(x: Value): Value {
    return this.emit('sigmoid', [x], {});
  }
  softmax(x: Value, axis: number): Value {
    return this.emit('softmax', [x], { axis });
  }
  logSoftmax(x: Value, axis: number): Value {
    return this.emit('logSoftmax', [x], { axis });
  }

  gather(x: Value, indices: Value, axis: number): Value {
    return this.emit('gather', [x, indices], { axis });
  }
  scatterAdd(updates: Value, indices: Value, axis: number, size: number): Value {
    return this.emit('scatterAdd', [updates, indices], { axis, size });
  }

  /**
   * Picks along one axis with an index per element (PyTorch: `torch.gather`): `out[i][j] = x[index[i][j]][j]` for
   * axis 0. `indices` has the rank of `x` and is no larger than it outside `axis`.
   */
  gatherElements(x: Value, indices: Value, axis: number): Value {
    return this.gather(this.reshape(x, [sizeOf(x.shape)]), this.flatIndices(x.shape, indices, axis), 0);
  }
  /** The adjoint of `gatherElements`: adds `updates` into zeros of `shape` (PyTorch: `zeros.scatter_add`). */
  scatterAddElements(updates: Value, indices: Value, axis: number, shape: Shape): Value {
    const count = sizeOf(indices.shape);
    const flat = this.reshape(this.flatIndices(shape, indices, axis), [count]);
    return this.reshape(this.scatterAdd(this.reshape(updates, [count]), flat, 0, sizeOf(shape)), shape);
  }
  /** Row-major positions in a tensor of `shape` of the elements that per-element `indices` along `axis` name. */
  flatIndices(shape: Shape, indices: Value, axis: number): Value {
    let step = 1;
    let flat: Value | undefined;
    for (let i = shape.length - 1; i >= 0; i--) {
      let coordinate: Value = indices;
      if (i !== axis) {
        const column = indices.shape.map((_, d) => (d === i ? indices.shape[i]! : 1));
        coordinate = this.reshape(this.iota(indices.shape[i]!), column);
      }
      const term = step === 1 ? coordinate : this.mul(coordinate, this.scalar(step, 'int32'));
      flat = flat === undefined ? term : this.add(flat, term);
      step *= shape[i]!;
    }
    return this.broadcastTo(flat ?? indices, indices.shape);
  }

  /** 1 at the index along a new last axis of `classes`, 0 elsewhere. */
  oneHot(indices: Value, classes: number, dtype: DType): Value {
    return this.mask(this.eq(this.reshape(indices, [...indices.shape, 1]), this.iota(classes)), dtype);
  }

  /** Puts the reduced axes back with extent 1, so that a reduction broadcasts against what it reduced. */
  restoreAxes(y: Value, shape: Shape, axes: readonly number[]): Value {
    return this.reshape(
      y,
      shape.map((extent, i) => (axes.includes(i) ? 1 : extent)),
    );
  }

  /** Sums broadcast dimensions away until `x` has `shape`. */
  sumTo(x: Value, shape: Shape): Value {
    if (sameShape(x.shape, shape)) return x;
    const extra = x.shape.length - shape.length;
    const axes: number[] = [];
    for (let i = 0; i < x.shape.length; i++)
      if (i < extra || (shape[i - extra] === 1 && x.shape[i] !== 1)) axes.push(i);
    return this.reshape(axes.length ? this.reduceSum(x, axes) : x, shape);
  }

  /** Zero cotangent for a floating input, none for others. */
  zeroCotangent(x: Value): Value | null {
    return isFloating(x.dtype) ? this.fullLike(x, 0) : null;
  }
}

// Options objects may carry more keys than the operation has; attributes must be exactly the operation's.
function pick(options: ConvolutionOptions): ConvolutionOptions {
  return {
    stride: options.stride,
    padLo: options.padLo,
    padHi: options.padHi,
    dilation: options.dilation,
    groups: options.groups,
  };
}

function pickPool(options: PoolAttributes): PoolAttributes {
  return {
    size: options.size,
    stride: options.stride,
    padLo: options.padLo,
    padHi: options.padHi,
    dilation: options.dilation,
  };
}
