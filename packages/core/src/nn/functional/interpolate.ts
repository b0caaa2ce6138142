import { DTypeError, ShapeError } from '../../errors.ts';
import { isFloating } from '../../graph/dtype.ts';
import { recorder as b } from '../../graph/node.ts';
import type { Value } from '../../graph/value.ts';
import {
  antialiasedWeights,
  areaWeights,
  cubicTaps,
  linearTaps,
  mixed,
  nearest,
  tapped,
} from '../../tensor/interpolation.ts';
import type { AxisScale } from '../../tensor/interpolation.ts';
import { fresh } from '../../tensor/movement.ts';
import { requireOptions, requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';

export type InterpolateMode = 'nearest' | 'nearest-exact' | 'linear' | 'bilinear' | 'bicubic' | 'trilinear' | 'area';

export interface InterpolateOptions {
  /** The spatial size of the result; one number counts for all dimensions. This or `scaleFactor`. */
  size?: number | readonly number[] | null;
  /** What the spatial size is multiplied with. */
  scaleFactor?: number | readonly number[] | null;
  /** Default `'nearest'`. */
  mode?: InterpolateMode;
  /** Whether the centres of the corner elements, not their edges, coincide. Default false. */
  alignCorners?: boolean | null;
  /** Whether positions follow from the resulting size instead of the scale factor. Default false. */
  recomputeScaleFactor?: boolean | null;
  /** A wider filter when sizes shrink (`bilinear`, `bicubic`). Default false. */
  antialias?: boolean;
}

const modes: Readonly<Record<InterpolateMode, number | null>> = {
  nearest: null,
  'nearest-exact': null,
  area: null,
  linear: 3,
  bilinear: 4,
  bicubic: 4,
  trilinear: 5,
};

/**
 * x [N, C, ...] with its spatial dimensions (one to three) resampled. Modes: `nearest` and `nearest-exact` copy elements,
 * `linear` (3-d x), `bilinear`, `bicubic` (4-d) and `trilinear` (5-d) interpolate, `area` averages. (PyTorch: `F.interpolate`)
 */
export function interpolate(
  x: Tensor,
  size?: number | readonly number[] | null | InterpolateOptions,
  scaleFactor?: number | readonly number[] | null | InterpolateOptions,
  mode?: InterpolateMode,
  alignCorners?: boolean | null,
  recomputeScaleFactor?: boolean | null,
  antialias?: boolean,
): Tensor {
  const node = requireTensor('interpolate', x);
  const options = collected(size, scaleFactor, { mode, alignCorners, recomputeScaleFactor, antialias });
  requireOptions('interpolate', options, [
    'size',
    'scaleFactor',
    'mode',
    'alignCorners',
    'recomputeScaleFactor',
    'antialias',
  ]);
  const how = options.mode ?? 'nearest';
  const rank = node.shape.length;
  if (!Object.hasOwn(modes, how) || rank < 3 || rank > 5)
    throw new ShapeError(
      `Input Error: Only 3D, 4D and 5D input Tensors supported (got ${rank}D) for the modes: ${Object.keys(modes).join(' | ')} (got ${how})`,
    );
  const isWeighted = modes[how] !== null;
  if (!isWeighted && options.alignCorners !== undefined && options.alignCorners !== null)
    throw new ShapeError(
      'align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear',
    );
  const scales = scalesOf(node.shape.slice(2), options, isWeighted && (options.alignCorners ?? false));
  if (isWeighted && modes[how] !== rank)
    throw new ShapeError(`Got ${rank}D input, but ${how} mode needs ${modes[how]}D input`);
  if (options.antialias && how !== 'bilinear' && how !== 'bicubic')
    throw new ShapeError(
      'Anti-alias option is restricted to bilinear and bicubic modes and requires a 4-D tensor as input',
    );
  if (how !== 'nearest' && how !== 'nearest-exact' && !isFloating(node.dtype))
    throw new DTypeError(`interpolate: ${how} mode is not implemented for ${node.dtype}`);
  let y: Value = node;
  for (const [i, scale] of scales.entries()) y = resampled(y, i + 2, scale, how, options.antialias ?? false);
  return wrap(fresh(y, node));
}

function collected(
  size: number | readonly number[] | null | undefined | InterpolateOptions,
  scaleFactor: number | readonly number[] | null | undefined | InterpolateOptions,
  rest: { [Key in keyof InterpolateOptions]: InterpolateOptions[Key] | undefined },
): InterpolateOptions {
  const isOptions = (value: unknown): value is InterpolateOptions =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isOptions(size)) return size;
  if (isOptions(scaleFactor)) return { size: size ?? null, ...scaleFactor };
  const given = Object.fromEntries(
    Object.entries(rest).filter(([, value]) => value !== undefined),
  ) as InterpolateOptions;
  return { size: size ?? null, scaleFactor: scaleFactor ?? null, ...given };
}

function scalesOf(input: readonly number[], options: InterpolateOptions, alignCorners: boolean): AxisScale[] {
  const size = options.size ?? null;
  const factor = options.scaleFactor ?? null;
  const text = (values: readonly number[]): string => `(${values.join(', ')}${values.length === 1 ? ',' : ''})`;
  if (size !== null && factor !== null) throw new ShapeError('only one of size or scale_factor should be defined');
  if (size === null && factor === null) throw new ShapeError('either size or scale_factor should be defined');
  if (size !== null && options.recomputeScaleFactor)
    throw new ShapeError('recompute_scale_factor is not meaningful with an explicit size.');
  const spread = (value: number | readonly number[]): readonly number[] =>
    typeof value === 'number' ? input.map(() => value) : value;
  const given = spread((size ?? factor)!);
  if (given.some((value) => typeof value !== 'number' || (size !== null && !Number.isInteger(value))))
    throw new TypeError(`interpolate: expected ${size === null ? 'numbers' : 'integers'}, got ${text(given)}`);
  if (given.length !== input.length)
    throw new ShapeError(
      size === null
        ? `Input and scale_factor must have the same number of spatial dimensions, but got input with spatial dimensions of [${input.join(', ')}] and scale_factor of shape ${text(given)}. Please provide input tensor in (N, C, d1, d2, ...,dK) format and scale_factor in (s1, s2, ...,sK) format.`
        : `Input and output must have the same number of spatial dimensions, but got input with spatial dimensions of [${input.join(', ')}] and output size of ${text(given)}. Please provide input tensor in (N, C, d1, d2, ...,dK) format and output size in (o1, o2, ...,oK) format.`,
    );
  const output = size === null ? input.map((n, i) => Math.floor(n * given[i]!)) : given;
  if (output.some((n) => n <= 0) || input.includes(0))
    throw new ShapeError(
      `Input and output sizes should be greater than 0, but got input ${text(input)} output ${text(output)}`,
    );
  const keepsFactor = size === null && !options.recomputeScaleFactor;
  return input.map((n, i) => ({ input: n, output: output[i]!, factor: keepsFactor ? given[i]! : null, alignCorners }));
}

function resampled(x: Value, axis: number, scale: AxisScale, mode: InterpolateMode, antialias: boolean): Value {
  const { input, output, factor } = scale;
  if (mode === 'nearest' || mode === 'nearest-exact') return nearest(x, axis, scale, mode === 'nearest-exact');
  if (mode === 'area') {
    if (input === output) return x;
    if (input % output !== 0) return mixed(x, axis, areaWeights(scale), output);
    const parts = b.reshape(x, [...x.shape.slice(0, axis), output, input / output, ...x.shape.slice(axis + 1)]);
    return b.reduceMean(parts, [axis + 1]);
  }
  if (input === output && (factor === null || factor === 1)) return x;
  const kind = mode === 'bicubic' ? 'cubic' : 'linear';
  if (antialias) return mixed(x, axis, antialiasedWeights(scale, kind), output);
  return tapped(x, axis, kind === 'cubic' ? cubicTaps(scale) : linearTaps(scale), output);
}

/** As `interpolate`. (PyTorch: `F.upsample`) */
export function upsample(
  x: Tensor,
  size?: number | readonly number[] | null | InterpolateOptions,
  scaleFactor?: number | readonly number[] | null | InterpolateOptions,
  mode?: InterpolateMode,
  alignCorners?: boolean | null,
): Tensor {
  return interpolate(x, size, scaleFactor, mode, alignCorners);
}

type UpsampleArguments = Trailing<Pick<InterpolateOptions, 'size' | 'scaleFactor'>, ['size', 'scaleFactor']>;

function sizeOrFactor(name: string, args: UpsampleArguments): Pick<InterpolateOptions, 'size' | 'scaleFactor'> {
  return readTrailing<Pick<InterpolateOptions, 'size' | 'scaleFactor'>>(name, args, ['size', 'scaleFactor']);
}

/** `interpolate` with mode `nearest`. (PyTorch: `F.upsample_nearest`) */
export function upsampleNearest(x: Tensor, ...args: UpsampleArguments): Tensor {
  return interpolate(x, { ...sizeOrFactor('upsampleNearest', args), mode: 'nearest' });
}

/** `interpolate` of images with mode `bilinear`, corners kept in place. (PyTorch: `F.upsample_bilinear`) */
export function upsampleBilinear(x: Tensor, ...args: UpsampleArguments): Tensor {
  return interpolate(x, { ...sizeOrFactor('upsampleBilinear', args), mode: 'bilinear', alignCorners: true });
}
