import { DTypeError, ShapeError } from '../../errors.ts';
import type { Builder } from '../builder.ts';
import { isFloating } from '../dtype.ts';
import type { Operation } from '../operation.ts';
import { primitive } from '../operation.ts';
import type { DerivativeRule } from '../operation.ts';
import type { Shape } from '../shape.ts';
import type { Value } from '../value.ts';

export interface ReductionAttributes {
  /** Sorted, unique, not negative. */
  readonly axes: readonly number[];
  readonly keepDims: boolean;
  readonly [key: string]: boolean | readonly number[];
}

/** The shape that is left when `axes` are reduced. */
export function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): Shape {
  return keepDims
    ? shape.map((extent, i) => (axes.includes(i) ? 1 : extent))
    : shape.filter((_, i) => !axes.includes(i));
}

function reduction(
  name: string,
  doc: string,
  needsElements: boolean,
  vjp: DerivativeRule<ReductionAttributes>,
): Operation<ReductionAttributes> {
  return primitive<ReductionAttributes>({
    doc,
    arity: 1,
    infer: ([x], { axes, keepDims }) => {
      if (x!.dtype === 'bool') throw new DTypeError(`${name}: expected a numeric tensor, got bool`);
      if (needsElements && axes.some((axis) => x!.shape[axis] === 0))
        throw new ShapeError(
          `${name}: Expected reduction dim to be specified for input.numel() == 0 and to have non-zero size (shape [${x!.shape.join(', ')}])`,
        );
      return { dtype: x!.dtype, shape: reducedShape(x!.shape, axes, keepDims) };
    },
    vjp,
  });
}

function extremumVjp(b: Builder, g: Value, x: Value, y: Value, axes: readonly number[]): [Value] {
  // Equal extremes share the cotangent evenly, as torch.amax does.
  const mask = b.mask(b.eq(x, b.restoreAxes(y, x.shape, axes)), x.dtype);
  const count = b.reduceSum(mask, axes, true);
  return [b.mul(mask, b.div(b.restoreAxes(g, x.shape, axes), count))];
}

function arg(name: string, doc: string): Operation<{ readonly axis: number }> {
  return primitive<{ readonly axis: number }>({
    doc,
    arity: 1,
    infer: ([x], { axis }) => {
      if (x!.dtype === 'bool') throw new DTypeError(`${name}: expected a numeric tensor, got bool`);
      if (x!.shape[axis] === 0) throw new ShapeError(`${name}: Expected reduction dim ${axis} to have non-zero size`);
      return { dtype: 'int32', shape: x!.shape.filter((_, i) => i !== axis) };
    },
    vjp: 'none',
  });
}

export const reductions = {
  // y = sum x; dy/dx = 1
  reduceSum: reduction('sum', 'sum over axes', false, (b, g, { inputs: [x], attributes: { axes } }) => [
    b.broadcastTo(b.restoreAxes(g, x!.shape, axes), x!.shape),
  ]),
  // y = max x; dy/dx = 1/n at the n largest
  reduceMax: reduction('amax', 'maximum over axes', true, (b, g, { inputs: [x], output, attributes: { axes } }) =>
    extremumVjp(b, g, x!, output, axes),
  ),
  // y = min x; dy/dx = 1/n at the n smallest
  reduceMin: reduction('amin', 'minimum over axes', true, (b, g, { inputs: [x], output, attributes: { axes } }) =>
    extremumVjp(b, g, x!, output, axes),
  ),
  // y = prod x; dy/dx_i = the product of the others, exact also where some are zero
  reduceProd: reduction('prod', 'product over axes', false, (b, g, { inputs: [x], attributes: { axes } }) => [
    b.mul(b.restoreAxes(g, x!.shape, axes), productOfOthers(b, x!, axes)),
  ]),
  argMax: arg('argmax', 'index of the first maximum along an axis'),
  argMin: arg('argmin', 'index of the first minimum along an axis'),
  // Stable: equal elements keep their order.
  argSort: primitive<{ readonly axis: number; readonly descending: boolean }>({
    doc: 'indices that sort along an axis; equal elements keep their order, NaN counts as the largest',
    arity: 1,
    infer: ([x]) => {
      if (x!.dtype === 'bool') throw new DTypeError('argsort: expected a numeric tensor, got bool');
      return { dtype: 'int32', shape: x!.shape };
    },
    vjp: 'none',
  }),
  // y_i = sum of x_j for j <= i (j < i if exclusive; from the other end if reverse); dy is the same with reverse flipped
  cumsum: primitive<{ readonly axis: number; readonly reverse: boolean; readonly exclusive: boolean }>({
    doc: 'running sum along an axis',
    arity: 1,
    infer: ([x]) => {
      if (x!.dtype === 'bool') throw new DTypeError('cumsum: expected a numeric tensor, got bool');
      return { dtype: x!.dtype, shape: x!.shape };
    },
    vjp: (b, g, { attributes: { axis, reverse, exclusive } }) => [
      isFloating(g.dtype) ? b.cumsum(g, axis, { reverse: !reverse, exclusive }) : null,
    ],
  }),
} as const;

/** Running product along `axis`, exclusive: position i holds the product of what comes before it. */
export function exclusiveCumprod(b: Builder, x: Value, axis: number, reverse: boolean): Value {
  const n = x.shape[axis]!;
  const shift = (value: Value, by: number): Value => {
    const ones = b.full(
      value.shape.map((extent, i) => (i === axis ? by : extent)),
      1,
      value.dtype,
    );
    return reverse
      ? b.concat([b.narrow(value, axis, by, n - by), ones], axis)
      : b.concat([ones, b.narrow(value, axis, 0, n - by)], axis);
  };
  if (n === 0) return x;
  // Doubling: after k rounds each position holds the product of the 2^k elements before it.
  let y = n === 1 ? b.fullLike(x, 1) : shift(x, 1);
  for (let by = 1; by < n; by *= 2) y = b.mul(y, shift(y, by));
  return y;
}

function productOfOthers(b: Builder, x: Value, axes: readonly number[]): Value {
  const kept = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const order = [...kept, ...axes];
  const moved = b.permute(x, order);
  const count = axes.reduce((n, axis) => n * x.shape[axis]!, 1);
  const rows = b.reshape(moved, [...kept.map((i) => x.shape[i]!), count]);
  const last = kept.length;
  // The product of no others is 1, also in the derivative's derivative, 0: a form of it that leads to x.
  if (count === 1) return b.select(b.scalar(1, 'bool'), b.fullLike(x, 1), x);
  const others = b.mul(exclusiveCumprod(b, rows, last, false), exclusiveCumprod(b, rows, last, true));
  return b.permute(
    b.reshape(others, moved.shape),
    order.map((_, i) => order.indexOf(i)),
  );
}
