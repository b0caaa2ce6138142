import { DTypeError } from '../errors.ts';
import { isFloating } from '../graph/dtype.ts';
import { recorder as b } from '../graph/node.ts';
import type { Node } from '../graph/node.ts';
import { broadcastShapes } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { fixed, indexTable } from './host-values.ts';
import type { Operand } from './operand.ts';
import { promote, promoteNumeric } from './operand.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

// Engines have no bitwise operations of integers: numbers are taken apart into their 31 lower bits, along a new last
// dimension, and a sign.

const lowerBits = Array.from({ length: 31 }, (_, i) => 2 ** i);

function integers(name: string, x: Operand, other: Operand): [Node, Node] {
  const [left, right] = promoteNumeric(name, x, other);
  if (isFloating(left.dtype)) throw new DTypeError(`${name}: not implemented for '${left.dtype}': expected integers`);
  return [left, right];
}

/** The bits of the two's complement: those of -x - 1 are the opposite ones. */
function bitsOf(x: Value): { bits: Value; isNegative: Value } {
  const isNegative = b.lt(x, b.like(x, 0));
  const magnitude = b.select(isNegative, b.sub(b.neg(x), b.like(x, 1)), x);
  const powers = fixed(indexTable(lowerBits, [31]));
  const quotients = b.emit('integerDiv', [b.reshape(magnitude, [...x.shape, 1]), powers], {});
  const halves = b.emit('integerDiv', [quotients, b.scalar(2, 'int32')], {});
  const isSet = b.eq(b.sub(quotients, b.mul(halves, b.scalar(2, 'int32'))), b.scalar(1, 'int32'));
  const opposite = b.reshape(isNegative, [...x.shape, 1]);
  return { bits: b.not(b.eq(isSet, opposite)), isNegative };
}

function bitwise(name: string, x: Operand, other: Operand, combine: (p: Value, q: Value) => Value): Tensor {
  const [left, right] = promote(name, x, other);
  if (left.dtype === 'bool') return wrap(combine(left, right));
  if (isFloating(left.dtype)) throw new DTypeError(`"${name}_cpu" not implemented for '${left.dtype}'`);
  const first = bitsOf(left);
  const second = bitsOf(right);
  const bits = b.cast(combine(first.bits, second.bits), 'int32');
  const powers = fixed(indexTable(lowerBits, [31]));
  const magnitude = b.reduceSum(b.mul(bits, powers), [bits.shape.length - 1]);
  const isNegative = combine(first.isNegative, second.isNegative);
  return wrap(b.add(magnitude, b.select(isNegative, b.scalar(-(2 ** 31), 'int32'), b.scalar(0, 'int32'))));
}

/** x and other, of booleans or bit by bit of integers. (PyTorch: `torch.bitwise_and`, `x & other`) */
export function bitwiseAnd(x: Operand, other: Operand): Tensor {
  return bitwise('bitwise_and', x, other, (p, q) => b.and(p, q));
}

/** x or other, of booleans or bit by bit of integers. (PyTorch: `torch.bitwise_or`, `x | other`) */
export function bitwiseOr(x: Operand, other: Operand): Tensor {
  return bitwise('bitwise_or', x, other, (p, q) => b.or(p, q));
}

/** Either x or other, of booleans or bit by bit of integers. (PyTorch: `torch.bitwise_xor`, `x ^ other`) */
export function bitwiseXor(x: Operand, other: Operand): Tensor {
  return bitwise('bitwise_xor', x, other, (p, q) => b.not(b.eq(p, q)));
}

function powerOfTwo(exponent: Value): Value {
  const table = fixed(indexTable([...lowerBits, -(2 ** 31)], [32]));
  return b.gather(table, exponent, 0);
}

/** x * 2^other, of integers, keeping the lowest 32 bits; `other` from 0 to 31. (PyTorch: `torch.bitwise_left_shift`, `x << other`) */
export function bitwiseLeftShift(x: Operand, other: Operand): Tensor {
  const [left, right] = integers('bitwise_left_shift', x, other);
  return wrap(b.mul(left, powerOfTwo(right)));
}

/** floor(x / 2^other), of integers; `other` from 0 to 31. (PyTorch: `torch.bitwise_right_shift`, `x >> other`) */
export function bitwiseRightShift(x: Operand, other: Operand): Tensor {
  const [left, right] = integers('bitwise_right_shift', x, other);
  // Of negative numbers the complement is shifted. 2^31 is no int32: the exponent is split in two.
  const isNegative = b.lt(left, b.like(left, 0));
  const complement = (value: Value): Value => b.select(isNegative, b.sub(b.neg(value), b.like(value, 1)), value);
  const first = b.minimum(right, b.like(right, 16));
  const half = b.emit('integerDiv', [complement(left), powerOfTwo(first)], {});
  return wrap(complement(b.emit('integerDiv', [half, powerOfTwo(b.sub(right, first))], {})));
}

/** Euclid's algorithm; no pair of 32-bit integers takes more steps. */
function commonDivisor(x: Value, y: Value): Value {
  const shape = broadcastShapes(x.shape, y.shape, 'gcd');
  let larger = b.broadcastTo(b.abs(x), shape);
  let smaller = b.broadcastTo(b.abs(y), shape);
  const [zero, one] = [b.scalar(0, 'int32'), b.scalar(1, 'int32')];
  for (let step = 0; step < 46; step++) {
    const divisor = b.maximum(smaller, one);
    const rest = b.sub(larger, b.mul(b.emit('integerDiv', [larger, divisor], {}), divisor));
    larger = b.select(b.eq(smaller, zero), larger, smaller);
    smaller = rest;
  }
  return larger;
}

/** The greatest common divisor, of integers; gcd(0, 0) = 0. (PyTorch: `torch.gcd`) */
export function gcd(x: Operand, other: Operand): Tensor {
  return wrap(commonDivisor(...integers('gcd', x, other)));
}

/** The least common multiple, of integers; 0 where one of them is 0. (PyTorch: `torch.lcm`) */
export function lcm(x: Operand, other: Operand): Tensor {
  const [left, right] = integers('lcm', x, other);
  const divisor = b.maximum(commonDivisor(left, right), b.scalar(1, 'int32'));
  return wrap(b.abs(b.mul(b.emit('integerDiv', [left, divisor], {}), right)));
}
