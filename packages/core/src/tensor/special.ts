import { DTypeError } from '../errors.ts';
import { recorder as b } from '../graph/node.ts';
import type { Node } from '../graph/node.ts';
import type { Value } from '../graph/value.ts';
import { option, requireInteger } from './integers.ts';
import type { Operand } from './operand.ts';
import { promote, promoteFloating, requireFloatingNode, requireTensor, toFloating, toNode } from './operand.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

function floating(name: string, x: Tensor): Node {
  return toFloating(requireTensor(name, x));
}

/** 2/sqrt(pi) times the integral of e^(-t^2) from 0 to x. (PyTorch: `torch.erf`) */
export function erf(x: Tensor): Tensor {
  return wrap(b.erf(floating('erf', x)));
}

/** 1 - erf(x), accurate for large x. (PyTorch: `torch.erfc`) */
export function erfc(x: Tensor): Tensor {
  return wrap(b.emit('erfc', [floating('erfc', x)], {}));
}

/** The number whose erf is x; NaN outside [-1, 1]. (PyTorch: `torch.erfinv`) */
export function erfinv(x: Tensor): Tensor {
  return wrap(b.emit('erfinv', [floating('erfinv', x)], {}));
}

/** The logarithm of |Gamma(x)|. (PyTorch: `torch.lgamma`) */
export function lgamma(x: Tensor): Tensor {
  return wrap(b.emit('lgamma', [floating('lgamma', x)], {}));
}

/** The derivative of lgamma. (PyTorch: `torch.digamma`) */
export function digamma(x: Tensor): Tensor {
  return wrap(b.emit('digamma', [floating('digamma', x)], {}));
}

/** The n-th derivative of digamma, n >= 0. (PyTorch: `torch.polygamma`) */
export function polygamma(x: Tensor | number, n: number | Tensor): Tensor {
  // The method has the tensor first, the function the order.
  const [tensor, order] = typeof x === 'number' ? [n, x] : [x, n];
  const times = requireInteger('polygamma', order);
  if (times < 0) throw new RangeError('polygamma(n, x) does not support negative n.');
  const node = floating('polygamma', tensor as Tensor);
  if (times > 1) return wrap(b.emit('polygamma', [node], { n: times }));
  return wrap(b.emit(times === 0 ? 'digamma' : 'trigamma', [node], {}));
}

function floatingPair(name: string, x: Operand, other: Operand): [Node, Node] {
  const [left, right] = promote(name, x, other);
  return [requireFloatingNode(name, left), requireFloatingNode(name, right)];
}

/**
 * The integral of t^(x - 1) e^-t from 0 to other over Gamma(x), x and other not negative; x has no gradient.
 * (PyTorch: `torch.igamma`)
 */
export function igamma(x: Operand, other: Operand): Tensor {
  const [left, right] = floatingPair('igamma', x, other);
  return wrap(b.emit('gammainc', [left, right], {}));
}

/** 1 - igamma(x, other), also where that is small. (PyTorch: `torch.igammac`) */
export function igammac(x: Operand, other: Operand): Tensor {
  const [left, right] = floatingPair('igammac', x, other);
  return wrap(b.emit('gammaincc', [left, right], {}));
}

/** x * 2^other. (PyTorch: `torch.ldexp`) */
export function ldexp(x: Operand, other: Operand): Tensor {
  const [left] = promoteFloating('ldexp', x, other);
  // The power has the dtype of its exponent, as in PyTorch.
  const exponent = toFloating(toNode('ldexp', other));
  return wrap(b.mul(left, b.cast(b.pow(b.like(exponent, 2), exponent), left.dtype)));
}

/** sin(pi x) / (pi x), and 1 at 0. (PyTorch: `torch.sinc`) */
export function sinc(x: Tensor): Tensor {
  const node = floating('sinc', x);
  const isZero = b.eq(node, b.like(node, 0));
  // The quotient is taken elsewhere at 0, so that its gradient is 0 and not NaN.
  const angle = b.mul(b.select(isZero, b.like(node, 1), node), b.like(node, Math.PI));
  return wrap(b.select(isZero, b.like(node, 1), b.div(b.sin(angle), angle)));
}

/** The angle of the point (other, x) in radians, in (-pi, pi]. (PyTorch: `torch.atan2`) */
export function atan2(x: Operand, other: Operand): Tensor {
  const [left, right] = promoteFloating('atan2', x, other);
  return wrap(b.emit('atan2', [left, right], {}));
}

/** sqrt(x^2 + other^2). (PyTorch: `torch.hypot`) */
export function hypot(x: Operand, other: Operand): Tensor {
  const [left, right] = floatingPair('hypot', x, other);
  return wrap(b.emit('hypot', [left, right], {}));
}

/** ln(e^x + e^other). (PyTorch: `torch.logaddexp`) */
export function logaddexp(x: Operand, other: Operand): Tensor {
  const [left, right] = floatingPair('logaddexp', x, other);
  return wrap(logOfSum(left, right));
}

/** log2(2^x + 2^other). (PyTorch: `torch.logaddexp2`) */
export function logaddexp2(x: Operand, other: Operand): Tensor {
  const [left, right] = floatingPair('logaddexp2', x, other);
  const scale = b.like(left, Math.LN2);
  return wrap(b.div(logOfSum(b.mul(left, scale) as Node, b.mul(right, scale) as Node), scale));
}

function logOfSum(x: Node, y: Node): ReturnType<typeof b.add> {
  // Equal infinities have no difference. From one side only, so that ties have their second derivatives.
  const infinity = b.like(x, Number.POSITIVE_INFINITY);
  const isSame = b.and(b.eq(x, y), b.eq(b.abs(x), infinity));
  const difference = b.sub(b.select(isSame, b.like(x, 0), x), b.select(isSame, b.like(x, 0), y));
  const isBelow = b.lt(difference, b.like(x, 0));
  const rest = b.emit('log1p', [b.exp(b.select(isBelow, difference, b.neg(difference)))], {});
  return b.add(b.select(isBelow, y, x), rest);
}

/** x ln(other), and 0 where x is 0 and other is not NaN. (PyTorch: `torch.xlogy`) */
export function xlogy(x: Operand, other: Operand): Tensor {
  const [left, right] = promoteFloating('xlogy', x, other);
  const zero = b.like(left, 0);
  const isSingular = b.or(b.le(right, zero), b.eq(right, b.like(right, Number.POSITIVE_INFINITY)));
  return wrap(b.mul(left, b.select(b.and(b.eq(left, zero), isSingular), zero, b.log(right))));
}

/** The logarithm of the multivariate gamma function of dimension p. (PyTorch: `torch.mvlgamma`) */
export function mvlgamma(x: Tensor, p: number | { p: number }): Tensor {
  const node = floating('mvlgamma', x);
  if (x.dtype === 'bool') throw new DTypeError('mvlgamma: The input tensor may not be a boolean tensor.');
  const dimension = requireInteger('mvlgamma', option(p, 'p', undefined));
  if (dimension < 1) throw new RangeError('p has to be greater than or equal to 1');
  let sum: Value = b.like(node, (dimension * (dimension - 1) * Math.log(Math.PI)) / 4);
  for (let j = 0; j < dimension; j++) sum = b.add(sum, b.emit('lgamma', [b.sub(node, b.like(node, j / 2))], {}));
  return wrap(sum);
}

export { i0 } from './bessel.ts';
export { atan2 as arctan2 };
