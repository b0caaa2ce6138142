import { DTypeError } from '../errors.ts';
import type { DType } from '../graph/dtype.ts';
import { isFloating } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { recorder as b, stopGradient } from '../graph/node.ts';
import type { Value } from '../graph/value.ts';
import type { Operand } from './operand.ts';
import { promote, requireTensor } from './operand.ts';
import { torchNames } from './overwrite.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

// Numbers as a fraction times a power of 2. Only products with powers of 2 are used, which are exact on every engine.

/** Digits of the fraction, and the exponents of the smallest normal number and the smallest number. */
const layouts: Readonly<Record<string, { digits: number; largest: number; smallest: number }>> = {
  float16: { digits: 11, largest: 15, smallest: -24 },
  float32: { digits: 24, largest: 127, smallest: -149 },
  float64: { digits: 53, largest: 1023, smallest: -1074 },
};

interface Parts {
  /** In [1, 2) by magnitude, with the sign; x itself where it is 0, infinite or NaN. */
  readonly fraction: Value;
  /** int32; 0 where x is 0, infinite or NaN. */
  readonly exponent: Value;
  /** 2^exponent times the distance of neighbours of 1. */
  readonly unit: Value;
}

function partsOf(x: Value): Parts {
  const { digits, largest, smallest } = layouts[x.dtype]!;
  const size = stopGradient(b.abs(x) as Node);
  const isPlain = b.and(b.lt(b.like(x, 0), size), b.lt(size, b.like(x, Number.POSITIVE_INFINITY)));
  let fraction = x;
  let rest: Value = b.select(isPlain, size, b.like(x, 1));
  let exponent: Value = b.scalar(0, 'int32');
  let unit: Value = b.like(x, 2 ** (1 - digits));
  const scale = (condition: Value, by: number): void => {
    const factor = b.select(condition, b.like(x, 2 ** -by), b.like(x, 1));
    fraction = b.mul(fraction, factor);
    rest = b.mul(rest, factor);
    exponent = b.add(exponent, b.select(condition, b.scalar(by, 'int32'), b.scalar(0, 'int32')));
    unit = b.mul(unit, b.select(condition, b.like(x, 2 ** by), b.like(x, 1)));
  };
  const steps = (reach: number): number[] => {
    const list: number[] = [];
    for (let by = 2 ** Math.floor(Math.log2(reach)); by >= 1; by /= 2) list.push(by);
    return list;
  };
  for (const by of steps(largest)) scale(b.ge(rest, b.like(x, 2 ** by)), by);
  // Twice, as the smallest numbers are further from 1 than the largest.
  for (const by of [...steps(-smallest).slice(0, 1), ...steps(largest)])
    scale(b.lt(rest, b.like(x, 2 ** (1 - by))), -by);
  return { fraction: b.select(isPlain, fraction, x), exponent, unit };
}

/**
 * x as mantissa * 2^exponent, the mantissa's magnitude in [1/2, 1) and the exponent an int32. (PyTorch: `torch.frexp`)
 */
export function frexp(x: Tensor): { mantissa: Tensor; exponent: Tensor } {
  const node = requireTensor('frexp', x);
  if (!isFloating(node.dtype)) throw new DTypeError('torch.frexp() only supports floating-point dtypes');
  const { fraction, exponent } = partsOf(node);
  const isPlain = b.and(b.not(b.eq(node, b.like(node, 0))), b.lt(b.abs(node), b.like(node, Number.POSITIVE_INFINITY)));
  const next = b.add(exponent, b.scalar(1, 'int32'));
  return {
    mantissa: wrap(b.mul(fraction, b.select(isPlain, b.like(node, 0.5), b.like(node, 1)))),
    exponent: wrap(b.broadcastTo(b.select(isPlain, next, b.scalar(0, 'int32')), node.shape)),
  };
}

/**
 * The next number of the dtype after x towards other. Its gradient in x is 1, or 0 where they are equal; in other it is 0.
 * (PyTorch: `torch.nextafter`)
 */
export function nextafter(x: Operand, other: Operand): Tensor {
  const [left, right] = promote('nextafter', x, other);
  if (!isFloating(left.dtype)) throw new DTypeError(`"nextafter_cpu" not implemented for '${torchNames[left.dtype]}'`);
  const [from, towards] = [stopGradient(left), stopGradient(right)];
  const result = neighbour(from, towards, left.dtype);
  if (!left.requiresGrad && !right.requiresGrad) return wrap(result);
  // Only a way for gradients.
  const way = b.add(left, b.mul(right, b.like(right, 0)));
  const linked = b.select(b.scalar(1, 'bool'), result, way) as Node;
  linked.rule = (builder, g) => [null, null, builder.select(builder.eq(from, towards), builder.like(g, 0), g)];
  return wrap(linked);
}

function neighbour(x: Value, towards: Value, dtype: DType): Value {
  const { smallest, largest, digits } = layouts[dtype]!;
  const { fraction, unit } = partsOf(x);
  const [zero, one] = [b.like(x, 0), b.like(x, 1)];
  const infinity = b.like(x, Number.POSITIVE_INFINITY);
  const size = b.abs(x);
  const isUp = b.lt(x, towards);
  const grows = b.eq(isUp, b.lt(zero, x));
  // Below a power of 2 neighbours are half as far apart; nowhere are they closer than at 0.
  const isPower = b.eq(b.abs(fraction), one);
  const least = b.like(x, 2 ** smallest);
  const step = b.maximum(b.select(grows, unit, b.select(isPower, b.mul(unit, b.like(x, 0.5)), unit)), least);
  const moved = b.select(grows, b.add(size, step), b.sub(size, step));
  const limit = b.like(x, (2 - 2 ** (1 - digits)) * 2 ** largest);
  const reached = b.select(b.eq(size, infinity), limit, moved);
  const signed = b.select(b.lt(x, zero), b.neg(reached), reached);
  const fromZero = b.select(isUp, least, b.neg(least));
  const next = b.select(b.eq(x, zero), fromZero, signed);
  const isNumber = b.and(b.eq(x, x), b.eq(towards, towards));
  return b.select(isNumber, b.select(b.eq(x, towards), towards, next), b.like(x, Number.NaN));
}
