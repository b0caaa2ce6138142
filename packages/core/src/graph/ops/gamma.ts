import { GraphError } from '../../errors.ts';
import type { Builder } from '../builder.ts';
import type { Operation } from '../operation.ts';
import { composite } from '../operation.ts';
import { broadcastShapes } from '../shape.ts';
import type { NoAttributes, Value } from '../value.ts';
import { requireFloating, requireSame } from './elementwise.ts';

// Relatives of the gamma function: Hurwitz' zeta, the derivatives of digamma, the incomplete gamma functions.

type Composite<A> = Operation<A> & Required<Pick<Operation<A>, 'expand'>>;

function repeated(b: Builder, x: Value, exponent: number): Value {
  let product = x;
  for (let i = 1; i < exponent; i++) product = b.mul(product, x);
  return product;
}

// B(2k) / (2k)!, of the Euler-Maclaurin formula.
const bernoulli: readonly number[] = [
  0.08333333333333333, -0.001388888888888889, 3.306878306878307e-5, -8.267195767195768e-7, 2.08767569878681e-8,
  -5.284190138687493e-10, 1.3382536530684679e-11, -3.3896802963225827e-13, 8.586062056277845e-15,
];

/** The sum of (q + k)^-s over k >= 0 for q > 0. `power(w)` is w^(1 - s). */
function positiveZeta(b: Builder, s: Value, q: Value, power: (w: Value) => Value): Value {
  const first = 9;
  let sum: Value | null = null;
  for (let k = 0; k < first; k++) {
    const w = k === 0 ? q : b.add(q, b.like(q, k));
    const term = b.div(power(w), w);
    sum = sum === null ? term : b.add(sum, term);
  }
  // The rest by Euler and Maclaurin: integral, half a term, and derivatives.
  const w = b.add(q, b.like(q, first));
  const integral = power(w);
  const term = b.div(integral, w);
  const inverse = b.div(b.like(q, 1), w);
  const count = q.dtype === 'float64' ? bernoulli.length : 5;
  const shifted = (by: number): Value => b.mul(b.add(s, b.like(s, by)), inverse);
  let tail = b.like(q, bernoulli[count - 1]!);
  for (let i = count - 2; i >= 0; i--)
    tail = b.add(b.mul(tail, b.mul(shifted(2 * i + 1), shifted(2 * i + 2))), b.like(q, bernoulli[i]!));
  const rest = b.add(b.mul(b.like(q, 0.5), term), b.mul(term, b.mul(b.mul(s, inverse), tail)));
  return b.add(b.add(sum!, b.div(integral, b.sub(s, b.like(s, 1)))), rest);
}

/**
 * The same for all q. Below 0 the terms before the first positive one are those of 1 - q's fraction: with f the fraction
 * of q, zeta(s, q) = zeta(s, f) + (-1)^s (zeta(s, 1 - f) - zeta(s, 1 - q)). `parity` is (-1)^s.
 */
function zetaOf(b: Builder, s: Value, q: Value, parity: Value, power: (w: Value) => Value): Value {
  const zero = b.like(q, 0);
  const one = b.like(q, 1);
  const isNegative = b.lt(q, zero);
  const isPole = b.and(b.le(q, zero), b.eq(q, b.floor(q)));
  const fraction = b.sub(q, b.floor(q));
  const start = b.select(isPole, one, b.select(isNegative, fraction, q));
  const ahead = positiveZeta(b, s, start, power);
  const mirrored = b.select(isNegative, b.select(isPole, one, b.sub(one, fraction)), one);
  const beyond = b.select(isNegative, b.sub(one, q), one);
  const before = b.sub(positiveZeta(b, s, mirrored, power), positiveZeta(b, s, beyond, power));
  const value = b.select(isNegative, b.add(ahead, b.mul(parity, before)), ahead);
  return b.select(isPole, b.like(q, Number.POSITIVE_INFINITY), value);
}

// Temme's uniform expansion: row k has the power series in eta of the coefficient of a^-k.
const temme: readonly (readonly number[])[] = [
  [
    -0.3333333333333333, 0.08333333333333333, -0.014814814814814815, 0.0011574074074074073, 0.0003527336860670194,
    -0.0001787551440329218, 3.919263178522438e-5, -2.185448510679992e-6, -1.85406221071516e-6, 8.296711340953087e-7,
    -1.7665952736826078e-7, 6.707853543401498e-9, 1.0261809784240309e-8, -4.382036018453353e-9, 9.14769958223679e-10,
  ],
  [
    -0.001851851851851852, -0.003472222222222222, 0.0026455026455026454, -0.0009902263374485596, 0.00020576131687242798,
    -4.018775720164609e-7, -1.8098550334489977e-5, 7.64916091608111e-6, -1.6120900894563446e-6, 4.647127802807434e-9,
    1.378633446915721e-7, -5.752545603517705e-8, 1.1951628599778148e-8,
  ],
  [
    0.004133597883597883, -0.0026813271604938273, 0.0007716049382716049, 2.0093878600823047e-6, -0.0001073665322636516,
    5.2923448829120125e-5, -1.2760635188618728e-5, 3.423578734096138e-8, 1.3721957309062934e-6, -6.298992138380055e-7,
    1.4280614206064242e-7,
  ],
  [
    0.0006494341563786008, 0.00022947209362139917, -0.0004691894943952557, 0.00026772063206283885,
    -7.561801671883977e-5, -2.396505113867297e-7, 1.1082654115347302e-5, -5.6749528269915965e-6, 1.4230900732435883e-6,
    -2.7861080291528143e-11, -1.6958404091930278e-7,
  ],
  [
    -0.0008618882909167117, 0.0007840392217200666, -0.0002990724803031902, -1.4638452578843418e-6, 6.641498215465122e-5,
    -3.968365047179435e-5, 1.1375726970678419e-5, 2.507497226237533e-10, -1.6954149536558305e-6, 8.907507532205309e-7,
  ],
  [
    -0.00033679855336635813, -6.972813758365857e-5, 0.0002772753244959392, -0.00019932570516188847,
    6.797780477937208e-5, 1.419062920643967e-7, -1.3594048189768693e-5, 8.018470256334202e-6, -2.291481176508095e-6,
  ],
  [
    0.0005313079364639922, -0.0005921664373536939, 0.0002708782096718045, 7.902353232660328e-7, -8.153969367561969e-5,
    5.61168275310625e-5, -1.8329116582843375e-5,
  ],
  [
    0.00034436760689237765, 5.171790908260592e-5, -0.00033493161081142234, 0.0002812695154763237,
    -0.00010976582244684731,
  ],
];

function horner(b: Builder, x: Value, coefficients: readonly number[]): Value {
  let sum = b.like(x, coefficients.at(-1)!);
  for (let i = coefficients.length - 2; i >= 0; i--) sum = b.add(b.mul(sum, x), b.like(x, coefficients[i]!));
  return sum;
}

/** Both regularised incomplete gamma functions for a > 20 and |x - a| < 0.3 a. */
function uniform(b: Builder, a: Value, x: Value): { lower: Value; upper: Value } {
  const isDouble = x.dtype === 'float64';
  const distance = b.div(b.sub(x, a), a);
  // eta^2 / 2 = distance - ln(1 + distance), as a series: the difference would cancel.
  const count = isDouble ? 30 : 14;
  const series = Array.from({ length: count }, (_, i) => (2 * (i % 2 === 0 ? 1 : -1)) / (i + 2));
  const eta = b.mul(distance, b.sqrt(horner(b, distance, series)));
  const inverse = b.div(b.like(a, 1), a);
  const rows = isDouble ? temme : temme.slice(0, 3).map((row) => row.slice(0, 10));
  let sum: Value | null = null;
  for (const row of rows.toReversed()) {
    const value = horner(b, eta, row);
    sum = sum === null ? value : b.add(b.mul(sum, inverse), value);
  }
  const half = b.like(a, 0.5);
  const bell = b.exp(b.neg(b.mul(b.mul(half, a), b.mul(eta, eta))));
  const rest = b.mul(b.div(bell, b.sqrt(b.mul(a, b.like(a, 2 * Math.PI)))), sum!);
  const z = b.mul(eta, b.sqrt(b.mul(half, a)));
  return {
    lower: b.sub(b.mul(half, b.emit('erfc', [b.neg(z)], {})), rest),
    upper: b.add(b.mul(half, b.emit('erfc', [z], {})), rest),
  };
}

/** The share of the gamma function's integral below x (`lower`) or above it. */
function incomplete(b: Builder, a: Value, x: Value, which: 'lower' | 'upper'): Value {
  const isDouble = x.dtype === 'float64';
  const [zero, one, two] = [b.like(x, 0), b.like(x, 1), b.like(x, 2)];
  const infinity = b.like(x, Number.POSITIVE_INFINITY);
  const isPlain = b.and(b.and(b.lt(zero, a), b.lt(zero, x)), b.and(b.lt(a, infinity), b.lt(x, infinity)));
  const [order, point] = [b.select(isPlain, a, one), b.select(isPlain, x, one)];
  const isUniform = b.and(b.gt(order, b.like(x, 20)), b.lt(b.abs(b.sub(point, order)), b.mul(order, b.like(x, 0.3))));
  const isBelow = b.lt(point, b.maximum(b.add(order, one), two));

  // Below: x^a e^-x / Gamma(a + 1) times 1 + x/(a + 1) + x^2/((a + 1)(a + 2)) + ...
  const [low, lowOrder] = [b.select(isBelow, point, one), b.select(isBelow, order, one)];
  let term = one;
  let sum = one;
  for (let k = 1; k <= (isDouble ? 90 : 42); k++) {
    term = b.mul(term, b.div(low, b.add(lowOrder, b.like(x, k))));
    sum = b.add(sum, term);
  }
  // Above: x^a e^-x / Gamma(a) over the continued fraction x + 1 - a - 1 (1 - a)/(x + 3 - a - 2 (2 - a)/(x + 5 - a - ...)).
  const [high, highOrder] = [b.select(isBelow, two, point), b.select(isBelow, one, order)];
  const terms = isDouble ? 60 : 18;
  const difference = b.sub(high, highOrder);
  let fraction = b.add(difference, b.like(x, 2 * terms + 1));
  for (let k = terms; k >= 1; k--) {
    const numerator = b.mul(b.like(x, k), b.sub(b.like(x, k), highOrder));
    fraction = b.sub(b.add(difference, b.like(x, 2 * k - 1)), b.div(numerator, fraction));
  }
  const logGamma = b.emit('lgamma', [b.add(order, one)], {});
  const factor = b.exp(b.sub(b.sub(b.mul(order, b.log(point)), point), logGamma));
  const share = b.mul(factor, b.select(isBelow, sum, b.div(highOrder, fraction)));
  const isShare = which === 'lower' ? isBelow : b.not(isBelow);
  const plain = b.select(isShare, share, b.sub(one, share));
  const middle = uniform(b, b.select(isUniform, order, b.like(x, 40)), b.select(isUniform, point, b.like(x, 40)));
  const value = b.select(isUniform, middle[which], plain);

  // What is left: an x or an a of 0 or infinity, and numbers outside the domain.
  const [none, all] = which === 'lower' ? [zero, one] : [one, zero];
  const nan = b.like(x, Number.NaN);
  const ofZeroOrder = b.select(b.lt(zero, x), all, nan);
  const ofInfiniteOrder = b.select(b.eq(x, infinity), nan, none);
  const ofEdge = b.select(
    b.eq(a, zero),
    ofZeroOrder,
    b.select(b.eq(x, zero), none, b.select(b.eq(a, infinity), ofInfiniteOrder, all)),
  );
  const isInside = b.and(b.le(zero, a), b.le(zero, x));
  return b.select(isPlain, value, b.select(isInside, ofEdge, nan));
}

function incompleteGamma(name: 'gammainc' | 'gammaincc', doc: string): Composite<NoAttributes> {
  const sign = name === 'gammainc' ? 1 : -1;
  return composite<NoAttributes>({
    doc,
    arity: 2,
    infer: ([a, x]) => pair(name, a!, x!),
    vjp: (b, g, { inputs: [a, x], needs }) => {
      if (needs[0])
        throw new GraphError(
          `the derivative for '${name === 'gammainc' ? 'igamma' : 'igammac'}: input' is not implemented.`,
        );
      const exponent = b.sub(b.sub(b.mul(b.sub(a!, b.like(a!, 1)), b.log(x!)), x!), b.emit('lgamma', [a!], {}));
      const slope = b.mul(g, b.exp(exponent));
      return [null, sign === 1 ? slope : b.neg(slope)];
    },
    expand: (b, [a, x]) => incomplete(b, a!, x!, name === 'gammainc' ? 'lower' : 'upper'),
  });
}

function pair(name: string, x: Value, y: Value): { dtype: Value['dtype']; shape: readonly number[] } {
  requireSame(name, x, y);
  requireFloating(name, x);
  return { dtype: x.dtype, shape: broadcastShapes(x.shape, y.shape, name) };
}

type Gammas = {
  readonly zeta: Composite<NoAttributes>;
  readonly gammainc: Composite<NoAttributes>;
  readonly gammaincc: Composite<NoAttributes>;
  readonly polygamma: Composite<{ readonly n: number }>;
};

export const gammas: Gammas = {
  // f(s, q) = sum (q + k)^-s; f_q = -s f(s + 1, q)
  zeta: composite<NoAttributes>({
    doc: 'the sum of (b + k)^-a over k >= 0',
    arity: 2,
    infer: ([s, q]) => pair('zeta', s!, q!),
    vjp: (b, g, { inputs: [s, q], needs }) => {
      if (needs[0]) throw new GraphError("the derivative for 'zeta' is not implemented.");
      const next = b.emit('zeta', [b.add(s!, b.like(s!, 1)), q!], {});
      return [null, b.neg(b.mul(g, b.mul(s!, next)))];
    },
    expand: (b, [s, q]) => {
      const one = b.like(s!, 1);
      const isAbove = b.lt(one, s!);
      const order = b.select(isAbove, s!, b.like(s!, 2));
      const half = b.mul(order, b.like(order, 0.5));
      const isEven = b.eq(half, b.floor(half));
      const isWhole = b.eq(order, b.floor(order));
      const parity = b.select(isEven, one, b.select(isWhole, b.neg(one), b.like(one, Number.NaN)));
      const value = zetaOf(b, order, q!, parity, (w) => b.pow(w, b.sub(one, order)));
      const outside = b.select(b.eq(s!, one), b.like(one, Number.POSITIVE_INFINITY), b.like(one, Number.NaN));
      return b.select(isAbove, value, outside);
    },
  }),
  // f(x) = the n-th derivative of digamma, n >= 1; f' has n + 1
  polygamma: composite<{ readonly n: number }>({
    doc: 'the n-th derivative of digamma, n >= 1',
    arity: 1,
    infer: ([x]) => {
      requireFloating('polygamma', x!);
      return { dtype: x!.dtype, shape: x!.shape };
    },
    vjp: (b, g, { inputs: [x], attributes: { n } }) => [b.mul(g, b.emit('polygamma', [x!], { n: n + 1 }))],
    expand: (b, [x], { n }) => {
      let factorial = n % 2 === 0 ? -1 : 1;
      for (let k = 2; k <= n; k++) factorial *= k;
      const power = (w: Value): Value => (n <= 16 ? b.div(b.like(w, 1), repeated(b, w, n)) : b.pow(w, b.like(w, -n)));
      const sum = zetaOf(b, b.like(x!, n + 1), x!, b.like(x!, n % 2 === 0 ? -1 : 1), power);
      return b.mul(sum, b.like(x!, factorial));
    },
  }),
  // f(a, x) = integral of t^(a-1) e^-t from 0 to x, over Gamma(a); f_x = x^(a-1) e^-x / Gamma(a)
  gammainc: incompleteGamma('gammainc', "the share of the gamma function's integral of order a below b"),
  // f(a, x) = 1 - gammainc(a, x)
  gammaincc: incompleteGamma('gammaincc', "the share of the gamma function's integral of order a above b"),
};
