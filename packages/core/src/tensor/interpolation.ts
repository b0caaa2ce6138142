import { recorder as b } from '../graph/node.ts';
import type { Value } from '../graph/value.ts';
import { fixed, indexTable, numberTable } from './host-values.ts';
import { column, moveAxis, repeatAxis, strided } from './movement.ts';

/** How one axis is resampled. */
export interface AxisScale {
  readonly input: number;
  readonly output: number;
  /** The scale factor that was asked for; `null`: the ratio of the sizes. */
  readonly factor: number | null;
  readonly alignCorners: boolean;
}

// Scales are float32 in PyTorch, which decides the neighbour where a position falls between two elements.
const { fround } = Math;

function neighbourScale({ input, output, factor }: AxisScale): number {
  return factor !== null && factor > 0 ? fround(1 / factor) : fround(fround(input) / fround(output));
}

/** The element that each place takes. */
function nearestPlaces(scale: AxisScale, exact: boolean): number[] {
  const { input, output } = scale;
  const by = neighbourScale(scale);
  return Array.from({ length: output }, (_, i) => {
    if (!exact && output === input) return i;
    if (!exact && output === 2 * input) return i >> 1;
    return Math.min(Math.floor(fround((exact ? i + 0.5 : i) * by)), input - 1);
  });
}

/** Resamples an axis by taking the nearest element. */
export function nearest(x: Value, axis: number, scale: AxisScale, exact: boolean): Value {
  const { input, output } = scale;
  const places = nearestPlaces(scale, exact);
  if (places.every((place, i) => place === i) && input === output) return x;
  // Whole factors need no table: their gradient is a sum, not a scatter.
  const up = output / input;
  if (Number.isInteger(up) && places.every((place, i) => place === Math.floor(i / up))) return repeatAxis(x, axis, up);
  const step = (places[1] ?? 0) - places[0]!;
  if (step > 0 && places.every((place, i) => place === places[0]! + i * step))
    return strided(x, axis, places[0]!, output, step);
  return b.gather(x, fixed(indexTable(places, [output])), axis);
}

/** For each place, the elements that it is made of and their weights: one list per term. */
export type Taps = readonly { readonly places: readonly number[]; readonly weights: readonly number[] }[];

function sourceScale({ input, output, factor, alignCorners }: AxisScale): number {
  if (alignCorners) return output > 1 ? (input - 1) / (output - 1) : 0;
  return factor !== null && factor > 0 ? 1 / factor : input / output;
}

/** Linear interpolation between two neighbours. */
export function linearTaps(scale: AxisScale): Taps {
  const { input, output, alignCorners } = scale;
  const by = sourceScale(scale);
  const sources = Array.from({ length: output }, (_, i) => (alignCorners ? by * i : Math.max(by * (i + 0.5) - 0.5, 0)));
  const low = sources.map((source) => Math.min(Math.floor(source), input - 1));
  const fraction = sources.map((source, i) => Math.min(Math.max(source - low[i]!, 0), 1));
  return [
    { places: low, weights: fraction.map((t) => 1 - t) },
    { places: low.map((place) => Math.min(place + 1, input - 1)), weights: fraction },
  ];
}

/** The cubic convolution kernel; `a` is -0.75, and -0.5 with antialiasing. */
function cubic(distance: number, a: number): number {
  const d = Math.abs(distance);
  if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
}

/** Cubic convolution of four neighbours. */
export function cubicTaps(scale: AxisScale): Taps {
  const { input, output, alignCorners } = scale;
  const by = sourceScale(scale);
  const sources = Array.from({ length: output }, (_, i) => (alignCorners ? by * i : by * (i + 0.5) - 0.5));
  return [-1, 0, 1, 2].map((offset) => ({
    places: sources.map((source) => Math.min(Math.max(Math.floor(source) + offset, 0), input - 1)),
    weights: sources.map((source) => cubic(source - Math.floor(source) - offset, -0.75)),
  }));
}

/** The mean of the elements that each place covers. */
export function areaWeights({ input, output }: AxisScale): Float64Array {
  const weights = new Float64Array(input * output);
  for (let i = 0; i < output; i++) {
    const start = Math.floor((i * input) / output);
    const end = Math.ceil(((i + 1) * input) / output);
    for (let j = start; j < end; j++) weights[j * output + i] = 1 / (end - start);
  }
  return weights;
}

/** A filter as wide as what each place covers: no aliasing when sizes shrink. */
export function antialiasedWeights(scale: AxisScale, kind: 'linear' | 'cubic'): Float64Array {
  const { input, output } = scale;
  const by = sourceScale(scale);
  const stretch = Math.max(by, 1);
  const support = (kind === 'linear' ? 1 : 2) * stretch;
  const filter = (d: number): number => (kind === 'linear' ? Math.max(1 - Math.abs(d), 0) : cubic(d, -0.5));
  const weights = new Float64Array(input * output);
  for (let i = 0; i < output; i++) {
    const center = by * (i + 0.5);
    const start = Math.max(Math.trunc(center - support + 0.5), 0);
    const end = Math.min(Math.trunc(center + support + 0.5), input);
    let sum = 0;
    for (let j = start; j < end; j++) sum += weights[j * output + i] = filter((j - center + 0.5) / stretch);
    if (sum !== 0) for (let j = start; j < end; j++) weights[j * output + i]! /= sum;
  }
  return weights;
}

/** An axis multiplied by a matrix of weights [input, output]. */
export function mixed(x: Value, axis: number, weights: Float64Array, output: number): Value {
  const rank = x.shape.length;
  const last = moveAxis(x, axis, rank - 1);
  const product = b.matmul(
    b.reshape(last, [last.shape.slice(0, -1).reduce((n, extent) => n * extent, 1), last.shape[rank - 1]!]),
    fixed(numberTable(weights, [last.shape[rank - 1]!, output], x.dtype)),
  );
  return moveAxis(b.reshape(product, [...last.shape.slice(0, -1), output]), rank - 1, axis);
}

// Up to this many weights an axis is resampled by a matrix product, whose gradient is another one; beyond it by
// gathering, whose gradient is a scatter.
const denseWeights = 2 ** 20;

/** An axis resampled by taps. */
export function tapped(x: Value, axis: number, taps: Taps, output: number): Value {
  const input = x.shape[axis]!;
  if (input * output <= denseWeights) {
    const weights = new Float64Array(input * output);
    for (const { places, weights: each } of taps)
      for (const [i, place] of places.entries()) weights[place * output + i]! += each[i]!;
    return mixed(x, axis, weights, output);
  }
  const terms = taps.map(({ places, weights }) => {
    const elements = b.gather(x, fixed(indexTable(places, [output])), axis);
    return b.mul(elements, column(fixed(numberTable(weights, [output], x.dtype)), axis, x.shape.length));
  });
  return terms.reduce((sum, term) => b.add(sum, term));
}
