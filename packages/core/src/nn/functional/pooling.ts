import { ShapeError } from '../../errors.ts';
import { isFloating } from '../../graph/dtype.ts';
import { recorder as b } from '../../graph/node.ts';
import type { Node } from '../../graph/node.ts';
import { lowest } from '../../graph/ops/composite.ts';
import { sizeOf } from '../../graph/shape.ts';
import type { Value } from '../../graph/value.ts';
import { fixed, indexTable, numberTable } from '../../tensor/host-values.ts';
import { requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { Size, Trailing } from '../arguments.ts';
import { readArguments } from '../arguments.ts';

export interface MaxPoolFunctionOptions {
  /** Step of the window. Default: the kernel size. */
  stride?: Size | null;
  /** Lowest numbers at both ends of each dimension. Default 0. */
  padding?: Size;
  /** Distance of the window's elements. Default 1. */
  dilation?: Size;
  /** Let a last window reach over the end. Default false. */
  ceilMode?: boolean;
  /** Also give the position of each maximum in its channel. Default false. */
  returnIndices?: boolean;
}

export interface AveragePoolFunctionOptions {
  /** Step of the window. Default: the kernel size. */
  stride?: Size | null;
  /** Zeros at both ends of each dimension. Default 0. */
  padding?: Size;
  /** Let a last window reach over the end. Default false. */
  ceilMode?: boolean;
  /** Count padding as elements. Default true. */
  countIncludePad?: boolean;
  /** What to divide by instead of the number of elements. Not for 1-d pooling. */
  divisorOverride?: number | null;
}

/** Windows over images of 1 to 3 dimensions. */
export interface PoolGeometry {
  readonly size: readonly number[];
  readonly stride: readonly number[];
  /** Padding as asked for, the same at both ends. */
  readonly padding: readonly number[];
  readonly padLo: readonly number[];
  /** Padding at the high end, with what `ceilMode` adds. */
  readonly padHi: readonly number[];
  readonly dilation: readonly number[];
  readonly outputSize: readonly number[];
}

const words = ['', 'int', 'two ints', 'three ints'];

function poolSizes(name: string, what: string, value: Size, dimensions: number): number[] {
  const sizes =
    typeof value === 'number'
      ? new Array<number>(dimensions).fill(value)
      : value.length === 1
        ? new Array<number>(dimensions).fill(value[0]!)
        : [...value];
  if (sizes.length !== dimensions || sizes.some((size) => !Number.isInteger(size)))
    throw new ShapeError(`${name}: ${what} must either be a single int, or a tuple of ${words[dimensions]}`);
  return sizes;
}

/** The place of every window, with PyTorch's checks. */
export function poolGeometry(
  name: string,
  shape: readonly number[],
  dimensions: number,
  kernelSize: Size,
  {
    stride,
    padding = 0,
    dilation = 1,
    ceilMode = false,
  }: Pick<MaxPoolFunctionOptions, 'stride' | 'padding' | 'dilation' | 'ceilMode'>,
): PoolGeometry {
  if (shape.length !== dimensions + 1 && shape.length !== dimensions + 2)
    throw new ShapeError(
      dimensions === 1
        ? `${name}: Expected 2D or 3D (batch mode) tensor with optional 0 dim batch size for input, but got:[${shape.join(', ')}]`
        : `${name}: non-empty ${dimensions + 1}D or ${dimensions + 2}D (batch mode) tensor expected for input`,
    );
  const size = poolSizes(name, 'kernel_size', kernelSize, dimensions);
  const step = stride === null || stride === undefined ? size : poolSizes(name, 'stride', stride, dimensions);
  const pad = poolSizes(name, 'padding', padding, dimensions);
  const gap = poolSizes(name, 'dilation', dilation, dimensions);
  if (size.some((n) => n <= 0))
    throw new ShapeError(`${name}: kernel size should be greater than zero, but got [${size.join(', ')}]`);
  if (step.some((n) => n <= 0)) throw new ShapeError(`${name}: stride should not be zero`);
  if (gap.some((n) => n <= 0))
    throw new ShapeError(`${name}: dilation should be greater than zero, but got [${gap.join(', ')}]`);
  const extents = shape.slice(-dimensions);
  const padHi: number[] = [];
  const outputSize = extents.map((extent, i) => {
    const reach = gap[i]! * (size[i]! - 1) + 1;
    if (pad[i]! < 0) throw new ShapeError(`${name}: pad must be non-negative, but got pad: ${pad[i]}`);
    if (pad[i]! > Math.floor((dimensions === 1 ? size[i]! : reach) / 2))
      throw new ShapeError(
        dimensions === 1
          ? `${name}() padding should be at most half of kernel size, but got padding=${pad[i]} and kernel_size=${size[i]}`
          : `${name}: pad should be at most half of effective kernel size, but got pad=${pad[i]}, kernel_size=${size[i]} and dilation=${gap[i]}`,
      );
    const room = extent + 2 * pad[i]! - reach;
    let out = (ceilMode ? Math.ceil(room / step[i]!) : Math.floor(room / step[i]!)) + 1;
    // The last window starts inside the input or its padding before it.
    if (ceilMode && (out - 1) * step[i]! >= extent + pad[i]!) out--;
    padHi.push(Math.max(pad[i]!, (out - 1) * step[i]! + reach - extent - pad[i]!));
    return out;
  });
  if (outputSize.some((n) => n < 1)) {
    const channels = shape.at(-dimensions - 1)!;
    throw new ShapeError(
      dimensions === 1
        ? `${name}() Invalid computed output size: ${outputSize[0]}`
        : `Given input size: (${[channels, ...extents].join('x')}). Calculated output size: (${[channels, ...outputSize].join('x')}). Output size is too small`,
    );
  }
  return { size, stride: step, padding: pad, padLo: pad, padHi, dilation: gap, outputSize };
}

/** Averages of volumes are of windows that fit without padding. */
function requireRoom(extents: readonly number[], size: readonly number[]): void {
  if (extents.every((extent, i) => extent >= size[i]!)) return;
  const named = (prefix: string, numbers: readonly number[]): string =>
    numbers.map((n, i) => `${prefix}${'THW'[i]}: ${n}`).join(' ');
  throw new ShapeError(`input image (${named('', extents)}) smaller than kernel size (${named('k', size)})`);
}

const maxOrder = ['stride', 'padding', 'dilation', 'ceilMode', 'returnIndices'] as const;
type WithIndices = MaxPoolFunctionOptions & { returnIndices: true };
interface KernelSize {
  kernelSize: Size;
}
type MaxArguments =
  | readonly [kernelSize: Size, ...options: Trailing<MaxPoolFunctionOptions, typeof maxOrder>]
  | readonly [options: MaxPoolFunctionOptions & KernelSize];
type AverageArguments<Order extends readonly (keyof AveragePoolFunctionOptions)[]> =
  | readonly [kernelSize: Size, ...options: Trailing<AveragePoolFunctionOptions, Order>]
  | readonly [options: AveragePoolFunctionOptions & KernelSize];

/** Maximum over windows of x [N, C, L] or [C, L]; with `returnIndices` also positions. (PyTorch: `F.max_pool1d`) */
export function maxPool1d(x: Tensor, kernelSize: Size, options: WithIndices): [Tensor, Tensor];
export function maxPool1d(x: Tensor, options: WithIndices & KernelSize): [Tensor, Tensor];
export function maxPool1d(x: Tensor, ...args: MaxArguments): Tensor;
export function maxPool1d(x: Tensor, ...args: readonly unknown[]): Tensor | [Tensor, Tensor] {
  return maxPoolFunction('max_pool1d', 1, x, args);
}
/** Maximum over windows of x [N, C, H, W] or [C, H, W]; with `returnIndices` also positions. (PyTorch: `F.max_pool2d`) */
export function maxPool2d(x: Tensor, kernelSize: Size, options: WithIndices): [Tensor, Tensor];
export function maxPool2d(x: Tensor, options: WithIndices & KernelSize): [Tensor, Tensor];
export function maxPool2d(x: Tensor, ...args: MaxArguments): Tensor;
export function maxPool2d(x: Tensor, ...args: readonly unknown[]): Tensor | [Tensor, Tensor] {
  return maxPoolFunction('max_pool2d', 2, x, args);
}
/** Maximum over windows of x [N, C, D, H, W] or [C, D, H, W]; with `returnIndices` also positions. (PyTorch: `F.max_pool3d`) */
export function maxPool3d(x: Tensor, kernelSize: Size, options: WithIndices): [Tensor, Tensor];
export function maxPool3d(x: Tensor, options: WithIndices & KernelSize): [Tensor, Tensor];
export function maxPool3d(x: Tensor, ...args: MaxArguments): Tensor;
export function maxPool3d(x: Tensor, ...args: readonly unknown[]): Tensor | [Tensor, Tensor] {
  return maxPoolFunction('max_pool3d', 3, x, args);
}
/** `maxPool1d` with positions. (PyTorch: `F.max_pool1d_with_indices`) */
export function maxPool1dWithIndices(x: Tensor, ...args: MaxArguments): [Tensor, Tensor] {
  return maxPoolFunction('max_pool1d', 1, x, args, true) as [Tensor, Tensor];
}
/** `maxPool2d` with positions. (PyTorch: `F.max_pool2d_with_indices`) */
export function maxPool2dWithIndices(x: Tensor, ...args: MaxArguments): [Tensor, Tensor] {
  return maxPoolFunction('max_pool2d', 2, x, args, true) as [Tensor, Tensor];
}
/** `maxPool3d` with positions. (PyTorch: `F.max_pool3d_with_indices`) */
export function maxPool3dWithIndices(x: Tensor, ...args: MaxArguments): [Tensor, Tensor] {
  return maxPoolFunction('max_pool3d', 3, x, args, true) as [Tensor, Tensor];
}

function maxPoolFunction(
  name: string,
  dimensions: number,
  x: Tensor,
  args: readonly unknown[],
  indices = false,
): Tensor | [Tensor, Tensor] {
  const { kernelSize, ...options } = readArguments<KernelSize, MaxPoolFunctionOptions>(
    name,
    args,
    ['kernelSize'],
    maxOrder,
  );
  const node = requireTensor(name, x);
  const geometry = poolGeometry(name, node.shape, dimensions, kernelSize, options);
  return maxPool(node, geometry, indices || (options.returnIndices ?? false));
}

/** Maximum over windows, and where it was found. */
export function maxPool(x: Node, geometry: PoolGeometry, indices: boolean): Tensor | [Tensor, Tensor] {
  const dimensions = geometry.size.length;
  const channels = x.shape.slice(0, -dimensions);
  const images = batched(x, dimensions);
  const outShape = [...channels, ...geometry.outputSize];
  const pooled = wrap(
    b.reshape(
      dimensions === 3 ? maxima3d(images, geometry) : maxima2d(plane(images, dimensions), flatten(geometry)),
      outShape,
    ),
  );
  if (!indices) return pooled;
  const found =
    dimensions === 3 ? indices3d(images, geometry) : indices2d(plane(images, dimensions), flatten(geometry));
  return [pooled, wrap(b.reshape(found, outShape))];
}

/** A single image as a batch of one. */
function batched(x: Value, dimensions: number): Value {
  return x.shape.length === dimensions + 1 ? b.reshape(x, [1, ...x.shape]) : x;
}

/** A row as an image of height 1. */
function plane(x: Value, dimensions: number): Value {
  return dimensions === 1 ? b.reshape(x, [x.shape[0]!, x.shape[1]!, 1, x.shape[2]!]) : x;
}

function flatten(geometry: PoolGeometry): PoolGeometry {
  if (geometry.size.length !== 1) return geometry;
  const { size, stride, padding, padLo, padHi, dilation, outputSize } = geometry;
  return {
    size: [1, ...size],
    stride: [1, ...stride],
    padding: [0, ...padding],
    padLo: [0, ...padLo],
    padHi: [0, ...padHi],
    dilation: [1, ...dilation],
    outputSize: [1, ...outputSize],
  };
}

/** Height and width of a geometry with depth. */
function inPlane(geometry: PoolGeometry): PoolGeometry {
  const { size, stride, padding, padLo, padHi, dilation, outputSize } = geometry;
  return {
    size: size.slice(1),
    stride: stride.slice(1),
    padding: padding.slice(1),
    padLo: padLo.slice(1),
    padHi: padHi.slice(1),
    dilation: dilation.slice(1),
    outputSize: outputSize.slice(1),
  };
}

/** The depth of a geometry, as the height of images whose width is everything else. */
function inDepth(
  { size, stride, padding, padLo, padHi, dilation, outputSize }: PoolGeometry,
  width: number,
): PoolGeometry {
  return {
    size: [size[0]!, 1],
    stride: [stride[0]!, 1],
    padding: [padding[0]!, 0],
    padLo: [padLo[0]!, 0],
    padHi: [padHi[0]!, 0],
    dilation: [dilation[0]!, 1],
    outputSize: [outputSize[0]!, width],
  };
}

function paddedWindows(x: Value, { size, stride, padLo, padHi, dilation }: PoolGeometry, value: number): Value {
  return b.windows(b.pad(x, [0, 0, ...padLo], [0, 0, ...padHi], value), { size, stride, dilation });
}

function least(x: Value): number {
  return isFloating(x.dtype) ? lowest(x.dtype) : -2147483648;
}

function maxima2d(x: Value, geometry: PoolGeometry): Value {
  return isFloating(x.dtype) ? b.maxPool2d(x, geometry) : b.reduceMax(paddedWindows(x, geometry, least(x)), [2]);
}

/** Positions in the image of the first maximum of each window. */
function indices2d(x: Value, geometry: PoolGeometry): Value {
  const { size, stride, padLo, dilation, outputSize } = geometry;
  const width = x.shape[3]!;
  const place = b.argMax(paddedWindows(x, geometry, least(x)), 2);
  const offsets = Array.from(
    { length: size[0]! * size[1]! },
    (_, i) => Math.floor(i / size[1]!) * dilation[0]! * width + (i % size[1]!) * dilation[1]!,
  );
  const corners = Array.from(
    { length: outputSize[0]! * outputSize[1]! },
    (_, i) =>
      (Math.floor(i / outputSize[1]!) * stride[0]! - padLo[0]!) * width + (i % outputSize[1]!) * stride[1]! - padLo[1]!,
  );
  return b.add(
    b.gather(fixed(indexTable(offsets, [offsets.length])), place, 0),
    fixed(indexTable(corners, outputSize)),
  );
}

// First within planes, then across them: the first maximum in depth, then in height and width, is PyTorch's.
function maxima3d(x: Value, geometry: PoolGeometry): Value {
  const planes = planeMaxima(x, geometry);
  return maxima2d(planes, inDepth(geometry, planes.shape[3]!));
}

function planeMaxima(x: Value, geometry: PoolGeometry): Value {
  const [n, c, d, h, w] = x.shape as [number, number, number, number, number];
  const [, oh, ow] = geometry.outputSize as [number, number, number];
  return b.reshape(maxima2d(b.reshape(x, [n, c * d, h, w]), inPlane(geometry)), [n, c, d, oh * ow]);
}

function indices3d(x: Value, geometry: PoolGeometry): Value {
  const [n, c, d, h, w] = x.shape as [number, number, number, number, number];
  const [od, oh, ow] = geometry.outputSize as [number, number, number];
  const inPlanes = b.reshape(indices2d(b.reshape(x, [n, c * d, h, w]), inPlane(geometry)), [n, c, d, oh * ow]);
  // A position in an image [D, OH OW] is depth * OH OW + column.
  const across = indices2d(planeMaxima(x, geometry), inDepth(geometry, oh * ow));
  const columns = b.reshape(b.iota(oh * ow), [1, 1, 1, oh * ow]);
  const depth = b.emit('div', [b.cast(b.sub(across, columns), 'float32'), b.scalar(oh * ow)], {});
  const slice = b.cast(depth, 'int32');
  const chosen = b.gatherElements(inPlanes, b.reshape(slice, [n, c, od, oh * ow]), 2);
  return b.add(b.mul(slice, b.scalar(h * w, 'int32')), chosen);
}

/** Mean over windows of x [N, C, L] or [C, L]. (PyTorch: `F.avg_pool1d`) */
export function avgPool1d(
  x: Tensor,
  ...args: AverageArguments<['stride', 'padding', 'ceilMode', 'countIncludePad']>
): Tensor {
  return averagePoolFunction('avg_pool1d', 1, x, args);
}
/** Mean over windows of x [N, C, H, W] or [C, H, W]. (PyTorch: `F.avg_pool2d`) */
export function avgPool2d(
  x: Tensor,
  ...args: AverageArguments<['stride', 'padding', 'ceilMode', 'countIncludePad', 'divisorOverride']>
): Tensor {
  return averagePoolFunction('avg_pool2d', 2, x, args);
}
/** Mean over windows of x [N, C, D, H, W] or [C, D, H, W]. (PyTorch: `F.avg_pool3d`) */
export function avgPool3d(
  x: Tensor,
  ...args: AverageArguments<['stride', 'padding', 'ceilMode', 'countIncludePad', 'divisorOverride']>
): Tensor {
  return averagePoolFunction('avg_pool3d', 3, x, args);
}

function averagePoolFunction(name: string, dimensions: number, x: Tensor, args: readonly unknown[]): Tensor {
  const order = ['stride', 'padding', 'ceilMode', 'countIncludePad', 'divisorOverride'] as const;
  const { kernelSize, ...options } = readArguments<KernelSize, AveragePoolFunctionOptions>(
    name,
    args,
    ['kernelSize'],
    dimensions === 1 ? order.slice(0, 4) : order,
  );
  return wrap(averagePool(name, requireTensor(name, x), dimensions, kernelSize, options));
}

/** Mean over windows. */
export function averagePool(
  name: string,
  x: Node,
  dimensions: number,
  kernelSize: Size,
  options: AveragePoolFunctionOptions,
): Value {
  const { countIncludePad = true, divisorOverride = null } = options;
  if (divisorOverride === 0) throw new ShapeError(`${name}: divisor must be not zero`);
  const geometry = poolGeometry(name, x.shape, dimensions, kernelSize, options);
  if (dimensions === 3) requireRoom(x.shape.slice(-3), geometry.size);
  const channels = x.shape.slice(0, -dimensions);
  const images = batched(x, dimensions);
  const means = dimensions === 3 ? means3d(images, geometry) : means2d(plane(images, dimensions), flatten(geometry));
  const mean = b.reshape(means, [...channels, ...geometry.outputSize]);
  const full = sizeOf(geometry.size);
  const scaled = (factor: number): Value => (factor === 1 ? mean : b.mul(mean, b.like(mean, factor)));
  if (divisorOverride !== null) return scaled(full / divisorOverride);
  const counts = geometry.size.map((_, i) => windowCounts(geometry, i, x.shape.at(i - dimensions)!, countIncludePad));
  if (counts.every((row) => row.every((count) => count === row[0])))
    return scaled(full / counts.reduce((n, row) => n * row[0]!, 1));
  const factors = counts.reduce<number[]>((rows, row) => rows.flatMap((n) => row.map((count) => n / count)), [full]);
  return b.mul(mean, fixed(numberTable(factors, geometry.outputSize, x.dtype)));
}

/** How many elements each window of a dimension counts. */
function windowCounts(
  { size, stride, padding, outputSize }: PoolGeometry,
  i: number,
  extent: number,
  includePad: boolean,
): number[] {
  return Array.from({ length: outputSize[i]! }, (_, o) => {
    const start = o * stride[i]! - padding[i]!;
    const end = Math.min(start + size[i]!, extent + padding[i]!);
    return includePad ? end - start : Math.min(end, extent) - Math.max(start, 0);
  });
}

function means2d(x: Value, { size, stride, padLo, padHi, dilation }: PoolGeometry): Value {
  return b.emit('averagePool2d', [x], { size, stride, padLo, padHi, dilation });
}

function means3d(x: Value, geometry: PoolGeometry): Value {
  const [n, c, d, h, w] = x.shape as [number, number, number, number, number];
  const [, oh, ow] = geometry.outputSize as [number, number, number];
  const planes = b.reshape(means2d(b.reshape(x, [n, c * d, h, w]), inPlane(geometry)), [n, c, d, oh * ow]);
  return means2d(planes, inDepth(geometry, oh * ow));
}
