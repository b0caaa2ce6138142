import type { Device } from '../device/contract.ts';
import { getDefaultDevice } from '../device/default.ts';
import { ShapeError } from '../errors.ts';
import type { DType } from '../graph/dtype.ts';
import { numbersToHost } from '../graph/dtype.ts';
import type { Shape } from '../graph/shape.ts';
import type { Generator } from '../random/generator.ts';
import { requireOptions } from './operand.ts';
import { requireDType } from './target.ts';
import type { Tensor } from './tensor.ts';
import { fromHost } from './tensor.ts';

/** What creation functions have in common. */
export interface TensorOptions {
  /** Default: what the values are, or the default dtype (`setDefaultDtype`). */
  dtype?: DType;
  /** Default: the default device. */
  device?: Device | null;
  /** Whether to record operations on it. Default false. */
  requiresGrad?: boolean;
}

export interface RandomOptions extends TensorOptions {
  /** Default: the generator that `manualSeed` seeds. */
  generator?: Generator;
}

/** A tensor of numbers that were made on the host. */
export function finish(
  values: ArrayLike<number>,
  shape: Shape,
  dtype: DType,
  { device, requiresGrad = false }: TensorOptions,
): Tensor {
  const place = device === undefined ? getDefaultDevice() : device;
  requireDType(place, dtype);
  if (dtype === 'int32' && !(values instanceof Int32Array)) requireIntegers(values);
  const made = fromHost(numbersToHost(values, dtype), shape, dtype, { device: place });
  return requiresGrad ? made.requiresGrad_() : made;
}

/** Refuses what int32 cannot hold; fractions are cut off, as in PyTorch. */
function requireIntegers(values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!(value > -2147483649 && value < 2147483648))
      throw new RangeError(
        `value cannot be converted to type int32 without overflow: ${value}. Integers have 32 bits here; { dtype: 'float64' } holds whole numbers up to 2^53.`,
      );
  }
}

/** Checks a shape argument. */
export function requireShape(name: string, shape: Shape): Shape {
  if (!Array.isArray(shape))
    throw new TypeError(`${name}: expected a shape as an array, for example ${name}([2, 3]), got ${typeof shape}`);
  for (const extent of shape) {
    if (typeof extent !== 'number' || !Number.isInteger(extent))
      throw new TypeError(`${name}: sizes must be whole numbers, got [${shape.map(String).join(', ')}]`);
    if (extent < 0)
      throw new ShapeError(`${name}: Trying to create tensor with negative dimension ${extent}: [${shape.join(', ')}]`);
  }
  return [...shape];
}

/** A shape as an array or as separate sizes, then options: `zeros([2, 3])`, `zeros(2, 3)`, `zeros({ size: [2, 3] })`. */
export type ShapeArguments<O> =
  | readonly [shape: Shape, options?: O]
  | readonly [...sizes: number[], options: O]
  | readonly number[]
  | readonly [options: O & { size: Shape }];

/** Reads what `ShapeArguments` allows. */
export function shapeAndOptions<O extends object>(
  name: string,
  args: ShapeArguments<O>,
  known: readonly string[],
): { shape: Shape; options: O } {
  const rest: unknown[] = [...args];
  const last = rest.at(-1);
  let options = {} as O;
  if (rest.length > 0 && (last === undefined || (typeof last === 'object' && last !== null && !Array.isArray(last)))) {
    rest.pop();
    if (last !== undefined) {
      requireOptions(name, last, ['size', ...known]);
      const { size, ...others } = last as { size?: Shape };
      options = others as O;
      if (size !== undefined && rest.length === 0) return { shape: requireShape(name, size), options };
    }
  }
  const shape = rest.length === 1 && Array.isArray(rest[0]) ? (rest[0] as Shape) : (rest as Shape);
  return { shape: requireShape(name, shape), options };
}

/** Numbers for a floating dtype; float16 is drawn in its own precision and held in float32. */
export function filledHost(
  dtype: DType,
  size: number,
  fill: (out: Float32Array | Float64Array, precision?: 'float16') => ArrayLike<number>,
): ArrayLike<number> {
  if (dtype === 'float64') return fill(new Float64Array(size));
  return dtype === 'float16' ? fill(new Float32Array(size), 'float16') : fill(new Float32Array(size));
}

/** The names of `TensorOptions` and of `RandomOptions`. */
export const tensorKeys: readonly string[] = ['dtype', 'device', 'requiresGrad'];
export const randomKeys: readonly string[] = [...tensorKeys, 'generator'];
