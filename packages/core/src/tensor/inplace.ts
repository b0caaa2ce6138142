import { ShapeError } from '../errors.ts';
import { recorder as b } from '../graph/node.ts';
import { logit, relu, sigmoid } from './activation.ts';
import * as arithmetic from './arithmetic.ts';
import * as bits from './bits.ts';
import * as comparison from './comparison.ts';
import { cumprod, cumsum } from './cumulative.ts';
import { nextafter } from './floating-parts.ts';
import { requireTensor } from './operand.ts';
import { inPlace, inPlaceComparison, inPlaceFlat, inPlaceView, replace, requireWritable } from './overwrite.ts';
import { clamp, clampMax, clampMin, copysign, heaviside, maskedFill, nanToNum } from './selection.ts';
import * as special from './special.ts';
import { renorm } from './statistics.ts';
import { Tensor } from './tensor.ts';
import { tril, triu } from './triangle.ts';
import * as unary from './unary.ts';
import { squeeze, swapaxes, swapdims, t, transpose, unsqueeze } from './view.ts';

// Methods that give their tensor another value and return it. What was computed from it before keeps the former value,
// and so do tensors that share elements with it in PyTorch: here, views are values of their own.

/** x = x + alpha * other. (PyTorch: `Tensor.add_`) */
export const add_ = inPlace('add_', arithmetic.add);
/** x = x - alpha * other. (PyTorch: `Tensor.sub_`) */
export const sub_ = inPlace('sub_', arithmetic.sub);
/** x = x * other. (PyTorch: `Tensor.mul_`) */
export const mul_ = inPlace('mul_', arithmetic.mul);
/** x = x / other. (PyTorch: `Tensor.div_`) */
export const div_ = inPlace('div_', arithmetic.div);
/** x = floorDivide(x, other). (PyTorch: `Tensor.floor_divide_`) */
export const floorDivide_ = inPlace('floor_divide_', arithmetic.floorDivide);
/** x = remainder(x, other). (PyTorch: `Tensor.remainder_`) */
export const remainder_ = inPlace('remainder_', arithmetic.remainder);
/** x = fmod(x, other). (PyTorch: `Tensor.fmod_`) */
export const fmod_ = inPlace('fmod_', arithmetic.fmod);
/** x = x ^ exponent. (PyTorch: `Tensor.pow_`) */
export const pow_ = inPlace('pow_', arithmetic.pow);
/** x = -x. (PyTorch: `Tensor.neg_`) */
export const neg_ = inPlace('neg_', arithmetic.neg);
/** x = |x|. (PyTorch: `Tensor.abs_`) */
export const abs_ = inPlace('abs_', arithmetic.abs);
/** x = sign(x). (PyTorch: `Tensor.sign_`) */
export const sign_ = inPlace('sign_', arithmetic.sign);
/** x = x^2. (PyTorch: `Tensor.square_`) */
export const square_ = inPlace('square_', arithmetic.square);
/** x = 1 / x. (PyTorch: `Tensor.reciprocal_`) */
export const reciprocal_ = inPlace('reciprocal_', arithmetic.reciprocal);
/** x = x + value * tensor1 * tensor2. (PyTorch: `Tensor.addcmul_`) */
export const addcmul_ = inPlace('addcmul_', arithmetic.addcmul);
/** x = x + value * tensor1 / tensor2. (PyTorch: `Tensor.addcdiv_`) */
export const addcdiv_ = inPlace('addcdiv_', arithmetic.addcdiv);
/** x = lerp(x, end, weight). (PyTorch: `Tensor.lerp_`) */
export const lerp_ = inPlace('lerp_', arithmetic.lerp);

/** x = x * 2^other, of integers. (PyTorch: `Tensor.bitwise_left_shift_`) */
export const bitwiseLeftShift_ = inPlace('bitwise_left_shift_', bits.bitwiseLeftShift);
/** x = floor(x / 2^other), of integers. (PyTorch: `Tensor.bitwise_right_shift_`) */
export const bitwiseRightShift_ = inPlace('bitwise_right_shift_', bits.bitwiseRightShift);
/** x = gcd(x, other). (PyTorch: `Tensor.gcd_`) */
export const gcd_ = inPlace('gcd_', bits.gcd);
/** x = lcm(x, other). (PyTorch: `Tensor.lcm_`) */
export const lcm_ = inPlace('lcm_', bits.lcm);
/** x = x * 2^other. (PyTorch: `Tensor.ldexp_`) */
export const ldexp_ = inPlace('ldexp_', special.ldexp);
/** x = x^other in float64. (PyTorch: `Tensor.float_power_`) */
export const floatPower_ = inPlace('float_power_', arithmetic.floatPower);
/** x = igamma(x, other). (PyTorch: `Tensor.igamma_`) */
export const igamma_ = inPlace('igamma_', special.igamma);
/** x = igammac(x, other). (PyTorch: `Tensor.igammac_`) */
export const igammac_ = inPlace('igammac_', special.igammac);
/** x = mvlgamma(x, p). (PyTorch: `Tensor.mvlgamma_`) */
export const mvlgamma_ = inPlace('mvlgamma_', special.mvlgamma);
/** x = i0(x). (PyTorch: `Tensor.i0_`) */
export const i0_ = inPlace('i0_', special.i0);
/** x = polygamma(n, x). (PyTorch: `Tensor.polygamma_`) */
export const polygamma_ = inPlace('polygamma_', special.polygamma);
/** x = nextafter(x, other). (PyTorch: `Tensor.nextafter_`) */
export const nextafter_ = inPlace('nextafter_', nextafter);
/** x = sgn(x). (PyTorch: `Tensor.sgn_`) */
export const sgn_ = inPlace('sgn_', arithmetic.sgn);

/** x = sqrt(x). (PyTorch: `Tensor.sqrt_`) */
export const sqrt_ = inPlace('sqrt_', unary.sqrt);
/** x = 1 / sqrt(x). (PyTorch: `Tensor.rsqrt_`) */
export const rsqrt_ = inPlace('rsqrt_', unary.rsqrt);
/** x = e^x. (PyTorch: `Tensor.exp_`) */
export const exp_ = inPlace('exp_', unary.exp);
/** x = 2^x. (PyTorch: `Tensor.exp2_`) */
export const exp2_ = inPlace('exp2_', unary.exp2);
/** x = e^x - 1. (PyTorch: `Tensor.expm1_`) */
export const expm1_ = inPlace('expm1_', unary.expm1);
/** x = ln x. (PyTorch: `Tensor.log_`) */
export const log_ = inPlace('log_', unary.log);
/** x = log2(x). (PyTorch: `Tensor.log2_`) */
export const log2_ = inPlace('log2_', unary.log2);
/** x = log10(x). (PyTorch: `Tensor.log10_`) */
export const log10_ = inPlace('log10_', unary.log10);
/** x = ln(1 + x). (PyTorch: `Tensor.log1p_`) */
export const log1p_ = inPlace('log1p_', unary.log1p);
/** x = sin x. (PyTorch: `Tensor.sin_`) */
export const sin_ = inPlace('sin_', unary.sin);
/** x = cos x. (PyTorch: `Tensor.cos_`) */
export const cos_ = inPlace('cos_', unary.cos);
/** x = tan x. (PyTorch: `Tensor.tan_`) */
export const tan_ = inPlace('tan_', unary.tan);
/** x = asin x. (PyTorch: `Tensor.asin_`) */
export const asin_ = inPlace('asin_', unary.asin);
/** x = acos x. (PyTorch: `Tensor.acos_`) */
export const acos_ = inPlace('acos_', unary.acos);
/** x = atan x. (PyTorch: `Tensor.atan_`) */
export const atan_ = inPlace('atan_', unary.atan);
/** x = sinh x. (PyTorch: `Tensor.sinh_`) */
export const sinh_ = inPlace('sinh_', unary.sinh);
/** x = cosh x. (PyTorch: `Tensor.cosh_`) */
export const cosh_ = inPlace('cosh_', unary.cosh);
/** x = tanh x. (PyTorch: `Tensor.tanh_`) */
export const tanh_ = inPlace('tanh_', unary.tanh);
/** x = floor(x). (PyTorch: `Tensor.floor_`) */
export const floor_ = inPlace('floor_', unary.floor);
/** x = ceil(x). (PyTorch: `Tensor.ceil_`) */
export const ceil_ = inPlace('ceil_', unary.ceil);
/** x = round(x). (PyTorch: `Tensor.round_`) */
export const round_ = inPlace('round_', unary.round);
/** x = trunc(x). (PyTorch: `Tensor.trunc_`) */
export const trunc_ = inPlace('trunc_', unary.trunc);
/** x = frac(x). (PyTorch: `Tensor.frac_`) */
export const frac_ = inPlace('frac_', unary.frac);
/** x = erf(x). (PyTorch: `Tensor.erf_`) */
export const erf_ = inPlace('erf_', special.erf);
/** x = erfc(x). (PyTorch: `Tensor.erfc_`) */
export const erfc_ = inPlace('erfc_', special.erfc);
/** x = erfinv(x). (PyTorch: `Tensor.erfinv_`) */
export const erfinv_ = inPlace('erfinv_', special.erfinv);
/** x = lgamma(x). (PyTorch: `Tensor.lgamma_`) */
export const lgamma_ = inPlace('lgamma_', special.lgamma);
/** x = digamma(x). (PyTorch: `Tensor.digamma_`) */
export const digamma_ = inPlace('digamma_', special.digamma);
/** x = sinc(x). (PyTorch: `Tensor.sinc_`) */
export const sinc_ = inPlace('sinc_', special.sinc);
/** x = atan2(x, other). (PyTorch: `Tensor.atan2_`) */
export const atan2_ = inPlace('atan2_', special.atan2);
/** x = hypot(x, other). (PyTorch: `Tensor.hypot_`) */
export const hypot_ = inPlace('hypot_', special.hypot);
/** x = xlogy(x, other). (PyTorch: `Tensor.xlogy_`) */
export const xlogy_ = inPlace('xlogy_', special.xlogy);
/** x = copysign(x, other). (PyTorch: `Tensor.copysign_`) */
export const copysign_ = inPlace('copysign_', copysign);
/** x = max(x, 0). (PyTorch: `Tensor.relu_`) */
export const relu_ = inPlace('relu_', relu);
/** x = sigmoid(x). (PyTorch: `Tensor.sigmoid_`) */
export const sigmoid_ = inPlace('sigmoid_', sigmoid);
/** x = clamp(x, min, max). (PyTorch: `Tensor.clamp_`) */
export const clamp_ = inPlace('clamp_', clamp);
/** x = max(x, min). (PyTorch: `Tensor.clamp_min_`) */
export const clampMin_ = inPlace('clamp_min_', clampMin);
/** x = min(x, max). (PyTorch: `Tensor.clamp_max_`) */
export const clampMax_ = inPlace('clamp_max_', clampMax);
/** x = value where the mask is true. (PyTorch: `Tensor.masked_fill_`) */
export const maskedFill_ = inPlace('masked_fill_', maskedFill);
/** x = nanToNum(x). (PyTorch: `Tensor.nan_to_num_`) */
export const nanToNum_ = inPlace('nan_to_num_', nanToNum);
/** x = renorm(x, p, dim, maxnorm). (PyTorch: `Tensor.renorm_`) */
export const renorm_ = inPlace('renorm_', renorm);
/** x = running sums of x. (PyTorch: `Tensor.cumsum_`) */
export const cumsum_ = inPlace('cumsum_', cumsum);
/** x = running products of x. (PyTorch: `Tensor.cumprod_`) */
export const cumprod_ = inPlace('cumprod_', cumprod);
/** x = whether x = other, in the dtype of x. (PyTorch: `Tensor.eq_`) */
export const eq_ = inPlaceComparison('eq_', comparison.eq);
/** x = whether x and other differ, in the dtype of x. (PyTorch: `Tensor.ne_`) */
export const ne_ = inPlaceComparison('ne_', comparison.ne);
/** x = whether x > other, in the dtype of x. (PyTorch: `Tensor.gt_`) */
export const gt_ = inPlaceComparison('gt_', comparison.gt);
/** x = whether x >= other, in the dtype of x. (PyTorch: `Tensor.ge_`) */
export const ge_ = inPlaceComparison('ge_', comparison.ge);
/** x = whether x < other, in the dtype of x. (PyTorch: `Tensor.lt_`) */
export const lt_ = inPlaceComparison('lt_', comparison.lt);
/** x = whether x <= other, in the dtype of x. (PyTorch: `Tensor.le_`) */
export const le_ = inPlaceComparison('le_', comparison.le);
/** x = x and other, in the dtype of x. (PyTorch: `Tensor.logical_and_`) */
export const logicalAnd_ = inPlaceFlat('logical_and_', comparison.logicalAnd);
/** x = x or other, in the dtype of x. (PyTorch: `Tensor.logical_or_`) */
export const logicalOr_ = inPlaceFlat('logical_or_', comparison.logicalOr);
/** x = x xor other, in the dtype of x. (PyTorch: `Tensor.logical_xor_`) */
export const logicalXor_ = inPlaceFlat('logical_xor_', comparison.logicalXor);
/** x = not x, in the dtype of x. (PyTorch: `Tensor.logical_not_`) */
export const logicalNot_ = inPlaceFlat('logical_not_', comparison.logicalNot);

/** x = acosh x. (PyTorch: `Tensor.acosh_`) */
export const acosh_ = inPlace('acosh_', unary.acosh);
/** x = asinh x. (PyTorch: `Tensor.asinh_`) */
export const asinh_ = inPlace('asinh_', unary.asinh);
/** x = atanh x. (PyTorch: `Tensor.atanh_`) */
export const atanh_ = inPlace('atanh_', unary.atanh);
/** x = deg2rad(x). (PyTorch: `Tensor.deg2rad_`) */
export const deg2rad_ = inPlace('deg2rad_', unary.deg2rad);
/** x = rad2deg(x). (PyTorch: `Tensor.rad2deg_`) */
export const rad2deg_ = inPlace('rad2deg_', unary.rad2deg);
/** x = logit(x). (PyTorch: `Tensor.logit_`) */
export const logit_ = inPlace('logit_', logit);
/** x = heaviside(x, values). (PyTorch: `Tensor.heaviside_`) */
export const heaviside_ = inPlace('heaviside_', heaviside);
/** x = x and other, of booleans. (PyTorch: `Tensor.bitwise_and_`) */
export const bitwiseAnd_ = inPlace('bitwise_and_', bits.bitwiseAnd);
/** x = x or other, of booleans. (PyTorch: `Tensor.bitwise_or_`) */
export const bitwiseOr_ = inPlace('bitwise_or_', bits.bitwiseOr);
/** x = x xor other, of booleans. (PyTorch: `Tensor.bitwise_xor_`) */
export const bitwiseXor_ = inPlace('bitwise_xor_', bits.bitwiseXor);
/** x = bitwiseNot(x). (PyTorch: `Tensor.bitwise_not_`) */
export const bitwiseNot_ = inPlace('bitwise_not_', comparison.bitwiseNot);
/** x = tril(x). (PyTorch: `Tensor.tril_`) */
export const tril_ = inPlace('tril_', tril);
/** x = triu(x). (PyTorch: `Tensor.triu_`) */
export const triu_ = inPlace('triu_', triu);

/** x without dimensions of size 1. (PyTorch: `Tensor.squeeze_`) */
export const squeeze_ = inPlaceView('squeeze_', squeeze);
/** x with a new dimension of size 1. (PyTorch: `Tensor.unsqueeze_`) */
export const unsqueeze_ = inPlaceView('unsqueeze_', unsqueeze);
/** x with two dimensions swapped. (PyTorch: `Tensor.transpose_`) */
export const transpose_ = inPlaceView('transpose_', transpose);
/** x transposed. (PyTorch: `Tensor.t_`) */
export const t_ = inPlaceView('t_', t);
/** x with two dimensions swapped. (PyTorch: `Tensor.swapaxes_`) */
export const swapaxes_ = inPlaceView('swapaxes_', swapaxes);
/** x with two dimensions swapped. (PyTorch: `Tensor.swapdims_`) */
export const swapdims_ = inPlaceView('swapdims_', swapdims);

/** x = value everywhere. (PyTorch: `Tensor.fill_`) */
export function fill_(x: Tensor, value: number | boolean | Tensor): Tensor {
  const node = requireWritable('fill_', x);
  if (value instanceof Tensor) {
    if (value.ndim > 0)
      throw new ShapeError(
        `fill_ only supports 0-dimension value tensor but got tensor with ${value.ndim} dimensions.`,
      );
    return replace(x, b.broadcastTo(b.cast(value.node, node.dtype), node.shape));
  }
  if (typeof value !== 'number' && typeof value !== 'boolean')
    throw new TypeError(`fill_: expected a number or a 0-d tensor, got ${typeof value}`);
  const stored =
    node.dtype === 'bool'
      ? Number(Number(value) !== 0)
      : node.dtype === 'int32'
        ? Math.trunc(Number(value))
        : Number(value);
  return replace(x, b.full(node.shape, stored, node.dtype));
}

/** x = 0 everywhere. (PyTorch: `Tensor.zero_`) */
export function zero_(x: Tensor): Tensor {
  return fill_(x, 0);
}

/** x = source, broadcast and converted to the dtype of x. (PyTorch: `Tensor.copy_`) */
export function copy_(x: Tensor, source: Tensor): Tensor {
  const node = requireWritable('copy_', x);
  return replace(x, b.broadcastTo(b.cast(requireTensor('copy_', source), node.dtype), node.shape));
}

export {
  abs_ as absolute_,
  acos_ as arccos_,
  acosh_ as arccosh_,
  asin_ as arcsin_,
  asinh_ as arcsinh_,
  atan2_ as arctan2_,
  atan_ as arctan_,
  atanh_ as arctanh_,
  clamp_ as clip_,
  div_ as divide_,
  div_ as trueDivide_,
  ge_ as greaterEqual_,
  gt_ as greater_,
  le_ as lessEqual_,
  lt_ as less_,
  mul_ as multiply_,
  ne_ as notEqual_,
  neg_ as negative_,
  sub_ as subtract_,
  trunc_ as fix_,
};
