import { DTypeError, GraphError, ShapeError } from '../errors.ts';
import type { DType } from '../graph/dtype.ts';
import { isFloating } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { recorder as b } from '../graph/node.ts';
import { recording, scoped } from '../graph/scope.ts';
import { sameShape, sizeOf } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { fillBernoulli, fillGeometric } from '../random/bernoulli.ts';
import { fillCauchy, fillExponential, fillLogNormal } from '../random/continuous.ts';
import { defaultGenerator } from '../random/default-generator.ts';
import type { Generator } from '../random/generator.ts';
import { fillRandint, fillRandom } from '../random/integers.ts';
import { fillNormal } from '../random/normal.ts';
import { fillUniform } from '../random/uniform.ts';
import { relu, sigmoid } from './activation.ts';
import * as arithmetic from './arithmetic.ts';
import { eq, ge, gt, le, logicalAnd, logicalNot, logicalOr, logicalXor, lt, ne } from './comparison.ts';
import { filledHost } from './creation-options.ts';
import { cumprod, cumsum } from './cumulative.ts';
import { numberTable } from './host-values.ts';
import { bernoulliNode } from './noise.ts';
import { requireOptions, requireTensor } from './operand.ts';
import type { GeneratorOptions } from './sampling.ts';
import { clamp, clampMax, clampMin, copysign, maskedFill, nanToNum } from './selection.ts';
import { atan2, digamma, erf, erfc, erfinv, hypot, lgamma, sinc, xlogy } from './special.ts';
import { Tensor } from './tensor.ts';
import * as unary from './unary.ts';

// Methods that give their tensor another value and return it. What was computed from it before keeps the former value,
// and so do tensors that share elements with it in PyTorch: here, views are values of their own.

const torchNames: Record<DType, string> = { float16: 'Half', float32: 'Float', float64: 'Double', int32: 'Long', bool: 'Bool' };

function kind(dtype: DType): number {
  return isFloating(dtype) ? 2 : dtype === 'int32' ? 1 : 0;
}

/** Refuses to overwrite a leaf that gradients are wanted for. */
function requireWritable(name: string, x: Tensor): Node {
  const node = requireTensor(name, x);
  if (recording.gradEnabled && x.requiresGrad && x.isLeaf)
    throw new GraphError('a leaf Variable that requires grad is being used in an in-place operation. Wrap the operation in noGrad(() => ...).');
  return node;
}

/** Gives x another value of its own shape and dtype. */
function assign(x: Tensor, value: Value): Tensor {
  if (!sameShape(value.shape, x.shape))
    throw new ShapeError(`output with shape [${x.shape.join(', ')}] doesn't match the broadcast shape [${value.shape.join(', ')}]`);
  if (kind(value.dtype) > kind(x.dtype))
    throw new DTypeError(`result type ${torchNames[value.dtype]} can't be cast to the desired output type ${torchNames[x.dtype]}`);
  x.assignValue(b.cast(value, x.dtype) as Node);
  return x;
}

/** An operation that overwrites its first operand with its result. */
function inPlace<Rest extends readonly unknown[]>(name: string, operation: (x: Tensor, ...rest: Rest) => Tensor): (x: Tensor, ...rest: Rest) => Tensor {
  return (x, ...rest) => {
    requireWritable(name, x);
    return assign(x, scoped(() => operation(x, ...rest)).node);
  };
}

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
export const erf_ = inPlace('erf_', erf);
/** x = erfc(x). (PyTorch: `Tensor.erfc_`) */
export const erfc_ = inPlace('erfc_', erfc);
/** x = erfinv(x). (PyTorch: `Tensor.erfinv_`) */
export const erfinv_ = inPlace('erfinv_', erfinv);
/** x = lgamma(x). (PyTorch: `Tensor.lgamma_`) */
export const lgamma_ = inPlace('lgamma_', lgamma);
/** x = digamma(x). (PyTorch: `Tensor.digamma_`) */
export const digamma_ = inPlace('digamma_', digamma);
/** x = sinc(x). (PyTorch: `Tensor.sinc_`) */
export const sinc_ = inPlace('sinc_', sinc);
/** x = atan2(x, other). (PyTorch: `Tensor.atan2_`) */
export const atan2_ = inPlace('atan2_', atan2);
/** x = hypot(x, other). (PyTorch: `Tensor.hypot_`) */
export const hypot_ = inPlace('hypot_', hypot);
/** x = xlogy(x, other). (PyTorch: `Tensor.xlogy_`) */
export const xlogy_ = inPlace('xlogy_', xlogy);
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
/** x = running sums of x. (PyTorch: `Tensor.cumsum_`) */
export const cumsum_ = inPlace('cumsum_', cumsum);
/** x = running products of x. (PyTorch: `Tensor.cumprod_`) */
export const cumprod_ = inPlace('cumprod_', cumprod);
/** x = whether x = other, in the dtype of x. (PyTorch: `Tensor.eq_`) */
export const eq_ = inPlace('eq_', eq);
/** x = whether x and other differ, in the dtype of x. (PyTorch: `Tensor.ne_`) */
export const ne_ = inPlace('ne_', ne);
/** x = whether x > other, in the dtype of x. (PyTorch: `Tensor.gt_`) */
export const gt_ = inPlace('gt_', gt);
/** x = whether x >= other, in the dtype of x. (PyTorch: `Tensor.ge_`) */
export const ge_ = inPlace('ge_', ge);
/** x = whether x < other, in the dtype of x. (PyTorch: `Tensor.lt_`) */
export const lt_ = inPlace('lt_', lt);
/** x = whether x <= other, in the dtype of x. (PyTorch: `Tensor.le_`) */
export const le_ = inPlace('le_', le);
/** x = x and other, in the dtype of x. (PyTorch: `Tensor.logical_and_`) */
export const logicalAnd_ = inPlace('logical_and_', logicalAnd);
/** x = x or other, in the dtype of x. (PyTorch: `Tensor.logical_or_`) */
export const logicalOr_ = inPlace('logical_or_', logicalOr);
/** x = x xor other, in the dtype of x. (PyTorch: `Tensor.logical_xor_`) */
export const logicalXor_ = inPlace('logical_xor_', logicalXor);
/** x = not x, in the dtype of x. (PyTorch: `Tensor.logical_not_`) */
export const logicalNot_ = inPlace('logical_not_', logicalNot);

/** Gives x a value that does not depend on its former one, whose gradient is 0. */
function replace(x: Tensor, value: Value): Tensor {
  if (!x.requiresGrad || !recording.gradEnabled) return assign(x, value);
  return assign(x, b.select(b.scalar(1, 'bool'), b.cast(value, x.dtype), x.node));
}

/** x = value everywhere. (PyTorch: `Tensor.fill_`) */
export function fill_(x: Tensor, value: number | boolean | Tensor): Tensor {
  const node = requireWritable('fill_', x);
  if (value instanceof Tensor) {
    if (value.ndim > 0) throw new ShapeError(`fill_ only supports 0-dimension value tensor but got tensor with ${value.ndim} dimensions.`);
    return replace(x, b.broadcastTo(b.cast(value.node, node.dtype), node.shape));
  }
  if (typeof value !== 'number' && typeof value !== 'boolean') throw new TypeError(`fill_: expected a number or a 0-d tensor, got ${typeof value}`);
  const stored = node.dtype === 'bool' ? Number(Boolean(value)) : node.dtype === 'int32' ? Math.trunc(Number(value)) : Number(value);
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

/** Overwrites x with numbers from the host. */
function overwrite(x: Tensor, values: ArrayLike<number>): Tensor {
  return replace(x, numberTable(values, x.shape, x.dtype));
}

function floatingSize(name: string, x: Tensor): number {
  const { dtype, shape } = requireWritable(name, x);
  if (!isFloating(dtype)) throw new DTypeError(`${name}: not implemented for '${torchNames[dtype]}'`);
  return sizeOf(shape);
}

/** The arguments of a random method, by position or by name. */
function named<K extends string>(name: string, keys: readonly K[], args: readonly unknown[]): { [N in K]?: number } & { generator: Generator } {
  const rest = [...args];
  const last = rest.at(-1);
  const options = typeof last === 'object' && last !== null ? (rest.pop() as Record<string, unknown>) : {};
  requireOptions(name, options, [...keys, 'generator']);
  const found: Record<string, unknown> = { ...options, generator: (options['generator'] as Generator | undefined) ?? defaultGenerator() };
  for (const [i, value] of rest.entries()) if (value !== undefined) found[keys[i] ?? ''] = value;
  for (const key of keys)
    if (found[key] !== undefined && typeof found[key] !== 'number') throw new TypeError(`${name}: expected a number as ${key}, got ${typeof found[key]}`);
  return found as { [N in K]?: number } & { generator: Generator };
}

type Named<K extends string> = { [N in K]?: number } & GeneratorOptions;

/** x = uniform numbers in [from, to), by default [0, 1). (PyTorch: `Tensor.uniform_`) */
export function uniform_(x: Tensor, from?: number | Named<'from' | 'to'>, to?: number | GeneratorOptions, options?: GeneratorOptions): Tensor {
  const size = floatingSize('uniform_', x);
  const chosen = named('uniform_', ['from', 'to'], given(from, to, options));
  return overwrite(x, filledHost(x.dtype, size, (out, precision) => fillUniform(chosen.generator, out, chosen.from, chosen.to, precision)));
}

/** x = normal numbers of `mean` (default 0) and `std` (default 1). (PyTorch: `Tensor.normal_`) */
export function normal_(x: Tensor, mean?: number | Named<'mean' | 'std'>, std?: number | GeneratorOptions, options?: GeneratorOptions): Tensor {
  const size = floatingSize('normal_', x);
  const chosen = named('normal_', ['mean', 'std'], given(mean, std, options));
  return overwrite(x, filledHost(x.dtype, size, (out, precision) => fillNormal(chosen.generator, out, chosen.mean, chosen.std, precision)));
}

/** x = numbers of density lambd e^(-lambd x), `lambd` being 1 by default. (PyTorch: `Tensor.exponential_`) */
export function exponential_(x: Tensor, lambd?: number | Named<'lambd'>, options?: GeneratorOptions): Tensor {
  const size = floatingSize('exponential_', x);
  const chosen = named('exponential_', ['lambd'], given(lambd, options));
  return overwrite(x, filledHost(x.dtype, size, (out, precision) => fillExponential(chosen.generator, out, chosen.lambd, precision)));
}

/** x = Cauchy numbers of `median` (default 0) and `sigma` (default 1). (PyTorch: `Tensor.cauchy_`) */
export function cauchy_(x: Tensor, median?: number | Named<'median' | 'sigma'>, sigma?: number | GeneratorOptions, options?: GeneratorOptions): Tensor {
  const size = floatingSize('cauchy_', x);
  const chosen = named('cauchy_', ['median', 'sigma'], given(median, sigma, options));
  return overwrite(x, filledHost(x.dtype, size, (out, precision) => fillCauchy(chosen.generator, out, chosen.median, chosen.sigma, precision)));
}

/** x = e^z, z being normal of `mean` (default 1) and `std` (default 2). (PyTorch: `Tensor.log_normal_`) */
export function logNormal_(x: Tensor, mean?: number | Named<'mean' | 'std'>, std?: number | GeneratorOptions, options?: GeneratorOptions): Tensor {
  const size = floatingSize('log_normal_', x);
  const chosen = named('log_normal_', ['mean', 'std'], given(mean, std, options));
  return overwrite(x, filledHost(x.dtype, size, (out, precision) => fillLogNormal(chosen.generator, out, chosen.mean, chosen.std, precision)));
}

/** x = numbers of trials up to the first success, each of probability `p`. (PyTorch: `Tensor.geometric_`) */
export function geometric_(x: Tensor, p: number, options?: GeneratorOptions): Tensor {
  const { shape } = requireWritable('geometric_', x);
  const chosen = named('geometric_', ['p'], given(p, options));
  return overwrite(x, fillGeometric(chosen.generator, new Float64Array(sizeOf(shape)), p));
}

/** x = 1 with probability `p` (default 0.5; a tensor has one per element), otherwise 0. (PyTorch: `Tensor.bernoulli_`) */
export function bernoulli_(x: Tensor, p: number | Tensor | Named<'p'> = 0.5, options: GeneratorOptions = {}): Tensor {
  const { shape } = requireWritable('bernoulli_', x);
  if (p instanceof Tensor) {
    const probabilities = b.broadcastTo(p.node, shape) as Node;
    return replace(x, b.cast(bernoulliNode(probabilities, options.generator ?? defaultGenerator()), x.dtype));
  }
  const chosen = named('bernoulli_', ['p'], given(p, options));
  return overwrite(x, fillBernoulli(chosen.generator, new Float32Array(sizeOf(shape)), chosen.p));
}

/**
 * x = whole numbers from `from` (default 0) below `to`; without bounds, the whole range that the dtype holds exactly.
 * One number alone is `to`. (PyTorch: `Tensor.random_`)
 */
export function random_(x: Tensor, from?: number | GeneratorOptions, to?: number | GeneratorOptions, options?: GeneratorOptions): Tensor {
  const { dtype, shape } = requireWritable('random_', x);
  const single = typeof from === 'number' && typeof to !== 'number';
  const chosen = single ? named('random_', ['to'], given(from, to, options)) : named('random_', ['from', 'to'], given(from, to, options));
  const bounds = chosen as { from?: number; to?: number };
  const size = sizeOf(shape);
  const out = dtype === 'float64' ? new Float64Array(size) : isFloating(dtype) ? new Float32Array(size) : new Int32Array(size);
  if (bounds.to === undefined) {
    if (dtype === 'bool') return overwrite(x, fillRandint(chosen.generator, out, 0, 2));
    return overwrite(x, fillRandom(chosen.generator, out));
  }
  return overwrite(x, fillRandint(chosen.generator, out, bounds.from ?? 0, bounds.to));
}

/** What was written; trailing arguments that were left out are no arguments. */
function given(...args: readonly unknown[]): readonly unknown[] {
  const rest = [...args];
  while (rest.length > 0 && rest.at(-1) === undefined) rest.pop();
  return rest;
}
