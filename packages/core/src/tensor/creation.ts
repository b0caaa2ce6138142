import type { Device } from '../device/contract.ts';
import { getDefaultDevice } from '../device/default.ts';
import { ShapeError } from '../errors.ts';
import type { DType } from '../graph/dtype.ts';
import { allocateHost, isFloating, numbersToHost } from '../graph/dtype.ts';
import type { Shape } from '../graph/shape.ts';
import { sizeOf } from '../graph/shape.ts';
import { defaultGenerator } from '../random/default-generator.ts';
import type { Generator } from '../random/generator.ts';
import { fillNormal } from '../random/normal.ts';
import { fillUniform } from '../random/uniform.ts';
import { requireDType } from './conversion.ts';
import type { NestedArray, Tensor, TensorData } from './tensor.ts';
import { fromHost } from './tensor.ts';

/** What creation functions have in common. */
export interface TensorOptions {
  /** Default: float32, or what the values are. */
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
export function finish(values: ArrayLike<number>, shape: Shape, dtype: DType, { device, requiresGrad = false }: TensorOptions): Tensor {
  const place = device === undefined ? getDefaultDevice() : device;
  requireDType(place, dtype);
  const made = fromHost(numbersToHost(values, dtype), shape, dtype, { device: place });
  return requiresGrad ? made.requiresGrad_() : made;
}

/** Checks a shape argument. */
export function requireShape(name: string, shape: Shape): Shape {
  if (!Array.isArray(shape)) throw new TypeError(`${name}: expected a shape as an array, for example ${name}([2, 3]), got ${typeof shape}`);
  for (const extent of shape)
    if (!Number.isInteger(extent) || extent < 0) throw new ShapeError(`${name}: Trying to create tensor with negative or fractional dimension ${extent}: [${shape.join(', ')}]`);
  return [...shape];
}

/**
 * A tensor with the values of nested arrays, a number, a boolean or a typed array (copied). The dtype follows the
 * values: booleans give bool, whole numbers int32 and others float32 — except in typed arrays, which keep their own.
 * (PyTorch: `torch.tensor`)
 */
export function tensor(values: NestedArray | TensorData, options: TensorOptions = {}): Tensor {
  if (ArrayBuffer.isView(values)) {
    const own: DType =
      values instanceof Float64Array ? 'float64' : values instanceof Int32Array ? 'int32' : values instanceof Float32Array ? 'float32' : 'int32';
    return finish(values, [values.length], options.dtype ?? own, options);
  }
  const shape: number[] = [];
  for (let level: NestedArray | undefined = values; Array.isArray(level); level = level[0] as NestedArray | undefined) shape.push(level.length);
  const flat: number[] = [];
  let anyNumber = false;
  let anyFraction = false;
  const visit = (value: NestedArray, depth: number): void => {
    if (Array.isArray(value)) {
      if (depth >= shape.length || value.length !== shape[depth])
        throw new ShapeError(`tensor: expected sequence of length ${shape[depth] ?? 0} at dim ${depth} (got ${value.length})`);
      for (const element of value as readonly NestedArray[]) visit(element, depth + 1);
    } else {
      if (depth !== shape.length) throw new ShapeError(`tensor: expected sequence of length ${shape[depth]} at dim ${depth} (got a ${typeof value})`);
      if (typeof value === 'number') {
        anyNumber = true;
        anyFraction ||= !Number.isInteger(value);
      } else if (typeof value !== 'boolean') throw new TypeError(`tensor: expected numbers or booleans, got ${typeof value}`);
      flat.push(Number(value));
    }
  };
  visit(values as NestedArray, 0);
  const dtype = options.dtype ?? (options.requiresGrad || anyFraction || flat.length === 0 ? 'float32' : anyNumber ? 'int32' : 'bool');
  return finish(flat, shape, dtype, options);
}

/** `value` everywhere. (PyTorch: `torch.full`) */
export function full(shape: Shape, value: number | boolean, options: TensorOptions = {}): Tensor {
  const sizes = requireShape('full', shape);
  const dtype = options.dtype ?? (typeof value === 'boolean' ? 'bool' : Number.isInteger(value) ? 'int32' : 'float32');
  return finish(new Float64Array(sizeOf(sizes)).fill(Number(value)), sizes, dtype, options);
}

/** Zeros. (PyTorch: `torch.zeros`) */
export function zeros(shape: Shape, options: TensorOptions = {}): Tensor {
  const sizes = requireShape('zeros', shape);
  return finish(allocateHost('float32', sizeOf(sizes)), sizes, options.dtype ?? 'float32', options);
}

/** Ones. (PyTorch: `torch.ones`) */
export function ones(shape: Shape, options: TensorOptions = {}): Tensor {
  const sizes = requireShape('ones', shape);
  return finish(new Float32Array(sizeOf(sizes)).fill(1), sizes, options.dtype ?? 'float32', options);
}

/** Uniform numbers in [0, 1), PyTorch's stream for the seed. (PyTorch: `torch.rand`) */
export function rand(shape: Shape, options: RandomOptions = {}): Tensor {
  return random('rand', shape, options, fillUniform);
}

/** Standard normal numbers, PyTorch's stream for the seed. (PyTorch: `torch.randn`) */
export function randn(shape: Shape, options: RandomOptions = {}): Tensor {
  return random('randn', shape, options, fillNormal);
}

function random(name: string, shape: Shape, options: RandomOptions, fill: typeof fillUniform): Tensor {
  const sizes = requireShape(name, shape);
  const dtype = options.dtype ?? 'float32';
  if (!isFloating(dtype)) throw new TypeError(`${name}: expected a floating point dtype, got ${dtype}`);
  const out = dtype === 'float64' ? new Float64Array(sizeOf(sizes)) : new Float32Array(sizeOf(sizes));
  const generator = options.generator ?? defaultGenerator();
  const filled = dtype === 'float16' ? fill(generator, out, 0, 1, 'float16') : fill(generator, out);
  return finish(filled, sizes, dtype, options);
}
