import { recorder as b } from '../graph/node.ts';
import type { Node } from '../graph/node.ts';
import type { Operand } from './operand.ts';
import { promoteFloating, requireTensor, toFloating } from './operand.ts';
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

/** The n-th derivative of digamma, for n = 0 and 1. (PyTorch: `torch.polygamma`) */
export function polygamma(x: Tensor | number, n: number | Tensor): Tensor {
  // The method has the tensor first, the function the order.
  const [tensor, order] = typeof x === 'number' ? [n, x] : [x, n];
  if (order !== 0 && order !== 1)
    throw new RangeError(`polygamma: only the orders 0 and 1 are available, got ${String(order)}`);
  return wrap(b.emit(order === 0 ? 'digamma' : 'trigamma', [floating('polygamma', tensor as Tensor)], {}));
}

/** x * 2^other. (PyTorch: `torch.ldexp`) */
export function ldexp(x: Operand, other: Operand): Tensor {
  const [left, right] = promoteFloating('ldexp', x, other);
  return wrap(b.mul(left, b.pow(b.like(right, 2), right)));
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
  const [left, right] = promoteFloating('hypot', x, other);
  return wrap(b.emit('hypot', [left, right], {}));
}

/** ln(e^x + e^other). (PyTorch: `torch.logaddexp`) */
export function logaddexp(x: Operand, other: Operand): Tensor {
  const [left, right] = promoteFloating('logaddexp', x, other);
  return wrap(logOfSum(left, right));
}

/** log2(2^x + 2^other). (PyTorch: `torch.logaddexp2`) */
export function logaddexp2(x: Operand, other: Operand): Tensor {
  const [left, right] = promoteFloating('logaddexp2', x, other);
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

export { atan2 as arctan2 };
