import { leadingTo } from '../autograd/formal.ts';
import { DTypeError } from '../errors.ts';
import { isFloating } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { recorder as b } from '../graph/node.ts';
import type { Value } from '../graph/value.ts';
import type { Operand } from './operand.ts';
import {
  promote,
  promoteFloating,
  promoteNumeric,
  requireOptions,
  requireTensor,
  toFloating,
  toNode,
  toNumeric,
} from './operand.ts';
import { Tensor, wrap } from './tensor.ts';

export interface AlphaOptions {
  /** Multiplies the second operand. Default 1. */
  alpha?: number;
}

/** x + alpha * other, broadcasting; of booleans, the disjunction. (PyTorch: `torch.add`) */
export function add(x: Operand, other: Operand, options: AlphaOptions = {}): Tensor {
  const [left, right] = scaled('add', x, other, options);
  return wrap(left.dtype === 'bool' ? b.or(left, right) : b.add(left, right));
}

/** x - alpha * other, broadcasting. Booleans have no difference. (PyTorch: `torch.sub`) */
export function sub(x: Operand, other: Operand, options: AlphaOptions = {}): Tensor {
  const bools = [x, other].filter((operand) => typeof operand === 'boolean' || isBool(operand)).length;
  if (bools > 0)
    throw new DTypeError(
      bools === 2
        ? 'Subtraction, the `-` operator, with two bool tensors is not supported. Use logicalXor() or bitwiseXor() instead.'
        : 'Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, use logicalNot() instead.',
    );
  const [left, right] = scaled('sub', x, other, options);
  return wrap(b.sub(left, right));
}

function isBool(operand: unknown): operand is Tensor {
  return operand instanceof Tensor && operand.dtype === 'bool';
}

function scaled(name: string, x: Operand, other: Operand, options: AlphaOptions): [Node, Node] {
  requireOptions(name, options, ['alpha']);
  const { alpha = 1 } = options;
  const [left, right] = promote(name, x, other);
  if (!isFloating(left.dtype) && !Number.isInteger(alpha))
    throw new DTypeError(`${name}: For integral input tensors, argument alpha must not be a floating point number.`);
  if (alpha === 1) return [left, right];
  // Of booleans a factor leaves everything or nothing.
  const part = right.dtype === 'bool' ? b.and(right, b.scalar(alpha, 'bool')) : b.mul(right, b.like(right, alpha));
  return [left, part as Node];
}

/** other - alpha * x. (PyTorch: `torch.rsub`) */
export function rsub(x: Operand, other: Operand, options: AlphaOptions = {}): Tensor {
  return sub(other, x, options);
}

/** x * other, broadcasting; of booleans, the conjunction. (PyTorch: `torch.mul`) */
export function mul(x: Operand, other: Operand): Tensor {
  const [left, right] = promote('mul', x, other);
  return wrap(left.dtype === 'bool' ? b.and(left, right) : b.mul(left, right));
}

export interface DivOptions {
  /** How the quotient is rounded: not at all (the default), towards zero, or down. */
  roundingMode?: 'trunc' | 'floor' | null;
}

/** x / other, broadcasting; unless it is rounded, integers divide as floats. (PyTorch: `torch.div`) */
export function div(x: Operand, other: Operand, options: DivOptions = {}): Tensor {
  requireOptions('div', options, ['roundingMode']);
  const { roundingMode = null } = options;
  if (roundingMode !== null && roundingMode !== 'trunc' && roundingMode !== 'floor')
    throw new TypeError(
      `div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '${String(roundingMode)}'`,
    );
  if (roundingMode === null) {
    const [left, right] = promoteFloating('div', x, other);
    return wrap(b.div(left, right));
  }
  const [left, right] = promoteNumeric('div', x, other);
  if (roundingMode === 'floor') return wrap(floorQuotient(left, right));
  return wrap(isFloating(left.dtype) ? b.trunc(flat(b.div(left, right))) : b.emit('integerDiv', [left, right], {}));
}

/** The largest integer that is not above x / other; floating where an operand is. (PyTorch: `torch.floor_divide`) */
export function floorDivide(x: Operand, other: Operand): Tensor {
  const [left, right] = promoteNumeric('floor_divide', x, other);
  return wrap(floorQuotient(left, right));
}

function floorQuotient(x: Value, y: Value): Value {
  if (!isFloating(x.dtype)) {
    const quotient = b.emit('integerDiv', [x, y], {});
    const rest = b.sub(x, b.mul(quotient, y));
    return b.sub(quotient, b.mask(inexactAndOpposed(rest, y), 'int32'));
  }
  // From the exact remainder, as PyTorch: 1 / 0.1 rounds to 10, but 0.1 lies a little above a tenth.
  const rest = flat(b.emit('fmod', [x, y], {}));
  const quotient = flat(b.div(b.sub(x, rest), y));
  const lowered = b.sub(quotient, b.mask(inexactAndOpposed(rest, y), x.dtype));
  const floor = b.floor(lowered);
  const rounded = b.select(b.gt(b.sub(lowered, floor), b.like(x, 0.5)), b.add(floor, b.like(x, 1)), floor);
  return b.select(b.eq(y, b.like(y, 0)), flat(b.div(x, y)), rounded);
}

/** A value whose derivative is 0, also where that of its operation is infinite. */
function flat(value: Value): Value {
  (value as Node).rule = (builder, _g, { inputs }) => inputs.map((input) => builder.zeroCotangent(input));
  return value;
}

function inexactAndOpposed(rest: Value, y: Value): Value {
  const zero = b.like(rest, 0);
  return b.and(b.not(b.eq(rest, zero)), b.not(b.eq(b.lt(rest, zero), b.lt(y, zero))));
}

/** The rest of the division of x by other with the sign of x, as C's fmod. (PyTorch: `torch.fmod`) */
export function fmod(x: Operand, other: Operand): Tensor {
  const [left, right] = promoteNumeric('fmod', x, other);
  return wrap(rest(left, right));
}

/** The rest of the division of x by other with the sign of other, as Python's %. (PyTorch: `torch.remainder`) */
export function remainder(x: Operand, other: Operand): Tensor {
  const [left, right] = promoteNumeric('remainder', x, other);
  const part = rest(left, right);
  return wrap(b.select(inexactAndOpposed(part, right), b.add(part, right), part));
}

function rest(x: Value, y: Value): Value {
  if (isFloating(x.dtype)) return b.emit('fmod', [x, y], {});
  return b.sub(x, b.mul(b.emit('integerDiv', [x, y], {}), y));
}

/** -x. (PyTorch: `torch.neg`) */
export function neg(x: Tensor): Tensor {
  const node = requireTensor('neg', x);
  if (node.dtype === 'bool')
    throw new DTypeError(
      'Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use logicalNot() instead.',
    );
  return wrap(b.neg(node));
}

/** x itself, of a numeric dtype. (PyTorch: `torch.positive`) */
export function positive(x: Tensor): Tensor {
  if (requireTensor('positive', x).dtype === 'bool')
    throw new DTypeError('The `+` operator, on a bool tensor is not supported.');
  return x;
}

/** |x|. (PyTorch: `torch.abs`) */
export function abs(x: Tensor): Tensor {
  const node = requireTensor('abs', x);
  if (node.dtype === 'bool') throw new DTypeError(`"abs_cpu" not implemented for 'Bool'`);
  return wrap(b.abs(node));
}

/** -1, 0 or 1. Its gradient is 0. (PyTorch: `torch.sign`) */
export function sign(x: Tensor): Tensor {
  const node = requireTensor('sign', x);
  return wrap(node.dtype === 'bool' ? b.or(node, node) : b.sign(node));
}

/** As `sign`: there are no complex numbers. (PyTorch: `torch.sgn`) */
export function sgn(x: Tensor): Tensor {
  return sign(x);
}

/** x^2. (PyTorch: `torch.square`) */
export function square(x: Tensor): Tensor {
  const node = toNumeric(requireTensor('square', x));
  return wrap(b.mul(node, node));
}

/** 1 / x. (PyTorch: `torch.reciprocal`) */
export function reciprocal(x: Tensor): Tensor {
  const node = toFloating(requireTensor('reciprocal', x));
  return wrap(b.div(b.like(node, 1), node));
}

/**
 * x ^ exponent, broadcasting; either may be a number. Small whole numbers as exponent multiply, so that they and their
 * gradients are exact. (PyTorch: `torch.pow`)
 */
export function pow(x: Operand, exponent: Operand): Tensor {
  if (typeof exponent === 'number' && typeof x !== 'number' && typeof x !== 'boolean')
    return wrap(powerOfNumber(requireTensor('pow', x), exponent));
  if (typeof exponent === 'boolean' && isBool(x)) return wrap(b.or(x.node, b.scalar(exponent ? 0 : 1, 'bool')));
  if ([x, exponent].every((operand) => typeof operand === 'boolean' || isBool(operand)))
    throw new DTypeError(`"pow" not implemented for 'Bool'`);
  const [left, right] = promoteNumeric('pow', x, exponent);
  return wrap(isFloating(left.dtype) ? b.pow(left, right) : integerPower(left, right));
}

/** x ^ exponent in float64. (PyTorch: `torch.float_power`) */
export function floatPower(x: Operand, exponent: Operand): Tensor {
  const [left, right] = [x, exponent].map((operand) => b.cast(toNode('float_power', operand), 'float64')) as [
    Value,
    Value,
  ];
  return wrap(b.pow(left, right));
}

function powerOfNumber(node: Node, exponent: number): Value {
  const base = isFloating(node.dtype) || Number.isInteger(exponent) ? toNumeric(node) : toFloating(node);
  if (!isFloating(base.dtype)) {
    if (exponent < 0) throw new DTypeError('Integers to negative integer powers are not allowed.');
    return repeated(base, exponent);
  }
  if (Number.isInteger(exponent) && Math.abs(exponent) <= 4) {
    if (exponent === 0) return b.pow(base, b.like(base, 0));
    if (exponent === 1) {
      const same = b.emit('reshape', [base], { shape: base.shape }) as Node;
      same.rule = (b, g, { inputs: [x] }) => [leadingTo(x!, b, g)];
      return same;
    }
    if (exponent > 0) return repeated(base, exponent);
    // By division after division, whose slopes at 0 are infinite rather than infinity times 0.
    let quotient: Value = b.like(base, 1);
    for (let i = 0; i > exponent; i--) quotient = b.div(quotient, base);
    return quotient;
  }
  if (exponent === 0.5) return b.sqrt(base);
  if (exponent === -0.5) return b.div(b.like(base, 1), b.sqrt(base));
  return b.pow(base, b.like(base, exponent));
}

/** base * base * ... by squaring, for a whole exponent. */
function repeated(base: Value, exponent: number): Value {
  let result: Value | null = null;
  let square = base;
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = result === null ? square : b.mul(result, square);
    if (left > 1) square = b.mul(square, square);
  }
  return result ?? b.fullLike(base, 1);
}

/** Powers of integers by squaring, bit by bit; a negative exponent leaves 1 and -1 only. */
function integerPower(base: Value, exponent: Value): Value {
  const [zero, one, two] = [0, 1, 2].map((n) => b.scalar(n, 'int32')) as [Value, Value, Value];
  let result: Value = b.broadcastTo(one, b.add(base, exponent).shape);
  let square = base;
  let left = b.abs(exponent);
  for (let bit = 0; bit < 31; bit++) {
    const half = b.emit('integerDiv', [left, two], {});
    const isOdd = b.eq(b.sub(left, b.mul(half, two)), one);
    result = b.select(isOdd, b.mul(result, square), result);
    if (bit < 30) square = b.mul(square, square);
    left = half;
  }
  return b.select(b.and(b.lt(exponent, zero), b.not(b.eq(b.abs(base), one))), zero, result);
}

export interface ValueOptions {
  /** Multiplies the product or quotient. Default 1. */
  value?: number;
}

/** x + value * tensor1 * tensor2. (PyTorch: `torch.addcmul`) */
export function addcmul(x: Tensor, tensor1: Tensor, tensor2: Tensor, options: ValueOptions = {}): Tensor {
  requireOptions('addcmul', options, ['value']);
  const [left, right] = promoteNumeric('addcmul', tensor1, tensor2);
  return wrap(accumulate('addcmul', x, b.mul(left, right), options.value ?? 1));
}

/** x + value * tensor1 / tensor2. (PyTorch: `torch.addcdiv`) */
export function addcdiv(x: Tensor, tensor1: Tensor, tensor2: Tensor, options: ValueOptions = {}): Tensor {
  requireOptions('addcdiv', options, ['value']);
  const [left, right] = promote('addcdiv', tensor1, tensor2);
  if (!isFloating(left.dtype))
    throw new DTypeError('Integer division with addcdiv is no longer supported: convert the tensors to float first.');
  return wrap(accumulate('addcdiv', x, b.div(left, right), options.value ?? 1));
}

function accumulate(name: string, x: Tensor, term: Value, value: number): Value {
  const own = requireTensor(name, x);
  if (own.dtype !== term.dtype)
    throw new DTypeError(
      `${name}: expected one dtype, got ${own.dtype} and ${term.dtype}; convert one of them with to(dtype)`,
    );
  return b.add(own, value === 1 ? term : b.mul(term, b.like(term, value)));
}

/** x + weight * (end - x). (PyTorch: `torch.lerp`) */
export function lerp(x: Tensor, end: Tensor, weight: Tensor | number): Tensor {
  const start = requireTensor('lerp', x);
  const stop = requireTensor('lerp', end);
  if (start.dtype !== stop.dtype)
    throw new DTypeError(`expected dtype ${start.dtype} for \`end\` but got dtype ${stop.dtype}`);
  const [, factor] = promoteFloating('lerp', x, weight);
  return wrap(b.add(start, b.mul(factor, b.sub(stop, start))));
}

export { abs as absolute, div as divide, div as trueDivide, mul as multiply, neg as negative, sub as subtract };
