import { ShapeError } from '../errors.ts';
import { isFloating } from '../graph/dtype.ts';
import { recorder as b, stopGradient } from '../graph/node.ts';
import type { Value } from '../graph/value.ts';
import { hostNumbers } from './host-values.ts';
import type { Operand } from './operand.ts';
import { promoteFloating } from './operand.ts';
import { Tensor, wrap } from './tensor.ts';

// Families of polynomials by their recurrences. Degrees are numbers, or tensors whose values are known when the function is
// called; degrees below 0 give 0. They have no gradient in PyTorch either.

interface Family {
  /** The polynomial of degree 1. */
  readonly first: (x: Value) => Value;
  /** The next one from those of degrees k and k - 1. */
  readonly next: (x: Value, k: number, last: Value, before: Value) => Value;
  /** Above this degree results are NaN. Default: none. */
  readonly highest?: (x: Value) => number;
}

const largestDegree = 10_000;

function degreesOf(name: string, n: Operand): readonly number[] {
  const known = n instanceof Tensor ? hostNumbers(n.node) : [Number(n)];
  if (known === null)
    throw new TypeError(
      `${name}: the degrees must be known when it is called: pass a number, or a tensor made of numbers`,
    );
  return [...known].map((degree) => Math.trunc(degree));
}

function evaluate(name: string, x: Operand, n: Operand, { first, next, highest }: Family): Tensor {
  const [left, right] = promoteFloating(name, x, n);
  const node = stopGradient(left);
  const degrees = [...new Set(degreesOf(name, n))].sort((i, j) => i - j);
  const top = degrees.at(-1) ?? 0;
  const limit = highest?.(node) ?? Number.POSITIVE_INFINITY;
  if (top > largestDegree && limit > largestDegree)
    throw new ShapeError(`${name}: degrees up to ${largestDegree} are available, got ${top}`);
  const wanted = new Map<number, Value>();
  const one = b.like(node, 1);
  let [before, last] = [b.fullLike(node, 1), first(node)];
  if (degrees.includes(0)) wanted.set(0, before);
  for (let k = 1; k <= Math.min(top, limit); k++) {
    if (degrees.includes(k)) wanted.set(k, last);
    if (k < Math.min(top, limit)) [before, last] = [last, next(node, k, last, before)];
  }
  const valueOf = (degree: number): Value =>
    degree < 0 ? b.fullLike(node, 0) : degree > limit ? b.fullLike(node, Number.NaN) : wanted.get(degree)!;
  if (!(n instanceof Tensor)) return wrap(b.mul(valueOf(degrees[0]!), one));
  // Degrees may be fractions, of which the whole part counts.
  const whole = b.trunc(stopGradient(right));
  let result: Value = b.mul(b.add(node, whole), b.like(node, 0));
  for (const degree of degrees) result = b.select(b.eq(whole, b.like(whole, degree)), valueOf(degree), result);
  return wrap(result);
}

function twice(x: Value): Value {
  return b.add(x, x);
}

/** 2 x - 1, which takes [0, 1] to [-1, 1]. */
function shifted(x: Operand): Operand {
  if (!(x instanceof Tensor)) return 2 * Number(x) - 1;
  const node = isFloating(x.dtype) ? x.node : b.cast(x.node, 'float32');
  return wrap(b.sub(twice(node), b.like(node, 1)));
}

/** 2 x p - q, of all four kinds of Chebyshev polynomials. */
function chebyshevFamily(first: (x: Value) => Value): Family {
  return { first, next: (x, _k, last, before) => b.sub(b.mul(twice(x), last), before) };
}

const kinds = {
  t: chebyshevFamily((x) => x),
  u: chebyshevFamily(twice),
  v: chebyshevFamily((x) => b.sub(twice(x), b.like(x, 1))),
  w: chebyshevFamily((x) => b.add(twice(x), b.like(x, 1))),
} as const;

/** The Chebyshev polynomial of the first kind of degree n. (PyTorch: `torch.special.chebyshev_polynomial_t`) */
export function chebyshevPolynomialT(x: Operand, n: Operand): Tensor {
  return evaluate('chebyshev_polynomial_t', x, n, kinds.t);
}
/** The Chebyshev polynomial of the second kind of degree n. (PyTorch: `torch.special.chebyshev_polynomial_u`) */
export function chebyshevPolynomialU(x: Operand, n: Operand): Tensor {
  return evaluate('chebyshev_polynomial_u', x, n, kinds.u);
}
/** The Chebyshev polynomial of the third kind of degree n. (PyTorch: `torch.special.chebyshev_polynomial_v`) */
export function chebyshevPolynomialV(x: Operand, n: Operand): Tensor {
  return evaluate('chebyshev_polynomial_v', x, n, kinds.v);
}
/** The Chebyshev polynomial of the fourth kind of degree n. (PyTorch: `torch.special.chebyshev_polynomial_w`) */
export function chebyshevPolynomialW(x: Operand, n: Operand): Tensor {
  return evaluate('chebyshev_polynomial_w', x, n, kinds.w);
}
/** `chebyshevPolynomialT` of 2 x - 1. (PyTorch: `torch.special.shifted_chebyshev_polynomial_t`) */
export function shiftedChebyshevPolynomialT(x: Operand, n: Operand): Tensor {
  return evaluate('shifted_chebyshev_polynomial_t', shifted(x), n, kinds.t);
}
/** `chebyshevPolynomialU` of 2 x - 1. (PyTorch: `torch.special.shifted_chebyshev_polynomial_u`) */
export function shiftedChebyshevPolynomialU(x: Operand, n: Operand): Tensor {
  return evaluate('shifted_chebyshev_polynomial_u', shifted(x), n, kinds.u);
}
/** `chebyshevPolynomialV` of 2 x - 1. (PyTorch: `torch.special.shifted_chebyshev_polynomial_v`) */
export function shiftedChebyshevPolynomialV(x: Operand, n: Operand): Tensor {
  return evaluate('shifted_chebyshev_polynomial_v', shifted(x), n, kinds.v);
}
/** `chebyshevPolynomialW` of 2 x - 1. (PyTorch: `torch.special.shifted_chebyshev_polynomial_w`) */
export function shiftedChebyshevPolynomialW(x: Operand, n: Operand): Tensor {
  return evaluate('shifted_chebyshev_polynomial_w', shifted(x), n, kinds.w);
}

// As in PyTorch, where larger degrees overflow.
const hermiteLimit = (x: Value): number => (x.dtype === 'float64' ? 512 : 128);

/** The physicists' Hermite polynomial of degree n. (PyTorch: `torch.special.hermite_polynomial_h`) */
export function hermitePolynomialH(x: Operand, n: Operand): Tensor {
  return evaluate('hermite_polynomial_h', x, n, {
    first: twice,
    next: (x, k, last, before) => b.sub(b.mul(twice(x), last), b.mul(b.like(x, 2 * k), before)),
    highest: hermiteLimit,
  });
}

/** The probabilists' Hermite polynomial of degree n. (PyTorch: `torch.special.hermite_polynomial_he`) */
export function hermitePolynomialHe(x: Operand, n: Operand): Tensor {
  return evaluate('hermite_polynomial_he', x, n, {
    first: (x) => x,
    next: (x, k, last, before) => b.sub(b.mul(x, last), b.mul(b.like(x, k), before)),
    highest: hermiteLimit,
  });
}

/** The Laguerre polynomial of degree n. (PyTorch: `torch.special.laguerre_polynomial_l`) */
export function laguerrePolynomialL(x: Operand, n: Operand): Tensor {
  return evaluate('laguerre_polynomial_l', x, n, {
    first: (x) => b.sub(b.like(x, 1), x),
    next: (x, k, last, before) => {
      const sum = b.sub(b.mul(b.sub(b.like(x, 2 * k + 1), x), last), b.mul(b.like(x, k), before));
      return b.div(sum, b.like(x, k + 1));
    },
  });
}

/** The Legendre polynomial of degree n. (PyTorch: `torch.special.legendre_polynomial_p`) */
export function legendrePolynomialP(x: Operand, n: Operand): Tensor {
  return evaluate('legendre_polynomial_p', x, n, {
    first: (x) => x,
    next: (x, k, last, before) => {
      const sum = b.sub(b.mul(b.like(x, 2 * k + 1), b.mul(x, last)), b.mul(b.like(x, k), before));
      return b.div(sum, b.like(x, k + 1));
    },
  });
}
