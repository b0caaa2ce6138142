import type { Node } from '../graph/node.ts';
import { recorder as b, stopGradient } from '../graph/node.ts';
import type { Value } from '../graph/value.ts';
import type { Operand } from './operand.ts';
import { promoteFloating, requireTensor, toFloating } from './operand.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

// What `torch.special` has; functions that are tensor operations too come from their families.

export { logit, logSoftmax, sigmoid as expit, softmax } from './activation.ts';
export { airyAi } from './airy.ts';
export * from './bessel-functions.ts';
export { i0, i0e, i1, i1e } from './bessel.ts';
export * from './orthogonal-polynomials.ts';
export { logsumexp } from './reduction.ts';
export {
  digamma,
  digamma as psi,
  erf,
  erfc,
  erfinv,
  igamma as gammainc,
  igammac as gammaincc,
  lgamma as gammaln,
  mvlgamma as multigammaln,
  polygamma,
  sinc,
  xlogy,
} from './special.ts';
export { exp2, expm1, log1p, round } from './unary.ts';

function floating(name: string, x: Tensor): Value {
  return toFloating(requireTensor(name, x));
}

/** -x ln x; 0 at 0, -infinity below. (PyTorch: `torch.special.entr`) */
export function entr(x: Tensor): Tensor {
  const from = floating('entr', x) as Node;
  const node = stopGradient(from);
  const zero = b.like(node, 0);
  const isPositive = b.gt(node, zero);
  const safe = b.select(isPositive, node, b.like(node, 1));
  const inside = b.neg(b.mul(safe, b.log(safe)));
  const outside = b.select(b.eq(node, zero), zero, b.like(node, Number.NEGATIVE_INFINITY));
  // NaN is neither above nor below.
  const rest = b.select(b.eq(node, node), outside, node);
  const result = b.select(isPositive, inside, rest);
  if (!from.requiresGrad) return wrap(result);
  const linked = b.select(b.scalar(1, 'bool'), result, from) as Node;
  // -(1 + ln x) everywhere: infinite at 0 and NaN below, as in PyTorch.
  linked.rule = (builder, g) => [
    null,
    null,
    builder.neg(builder.mul(g, builder.add(builder.log(from), builder.like(from, 1)))),
  ];
  return wrap(linked);
}

/** x ln(1 + other), and 0 where x is 0 and other is not NaN. (PyTorch: `torch.special.xlog1py`) */
export function xlog1py(x: Operand, other: Operand): Tensor {
  const [left, right] = promoteFloating('xlog1py', x, other);
  const zero = b.like(left, 0);
  const minusOne = b.like(right, -1);
  const isSingular = b.or(b.le(right, minusOne), b.eq(right, b.like(right, Number.POSITIVE_INFINITY)));
  const logarithm = b.emit('log1p', [right], {});
  return wrap(b.mul(left, b.select(b.and(b.eq(left, zero), isSingular), zero, logarithm)));
}

/** The share of the standard normal distribution below x. (PyTorch: `torch.special.ndtr`) */
export function ndtr(x: Tensor): Tensor {
  const node = floating('ndtr', x);
  const complement = b.emit('erfc', [b.mul(node, b.like(node, -Math.SQRT1_2))], {});
  return wrap(b.mul(complement, b.like(node, 0.5)));
}

/** ln ndtr(x), accurate far below 0. (PyTorch: `torch.special.log_ndtr`) */
export function logNdtr(x: Tensor): Tensor {
  const node = floating('log_ndtr', x);
  const border = b.like(node, -1);
  const isLow = b.lt(node, border);
  const low = b.select(isLow, node, border);
  const scaled = scaledComplement(b.mul(low, b.like(node, -Math.SQRT1_2)));
  const left = b.sub(b.log(b.mul(scaled, b.like(node, 0.5))), b.mul(b.mul(low, low), b.like(node, 0.5)));
  const high = b.select(isLow, border, node);
  const share = b.mul(b.emit('erfc', [b.mul(high, b.like(node, Math.SQRT1_2))], {}), b.like(node, 0.5));
  return wrap(b.select(isLow, left, b.emit('log1p', [b.neg(share)], {})));
}

/** The number below which a share of the standard normal distribution lies. (PyTorch: `torch.special.ndtri`) */
export function ndtri(x: Tensor): Tensor {
  const node = floating('ndtri', x);
  const centred = b.sub(b.add(node, node), b.like(node, 1));
  return wrap(b.mul(b.emit('erfinv', [centred], {}), b.like(node, Math.SQRT2)));
}

/**
 * e^(x^2) erfc(x) for x >= 0.5. By the continued fraction, truncated: sqrt(pi) times it is
 * 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + ...)))).
 */
function scaledComplement(x: Value): Value {
  const terms = x.dtype === 'float64' ? 240 : 80;
  let tail: Value = b.add(x, b.like(x, Math.sqrt(terms / 2)));
  for (let k = terms; k >= 1; k--) tail = b.add(x, b.div(b.like(x, k / 2), tail));
  return b.div(b.like(x, 1 / Math.sqrt(Math.PI)), tail);
}

/** e^(x^2) erfc(x), without overflow for large x. (PyTorch: `torch.special.erfcx`) */
export function erfcx(x: Tensor): Tensor {
  const node = floating('erfcx', x);
  const border = b.like(node, 0.75);
  const isSmall = b.lt(node, border);
  const small = b.select(isSmall, node, border);
  const near = b.mul(b.exp(b.mul(small, small)), b.emit('erfc', [small], {}));
  return wrap(b.select(isSmall, near, scaledComplement(b.select(isSmall, border, node))));
}

/**
 * Hurwitz' zeta function: the sum of (other + k)^-x over k >= 0. x has no gradient; infinite at x = 1 and where other is
 * 0 or a negative integer. (PyTorch: `torch.special.zeta`)
 */
export function zeta(x: Operand, other: Operand): Tensor {
  const [left, right] = promoteFloating('zeta', x, other);
  return wrap(b.emit('zeta', [left, right], {}));
}
