import { ShapeError } from '../errors.ts';
import { isFloating } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { recorder as b } from '../graph/node.ts';
import { normalizeDim } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { strided } from './movement.ts';
import { requireOptions, requireTensor, toFloating, toNumeric } from './operand.ts';
import { Tensor, wrap } from './tensor.ts';

// Integrals and derivatives of sampled functions.

export interface TrapezoidOptions {
  /** Where the values are: instead of `dx`. */
  x?: Tensor | null;
  /** The distance of neighbours. Default 1. */
  dx?: number;
  /** Default -1. */
  dim?: number;
}

/** The areas between neighbours along a dimension, and the axis. */
function areas(
  name: string,
  y: Tensor,
  x: Tensor | TrapezoidOptions | null | undefined,
  options: TrapezoidOptions,
): { areas: Value; axis: number } {
  const chosen: TrapezoidOptions = x instanceof Tensor ? { ...options, x } : { ...options, ...x };
  requireOptions(name, chosen, ['x', 'dx', 'dim']);
  const node = toNumeric(requireTensor(name, y));
  const dim = chosen.dim ?? -1;
  if (node.shape.length === 0)
    throw new ShapeError(`${name}: Dimension specified as ${dim} but tensor has no dimensions`);
  const axis = normalizeDim(dim, node.shape.length, name);
  const count = Math.max(node.shape[axis]! - 1, 0);
  const ends = (value: Value, along: number): [Value, Value] => {
    const size = Math.max(value.shape[along]! - 1, 0);
    return [b.narrow(value, along, Math.min(1, value.shape[along]!), size), b.narrow(value, along, 0, size)];
  };
  const [later, earlier] = ends(node, axis);
  const sum = b.add(later, earlier);
  if (!chosen.x) {
    const height = toFloating(sum as Node);
    return { areas: b.mul(height, b.like(height, (chosen.dx ?? 1) / 2)), axis };
  }
  const places = requireTensor(name, chosen.x);
  let along: Value = places;
  if (places.shape.length === 1) {
    if (places.shape[0] !== node.shape[axis])
      throw new ShapeError(`${name}: There must be one \`x\` value for each sample point`);
    along = b.reshape(
      places,
      node.shape.map((_, i) => (i === axis ? places.shape[0]! : 1)),
    );
  } else if (places.shape.length < node.shape.length)
    along = b.reshape(places, [...new Array<number>(node.shape.length - places.shape.length).fill(1), ...places.shape]);
  const dtype = isFloating(node.dtype) || !isFloating(places.dtype) ? toFloating(node).dtype : places.dtype;
  const wide = isFloating(node.dtype) && isFloating(places.dtype) && places.dtype === 'float64' ? 'float64' : dtype;
  // In their own dtype first.
  const widths = b.cast(b.sub(...ends(toNumeric(along as Node), axis)), wide);
  if (widths.shape[axis] !== count)
    throw new ShapeError(`${name}: There must be one \`x\` value for each sample point`);
  return { areas: b.mul(b.mul(b.cast(sum, wide), widths), b.scalar(0.5, wide)), axis };
}

/** The integral along a dimension by the trapezoidal rule, at positions `x` or at distances `dx`. (PyTorch: `torch.trapezoid`) */
export function trapezoid(y: Tensor, x?: Tensor | TrapezoidOptions | null, options: TrapezoidOptions = {}): Tensor {
  const { areas: parts, axis } = areas('trapezoid', y, x, options);
  return wrap(b.reduceSum(parts, [axis]));
}

/** The integral from the first value to each other one along a dimension. (PyTorch: `torch.cumulative_trapezoid`) */
export function cumulativeTrapezoid(
  y: Tensor,
  x?: Tensor | TrapezoidOptions | null,
  options: TrapezoidOptions = {},
): Tensor {
  const { areas: parts, axis } = areas('cumulative_trapezoid', y, x, options);
  return wrap(b.cumsum(parts, axis));
}

export interface GradientOptions {
  /** The distance of neighbours, or positions: for all dimensions, or one for each. Default 1. */
  spacing?: number | readonly (number | Tensor)[] | Tensor;
  /** Default: all dimensions. */
  dim?: number | readonly number[] | null;
  /** Order of accuracy of the ends. Default 1. (PyTorch: `edge_order`) */
  edgeOrder?: 1 | 2;
}

/**
 * The derivative of sampled values along each dimension, by central differences within and one-sided ones at the ends.
 * (PyTorch: `torch.gradient`)
 */
export function gradient(x: Tensor, options: GradientOptions = {}): Tensor[] {
  const source = requireTensor('gradient', x);
  requireOptions('gradient', options, ['spacing', 'dim', 'edgeOrder']);
  const { spacing = 1, dim = null, edgeOrder = 1 } = options;
  if (edgeOrder !== 1 && edgeOrder !== 2)
    throw new ShapeError('torch.gradient only supports edge_order=1 and edge_order=2.');
  const node = toFloating(source);
  const axes =
    dim === null
      ? node.shape.map((_, i) => i)
      : [dim].flat().map((d) => normalizeDim(d, node.shape.length, 'gradient'));
  for (const [i, axis] of axes.entries())
    if (axes.indexOf(axis) !== i) throw new ShapeError(`dim ${axis} appears multiple times in the list of dims`);
  const list = Array.isArray(spacing) ? (spacing as readonly (number | Tensor)[]) : null;
  if (list !== null && list.length !== axes.length)
    throw new ShapeError(
      `torch.gradient expected spacing to be unspecified, a scalar, or a list of length equal to 'self.dim() = ${axes.length}', since dim argument was not given, but got a list of length ${list.length}`,
    );
  return axes.map((axis, i) => {
    if (node.shape[axis]! < edgeOrder + 1)
      throw new ShapeError('torch.gradient expected each dimension size to be at least edge_order+1');
    const distance = list === null ? (spacing as number | Tensor) : list[i]!;
    return wrap(
      distance instanceof Tensor
        ? atPositions(node, axis, distance, edgeOrder)
        : evenly(node, axis, distance, edgeOrder),
    );
  });
}

function evenly(x: Value, axis: number, distance: number, edgeOrder: 1 | 2): Value {
  const n = x.shape[axis]!;
  const at = (place: number, count = 1): Value => strided(x, axis, place, count, 1);
  const scaled = (value: Value, by: number): Value => b.mul(value, b.like(x, by / distance));
  const centre = n > 2 ? scaled(b.sub(at(2, n - 2), at(0, n - 2)), 0.5) : null;
  const edge = (first: Value, second: Value, third: Value): Value =>
    b.add(b.add(scaled(first, -1.5), scaled(second, 2)), scaled(third, -0.5));
  const left = edgeOrder === 1 ? scaled(b.sub(at(1), at(0)), 1) : edge(at(0), at(1), at(2));
  const right = edgeOrder === 1 ? scaled(b.sub(at(n - 1), at(n - 2)), 1) : b.neg(edge(at(n - 1), at(n - 2), at(n - 3)));
  return b.concat(centre === null ? [left, right] : [left, centre, right], axis);
}

function atPositions(x: Value, axis: number, positions: Tensor, edgeOrder: 1 | 2): Value {
  const n = x.shape[axis]!;
  if (positions.shape.length !== 1 || positions.shape[0] !== n)
    throw new ShapeError(
      `torch.gradient expected each element in the coordinates to have the same number of elements as the dimension, ${n}, but got [${positions.shape.join(', ')}]`,
    );
  const places = b.reshape(
    b.cast(positions.node, x.dtype),
    x.shape.map((_, i) => (i === axis ? n : 1)),
  );
  const at = (value: Value, place: number, count = 1): Value => b.narrow(value, axis, place, count);
  const gaps = b.sub(at(places, 1, n - 1), at(places, 0, n - 1));
  const slopes = b.div(b.sub(at(x, 1, n - 1), at(x, 0, n - 1)), gaps);
  // Within: the two slopes, each weighted with the other's gap.
  const between = (first: number, count: number): [Value, Value, Value, Value] => [
    at(gaps, first, count),
    at(gaps, first + 1, count),
    at(slopes, first, count),
    at(slopes, first + 1, count),
  ];
  const parts: Value[] = [];
  if (n > 2) {
    const [before, after, left, right] = between(0, n - 2);
    parts.push(b.div(b.add(b.mul(after, left), b.mul(before, right)), b.add(before, after)));
  }
  const extrapolated = (near: Value, far: Value, nearGap: Value, farGap: Value): Value =>
    b.add(near, b.mul(b.sub(near, far), b.div(nearGap, b.add(nearGap, farGap))));
  if (edgeOrder === 1) return b.concat([at(slopes, 0), ...parts, at(slopes, n - 2)], axis);
  const [firstGap, secondGap, firstSlope, secondSlope] = between(0, 1);
  const [earlierGap, laterGap, earlierSlope, laterSlope] = between(n - 3, 1);
  return b.concat(
    [
      extrapolated(firstSlope, secondSlope, firstGap, secondGap),
      ...parts,
      extrapolated(laterSlope, earlierSlope, laterGap, earlierGap),
    ],
    axis,
  );
}

export { trapezoid as trapz };
