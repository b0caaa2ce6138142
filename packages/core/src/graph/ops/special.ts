import type { Builder } from '../builder.ts';
import type { Operation } from '../operation.ts';
import { composite } from '../operation.ts';
import type { DerivativeRule } from '../operation.ts';
import { broadcastShapes } from '../shape.ts';
import type { NoAttributes, Value } from '../value.ts';
import { requireFloating, requireSame } from './elementwise.ts';

type Composite = Operation<NoAttributes> & Required<Pick<Operation<NoAttributes>, 'expand'>>;

function unary(
  name: string,
  doc: string,
  expand: (b: Builder, x: Value) => Value,
  vjp: DerivativeRule<NoAttributes> | 'expansion',
): Composite {
  return composite<NoAttributes>({
    doc,
    arity: 1,
    infer: ([x]) => {
      requireFloating(name, x!);
      return { dtype: x!.dtype, shape: x!.shape };
    },
    vjp,
    expand: (b, [x]) => expand(b, x!),
  });
}

function binary(
  name: string,
  doc: string,
  expand: (b: Builder, x: Value, y: Value) => Value,
  vjp: DerivativeRule<NoAttributes>,
): Composite {
  return composite<NoAttributes>({
    doc,
    arity: 2,
    infer: ([x, y]) => {
      requireSame(name, x!, y!);
      requireFloating(name, x!);
      return { dtype: x!.dtype, shape: broadcastShapes(x!.shape, y!.shape, name) };
    },
    vjp,
    expand: (b, [x, y]) => expand(b, x!, y!),
  });
}

function log1p(b: Builder, x: Value): Value {
  return b.emit('log1p', [x], {});
}

/** c[0] + c[1] x + c[2] x^2 + ... by Horner's rule. */
function polynomial(b: Builder, x: Value, coefficients: readonly number[]): Value {
  let sum = b.like(x, coefficients.at(-1)!);
  for (let i = coefficients.length - 2; i >= 0; i--) sum = b.add(b.mul(sum, x), b.like(x, coefficients[i]!));
  return sum;
}

/** pi (x - floor x): an angle whose sine vanishes exactly at integers, and has the sign of sin(pi x) up to parity. */
function fractionAngle(b: Builder, x: Value): Value {
  return b.mul(b.like(x, Math.PI), b.sub(x, b.floor(x)));
}

// Chebyshev coefficients of ln(erfc(x) e^(x^2) / t) in 2t - 1, where t = 2/(2 + x): interpolated in float64, good to 2e-14.
const erfcSeries: readonly number[] = [
  -0.6513268598908547, 0.6419697923564901, 0.0194764732041859, -0.009561514786808912, -0.0009465953444819655,
  0.0003668394978524889, 4.252332480684891e-5, -2.0278578112804594e-5, -1.624290004385956e-6, 1.3036558351416763e-6,
  1.562644236487422e-8, -8.523809671747336e-8, 6.5290551961829894e-9, 5.059342736424277e-9, -9.913633820750282e-10,
  -2.2736617783987085e-10, 9.646919220242091e-11, 2.3927088448421144e-12, -6.884850007491559e-12, 8.93363829414908e-13,
  3.1399175954767074e-13, -1.1369557558801354e-13,
];

function complementaryError(b: Builder, x: Value): Value {
  const a = b.abs(x);
  const t = b.div(b.like(x, 2), b.add(a, b.like(x, 2)));
  const argument = b.sub(b.mul(t, b.like(x, 4)), b.like(x, 2));
  const count = x.dtype === 'float64' ? erfcSeries.length : 14;
  // Clenshaw's recurrence.
  let [later, last] = [b.like(x, 0), b.like(x, 0)];
  for (let k = count - 1; k >= 1; k--)
    [later, last] = [b.add(b.sub(b.mul(argument, later), last), b.like(x, erfcSeries[k]!)), later];
  const series = b.add(b.sub(b.mul(b.mul(argument, b.like(x, 0.5)), later), last), b.like(x, erfcSeries[0]!));
  const positive = b.mul(t, b.exp(b.sub(series, b.mul(a, a))));
  return b.select(b.lt(x, b.like(x, 0)), b.sub(b.like(x, 2), positive), positive);
}

// M. Giles, "Approximating the erfinv function": polynomials in -ln(1 - x^2) for the middle and the tails.
const erfinvMiddle = [
  1.50140941, 0.246640727, -0.00417768164, -0.00125372503, 0.00021858087, -4.39150654e-6, -3.5233877e-6, 3.43273939e-7,
  2.81022636e-8,
];
const erfinvTail = [
  2.83297682, 1.00167406, 0.00943887047, -0.0076224613, 0.00573950773, -0.00367342844, 0.00134934322, 0.000100950558,
  -0.000200214257,
];

function inverseError(b: Builder, x: Value): Value {
  const one = b.like(x, 1);
  const isInside = b.lt(b.abs(x), one);
  const safe = b.select(isInside, x, b.like(x, 0));
  const w = b.neg(b.add(log1p(b, safe), log1p(b, b.neg(safe))));
  const isMiddle = b.lt(w, b.like(x, 5));
  const middle = polynomial(b, b.sub(w, b.like(x, 2.5)), erfinvMiddle);
  const tail = polynomial(b, b.sub(b.sqrt(b.maximum(w, b.like(x, 5))), b.like(x, 3)), erfinvTail);
  let y = b.mul(b.select(isMiddle, middle, tail), safe);
  // Newton, on the complement where erf is close to 1, for its digits.
  if (x.dtype === 'float64')
    for (let i = 0; i < 2; i++) {
      const a = b.abs(y);
      const complement = b.sub(b.sub(one, b.abs(safe)), b.emit('erfc', [a], {}));
      const miss = b.select(b.lt(a, b.like(x, 0.5)), b.sub(b.erf(a), b.abs(safe)), complement);
      const step = b.div(miss, b.mul(b.like(x, 2 / Math.sqrt(Math.PI)), b.exp(b.neg(b.mul(a, a)))));
      y = b.mul(b.sign(y), b.sub(a, step));
    }
  return b.select(
    isInside,
    y,
    b.select(b.eq(b.abs(x), one), b.mul(x, b.like(x, Number.POSITIVE_INFINITY)), b.like(x, Number.NaN)),
  );
}

// Lanczos' approximation of the gamma function, g = 5 and 6 terms (2e-10), g = 607/128 and 15 terms (1e-15).
const lanczosShort = {
  g: 5,
  terms: [
    1.000000000190015, 76.18009172947146, -86.50532032941678, 24.01409824083091, -1.231739572450155,
    0.001208650973866179, -5.395239384953e-6,
  ],
};
const lanczosLong = {
  g: 607 / 128,
  terms: [
    0.9999999999999971, 57.15623566586292, -59.59796035547549, 14.136097974741746, -0.4919138160976202,
    3.399464998481189e-5, 4.652362892704858e-5, -9.837447530487956e-5, 0.0001580887032249125, -0.00021026444172410488,
    0.00021743961811521265, -0.0001643181065367639, 8.441822398385275e-5, -2.6190838401581408e-5, 3.6899182659531625e-6,
  ],
};

function logGamma(b: Builder, x: Value): Value {
  const half = b.like(x, 0.5);
  const one = b.like(x, 1);
  const isSmall = b.lt(x, half);
  // Reflection: Gamma(x) Gamma(1 - x) = pi / sin(pi x).
  const z = b.sub(b.select(isSmall, b.sub(one, x), x), one);
  const { g, terms } = x.dtype === 'float64' ? lanczosLong : lanczosShort;
  let sum = b.like(x, terms[0]!);
  for (let i = 1; i < terms.length; i++) sum = b.add(sum, b.div(b.like(x, terms[i]!), b.add(z, b.like(x, i))));
  const t = b.add(z, b.like(x, g + 0.5));
  const direct = b.add(b.sub(b.mul(b.add(z, half), b.log(t)), t), b.log(b.mul(sum, b.like(x, Math.sqrt(2 * Math.PI)))));
  const reflected = b.sub(b.log(b.div(b.like(x, Math.PI), b.abs(b.sin(fractionAngle(b, x))))), direct);
  const infinity = b.like(x, Number.POSITIVE_INFINITY);
  return b.select(b.eq(b.abs(x), infinity), infinity, b.select(isSmall, reflected, direct));
}

function digamma(b: Builder, x: Value): Value {
  const one = b.like(x, 1);
  const zero = b.like(x, 0);
  const isNegative = b.lt(x, zero);
  // Reflection below 0, recurrence up to 10, the asymptotic series from there.
  let z = b.select(isNegative, b.sub(one, x), x);
  let sum = zero;
  const far = b.like(x, 10);
  for (let i = 0; i < 10; i++) {
    const isNear = b.lt(z, far);
    sum = b.sub(sum, b.select(isNear, b.div(one, z), zero));
    z = b.select(isNear, b.add(z, one), z);
  }
  const inverse = b.div(one, z);
  const square = b.mul(inverse, inverse);
  const tail = b.mul(
    square,
    polynomial(b, square, [1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12]),
  );
  const direct = b.add(sum, b.sub(b.sub(b.log(z), b.mul(b.like(x, 0.5), inverse)), tail));
  const angle = fractionAngle(b, x);
  const reflected = b.sub(direct, b.div(b.like(x, Math.PI), b.emit('tan', [angle], {})));
  const isPole = b.and(isNegative, b.eq(x, b.floor(x)));
  const value = b.select(isPole, b.like(x, Number.NaN), b.select(isNegative, reflected, direct));
  // At 0 the limit from the side that the sign names.
  return b.select(b.eq(x, zero), b.neg(b.div(one, x)), value);
}

function trigamma(b: Builder, x: Value): Value {
  const one = b.like(x, 1);
  const zero = b.like(x, 0);
  const isSmall = b.lt(x, b.like(x, 0.5));
  let z = b.select(isSmall, b.sub(one, x), x);
  let sum = zero;
  const far = b.like(x, 10);
  for (let i = 0; i < 10; i++) {
    const isNear = b.lt(z, far);
    sum = b.add(sum, b.select(isNear, b.div(one, b.mul(z, z)), zero));
    z = b.select(isNear, b.add(z, one), z);
  }
  const inverse = b.div(one, z);
  const square = b.mul(inverse, inverse);
  const series = polynomial(b, square, [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66]);
  const direct = b.add(sum, b.mul(inverse, b.add(b.add(one, b.mul(b.like(x, 0.5), inverse)), b.mul(square, series))));
  const sine = b.sin(fractionAngle(b, x));
  const reflected = b.sub(b.div(b.like(x, Math.PI ** 2), b.mul(sine, sine)), direct);
  return b.select(isSmall, reflected, direct);
}

/** a b as a rounded product and what was rounded away (Dekker): the halves of both factors multiply exactly. */
function exactProduct(b: Builder, x: Value, y: Value): [Value, Value] {
  const splitter = b.like(x, x.dtype === 'float64' ? 2 ** 27 + 1 : x.dtype === 'float32' ? 2 ** 12 + 1 : 2 ** 6 + 1);
  const split = (value: Value): [Value, Value] => {
    const scaled = b.mul(value, splitter);
    const high = b.sub(scaled, b.sub(scaled, value));
    return [high, b.sub(value, high)];
  };
  const product = b.mul(x, y);
  const [highX, lowX] = split(x);
  const [highY, lowY] = split(y);
  const error = b.add(
    b.add(b.add(b.sub(b.mul(highX, highY), product), b.mul(highX, lowY)), b.mul(lowX, highY)),
    b.mul(lowX, lowY),
  );
  return [product, error];
}

type Name =
  | 'sinh'
  | 'cosh'
  | 'asinh'
  | 'acosh'
  | 'atanh'
  | 'erfc'
  | 'erfinv'
  | 'lgamma'
  | 'digamma'
  | 'trigamma'
  | 'atan2'
  | 'hypot'
  | 'fmod';

// The type is written out, since rules and expansions name operations of this very table.
export const special: { readonly [N in Name]: Composite } = {
  // f(x) = (e^x - e^-x)/2; f'(x) = cosh x
  sinh: unary(
    'sinh',
    '(e^x - e^-x) / 2',
    (b, x) => {
      const a = b.abs(x);
      const half = b.like(x, 0.5);
      const small = b.emit('expm1', [b.minimum(a, b.like(x, 1))], {});
      const near = b.mul(half, b.add(small, b.div(small, b.add(small, b.like(x, 1)))));
      // e^x overflows before sinh does, e^(x/2) does not.
      const root = b.exp(b.mul(half, a));
      const far = b.sub(b.mul(b.mul(half, root), root), b.div(b.div(half, root), root));
      return b.mul(b.sign(x), b.select(b.lt(a, b.like(x, 1)), near, far));
    },
    (b, g, { inputs: [x] }) => [b.mul(g, b.emit('cosh', [x!], {}))],
  ),
  // f(x) = (e^x + e^-x)/2; f'(x) = sinh x
  cosh: unary(
    'cosh',
    '(e^x + e^-x) / 2',
    (b, x) => {
      const half = b.like(x, 0.5);
      const root = b.exp(b.mul(half, b.abs(x)));
      return b.add(b.mul(b.mul(half, root), root), b.div(b.div(half, root), root));
    },
    (b, g, { inputs: [x] }) => [b.mul(g, b.emit('sinh', [x!], {}))],
  ),
  // f(x) = ln(x + sqrt(x^2 + 1)); f'(x) = 1/sqrt(x^2 + 1)
  asinh: unary(
    'asinh',
    'inverse hyperbolic sine',
    (b, x) => {
      const a = b.abs(x);
      const one = b.like(x, 1);
      const limit = b.like(x, x.dtype === 'float16' ? 100 : 1e4);
      const near = b.minimum(a, limit);
      const square = b.mul(near, near);
      const value = log1p(b, b.add(near, b.div(square, b.add(one, b.sqrt(b.add(square, one))))));
      return b.mul(b.sign(x), b.select(b.lt(a, limit), value, b.add(b.log(a), b.like(x, Math.LN2))));
    },
    (b, g, { inputs: [x] }) => [b.div(g, b.sqrt(b.add(b.mul(x!, x!), b.like(x!, 1))))],
  ),
  // f(x) = ln(x + sqrt(x^2 - 1)); f'(x) = 1/sqrt(x^2 - 1)
  acosh: unary(
    'acosh',
    'inverse hyperbolic cosine; NaN below 1',
    (b, x) => {
      const limit = b.like(x, x.dtype === 'float16' ? 100 : 1e4);
      const t = b.sub(b.minimum(x, limit), b.like(x, 1));
      const value = log1p(b, b.add(t, b.sqrt(b.mul(t, b.add(t, b.like(x, 2))))));
      return b.select(
        b.lt(x, b.like(x, 1)),
        b.like(x, Number.NaN),
        b.select(b.lt(x, limit), value, b.add(b.log(x), b.like(x, Math.LN2))),
      );
    },
    (b, g, { inputs: [x] }) => [b.div(g, b.sqrt(b.sub(b.mul(x!, x!), b.like(x!, 1))))],
  ),
  // f(x) = ln((1 + x)/(1 - x))/2; f'(x) = 1/(1 - x^2)
  atanh: unary(
    'atanh',
    'inverse hyperbolic tangent; NaN outside [-1, 1]',
    (b, x) => {
      const a = b.abs(x);
      const ratio = b.div(b.mul(a, b.like(x, 2)), b.sub(b.like(x, 1), a));
      const value = b.mul(b.mul(b.sign(x), b.like(x, 0.5)), log1p(b, ratio));
      return b.select(b.gt(a, b.like(x, 1)), b.like(x, Number.NaN), value);
    },
    (b, g, { inputs: [x] }) => [b.div(g, b.sub(b.like(x!, 1), b.mul(x!, x!)))],
  ),
  // f(x) = 1 - erf x; f'(x) = -2/sqrt(pi) e^(-x^2)
  erfc: unary('erfc', '1 - erf x, accurate where erf is close to 1', complementaryError, (b, g, { inputs: [x] }) => [
    b.mul(g, b.mul(b.like(x!, -2 / Math.sqrt(Math.PI)), b.exp(b.neg(b.mul(x!, x!))))),
  ]),
  // f(erf x) = x; f'(x) = sqrt(pi)/2 e^(f^2)
  erfinv: unary('erfinv', 'the number whose erf is x; NaN outside [-1, 1]', inverseError, (b, g, { output }) => [
    b.mul(g, b.mul(b.like(output, Math.sqrt(Math.PI) / 2), b.exp(b.mul(output, output)))),
  ]),
  // f(x) = ln |Gamma(x)|; f'(x) = digamma x
  lgamma: unary('lgamma', 'logarithm of |Gamma(x)|', logGamma, (b, g, { inputs: [x] }) => [
    b.mul(g, b.emit('digamma', [x!], {})),
  ]),
  // f(x) = Gamma'(x)/Gamma(x); f'(x) = trigamma x
  digamma: unary('digamma', 'derivative of ln Gamma(x)', digamma, (b, g, { inputs: [x] }) => [
    b.mul(g, b.emit('trigamma', [x!], {})),
  ]),
  // f(x) = digamma' x; f'(x) = digamma'' x
  trigamma: unary('trigamma', 'second derivative of ln Gamma(x)', trigamma, (b, g, { inputs: [x] }) => [
    b.mul(g, b.emit('polygamma', [x!], { n: 2 })),
  ]),

  // f(y, x) = angle of (x, y); f_y = x/(x^2 + y^2), f_x = -y/(x^2 + y^2)
  atan2: binary(
    'atan2',
    'the angle of the point (b, a) in radians, in (-pi, pi]',
    (b, y, x) => {
      const [a, c] = [b.abs(y), b.abs(x)];
      const [high, low] = [b.maximum(a, c), b.minimum(a, c)];
      const zero = b.like(x, 0);
      const isOrigin = b.eq(high, zero);
      // Infinite both ways counts as the diagonal.
      const diagonal = b.and(b.eq(low, high), b.not(isOrigin));
      const ratio = b.select(
        isOrigin,
        zero,
        b.select(diagonal, b.like(x, 1), b.div(low, b.select(isOrigin, b.like(x, 1), high))),
      );
      const octant = b.emit('atan', [ratio], {});
      const quadrant = b.select(b.gt(a, c), b.sub(b.like(x, Math.PI / 2), octant), octant);
      const half = b.select(b.hasSign(x), b.sub(b.like(x, Math.PI), quadrant), quadrant);
      return b.select(b.hasSign(y), b.neg(half), half);
    },
    (b, g, { inputs: [y, x], needs }) => {
      const scaled = b.div(g, b.add(b.mul(x!, x!), b.mul(y!, y!)));
      return [needs[0] ? b.mul(scaled, x!) : null, needs[1] ? b.neg(b.mul(scaled, y!)) : null];
    },
  ),
  // f(a, b) = sqrt(a^2 + b^2); f_a = a/f, f_b = b/f
  hypot: binary(
    'hypot',
    'sqrt(a^2 + b^2) without overflow',
    (b, x, y) => {
      const [a, c] = [b.abs(x), b.abs(y)];
      const high = b.maximum(a, c);
      const isPlain = b.and(b.lt(b.like(x, 0), high), b.lt(high, b.like(x, Number.POSITIVE_INFINITY)));
      const ratio = b.div(b.minimum(a, c), b.select(isPlain, high, b.like(x, 1)));
      return b.mul(high, b.sqrt(b.add(b.like(x, 1), b.mul(ratio, ratio))));
    },
    (b, g, { inputs: [x, y], output, needs }) => [
      needs[0] ? b.mul(g, b.div(x!, output)) : null,
      needs[1] ? b.mul(g, b.div(y!, output)) : null,
    ],
  ),
  // f(a, b) = a - trunc(a/b) b; f_a = 1, f_b = -trunc(a/b)
  fmod: binary(
    'fmod',
    'a - trunc(a / b) * b with the sign of a, exact while the quotient is',
    (b, x, y) => {
      const zero = b.like(x, 0);
      const infinity = b.like(x, Number.POSITIVE_INFINITY);
      const divisor = b.abs(y);
      const a = b.abs(x);
      const [product, error] = exactProduct(b, b.floor(b.div(a, divisor)), divisor);
      let rest = b.sub(b.sub(a, product), error);
      // The quotient may have been rounded up to the next integer, or down.
      rest = b.select(b.lt(rest, zero), b.add(rest, divisor), rest);
      rest = b.select(b.ge(rest, divisor), b.sub(rest, divisor), rest);
      rest = b.select(b.and(b.eq(divisor, infinity), b.lt(a, infinity)), a, rest);
      return b.select(b.hasSign(x), b.neg(rest), rest);
    },
    (b, g, { inputs: [x, y], needs }) => [g, needs[1] ? b.neg(b.mul(g, b.trunc(b.div(x!, y!)))) : null],
  ),
};
