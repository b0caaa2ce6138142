import { DTypeError, ShapeError } from '../../errors.ts';
import type { Node } from '../../graph/node.ts';
import { recorder as b } from '../../graph/node.ts';
import { sizeOf } from '../../graph/shape.ts';
import type { Value } from '../../graph/value.ts';
import { fixed, numberTable } from '../../tensor/host-values.ts';
import { integers } from '../../tensor/integers.ts';
import { requireOptions, requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';

export interface GridSampleOptions {
  /** `'bilinear'` (of volumes: trilinear), `'nearest'`, or `'bicubic'` (of images only). Default `'bilinear'`. */
  mode?: 'bilinear' | 'nearest' | 'bicubic';
  /** What lies outside: zeros, the border, or the mirror image. Default `'zeros'`. */
  paddingMode?: 'zeros' | 'border' | 'reflection';
  /** Whether -1 and 1 are the centres of the corner elements rather than their edges. Default false. */
  alignCorners?: boolean | null;
}

/**
 * Images sampled at given places: x [N, C, H, W] and grid [N, OH, OW, 2] of (x, y) from -1 to 1 -> [N, C, OH, OW]; volumes
 * [N, C, D, H, W] with grids [N, OD, OH, OW, 3] of (x, y, z). (PyTorch: `F.grid_sample`)
 */
export function gridSample(
  x: Tensor,
  grid: Tensor,
  mode: GridSampleOptions['mode'] | GridSampleOptions = 'bilinear',
  paddingMode: GridSampleOptions['paddingMode'] = 'zeros',
  alignCorners: boolean | null = false,
): Tensor {
  const input = requireTensor('gridSample', x);
  const places = requireTensor('gridSample', grid);
  const options = typeof mode === 'object' ? mode : { mode, paddingMode, alignCorners };
  requireOptions('gridSample', options, ['mode', 'paddingMode', 'alignCorners']);
  const how = options.mode ?? 'bilinear';
  const outside = options.paddingMode ?? 'zeros';
  if (how !== 'bilinear' && how !== 'nearest' && how !== 'bicubic')
    throw new ShapeError(
      `nn.functional.grid_sample(): expected mode to be 'bilinear', 'nearest' or 'bicubic', but got: '${String(how)}'`,
    );
  if (outside !== 'zeros' && outside !== 'border' && outside !== 'reflection')
    throw new ShapeError(
      `nn.functional.grid_sample(): expected padding_mode to be 'zeros', 'border', or 'reflection', but got: '${String(outside)}'`,
    );
  const rank = input.shape.length;
  if (input.dtype !== places.dtype)
    throw new DTypeError(
      `grid_sampler(): expected input and grid to have same dtype, but input has ${input.dtype} and grid has ${places.dtype}`,
    );
  if (rank !== places.shape.length || (rank !== 4 && rank !== 5))
    throw new ShapeError(
      `grid_sampler(): expected 4D or 5D input and grid with same number of dimensions, but got input with sizes [${input.shape.join(', ')}] and grid with sizes [${places.shape.join(', ')}]`,
    );
  if (input.shape[0] !== places.shape[0])
    throw new ShapeError(
      `grid_sampler(): expected grid and input to have same batch size, but got input with sizes [${input.shape.join(', ')}] and grid with sizes [${places.shape.join(', ')}]`,
    );
  if (places.shape[rank - 1] !== rank - 2)
    throw new ShapeError(
      `grid_sampler(): expected grid to have size ${rank - 2} in last dimension, but got grid with sizes [${places.shape.join(', ')}]`,
    );
  const extents = input.shape.slice(2);
  if (extents.includes(0))
    throw new ShapeError(
      `grid_sampler(): expected input to have non-empty spatial dimensions, but input has sizes [${input.shape.join(', ')}]`,
    );
  if (how === 'bicubic' && rank === 5)
    throw new ShapeError('grid_sampler(): bicubic interpolation only supports 4D input');
  const alignCornersOf = options.alignCorners ?? false;
  // The grid's coordinates come last dimension first.
  const raw = extents.map((extent, i) => unnormalized(places, extents.length - 1 - i, extent, alignCornersOf));
  if (how === 'bicubic') return wrap(bicubic(input, raw, outside, alignCornersOf));
  const coordinates = extents.map((extent, i) => broughtInside(raw[i]!, extent, outside, alignCornersOf));
  return wrap(sampled(input, coordinates, how === 'nearest', outside === 'zeros'));
}

/** What lies outside an image. */
type Outside = 'zeros' | 'border' | 'reflection';

/** One coordinate in elements of its dimension. [N, OH, OW]. */
function unnormalized(grid: Node, which: number, extent: number, alignCorners: boolean): Value {
  const last = grid.shape.length - 1;
  const raw = b.reshape(b.narrow(grid, last, which, 1), grid.shape.slice(0, -1));
  const number = (value: number): Value => b.like(raw, value);
  const shifted = b.add(raw, number(1));
  return alignCorners
    ? b.mul(shifted, number((extent - 1) / 2))
    : b.div(b.sub(b.mul(shifted, number(extent)), number(1)), number(2));
}

/** A coordinate brought inside as the padding asks. */
function broughtInside(place: Value, extent: number, outside: Outside, alignCorners: boolean): Value {
  const number = (value: number): Value => b.like(place, value);
  if (outside === 'zeros') return place;
  const clipped = (value: Value): Value => {
    // At and beyond the border the place does not move, and no gradient flows.
    const low = b.le(value, number(0));
    const high = b.le(number(extent - 1), value);
    return b.select(low, number(0), b.select(high, number(extent - 1), value));
  };
  if (outside === 'border') return clipped(place);
  const from = alignCorners ? 0 : -0.5;
  const span = alignCorners ? extent - 1 : extent;
  if (span === 0) return b.mul(place, number(0));
  // Back and forth between the ends, as a zigzag.
  const distance = b.abs(b.sub(place, number(from)));
  const turns = b.floor(b.div(distance, number(span)));
  const rest = b.sub(distance, b.mul(turns, number(span)));
  const isOdd = b.eq(b.sub(turns, b.mul(b.floor(b.div(turns, number(2))), number(2))), number(1));
  return clipped(b.add(b.select(isOdd, b.sub(number(span), rest), rest), number(from)));
}

/** The four weights of Keys' cubic for the distance t from the second of four neighbours. */
function cubicWeights(t: Value): Value[] {
  const factor = -0.75;
  const number = (value: number): Value => b.like(t, value);
  // ((p x + q) x + r) x + s
  const polynomial = (x: Value, p: number, q: number, r: number, s: number): Value =>
    b.add(b.mul(b.add(b.mul(b.add(b.mul(x, number(p)), number(q)), x), number(r)), x), number(s));
  const near = (x: Value): Value => polynomial(x, factor + 2, -(factor + 3), 0, 1);
  const far = (x: Value): Value => polynomial(x, factor, -5 * factor, 8 * factor, -4 * factor);
  return [far(b.add(t, number(1))), near(t), near(b.sub(number(1), t)), far(b.sub(number(2), t))];
}

/** A weighted sum over the 4 x 4 elements around each place. */
function bicubic(x: Node, [row, column]: readonly Value[], outside: Outside, alignCorners: boolean): Value {
  const [n, c, height, width] = x.shape as [number, number, number, number];
  const flat = b.reshape(b.permute(x, [0, 2, 3, 1]), [n * height * width, c]);
  const { shape } = row!;
  const batch = b.reshape(
    b.mul(b.iota(n), b.scalar(height * width, 'int32')),
    shape.map((_, i) => (i === 0 ? n : 1)),
  );
  const axes = (
    [
      [row!, height],
      [column!, width],
    ] as const
  ).map(([place, extent]) => {
    const floor = b.floor(place);
    const weights = cubicWeights(b.sub(place, floor));
    const zero = b.like(place, 0);
    const last = b.like(place, extent - 1);
    return weights.map((weight, tap) => {
      const at = broughtInside(b.add(floor, b.like(place, tap - 1)), extent, outside, alignCorners);
      return {
        weight,
        element: b.cast(b.maximum(b.minimum(at, last), zero), 'int32'),
        fits: b.and(b.le(zero, at), b.le(at, last)),
      };
    });
  });
  const wide = (value: Value): Value => b.reshape(value, [...shape, 1]);
  let total: Value | undefined;
  for (const vertical of axes[0]!)
    for (const horizontal of axes[1]!) {
      const offset = b.mul(vertical.element, b.scalar(width, 'int32'));
      const index = b.add(batch, b.add(offset, horizontal.element));
      let term = b.mul(b.gather(flat, index, 0), wide(b.mul(vertical.weight, horizontal.weight)));
      if (outside === 'zeros') term = b.select(wide(b.and(vertical.fits, horizontal.fits)), term, b.like(term, 0));
      total = total === undefined ? term : b.add(total, term);
    }
  return b.permute(total!, [0, 3, 1, 2]);
}

/** Elements at coordinates that may lie between and outside: a weighted sum over the corners of the cell. */
function sampled(x: Node, coordinates: readonly Value[], takesNearest: boolean, zeros: boolean): Value {
  const [n, c, ...extents] = x.shape as [number, number, ...number[]];
  const size = sizeOf(extents);
  const rows = b.reshape(b.permute(x, [0, ...extents.map((_, i) => i + 2), 1]), [n * size, c]);
  const shape = coordinates[0]!.shape;
  const batch = b.reshape(
    b.mul(b.iota(n), b.scalar(size, 'int32')),
    shape.map((_, i) => (i === 0 ? n : 1)),
  );
  const floors = coordinates.map((place) => (takesNearest ? b.emit('round', [place], {}) : b.floor(place)));
  let total: Value | undefined;
  for (let corner = 0; corner < (takesNearest ? 1 : 2 ** extents.length); corner++) {
    let index: Value = batch;
    // The grid of the nearest elements has a gradient too: zeros.
    let weight: Value | undefined =
      takesNearest && coordinates.some((place) => (place as Node).requiresGrad) ? constantOne(floors) : undefined;
    let inside: Value | undefined;
    let step = size;
    for (const [i, extent] of extents.entries()) {
      step /= extent;
      const isUpper = ((corner >> i) & 1) === 1;
      const place = coordinates[i]!;
      const at = isUpper ? b.add(floors[i]!, b.like(place, 1)) : floors[i]!;
      const zero = b.like(place, 0);
      const last = b.like(place, extent - 1);
      const clamped = b.maximum(b.minimum(at, last), zero);
      const element = b.cast(clamped, 'int32');
      index = b.add(index, step === 1 ? element : b.mul(element, b.scalar(step, 'int32')));
      const fits = b.and(b.le(zero, at), b.le(at, last));
      inside = inside === undefined ? fits : b.and(inside, fits);
      if (takesNearest) continue;
      const share = isUpper ? b.sub(place, floors[i]!) : b.sub(b.add(floors[i]!, b.like(place, 1)), place);
      weight = weight === undefined ? share : b.mul(weight, share);
    }
    let term = b.gather(rows, index, 0);
    const wide = (value: Value): Value => b.reshape(value, [...shape, 1]);
    if (weight !== undefined) term = b.mul(term, wide(weight));
    // An upper corner past the border has weight 0 there, but must not turn infinities into NaN.
    if (zeros || !takesNearest) term = b.select(wide(inside!), term, b.like(term, 0));
    total = total === undefined ? term : b.add(total, term);
  }
  const rank = shape.length;
  return b.permute(total!, [0, rank, ...shape.slice(1).map((_, i) => i + 1)]);
}

function constantOne(floors: readonly Value[]): Value {
  const none = floors.map((floor) => b.mul(floor, b.like(floor, 0)));
  return none.reduce((sum, each) => b.add(sum, each), b.like(floors[0]!, 1));
}

export interface AffineGridOptions {
  /** Whether -1 and 1 are the centres of the corner elements rather than their edges. Default false. */
  alignCorners?: boolean | null;
}

/**
 * The grid for `gridSample` that an affine map describes: theta [N, 2, 3] and size [N, C, H, W] -> [N, H, W, 2], or
 * theta [N, 3, 4] and size [N, C, D, H, W] -> [N, D, H, W, 3]. (PyTorch: `F.affine_grid`)
 */
export function affineGrid(theta: Tensor, size: readonly number[], options: AffineGridOptions | boolean = {}): Tensor {
  const node = requireTensor('affineGrid', theta);
  const sizes = integers('affineGrid', [size]);
  const alignCorners = (typeof options === 'boolean' ? options : options.alignCorners) ?? false;
  const dimensions = sizes.length - 2;
  if (dimensions !== 2 && dimensions !== 3)
    throw new ShapeError(
      'affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms, respectively. Got size [' +
        sizes.join(', ') +
        ']',
    );
  if (node.shape.length !== 3 || node.shape[1] !== dimensions || node.shape[2] !== dimensions + 1)
    throw new ShapeError(
      `Expected a batch of ${dimensions}D affine matrices of shape Nx${dimensions}x${dimensions + 1} for size [${sizes.join(', ')}]. Got [${node.shape.join(', ')}].`,
    );
  if (sizes.some((extent) => extent <= 0))
    throw new ShapeError(`Expected non-zero, positive output size. Got [${sizes.join(', ')}]`);
  if (sizes[0] !== node.shape[0])
    throw new ShapeError(
      `Expected a batch of ${sizes[0]!} affine matrices for size [${sizes.join(', ')}]. Got ${node.shape[0]!}.`,
    );
  const extents = sizes.slice(2);
  const line = (extent: number): number[] =>
    Array.from({ length: extent }, (_, i) =>
      extent === 1 ? 0 : (-1 + (2 * i) / (extent - 1)) * (alignCorners ? 1 : (extent - 1) / extent),
    );
  const lines = extents.map(line);
  const count = sizeOf(extents);
  const base = new Float64Array(count * (dimensions + 1));
  for (let p = 0; p < count; p++) {
    let rest = p;
    // The last dimension is the first coordinate.
    for (let i = dimensions - 1; i >= 0; i--) {
      base[p * (dimensions + 1) + (dimensions - 1 - i)] = lines[i]![rest % extents[i]!]!;
      rest = Math.floor(rest / extents[i]!);
    }
    base[p * (dimensions + 1) + dimensions] = 1;
  }
  const table = fixed(numberTable(base, [count, dimensions + 1], node.dtype));
  const points = b.matmul(table, b.transpose(node));
  return wrap(b.reshape(points, [node.shape[0]!, ...extents, dimensions]));
}
