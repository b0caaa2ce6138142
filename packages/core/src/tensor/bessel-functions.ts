import { recorder as b, stopGradient } from '../graph/node.ts';
import type { Value } from '../graph/value.ts';
import { scaledFirst, scaledZeroth } from './bessel.ts';
import { chebyshev } from './chebyshev.ts';
import { requireTensor, toFloating } from './operand.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

// Bessel functions, which have no gradient in PyTorch either. Chebyshev coefficients interpolated in float64. For x <= 8 in
// x^2/32 - 1: of J0 and J1/x, and of what the logarithm and the pole leave of Y0 and Y1/x. For x > 8 in 128/x^2 - 1: of the
// amplitudes P and Q x/8 of the oscillation.
const zerothNear: readonly number[] = [
  0.15772797147489012, -0.008723442352852221, 0.2651786132033368, -0.37009499387264977, 0.15806710233209725,
  -0.034893769411408884, 0.004819180069467605, -0.00046062616620627504, 3.246032882100508e-5, -1.7619469077621507e-6,
  7.608163592418782e-8, -2.679253530557673e-9, 7.848696314479465e-11, -1.9438346867370164e-12, 4.125320595634374e-14,
  -7.588508125447546e-16, 1.2218515873961411e-17,
];
const firstNear: readonly number[] = [
  0.08104484632565812, -0.1489751450676521, 0.1609992623572097, -0.08268049176681791, 0.022213639654966037,
  -0.003646940600769276, 0.0004050337728354822, -3.255554866857259e-5, 1.9858774049915165e-6, -9.521984756750436e-8,
  3.687133759097148e-9, -1.178026622695885e-10, 3.160154580348003e-12, -7.221755239651773e-14, 1.4232144003513942e-15,
  -2.4441972916190464e-17,
];
const secondKindZerothNear: readonly number[] = [
  -0.03314611320328494, -0.2744743055297453, 0.17903431407718265, 0.26156734625504663, -0.17730201278114358,
  0.04719668959576339, -0.007287962479552079, 0.0007531135932577742, -5.632079141056987e-5, 3.206532537654801e-6,
  -1.44072332740187e-7, 5.248794787330516e-9, -1.5837552541812015e-10, 4.02633081830612e-12, -8.747341203310769e-14,
  1.6434898714919468e-15, -2.6977881152566837e-17,
];
const secondKindFirstNear: readonly number[] = [
  0.0025380132357417816, -0.01608717304766875, -0.09591204536083074, 0.08445197259652346, -0.028328123944594365,
  0.005289897544167113, -0.0006414551451326356, 5.505982873338744e-5, -3.53808001868935e-6, 1.7707804556154404e-7,
  -7.11055004989928e-9, 2.344337905911516e-10, -6.4651518414115946e-12, 1.51429151205002e-13, -3.0511859694473254e-15,
  5.34668038572867e-17,
];
const zerothCosine: readonly number[] = [
  0.9994603493475187, -0.0005365220468132117, 3.0751847875194745e-6, -5.1705945376060975e-8, 1.6306464635151382e-9,
  -7.86409137723707e-11, 5.168262387349193e-12, -4.3045788699253914e-13, 4.3265957431549404e-14, -5.069034095935236e-15,
  6.748072215733873e-16, -1.0011513723467786e-16,
];
const zerothSine: readonly number[] = [
  -0.015555854605337009, 6.838519942611649e-5, -7.414498411060647e-7, 1.7972457247968992e-8, -7.27191593686632e-10,
  4.2201219046687385e-11, -3.206747420996635e-12, 3.006145125351706e-13, -3.336328185322427e-14, 4.255225040245461e-15,
  -6.09993013164005e-16, 9.662128970303257e-17, -1.6686065214378146e-17, 3.1082440486738143e-18, -6.191115787358145e-19,
];
const firstCosine: readonly number[] = [
  1.0009030408600137, 0.0008989898330859408, -3.987284300488908e-6, 6.177633960644299e-8, -1.8718907491063067e-9,
  8.816898659582339e-11, -5.704863640395645e-12, 4.699195515230542e-13, -4.6842237839904895e-14, 5.452674896044717e-15,
  -7.221180842274018e-16, 1.0667689114335412e-16,
];
const firstSine: readonly number[] = [
  0.04677778706953532, -9.62772354915708e-5, 9.138615257955454e-7, -2.0959781384083424e-8, 8.229193327650554e-10,
  -4.686363688176945e-11, 3.5152187949686082e-12, -3.2643156743279e-13, 3.5967765829165294e-14, -4.5612523950772974e-15,
  6.508282957783384e-16, -1.0269147531823243e-16, 1.767635548776479e-17, -3.2834519872981614e-18,
];

// For x <= 2 in x^2/2 - 1: what the logarithm leaves of K0 and of x K1. For x > 2 in 4/x - 1: of e^x sqrt(x) K0 and K1.
const decayingZerothNear: readonly number[] = [
  -0.2676636966169514, 0.3442898999246285, 0.0359799365153615, 0.001264615411446926, 2.286212103119452e-5,
  2.5347910790261494e-7, 1.904516377220209e-9, 1.0349695257633625e-11, 4.2598161427910826e-14, 1.3744654358807508e-16,
];
const decayingFirstNear: readonly number[] = [
  0.7626501136694739, -0.3531559607765449, -0.12261118082265715, -0.006975723859639864, -0.0001730288957513052,
  -2.4334061415659684e-6, -2.213387630734726e-8, -1.4114883926335278e-10, -6.666901694199329e-13,
  -2.427449850519366e-15,
];
const decayingZerothFar: readonly number[] = [
  1.2201515410329777, -0.0314481013119645, 0.0015698838857300533, -0.00012849549581627802, 1.39498137188765e-5,
  -1.8317555227191195e-6, 2.766813639445015e-7, -4.660489897687948e-8, 8.574034017414225e-9, -1.6975345093890614e-9,
  3.5773972814003283e-10, -7.957489244477396e-11, 1.8559491149549264e-11, -4.514597883374519e-12,
  1.1403405882073441e-12, -2.9800969231481784e-13, 8.032890775068375e-14, -2.2275133267462965e-14,
  6.340076476276646e-15, -1.848593377920907e-15, 5.5120559994043335e-16, -1.6782311257549003e-16, 5.210391777643549e-17,
];
const decayingFirstFar: readonly number[] = [
  1.3603130952422213, 0.10392373657681724, -0.002857816859622779, 0.00019521551847135162, -1.936197974166083e-5,
  2.406484947837217e-6, -3.5019606030878126e-7, 5.7410841254500495e-8, -1.0345762465678097e-8, 2.0150497551970347e-9,
  -4.1903547593419254e-10, 9.218315187605315e-11, -2.129967838427791e-11, 5.139639673482343e-12,
  -1.2891739609498229e-12, 3.348419666052243e-13, -8.976705182010146e-14, 2.4771544242195988e-14,
  -7.0198370892147685e-15, 2.038703166239861e-15, -6.057047270643018e-16, 1.8380935752430452e-16,
  -5.689462849193643e-17,
];

function fixedNode(name: string, x: Tensor): Value {
  return stopGradient(toFloating(requireTensor(name, x)));
}

interface Oscillation {
  /** Parts for x <= 8, of x there and 8 elsewhere. */
  readonly near: Value;
  readonly isNear: Value;
  /** In [-1, 1] within. */
  readonly u: Value;
  readonly far: Value;
  readonly cos: Value;
  readonly sin: Value;
  readonly v: Value;
}

/** What both kinds share, for x >= 0. */
function oscillation(x: Value): Oscillation {
  const border = b.like(x, 8);
  const isNear = b.le(x, border);
  const near = b.select(isNear, x, border);
  const far = b.select(isNear, border, x);
  const ratio = b.div(border, far);
  return {
    near,
    isNear,
    u: b.sub(b.mul(b.mul(near, near), b.like(x, 1 / 32)), b.like(x, 1)),
    far,
    cos: b.cos(far),
    sin: b.sin(far),
    v: b.sub(b.mul(b.mul(ratio, ratio), b.like(x, 2)), b.like(x, 1)),
  };
}

/** sqrt(2 / (pi x)) (P first - 8/x Q second), the oscillations at the angle x - pi/4 without their root of 1/2. */
function wave(
  { far, v }: Oscillation,
  cosine: readonly number[],
  sine: readonly number[],
  first: Value,
  second: Value,
): Value {
  const amplitude = b.sqrt(b.div(b.like(far, 1 / Math.PI), far));
  const turned = b.mul(b.div(b.like(far, 8), far), b.mul(chebyshev(v, sine), second));
  return b.mul(amplitude, b.sub(b.mul(chebyshev(v, cosine), first), turned));
}

function zerothOfFirstKind(x: Value): Value {
  const parts = oscillation(b.abs(x));
  const sum = b.add(parts.cos, parts.sin);
  const far = wave(parts, zerothCosine, zerothSine, sum, b.sub(parts.sin, parts.cos));
  return b.select(parts.isNear, chebyshev(parts.u, zerothNear), far);
}

function firstOfFirstKind(x: Value): Value {
  const parts = oscillation(b.abs(x));
  const difference = b.sub(parts.sin, parts.cos);
  const far = wave(parts, firstCosine, firstSine, difference, b.neg(b.add(parts.cos, parts.sin)));
  const near = b.mul(parts.near, chebyshev(parts.u, firstNear));
  const value = b.select(parts.isNear, near, far);
  return b.select(b.lt(x, b.like(x, 0)), b.neg(value), value);
}

/** A function for x > 0: -infinity or infinity at 0, NaN below. */
function onPositive(x: Value, atZero: number, f: (x: Value) => Value): Value {
  const zero = b.like(x, 0);
  const isPositive = b.lt(zero, x);
  const edge = b.select(b.eq(x, zero), b.like(x, atZero), b.like(x, Number.NaN));
  return b.select(isPositive, f(b.select(isPositive, x, b.like(x, 1))), edge);
}

function zerothOfSecondKind(x: Value): Value {
  const parts = oscillation(x);
  const logarithm = b.mul(b.like(x, 2 / Math.PI), b.log(parts.near));
  const near = b.add(b.mul(logarithm, chebyshev(parts.u, zerothNear)), chebyshev(parts.u, secondKindZerothNear));
  const far = wave(parts, zerothCosine, zerothSine, b.sub(parts.sin, parts.cos), b.neg(b.add(parts.cos, parts.sin)));
  return b.select(parts.isNear, near, far);
}

function firstOfSecondKind(x: Value): Value {
  const parts = oscillation(x);
  const { near: within } = parts;
  const factor = b.like(x, 2 / Math.PI);
  const even = b.add(
    b.mul(b.mul(factor, b.log(within)), chebyshev(parts.u, firstNear)),
    chebyshev(parts.u, secondKindFirstNear),
  );
  const near = b.sub(b.mul(within, even), b.div(factor, within));
  const far = wave(parts, firstCosine, firstSine, b.neg(b.add(parts.cos, parts.sin)), b.sub(parts.cos, parts.sin));
  return b.select(parts.isNear, near, far);
}

/** e^x K(x) of order 0 or 1 for x > 0, or K(x) itself. */
function decaying(x: Value, order: 0 | 1, isScaled: boolean): Value {
  const two = b.like(x, 2);
  const isNear = b.le(x, two);
  const within = b.select(isNear, x, two);
  const beyond = b.select(isNear, two, x);
  const u = b.sub(b.mul(b.mul(within, within), b.like(x, 0.5)), b.like(x, 1));
  const logarithm = b.log(b.mul(within, b.like(x, 0.5)));
  const growth = b.exp(within);
  const regular =
    order === 0
      ? b.sub(chebyshev(u, decayingZerothNear), b.mul(logarithm, b.mul(growth, scaledZeroth(within))))
      : b.add(b.mul(logarithm, b.mul(growth, scaledFirst(within))), b.div(chebyshev(u, decayingFirstNear), within));
  const near = isScaled ? b.mul(growth, regular) : regular;
  const v = b.sub(b.div(b.like(x, 4), beyond), b.like(x, 1));
  const series = b.div(chebyshev(v, order === 0 ? decayingZerothFar : decayingFirstFar), b.sqrt(beyond));
  return b.select(isNear, near, isScaled ? series : b.mul(b.exp(b.neg(beyond)), series));
}

/** The Bessel function of the first kind of order 0. (PyTorch: `torch.special.bessel_j0`) */
export function besselJ0(x: Tensor): Tensor {
  return wrap(zerothOfFirstKind(fixedNode('bessel_j0', x)));
}

/** The Bessel function of the first kind of order 1. (PyTorch: `torch.special.bessel_j1`) */
export function besselJ1(x: Tensor): Tensor {
  return wrap(firstOfFirstKind(fixedNode('bessel_j1', x)));
}

/** The Bessel function of the second kind of order 0; NaN below 0. (PyTorch: `torch.special.bessel_y0`) */
export function besselY0(x: Tensor): Tensor {
  return wrap(onPositive(fixedNode('bessel_y0', x), Number.NEGATIVE_INFINITY, zerothOfSecondKind));
}

/** The Bessel function of the second kind of order 1; NaN below 0. (PyTorch: `torch.special.bessel_y1`) */
export function besselY1(x: Tensor): Tensor {
  return wrap(onPositive(fixedNode('bessel_y1', x), Number.NEGATIVE_INFINITY, firstOfSecondKind));
}

/** The modified Bessel function of the first kind of order 0. (PyTorch: `torch.special.modified_bessel_i0`) */
export function modifiedBesselI0(x: Tensor): Tensor {
  const node = fixedNode('modified_bessel_i0', x);
  return wrap(b.mul(b.exp(b.abs(node)), scaledZeroth(node)));
}

/** The modified Bessel function of the first kind of order 1. (PyTorch: `torch.special.modified_bessel_i1`) */
export function modifiedBesselI1(x: Tensor): Tensor {
  const node = fixedNode('modified_bessel_i1', x);
  return wrap(b.mul(b.exp(b.abs(node)), scaledFirst(node)));
}

/** The modified Bessel function of the second kind of order 0; NaN below 0. (PyTorch: `torch.special.modified_bessel_k0`) */
export function modifiedBesselK0(x: Tensor): Tensor {
  return wrap(ofDecay('modified_bessel_k0', x, 0, false));
}

/** The modified Bessel function of the second kind of order 1; NaN below 0. (PyTorch: `torch.special.modified_bessel_k1`) */
export function modifiedBesselK1(x: Tensor): Tensor {
  return wrap(ofDecay('modified_bessel_k1', x, 1, false));
}

/** e^x modifiedBesselK0(x). (PyTorch: `torch.special.scaled_modified_bessel_k0`) */
export function scaledModifiedBesselK0(x: Tensor): Tensor {
  return wrap(ofDecay('scaled_modified_bessel_k0', x, 0, true));
}

/** e^x modifiedBesselK1(x). (PyTorch: `torch.special.scaled_modified_bessel_k1`) */
export function scaledModifiedBesselK1(x: Tensor): Tensor {
  return wrap(ofDecay('scaled_modified_bessel_k1', x, 1, true));
}

function ofDecay(name: string, x: Tensor, order: 0 | 1, isScaled: boolean): Value {
  return onPositive(fixedNode(name, x), Number.POSITIVE_INFINITY, (value) => decaying(value, order, isScaled));
}

/** sin(x) / x, the spherical Bessel function of order 0. (PyTorch: `torch.special.spherical_bessel_j0`) */
export function sphericalBesselJ0(x: Tensor): Tensor {
  const node = fixedNode('spherical_bessel_j0', x);
  const [zero, one] = [b.like(node, 0), b.like(node, 1)];
  const isZero = b.eq(node, zero);
  const isInfinite = b.eq(b.abs(node), b.like(node, Number.POSITIVE_INFINITY));
  const safe = b.select(b.or(isZero, isInfinite), one, node);
  return wrap(b.select(isZero, one, b.select(isInfinite, zero, b.div(b.sin(safe), safe))));
}
