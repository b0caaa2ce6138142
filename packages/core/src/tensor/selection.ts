import { DTypeError } from '../errors.ts';
import { isFloating } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { recorder as b } from '../graph/node.ts';
import { lowest } from '../graph/ops/composite.ts';
import type { Value } from '../graph/value.ts';
import { getDefaultDtype } from './default-dtype.ts';
import type { Operand } from './operand.ts';
import { promote, promoteNumeric, requireOptions, requireTensor, toNumeric } from './operand.ts';
import { Tensor, wrap } from './tensor.ts';

/** The larger of x and other; NaN if one is NaN. Ties share the gradient. (PyTorch: `torch.maximum`) */
export function maximum(x: Operand, other: Operand): Tensor {
  const [left, right] = promote('maximum', x, other);
  return wrap(left.dtype === 'bool' ? b.or(left, right) : b.maximum(left, right));
}

/** The smaller of x and other; NaN if one is NaN. Ties share the gradient. (PyTorch: `torch.minimum`) */
export function minimum(x: Operand, other: Operand): Tensor {
  const [left, right] = promote('minimum', x, other);
  return wrap(left.dtype === 'bool' ? b.and(left, right) : b.minimum(left, right));
}

/** The larger of x and other; the other one if one is NaN. (PyTorch: `torch.fmax`) */
export function fmax(x: Operand, other: Operand): Tensor {
  const [left, right] = promote('fmax', x, other);
  if (left.dtype === 'bool') return wrap(b.or(left, right));
  return wrap(b.select(b.or(b.ge(left, right), b.not(b.eq(right, right))), left, right));
}

/** The smaller of x and other; the other one if one is NaN. (PyTorch: `torch.fmin`) */
export function fmin(x: Operand, other: Operand): Tensor {
  const [left, right] = promote('fmin', x, other);
  if (left.dtype === 'bool') return wrap(b.and(left, right));
  return wrap(b.select(b.or(b.le(left, right), b.not(b.eq(right, right))), left, right));
}

/** A bound of `clamp`. */
export type Bound = Tensor | number | null;

export interface ClampOptions {
  /** Smaller elements become this. Default: none. */
  min?: Bound;
  /** Larger elements become this. Default: none. */
  max?: Bound;
}

/**
 * x, no smaller than `min` and no larger than `max`: `x.clamp(0, 1)`, `x.clamp({ min: 0 })`. At the bounds the gradient
 * passes. (PyTorch: `torch.clamp`)
 */
export function clamp(x: Tensor, min: Bound | ClampOptions = null, max: Bound = null): Tensor {
  if (typeof min === 'object' && min !== null && !(min instanceof Tensor)) {
    requireOptions('clamp', min, ['min', 'max']);
    return wrap(clamped('clamp', x, min.min ?? null, min.max ?? max));
  }
  return wrap(clamped('clamp', x, min, max));
}

/** x, no smaller than `min`. (PyTorch: `torch.clamp_min`) */
export function clampMin(x: Tensor, min: Tensor | number): Tensor {
  return wrap(clamped('clamp_min', x, min, null));
}

/** x, no larger than `max`. (PyTorch: `torch.clamp_max`) */
export function clampMax(x: Tensor, max: Tensor | number): Tensor {
  return wrap(clamped('clamp_max', x, null, max));
}

function clamped(name: string, x: Tensor, min: Bound, max: Bound): Value {
  requireTensor(name, x);
  if (min === null && max === null)
    throw new TypeError(`torch.${name}: At least one of 'min' or 'max' must not be None`);
  const isBool = (operand: unknown): boolean => operand instanceof Tensor && operand.dtype === 'bool';
  if (isBool(x) && [min, max].every((bound) => bound === null || isBool(bound))) {
    const raised = min === null ? x.node : b.or(x.node, (min as Tensor).node);
    return max === null ? raised : b.and(raised, (max as Tensor).node);
  }
  let result: Tensor = x;
  let node: Value = x.node;
  // Both bounds take part in the promotion, so that x is cast once.
  const bounds = [min, max].map((bound) => {
    if (bound === null) return null;
    const [own, limit] = promoteNumeric(name, result, bound);
    result = own === result.node ? result : new Tensor(own);
    node = own;
    return limit;
  });
  const [low, high] = bounds.map((bound) => (bound === null ? null : b.cast(bound, node.dtype)));
  if ([min, max].some((bound) => Number.isNaN(bound)))
    return b.select(b.scalar(1, 'bool'), b.like(node, Number.NaN), node);
  if (low) node = bounded(b.lt(node, low), low, node, (x, bound) => b.ge(x, bound));
  if (high) node = bounded(b.gt(node, high), high, node, (x, bound) => b.le(x, bound));
  return node;
}

/** The bound where x is outside, else x. NaN stays, but has no gradient, since it is not inside either. */
function bounded(isOutside: Value, bound: Value, x: Value, isInside: (x: Value, bound: Value) => Value): Value {
  const result = b.select(isOutside, bound, x) as Node;
  result.rule = (b, g, { inputs: [outside, limit, value], needs }) => [
    null,
    needs[1] ? b.select(outside!, g, b.like(g, 0)) : null,
    needs[2] ? b.select(isInside(value!, limit!), g, b.like(g, 0)) : null,
  ];
  return result;
}

/** `x` where `condition` is true, `other` elsewhere, broadcasting. Both may be numbers. (PyTorch: `torch.where`) */
export function where(condition: Tensor, x: Operand, other: Operand): Tensor {
  const mask = requireTensor('where', condition);
  if (x === undefined || other === undefined)
    throw new TypeError(
      'where: expected where(condition, x, other); positions of true elements have no shape that is known before they are computed',
    );
  if (mask.dtype !== 'bool')
    throw new DTypeError(`where expected condition to be a boolean tensor, but got a tensor with dtype ${mask.dtype}`);
  const [left, right] = x instanceof Tensor || other instanceof Tensor ? promote('where', x, other) : numbers(x, other);
  return wrap(b.select(mask, left, right));
}

function numbers(x: unknown, other: unknown): [Value, Value] {
  for (const value of [x, other])
    if (typeof value !== 'number' && typeof value !== 'boolean')
      throw new TypeError(`where: expected a Tensor or a number, got ${typeof value}`);
  const isBool = typeof x === 'boolean' && typeof other === 'boolean';
  const dtype = isBool
    ? 'bool'
    : [x, other].every((value) => Number.isInteger(Number(value)))
      ? 'int32'
      : getDefaultDtype();
  return [b.scalar(Number(x), dtype), b.scalar(Number(other), dtype)];
}

/** x with `value` where the mask is true. (PyTorch: `Tensor.masked_fill`) */
export function maskedFill(x: Tensor, mask: Tensor, value: Tensor | number | boolean): Tensor {
  const node = requireTensor('masked_fill', x);
  const condition = requireTensor('masked_fill', mask);
  if (condition.dtype !== 'bool')
    throw new DTypeError(`masked_fill_ only supports boolean masks, but got mask with dtype ${condition.dtype}`);
  return wrap(b.select(condition, fillValue(node, value), node));
}

function fillValue(node: Node, value: Tensor | number | boolean): Value {
  if (value instanceof Tensor) {
    if (value.ndim > 0)
      throw new TypeError(
        `masked_fill_ only supports a 0-dimensional value tensor, but got tensor with ${value.ndim} dimension(s).`,
      );
    return b.cast(value.node, node.dtype);
  }
  if (typeof value !== 'number' && typeof value !== 'boolean')
    throw new TypeError(`masked_fill: expected a number as value, got ${typeof value}`);
  const number = Number(value);
  if (node.dtype === 'int32' && !(Math.trunc(number) === (number | 0)))
    throw new DTypeError(`value cannot be converted to type int64_t without overflow: ${value}`);
  if (node.dtype === 'bool') return b.scalar(Number(number !== 0), 'bool');
  return b.scalar(node.dtype === 'int32' ? Math.trunc(number) : number, node.dtype);
}

export interface NanToNumOptions {
  /** Stands for NaN. Default 0. */
  nan?: number;
  /** Stands for infinity. Default: the largest number of the dtype. */
  posinf?: number | null;
  /** Stands for negative infinity. Default: the lowest number of the dtype. */
  neginf?: number | null;
}

/** x with numbers for NaN and infinities, where its gradient is 0. (PyTorch: `torch.nan_to_num`) */
export function nanToNum(
  x: Tensor,
  options: NanToNumOptions | number = {},
  posinf: number | null = null,
  neginf: number | null = null,
): Tensor {
  const node = requireTensor('nan_to_num', x);
  if (typeof options === 'object') requireOptions('nan_to_num', options, ['nan', 'posinf', 'neginf']);
  const chosen = typeof options === 'number' ? { nan: options, posinf, neginf } : options;
  if (!isFloating(node.dtype)) return wrap(b.emit('reshape', [node], { shape: node.shape }));
  const low = lowest(node.dtype);
  const infinity = Number.POSITIVE_INFINITY;
  let result: Value = b.select(b.eq(node, node), node, b.like(node, chosen.nan ?? 0));
  result = b.select(b.eq(node, b.like(node, infinity)), b.like(node, chosen.posinf ?? -low), result);
  return wrap(b.select(b.eq(node, b.like(node, -infinity)), b.like(node, chosen.neginf ?? low), result));
}

/** 0 below 0, 1 above, `values` at 0. (PyTorch: `torch.heaviside`) */
export function heaviside(x: Tensor, values: Tensor): Tensor {
  const node = requireTensor('heaviside', x);
  const middle = requireTensor('heaviside', values);
  if (node.dtype !== middle.dtype)
    throw new DTypeError('heaviside is not yet implemented for tensors with different dtypes.');
  const numeric = toNumeric(node);
  const zero = b.like(numeric, 0);
  return wrap(
    b.cast(b.select(b.eq(numeric, zero), toNumeric(middle), b.mask(b.lt(zero, numeric), numeric.dtype)), node.dtype),
  );
}

/** |x| with the sign of other, of which -0 has one. (PyTorch: `torch.copysign`) */
export function copysign(x: Tensor, other: Operand): Tensor {
  const [left, right] = promote('copysign', x, other);
  const floating = isFloating(left.dtype) ? left : b.cast(left, getDefaultDtype());
  const giver = b.cast(right, floating.dtype);
  // A number keeps its own sign of 0. The sign of other has a gradient, 0.
  const isNegative =
    typeof other === 'number' ? b.scalar(Number(other < 0 || Object.is(other, -0)), 'bool') : b.hasSign(giver);
  const signs = b.sign(giver);
  const isSigned = b.lt(b.like(signs, 0), b.abs(signs));
  const factor = b.select(isSigned, signs, b.select(isNegative, b.like(signs, -1), b.like(signs, 1)));
  return wrap(b.mul(b.abs(floating), factor));
}

export { clamp as clip };
