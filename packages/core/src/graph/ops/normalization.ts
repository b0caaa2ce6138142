import type { Builder } from '../builder.ts';
import { composite } from '../operation.ts';
import { sizeOf } from '../shape.ts';
import type { Value } from '../value.ts';
import type { PoolAttributes } from './composite.ts';
import { outputExtent } from './convolution.ts';
import { requireFloating } from './elementwise.ts';

export interface LayerNormAttributes {
  /** The first of the axes that are normalised together. */
  readonly axis: number;
  /** Added to the variance. */
  readonly eps: number;
}

/** Deviations from the mean, and the standard deviation with `eps` under the root, over `axes`. */
function moments(
  b: Builder,
  x: Value,
  axes: readonly number[],
  eps: number,
): { readonly centered: Value; readonly deviation: Value } {
  const centered = b.sub(x, b.reduceMean(x, axes, true));
  const variance = b.reduceMean(b.mul(centered, centered), axes, true);
  return { centered, deviation: b.sqrt(b.add(variance, b.like(x, eps))) };
}

function inverse(b: Builder, x: Value): Value {
  return b.div(b.like(x, 1), x);
}

/** The cotangent of the input of y = (x - m) / s: (g - mean g - y mean(g y)) / s. */
function standardizeAdjoint(b: Builder, g: Value, y: Value, scale: Value, axes: readonly number[]): Value {
  // mean y = 0, so that the mean of g need not be in the second product; without it there is less to cancel.
  const centered = b.sub(g, b.reduceMean(g, axes, true));
  return b.mul(b.sub(centered, b.mul(y, b.reduceMean(b.mul(centered, y), axes, true))), scale);
}

function axesFrom(x: Value, axis: number): readonly number[] {
  return x.shape.map((_, i) => i).slice(axis);
}

export const normalizations = {
  // y = (x - m) / s, s² = mean (x - m)² + eps; dx = (dy - mean dy - y mean(dy y)) / s
  standardize: composite<{ readonly axes: readonly number[]; readonly eps: number }>({
    doc: '(x - mean) / sqrt(variance + eps) over axes; the variance divides by the number of elements',
    arity: 1,
    infer: ([x]) => {
      requireFloating('standardize', x!);
      return { dtype: x!.dtype, shape: x!.shape };
    },
    vjp: (b, g, { inputs: [x], output: y, attributes: { axes, eps } }) => [
      standardizeAdjoint(b, g, y, inverse(b, moments(b, x!, axes, eps).deviation), axes),
    ],
    expand: (b, [x], { axes, eps }) => {
      const { centered, deviation } = moments(b, x!, axes, eps);
      // A quotient is rounded once, a product with 1 / s twice.
      return b.div(centered, deviation);
    },
  }),
  // standardize over the last axes, for which engines have a kernel
  layerNorm: composite<LayerNormAttributes>({
    doc: '(x - mean) / sqrt(variance + eps) over all axes from `axis` on',
    arity: 1,
    infer: ([x]) => {
      requireFloating('layerNorm', x!);
      return { dtype: x!.dtype, shape: x!.shape };
    },
    vjp: (b, g, { inputs: [x], output: y, attributes }): [Value] => [
      standardizeAdjoint(b, g, y, b.emit('layerNormScale', [x!], attributes), axesFrom(x!, attributes.axis)),
    ],
    expand: (b, [x], { axis, eps }): Value => b.emit('standardize', [x!], { axes: axesFrom(x!, axis), eps }),
  }),
  // s = 1 / sqrt(v + eps); ds = -s² y / n
  layerNormScale: composite<LayerNormAttributes>({
    doc: '1 / sqrt(variance + eps) over all axes from `axis` on, which are kept with extent 1',
    arity: 1,
    infer: ([x], { axis }) => {
      requireFloating('layerNormScale', x!);
      return { dtype: x!.dtype, shape: x!.shape.map((extent, i) => (i < axis ? extent : 1)) };
    },
    vjp: (b, g, { inputs: [x], output: s, attributes }): [Value] => {
      const y = b.emit('layerNorm', [x!], attributes);
      const count = sizeOf(x!.shape.slice(attributes.axis));
      return [b.mul(b.mul(g, b.mul(b.mul(s, s), b.like(s, -1 / count))), y)];
    },
    expand: (b, [x], { axis, eps }) => inverse(b, moments(b, x!, axesFrom(x!, axis), eps).deviation),
  }),
  // y = sum of each window / its size; dx adds dy / size back over the windows
  averagePool2d: composite<PoolAttributes>({
    doc: 'mean over the windows of images [N, C, H, W], padded with zeros that count',
    arity: 1,
    infer: ([x], { size, stride, padLo, padHi, dilation }) => {
      requireFloating('averagePool2d', x!);
      const [n, c, ...extent] = x!.shape as [number, number, number, number];
      return {
        dtype: x!.dtype,
        shape: [
          n,
          c,
          ...extent.map((e, i) => outputExtent(e, size[i]!, stride[i]!, padLo[i]!, padHi[i]!, dilation[i]!)),
        ],
      };
    },
    vjp: (b, g, { inputs: [x], attributes: { size, stride, padLo, padHi, dilation } }) => {
      const [n, c, h, w] = x!.shape as [number, number, number, number];
      const [, , oh, ow] = g.shape as [number, number, number, number];
      const count = size[0]! * size[1]!;
      const share = b.reshape(b.mul(g, b.like(g, 1 / count)), [n, c, 1, oh, ow]);
      if (isApart({ size, stride, padLo, padHi, dilation })) {
        const spread = b.broadcastTo(b.reshape(share, [n, c, oh, 1, ow, 1]), [n, c, oh, size[0]!, ow, size[1]!]);
        const cut = b.reshape(spread, [n, c, oh * size[0]!, ow * size[1]!]);
        return [b.pad(cut, [0, 0, 0, 0], [0, 0, h - oh * size[0]!, w - ow * size[1]!])];
      }
      const inputSize = [h + padLo[0]! + padHi[0]!, w + padLo[1]! + padHi[1]!];
      const windows = b.broadcastTo(share, [n, c, count, oh, ow]);
      return [b.slice(b.windowsAdjoint(windows, { size, stride, dilation, inputSize }), [0, 0, ...padLo], x!.shape)];
    },
    expand: (b, [x], attributes) => {
      const { size, stride, padLo, padHi, dilation } = attributes;
      const [n, c, h, w] = x!.shape as [number, number, number, number];
      const count = size[0]! * size[1]!;
      if (isApart(attributes)) {
        // Windows that do not overlap are a reshape.
        const oh = Math.floor(h / size[0]!);
        const ow = Math.floor(w / size[1]!);
        const cut = b.slice(x!, [0, 0, 0, 0], [n, c, oh * size[0]!, ow * size[1]!]);
        return b.reduceMean(b.reshape(cut, [n, c, oh, size[0]!, ow, size[1]!]), [3, 5]);
      }
      const windows = b.windows(b.pad(x!, [0, 0, ...padLo], [0, 0, ...padHi]), { size, stride, dilation });
      return b.mul(b.reduceSum(windows, [2]), b.like(x!, 1 / count));
    },
  }),
} as const;

/** Whether windows lie side by side, without padding. */
function isApart({ size, stride, padLo, padHi, dilation }: PoolAttributes): boolean {
  return size.every((extent, i) => extent === stride[i] && padLo[i] === 0 && padHi[i] === 0 && dilation[i] === 1);
}
