import type { Builder } from '../builder.ts';
import { byteSize } from '../dtype.ts';
import type { DType } from '../dtype.ts';
import type { Operation } from '../operation.ts';
import { composite } from '../operation.ts';
import type { DerivativeRule } from '../operation.ts';
import type { Shape } from '../shape.ts';
import type { NoAttributes, Value } from '../value.ts';
import { outputExtent } from './convolution.ts';
import { requireFloating } from './elementwise.ts';

export interface PoolAttributes {
  readonly size: readonly number[];
  readonly stride: readonly number[];
  readonly padLo: readonly number[];
  readonly padHi: readonly number[];
  readonly dilation: readonly number[];
}

/** The lowest finite number of a floating dtype: padding that loses every comparison. */
export function lowest(dtype: DType): number {
  return byteSize(dtype) === 2 ? -65504 : byteSize(dtype) === 4 ? -3.4028234663852886e38 : -Number.MAX_VALUE;
}

type Composite<A> = Operation<A> & Required<Pick<Operation<A>, 'expand'>>;

function unary(
  name: string,
  doc: string,
  expand: (b: Builder, x: Value) => Value,
  vjp: DerivativeRule<NoAttributes> | 'expansion',
): Composite<NoAttributes> {
  return composite<NoAttributes>({
    doc,
    arity: 1,
    infer: ([x]) => {
      requireFloating(name, x!);
      return { dtype: x!.dtype, shape: x!.shape };
    },
    vjp,
    expand: (b, [x]) => expand(b, x!),
  });
}

function alongAxis(
  name: string,
  doc: string,
  expand: (b: Builder, x: Value, axis: number) => Value,
  vjp: DerivativeRule<{ readonly axis: number }>,
): Composite<{ readonly axis: number }> {
  return composite<{ readonly axis: number }>({
    doc,
    arity: 1,
    infer: ([x]) => {
      requireFloating(name, x!);
      return { dtype: x!.dtype, shape: x!.shape };
    },
    vjp,
    expand: (b, [x], { axis }) => expand(b, x!, axis),
  });
}

function pooledShape(x: Value, { size, stride, padLo, padHi, dilation }: PoolAttributes): Shape {
  const [n, c, ...extent] = x.shape as [number, number, number, number];
  return [n, c, ...extent.map((e, i) => outputExtent(e, size[i]!, stride[i]!, padLo[i]!, padHi[i]!, dilation[i]!))];
}

/** x padded with `value` in its last two axes, then every window of it: [N, C, kh kw, OH, OW]. */
function paddedWindows(
  b: Builder,
  x: Value,
  { size, stride, padLo, padHi, dilation }: PoolAttributes,
  value: number,
): Value {
  return b.windows(b.pad(x, [0, 0, ...padLo], [0, 0, ...padHi], value), { size, stride, dilation });
}

export const composites = {
  // f(x) = max(x, 0); f'(x) = [x > 0]
  relu: unary(
    'relu',
    'max(x, 0)',
    (b, x) => b.maximum(x, b.like(x, 0)),
    (b, g, { output }) => [b.select(b.le(output, b.like(output, 0)), b.like(g, 0), g)],
  ),
  // f(x) = 1/(1 + e^-x); f'(x) = f (1 - f)
  sigmoid: unary(
    'sigmoid',
    '1 / (1 + e^-x)',
    (b, x) => {
      // From e^-|x|, which cannot overflow.
      const e = b.exp(b.neg(b.abs(x)));
      const one = b.like(x, 1);
      return b.div(b.select(b.lt(x, b.like(x, 0)), e, one), b.add(one, e));
    },
    (b, g, { output }) => [b.mul(g, b.mul(output, b.sub(b.like(output, 1), output)))],
  ),
  // f(x) = ln(1 + x), accurate near 0; f'(x) = 1/(1 + x)
  log1p: unary(
    'log1p',
    'ln(1 + x), accurate near 0',
    (b, x) => {
      // Kahan: the rounding error of 1 + x cancels in x / ((1 + x) - 1).
      const u = b.add(x, b.like(x, 1));
      const d = b.sub(u, b.like(x, 1));
      const zero = b.eq(d, b.like(x, 0));
      const infinite = b.eq(u, d);
      return b.select(
        zero,
        x,
        b.select(infinite, b.log(u), b.mul(b.log(u), b.div(x, b.select(zero, b.like(x, 1), d)))),
      );
    },
    (b, g, { inputs: [x] }) => [b.div(g, b.add(x!, b.like(x!, 1)))],
  ),
  // f(x) = e^x - 1, accurate near 0; f'(x) = f + 1
  expm1: unary(
    'expm1',
    'e^x - 1, accurate near 0',
    // Its Taylor series near 0, as far as the dtype resolves, the plain difference elsewhere.
    (b, x) => {
      const terms = x.dtype === 'float64' ? 14 : 7;
      const coefficients = [1];
      for (let n = 2; n <= terms; n++) coefficients.unshift(coefficients[0]! / n);
      const [highest, ...lower] = coefficients as [number, ...number[]];
      let series = b.like(x, highest);
      for (const c of lower) series = b.add(b.mul(series, x), b.like(x, c));
      return b.select(b.lt(b.abs(x), b.like(x, 0.35)), b.mul(series, x), b.sub(b.exp(x), b.like(x, 1)));
    },
    (b, g, { output }) => [b.mul(g, b.add(output, b.like(output, 1)))],
  ),
  // y = e^(x - m) / sum e^(x - m); dx = y (dy - sum dy y)
  softmax: alongAxis(
    'softmax',
    'e^x / sum of e^x along an axis',
    (b, x, axis) => {
      const e = b.exp(b.sub(x, b.reduceMax(x, [axis], true)));
      return b.div(e, b.reduceSum(e, [axis], true));
    },
    (b, g, { output, attributes: { axis } }) => [b.mul(output, b.sub(g, b.reduceSum(b.mul(g, output), [axis], true)))],
  ),
  // y = x - m - ln sum e^(x - m); dx = dy - e^y sum dy
  logSoftmax: alongAxis(
    'logSoftmax',
    'x - ln sum of e^x along an axis',
    (b, x, axis) => {
      const shifted = b.sub(x, b.reduceMax(x, [axis], true));
      return b.sub(shifted, b.log(b.reduceSum(b.exp(shifted), [axis], true)));
    },
    (b, g, { output, attributes: { axis } }) => [b.sub(g, b.mul(b.exp(output), b.reduceSum(g, [axis], true)))],
  ),
  // f(x) = x Phi(x); Phi by erf, or by tanh
  gelu: composite<{ readonly approximate: string }>({
    doc: 'x times the normal distribution function of x, by erf ("none") or tanh ("tanh")',
    arity: 1,
    infer: ([x]) => {
      requireFloating('gelu', x!);
      return { dtype: x!.dtype, shape: x!.shape };
    },
    vjp: 'expansion',
    expand: (b, [x], { approximate }) => {
      const half = b.mul(x!, b.like(x!, 0.5));
      const inner =
        approximate === 'tanh'
          ? b.tanh(
              b.mul(
                b.like(x!, Math.sqrt(2 / Math.PI)),
                b.add(x!, b.mul(b.like(x!, 0.044715), b.mul(x!, b.mul(x!, x!)))),
              ),
            )
          : b.erf(b.mul(x!, b.like(x!, Math.SQRT1_2)));
      return b.mul(half, b.add(inner, b.like(x!, 1)));
    },
  }),
  // y = max over each window; the cotangent goes to the first maximum
  maxPool2d: composite<PoolAttributes>({
    doc: 'maximum over the windows of images [N, C, H, W], padded with the lowest number',
    arity: 1,
    infer: ([x], attributes) => ({ dtype: x!.dtype, shape: pooledShape(x!, attributes) }),
    vjp: (b, g, { inputs: [x], attributes }) => [b.maxPool2dGrad(x!, g, attributes)],
    expand: (b, [x], attributes) => b.reduceMax(paddedWindows(b, x!, attributes, lowest(x!.dtype)), [2]),
  }),
  maxPool2dGrad: composite<PoolAttributes>({
    doc: 'the cotangent of maxPool2d (x, g): g added at the first maximum of each window of x',
    arity: 2,
    infer: ([x]) => ({ dtype: x!.dtype, shape: x!.shape }),
    vjp: 'expansion',
    expand: (b, [x, g], attributes) => {
      const { size, stride, padLo, padHi, dilation } = attributes;
      const first = b.argMax(paddedWindows(b, x!, attributes, lowest(x!.dtype)), 2);
      const [n, c, oh, ow] = g!.shape as [number, number, number, number];
      const places = b.reshape(b.iota(size[0]! * size[1]!), [size[0]! * size[1]!, 1, 1]);
      const chosen = b.mask(b.eq(b.reshape(first, [n, c, 1, oh, ow]), places), g!.dtype);
      const inputSize = [x!.shape[2]! + padLo[0]! + padHi[0]!, x!.shape[3]! + padLo[1]! + padHi[1]!];
      const spread = b.windowsAdjoint(b.mul(chosen, b.reshape(g!, [n, c, 1, oh, ow])), {
        size,
        stride,
        dilation,
        inputSize,
      });
      return b.slice(spread, [0, 0, ...padLo], x!.shape);
    },
  }),
} as const;
