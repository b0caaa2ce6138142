import { recorder as b } from '../graph/node.ts';
import type { Value } from '../graph/value.ts';
import { chebyshev } from './chebyshev.ts';
import { requireTensor, toFloating } from './operand.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

// Modified Bessel functions. Chebyshev coefficients interpolated in float64: for |x| <= 8 in |x|/4 - 1, of e^-|x| I0(x) and
// of e^-|x| I1(x) / x; for |x| > 8 in 16/|x| - 1, of the scaled functions times sqrt(|x|).
const zerothNear: readonly number[] = [
  0.338397637204738, -0.3046826723431983, 0.17162090152220857, -0.09490109704804787, 0.04930528423967064,
  -0.023737414805899505, 0.010546460394595138, -0.004324309995050802, 0.001639475616941225, -0.0005763755745387735,
  0.00018850288509589814, -5.7541950101016474e-5, 1.6448448070754967e-5, -4.41673835860912e-6, 1.1173875391234937e-6,
  -2.670793855685806e-7, 6.046995033592852e-8, -1.3000250162487076e-8, 2.6598235752794972e-9, -5.189796786764238e-10,
  9.675805573428071e-11, -1.7268309004947485e-11, 2.9550140112633046e-12, -4.858058400003532e-13, 7.703282456361654e-14,
  -1.2023715356690451e-14, 2.1423834928313587e-15,
];
const zerothFar: readonly number[] = [
  0.4022452055070544, 0.0033691164782557103, 6.88975834691476e-5, 2.8913705208264384e-6, 2.0489185896827716e-7,
  2.2666689875397438e-8, 3.396232023085769e-9, 4.940602451458665e-10, 1.1889124277089662e-11, -3.14991293031558e-11,
  -1.3215788381183707e-11, -1.7941966488910229e-12, 7.180197408862556e-13, 3.85287721865746e-13, 1.54157936416155e-14,
  -4.1465008510099835e-14, -9.553512494986375e-15, 3.809322648984371e-15, 1.764907664458804e-15,
];
const firstNear: readonly number[] = [
  0.12629359322181682, -0.17641651835783417, 0.10264365868984715, -0.05294598120809518, 0.02472644903062654,
  -0.01056408489462619, 0.004156422944312988, -0.0015135724506314399, 0.0005122859561685596, -0.00016176081582601067,
  4.7815651075608386e-5, -1.3273163156165464e-5, 3.4702513082213183e-6, -8.568720265944578e-7, 2.0032947543602304e-7,
  -4.445059136604092e-8, 9.381537519059794e-9, -1.8872497939415042e-9, 3.6255898838710734e-10, -6.6634946171984e-11,
  1.173618840999425e-11, -1.983990749465649e-12, 3.2239211300577643e-13, -5.056788321411435e-14, 7.782663402622353e-15,
  -1.293409823688308e-15,
];
const firstFar: readonly number[] = [
  0.38928811750914005, -0.009761097491361458, -0.00011058893876266574, -3.882564808906433e-6, -2.5122362381614987e-7,
  -2.6314688483103366e-8, -3.835380406845557e-9, -5.589743480582944e-10, -1.8974966389806454e-11, 3.252604416272704e-11,
  1.4125796409317221e-11, 2.035624099838707e-12, -7.198786705631124e-13, -4.083816618205562e-13,
  -2.1011838102769082e-14, 4.2721728932271234e-14, 1.0435323937428579e-14, -3.832828152083857e-15,
  -1.8665624601510452e-15,
];

/** The scaled function of |x| in two parts; the far one has no root at 0, where it is not taken. */
function scaled(x: Value, near: readonly number[], far: readonly number[], ofNear: (value: Value) => Value): Value {
  const size = b.abs(x);
  const border = b.like(x, 8);
  const isNear = b.le(size, border);
  const within = b.select(isNear, size, border);
  const beyond = b.select(isNear, border, size);
  const first = ofNear(chebyshev(b.sub(b.mul(within, b.like(x, 0.25)), b.like(x, 1)), near));
  const second = b.div(chebyshev(b.sub(b.div(b.like(x, 16), beyond), b.like(x, 1)), far), b.sqrt(beyond));
  return b.select(isNear, first, second);
}

/** e^-|x| I0(x). */
export function scaledZeroth(x: Value): Value {
  return scaled(x, zerothNear, zerothFar, (value) => value);
}

/** e^-|x| I1(x). */
export function scaledFirst(x: Value): Value {
  // I1 is odd: near 0, x times an even function, whose derivative is right at 0 too.
  const size = b.abs(x);
  const isNear = b.le(size, b.like(x, 8));
  const value = scaled(x, firstNear, firstFar, (even) => even);
  return b.mul(b.select(isNear, x, b.sign(x)), value);
}

function floating(name: string, x: Tensor): Value {
  return toFloating(requireTensor(name, x));
}

/** The modified Bessel function of order 0. (PyTorch: `torch.special.i0`) */
export function i0(x: Tensor): Tensor {
  const node = floating('i0', x);
  return wrap(b.mul(b.exp(b.abs(node)), scaledZeroth(node)));
}

/** e^-|x| i0(x). (PyTorch: `torch.special.i0e`) */
export function i0e(x: Tensor): Tensor {
  return wrap(scaledZeroth(floating('i0e', x)));
}

/** The modified Bessel function of order 1. (PyTorch: `torch.special.i1`) */
export function i1(x: Tensor): Tensor {
  const node = floating('i1', x);
  return wrap(b.mul(b.exp(b.abs(node)), scaledFirst(node)));
}

/** e^-|x| i1(x). (PyTorch: `torch.special.i1e`) */
export function i1e(x: Tensor): Tensor {
  return wrap(scaledFirst(floating('i1e', x)));
}
