import { recorder as b, stopGradient } from '../graph/node.ts';
import type { Value } from '../graph/value.ts';
import { chebyshev } from './chebyshev.ts';
import { requireTensor, toFloating } from './operand.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

// Chebyshev coefficients interpolated in float64: of Ai in (x + 2)/4 for -6 <= x <= 2; with z = 2/3 |x|^(3/2), of
// e^z x^(1/4) Ai in 2 (z(2)/z) - 1 above, and of the two amplitudes of the oscillation in 2 (z(6)/z)^2 - 1 below.
const middle: readonly number[] = [
  0.07981034257083895, 0.13358598577835648, -0.12888154225314424, -0.08776265494035469, -0.11786513948317262,
  0.2494019918868029, -0.035635245648797415, -0.12552960424978643, 0.07658320862153278, 0.006539826099616935,
  -0.023099786059506074, 0.0075040528747347115, 0.0017030155672010565, -0.001847967273977794, 0.0003517624295647609,
  0.00013635466079863891, -8.308790360342944e-5, 8.894157813861605e-6, 5.884144160957906e-6, -2.388680332415851e-6,
  1.1078940909561706e-7, 1.625312951027347e-7, -4.7480935940319924e-8, -1.754949228512617e-10, 3.144514394466578e-9,
  -6.872528750687637e-10, -3.432139716305899e-11, 4.5120269871187276e-11, -7.505023274955363e-12,
  -7.320391388335262e-13, 4.998060740578426e-13, -6.330395765884145e-14, -9.638462850616974e-15, 4.403519218800548e-15,
  -4.1759243545597107e-16, -9.31695346064716e-17, 3.1579001128543586e-17,
];
const right: readonly number[] = [
  0.2776956095117059, -0.004172967562045923, 0.00020669586013998011, -1.7280997841068207e-5, 1.928052166797157e-6,
  -2.605774398776262e-7, 4.051516883512395e-8, -7.022240440986223e-9, 1.3286081997701028e-9, -2.703558037129289e-10,
  5.852297782838998e-11, -1.3363584416519756e-11, 3.1978547149289153e-12, -7.976813559559603e-13,
  2.0651347541109665e-13, -5.52899978215978e-14, 1.526165619010181e-14, -4.331979304955806e-15, 1.2616239319898747e-15,
  -3.7626070399357594e-16, 1.1471616156264618e-16, -3.570144365109208e-17, 1.1326462271400218e-17,
];
const leftCosine: readonly number[] = [
  0.9998088477395531, -0.00019041677962134863, 7.267968168417445e-7, -8.485426967529796e-9, 1.9144545982950886e-10,
  -6.778493941405162e-12, 3.345666079656652e-13, -2.1345137724465704e-14, 1.6718079441151791e-15,
  -1.5491724858625586e-16,
];
const leftSine: readonly number[] = [
  0.06925101122700861, -0.00019199395713168297, 1.4144485007348916e-6, -2.4076418454371364e-8, 7.033135474188027e-10,
  -3.0199171290130837e-11, 1.73483636560491e-12, -1.2527799137757002e-13, 1.0886384509119664e-14,
  -1.1026771285105438e-15, 1.2709996936013433e-16, -1.6365087007659018e-17, 2.3195560389025733e-18,
];

function exponent(size: Value): Value {
  return b.mul(b.like(size, 2 / 3), b.mul(size, b.sqrt(size)));
}

function fourthRoot(size: Value): Value {
  return b.sqrt(b.sqrt(size));
}

/** The Airy function Ai, which has no gradient in PyTorch either. (PyTorch: `torch.special.airy_ai`) */
export function airyAi(x: Tensor): Tensor {
  const node = stopGradient(toFloating(requireTensor('airy_ai', x)));
  const [two, minusSix, one] = [2, -6, 1].map((value) => b.like(node, value)) as [Value, Value, Value];
  const isRight = b.lt(two, node);
  const isLeft = b.lt(node, minusSix);

  const within = b.select(b.or(isRight, isLeft), two, node);
  const centre = chebyshev(b.mul(b.add(within, two), b.like(node, 0.25)), middle);

  const high = b.select(isRight, node, two);
  const decay = exponent(high);
  const u = b.sub(b.div(b.like(node, 2 * (2 / 3) * 2 ** 1.5), decay), one);
  const falling = b.mul(b.div(chebyshev(u, right), fourthRoot(high)), b.exp(b.neg(decay)));

  const low = b.neg(b.select(isLeft, node, minusSix));
  const angle = exponent(low);
  const ratio = b.div(b.like(node, (2 / 3) * 6 ** 1.5), angle);
  const v = b.sub(b.mul(two, b.mul(ratio, ratio)), one);
  const [cos, sin] = [b.cos(angle), b.sin(angle)];
  // At the angle less pi/4, but for the root of 1/2.
  const first = b.mul(chebyshev(v, leftCosine), b.add(cos, sin));
  const second = b.mul(b.div(chebyshev(v, leftSine), angle), b.sub(sin, cos));
  const swinging = b.mul(b.div(b.add(first, second), fourthRoot(low)), b.like(node, Math.sqrt(0.5 / Math.PI)));

  const value = b.select(isRight, falling, b.select(isLeft, swinging, centre));
  const isInfinite = b.eq(b.abs(node), b.like(node, Number.POSITIVE_INFINITY));
  return wrap(b.select(isInfinite, b.like(node, Number.NaN), value));
}
