import { ShapeError } from '../errors.ts';
import { recorder as b } from '../graph/node.ts';
import type { Value } from '../graph/value.ts';

/** How `F.pad` fills what it adds. */
export type PadMode = 'constant' | 'reflect' | 'replicate' | 'circular';

/** `before` and `after` elements at the ends of an axis; negative numbers crop. */
interface AxisPadding {
  readonly axis: number;
  readonly before: number;
  readonly after: number;
}

/** PyTorch's list of pairs, which starts with the last dimension. */
function pairs(rank: number, pad: readonly number[]): AxisPadding[] {
  return Array.from({ length: pad.length / 2 }, (_, i) => ({
    axis: rank - 1 - i,
    before: pad[2 * i]!,
    after: pad[2 * i + 1]!,
  }));
}

function crop(x: Value, { axis, before, after }: AxisPadding): Value {
  const lo = Math.max(-before, 0);
  const hi = Math.max(-after, 0);
  return lo === 0 && hi === 0 ? x : b.narrow(x, axis, lo, x.shape[axis]! - lo - hi);
}

/** Constant padding of any dimensions. */
export function padConstant(x: Value, pad: readonly number[], value: number): Value {
  const list = pairs(x.shape.length, pad);
  const lo = x.shape.map(() => 0);
  const hi = x.shape.map(() => 0);
  let y = x;
  for (const item of list) {
    const { axis, before, after } = item;
    const extent = x.shape[axis]!;
    if (extent + before + after < 0)
      throw new ShapeError(
        `The input size ${extent}, plus negative padding ${before} and ${after} resulted in a negative output size, which is invalid. Check dimension ${axis} of your input.`,
      );
    // PyTorch crops before it adds.
    if (extent + Math.min(before, 0) + Math.min(after, 0) < 0)
      throw new ShapeError(
        `narrow(): length must be non-negative. Dimension ${axis} of ${extent} elements cannot lose ${-Math.min(before, 0) - Math.min(after, 0)}.`,
      );
    lo[axis] = Math.max(before, 0);
    hi[axis] = Math.max(after, 0);
  }
  y = b.pad(y, lo, hi, value);
  for (const item of list) y = crop(y, item);
  return y;
}

/** Padding of the last dimensions with what the tensor holds there. */
export function padSpatial(x: Value, pad: readonly number[], mode: Exclude<PadMode, 'constant'>): Value {
  const rank = x.shape.length;
  const count = pad.length / 2;
  if (rank !== count + 1 && rank !== count + 2)
    throw new ShapeError(
      `Padding size ${pad.length} is not supported for ${rank}D input tensor. Supported combinations for non-constant padding: 2D or 3D input: padding size = 2 (pads last dimension); 3D or 4D input: padding size = 4 (pads last 2 dimensions); 4D or 5D input: padding size = 6 (pads last 3 dimensions)`,
    );
  let y = x;
  for (const item of pairs(rank, pad)) {
    check(x, item, mode);
    y =
      mode === 'circular'
        ? circular(crop(y, item), item)
        : crop(mode === 'reflect' ? reflected(y, item) : replicated(y, item), item);
  }
  return y;
}

function check({ shape }: Value, { axis, before, after }: AxisPadding, mode: PadMode): void {
  const extent = shape[axis]!;
  if (mode === 'reflect' && (before >= extent || after >= extent))
    throw new ShapeError(
      `Padding size should be less than the corresponding input dimension, but got: padding (${before}, ${after}) at dimension ${axis} of input [${shape.join(', ')}]`,
    );
  if (mode === 'circular' && (before > extent || after > extent))
    throw new ShapeError('Padding value causes wrapping around more than once.');
  if (extent + before + after <= 0)
    throw new ShapeError(
      `${mode} padding (${before}, ${after}) leaves nothing of dimension ${axis} of input [${shape.join(', ')}]: Output size must be positive`,
    );
  if (extent === 0)
    throw new ShapeError(`Expected a tensor with non-zero dimensions to be padded, but got: [${shape.join(', ')}]`);
}

function joined(x: Value, axis: number, before: Value | null, after: Value | null): Value {
  return b.concat(
    [before, x, after].filter((part) => part !== null),
    axis,
  );
}

function reflected(x: Value, { axis, before, after }: AxisPadding): Value {
  const extent = x.shape[axis]!;
  return joined(
    x,
    axis,
    before > 0 ? b.flip(b.narrow(x, axis, 1, before), [axis]) : null,
    after > 0 ? b.flip(b.narrow(x, axis, extent - 1 - after, after), [axis]) : null,
  );
}

function replicated(x: Value, { axis, before, after }: AxisPadding): Value {
  const edge = (start: number, times: number): Value =>
    b.broadcastTo(
      b.narrow(x, axis, start, 1),
      x.shape.map((n, i) => (i === axis ? times : n)),
    );
  return joined(x, axis, before > 0 ? edge(0, before) : null, after > 0 ? edge(x.shape[axis]! - 1, after) : null);
}

function circular(x: Value, { axis, before, after }: AxisPadding): Value {
  const extent = x.shape[axis]!;
  return joined(
    x,
    axis,
    before > 0 ? b.narrow(x, axis, extent - before, before) : null,
    after > 0 ? b.narrow(x, axis, 0, after) : null,
  );
}
