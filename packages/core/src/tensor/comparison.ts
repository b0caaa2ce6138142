import { DTypeError } from '../errors.ts';
import { isFloating } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { recorder as b } from '../graph/node.ts';
import { scoped } from '../graph/scope.ts';
import { broadcastShapes, sameShape } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { getDefaultDtype } from './default-dtype.ts';
import type { Operand } from './operand.ts';
import { promote, promoteNumeric, requireOptions, requireTensor, toNode } from './operand.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

/** The operands of a comparison. Shapes are checked here, since an engine may see the operands swapped. */
function compared(name: string, x: Operand, other: Operand): [Node, Node] {
  const [left, right] = promoteNumeric(name, x, other);
  broadcastShapes(left.shape, right.shape, name);
  return [left, right];
}

/** x > other as bool, broadcasting. (PyTorch: `torch.gt`) */
export function gt(x: Operand, other: Operand): Tensor {
  const [left, right] = compared('gt', x, other);
  return wrap(b.gt(left, right));
}

/** x >= other as bool, broadcasting. (PyTorch: `torch.ge`) */
export function ge(x: Operand, other: Operand): Tensor {
  const [left, right] = compared('ge', x, other);
  return wrap(b.ge(left, right));
}

/** x < other as bool, broadcasting. (PyTorch: `torch.lt`) */
export function lt(x: Operand, other: Operand): Tensor {
  const [left, right] = compared('lt', x, other);
  return wrap(b.lt(left, right));
}

/** x <= other as bool, broadcasting. (PyTorch: `torch.le`) */
export function le(x: Operand, other: Operand): Tensor {
  const [left, right] = compared('le', x, other);
  return wrap(b.le(left, right));
}

/** x = other as bool, broadcasting. NaN equals nothing. (PyTorch: `torch.eq`) */
export function eq(x: Operand, other: Operand): Tensor {
  const [left, right] = promote('eq', x, other);
  return wrap(b.eq(left, right));
}

/** Whether x and other differ, as bool, broadcasting. (PyTorch: `torch.ne`) */
export function ne(x: Operand, other: Operand): Tensor {
  const [left, right] = promote('ne', x, other);
  return wrap(b.not(b.eq(left, right)));
}

/** Numbers count as true unless they are 0. */
function truth(name: string, x: Operand): Value {
  return b.cast(toNode(name, x), 'bool');
}

/** Whether both are true (not 0), broadcasting. (PyTorch: `torch.logical_and`) */
export function logicalAnd(x: Operand, other: Operand): Tensor {
  return wrap(b.and(truth('logical_and', x), truth('logical_and', other)));
}

/** Whether one or both are true, broadcasting. (PyTorch: `torch.logical_or`) */
export function logicalOr(x: Operand, other: Operand): Tensor {
  return wrap(b.or(truth('logical_or', x), truth('logical_or', other)));
}

/** Whether exactly one is true, broadcasting. (PyTorch: `torch.logical_xor`) */
export function logicalXor(x: Operand, other: Operand): Tensor {
  return wrap(b.not(b.eq(truth('logical_xor', x), truth('logical_xor', other))));
}

/** Whether x is false (0). (PyTorch: `torch.logical_not`) */
export function logicalNot(x: Tensor): Tensor {
  return wrap(b.not(truth('logical_not', x)));
}

/** The complement: not x of booleans, -x - 1 of integers. (PyTorch: `torch.bitwise_not`) */
export function bitwiseNot(x: Tensor): Tensor {
  const node = requireTensor('bitwise_not', x);
  if (isFloating(node.dtype)) throw new DTypeError(`bitwise_not: not implemented for '${node.dtype}'`);
  return wrap(node.dtype === 'bool' ? b.not(node) : b.sub(b.neg(node), b.like(node, 1)));
}

/** Whether x is NaN. (PyTorch: `torch.isnan`) */
export function isnan(x: Tensor): Tensor {
  const node = requireTensor('isnan', x);
  return wrap(isFloating(node.dtype) ? b.not(b.eq(node, node)) : b.full(node.shape, 0, 'bool'));
}

/** Whether x is an infinity. (PyTorch: `torch.isinf`) */
export function isinf(x: Tensor): Tensor {
  const node = requireTensor('isinf', x);
  return wrap(
    isFloating(node.dtype) ? b.eq(b.abs(node), b.like(node, Number.POSITIVE_INFINITY)) : b.full(node.shape, 0, 'bool'),
  );
}

/** Whether x is positive infinity. (PyTorch: `torch.isposinf`) */
export function isposinf(x: Tensor): Tensor {
  const node = requireTensor('isposinf', x);
  return wrap(
    isFloating(node.dtype) ? b.eq(node, b.like(node, Number.POSITIVE_INFINITY)) : b.full(node.shape, 0, 'bool'),
  );
}

/** Whether x is negative infinity. (PyTorch: `torch.isneginf`) */
export function isneginf(x: Tensor): Tensor {
  const node = requireTensor('isneginf', x);
  return wrap(
    isFloating(node.dtype) ? b.eq(node, b.like(node, Number.NEGATIVE_INFINITY)) : b.full(node.shape, 0, 'bool'),
  );
}

/** Whether x is neither NaN nor an infinity. (PyTorch: `torch.isfinite`) */
export function isfinite(x: Tensor): Tensor {
  const node = requireTensor('isfinite', x);
  return wrap(
    isFloating(node.dtype) ? b.lt(b.abs(node), b.like(node, Number.POSITIVE_INFINITY)) : b.full(node.shape, 1, 'bool'),
  );
}

/** Whether x has its sign bit set: negative numbers and -0. (PyTorch: `torch.signbit`) */
export function signbit(x: Tensor): Tensor {
  const node = requireTensor('signbit', x);
  if (node.dtype === 'bool') return wrap(b.full(node.shape, 0, 'bool'));
  return wrap(isFloating(node.dtype) ? b.hasSign(node) : b.lt(node, b.like(node, 0)));
}

export interface CloseOptions {
  /** Relative to the second operand. Default 1e-5. */
  rtol?: number;
  /** Default 1e-8. */
  atol?: number;
  /** Whether NaN is close to NaN. Default false. */
  equalNan?: boolean;
}

/** |x - other| <= atol + rtol |other|, or equal (infinities). (PyTorch: `torch.isclose`) */
export function isclose(
  x: Tensor,
  other: Tensor,
  rtol: number | CloseOptions = {},
  atol?: number,
  equalNan?: boolean,
): Tensor {
  return wrap(closeness('isclose', x, other, closeOptions(rtol, atol, equalNan)));
}

/** The tolerances by position or by name. */
function closeOptions(
  rtol: number | CloseOptions,
  atol: number | undefined,
  equalNan: boolean | undefined,
): CloseOptions {
  if (typeof rtol !== 'number') return rtol;
  return { rtol, ...(atol === undefined ? {} : { atol }), ...(equalNan === undefined ? {} : { equalNan }) };
}

function closeness(name: string, x: Tensor, other: Tensor, options: CloseOptions): Value {
  requireOptions(name, options, ['rtol', 'atol', 'equalNan']);
  const { rtol = 1e-5, atol = 1e-8, equalNan = false } = options;
  const left = requireTensor(name, x);
  const right = requireTensor(name, other);
  if (left.dtype !== right.dtype) throw new DTypeError(`${left.dtype} did not match ${right.dtype}`);
  if (rtol < 0) throw new RangeError(`rtol must be greater than or equal to zero, but got ${rtol}`);
  if (atol < 0) throw new RangeError(`atol must be greater than or equal to zero, but got ${atol}`);
  let close = b.eq(left, right);
  if (equalNan && isFloating(left.dtype))
    close = b.or(close, b.and(b.not(b.eq(left, left)), b.not(b.eq(right, right))));
  if ((rtol === 0 && atol === 0) || left.dtype === 'bool') return close;
  const [a, c] = isFloating(left.dtype)
    ? [left, right]
    : [b.cast(left, getDefaultDtype()), b.cast(right, getDefaultDtype())];
  const distance = b.abs(b.sub(a, c));
  const allowed = b.add(b.like(c, atol), b.abs(b.mul(c, b.like(c, rtol))));
  return b.or(close, b.and(b.lt(distance, b.like(distance, Number.POSITIVE_INFINITY)), b.le(distance, allowed)));
}

/** Whether all elements are close, see `isclose`. Computes the values. (PyTorch: `torch.allclose`, but asynchronous) */
export async function allclose(
  x: Tensor,
  other: Tensor,
  rtol: number | CloseOptions = {},
  atol?: number,
  equalNan?: boolean,
): Promise<boolean> {
  return isNone(b.not(closeness('allclose', x, other, closeOptions(rtol, atol, equalNan))));
}

/** Whether shapes and all elements are equal. Computes the values. (PyTorch: `torch.equal`, but asynchronous) */
export async function equal(x: Tensor, other: Tensor): Promise<boolean> {
  const left = requireTensor('equal', x);
  const right = requireTensor('equal', other);
  if (!sameShape(left.shape, right.shape)) return false;
  const [a, c] = promote('equal', x, other);
  return isNone(b.not(b.eq(a, c)));
}

async function isNone(condition: Value): Promise<boolean> {
  const count = b.reduceSum(
    b.cast(condition, 'int32'),
    condition.shape.map((_, i) => i),
  );
  return (await scoped(() => wrap(count)).item()) === 0;
}

export { ge as greaterEqual, gt as greater, le as lessEqual, lt as less, ne as notEqual };
