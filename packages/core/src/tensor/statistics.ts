import { DTypeError, ShapeError } from '../errors.ts';
import { isFloating } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { recorder as b } from '../graph/node.ts';
import { normalizeDim, normalizeDims, sizeOf } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { promote, requireFloatingNode, requireOptions, requireTensor, toFloating } from './operand.ts';
import type { Dims, DTypeOptions, KeepdimOptions, ReductionOptions } from './reduction-options.ts';
import { reductionArguments } from './reduction-options.ts';
import { spectralNorm } from './singular.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

export interface CorrectionOptions extends KeepdimOptions {
  /** Divides by n - correction. Default 1. */
  correction?: number;
  /** `false` is correction 0, `true` correction 1. */
  unbiased?: boolean;
}

type VarianceOptions = CorrectionOptions & ReductionOptions;
const varianceKeys = ['keepdim', 'correction', 'unbiased'];

interface Moments {
  readonly variance: Value;
  readonly mean: Value;
}

function moments(
  name: string,
  x: Tensor,
  dim: unknown,
  options: boolean | CorrectionOptions | undefined,
  keepdim: boolean | undefined,
): Moments {
  // As in PyTorch, booleans are `unbiased`, then `keepdim`; a lone one is `unbiased`.
  const more =
    typeof options === 'boolean' ? { unbiased: options, ...(keepdim === undefined ? {} : { keepdim }) } : options;
  const chosen =
    typeof dim === 'boolean'
      ? reductionArguments<VarianceOptions>(name, null, { unbiased: dim }, varianceKeys)
      : reductionArguments<VarianceOptions>(name, dim, more, varianceKeys);
  const node = requireTensor(name, x);
  if (!isFloating(node.dtype))
    throw new DTypeError(
      `${name}: expected a floating point tensor, got ${node.dtype}: ${name} only support floating point dtypes`,
    );
  const correction = chosen.correction ?? (chosen.unbiased === false ? 0 : 1);
  const axes = normalizeDims(chosen.dim, node.shape.length, name);
  const count = sizeOf(axes.map((axis) => node.shape[axis]!));
  const mean = b.div(b.reduceSum(node, axes, true), b.like(node, count));
  const deviation = b.sub(node, mean);
  const total = b.reduceSum(b.mul(deviation, deviation), axes, chosen.keepdim);
  const variance = b.div(total, b.like(node, Math.max(0, count - correction))) as Node;
  // PyTorch takes a negative number of degrees of freedom for 0, but not in the derivative.
  if (count < correction)
    variance.rule = (builder, g) => [builder.mul(g, builder.like(g, 1 / (count - correction))), null];
  return {
    variance,
    mean: chosen.keepdim
      ? mean
      : b.reshape(
          mean,
          node.shape.filter((_, i) => !axes.includes(i)),
        ),
  };
}

/** sqrt(x) whose gradient at 0 is 0, as PyTorch has it for standard deviations and norms. */
function rootWithoutPole(x: Value): Value {
  const root = b.sqrt(x) as Node;
  root.rule = (b, g, { output }) => [
    b.select(b.eq(output, b.like(output, 0)), b.like(output, 0), b.div(g, b.mul(b.like(output, 2), output))),
  ];
  return root;
}

/** Variance over dimensions: sum of (x - mean)^2 / (n - correction). (PyTorch: `torch.var`) */
function variance(
  x: Tensor,
  dim?: Dims | boolean | VarianceOptions,
  options?: boolean | CorrectionOptions,
  keepdim?: boolean,
): Tensor {
  return wrap(moments('var', x, dim, options, keepdim).variance);
}

/** Standard deviation over dimensions, the root of `var`. (PyTorch: `torch.std`) */
export function std(
  x: Tensor,
  dim?: Dims | boolean | VarianceOptions,
  options?: boolean | CorrectionOptions,
  keepdim?: boolean,
): Tensor {
  return wrap(rootWithoutPole(moments('std', x, dim, options, keepdim).variance));
}

/** `[var, mean]` over dimensions. (PyTorch: `torch.var_mean`) */
export function varMean(
  x: Tensor,
  dim?: Dims | boolean | VarianceOptions,
  options?: boolean | CorrectionOptions,
  keepdim?: boolean,
): [Tensor, Tensor] {
  const { variance: squared, mean } = moments('var_mean', x, dim, options, keepdim);
  return [wrap(squared), wrap(mean)];
}

/** `[std, mean]` over dimensions. (PyTorch: `torch.std_mean`) */
export function stdMean(
  x: Tensor,
  dim?: Dims | boolean | VarianceOptions,
  options?: boolean | CorrectionOptions,
  keepdim?: boolean,
): [Tensor, Tensor] {
  const { variance: squared, mean } = moments('std_mean', x, dim, options, keepdim);
  return [wrap(rootWithoutPole(squared)), wrap(mean)];
}

/** The order of a norm: a number, infinities included, or 'fro' (2). */
export type NormOrder = number | 'fro' | 'inf' | '-inf';

export interface NormOptions extends ReductionOptions, DTypeOptions {
  /** Default 2; of matrices also `'nuc'`. */
  p?: NormOrder | 'nuc';
}

/**
 * (sum |x|^p)^(1/p) over dimensions; for p infinite the largest or smallest |x|, for p = 0 the number of elements that
 * are not 0. Matrices are treated as vectors, but with `'nuc'`: the sum of the singular values. (PyTorch: `torch.norm`)
 */
export function norm(
  x: Tensor,
  p: NormOrder | 'nuc' | null | NormOptions = 2,
  dim?: Dims | Omit<NormOptions, 'p'>,
  options?: boolean | Omit<NormOptions, 'p' | 'dim'>,
): Tensor {
  const isOptions = typeof p === 'object' && p !== null;
  const chosen = reductionArguments<NormOptions>('norm', isOptions ? p : dim, isOptions ? undefined : options, [
    'p',
    'keepdim',
    'dtype',
  ]);
  const given = isOptions ? (p.p ?? 2) : p;
  const source = requireTensor('norm', x);
  const node = chosen.dtype ? b.cast(source, chosen.dtype) : source;
  if (!isFloating(node.dtype))
    throw new DTypeError(`norm: Expected a floating point or complex tensor as input. Got ${node.dtype}`);
  const axes = normalizeDims(chosen.dim, node.shape.length, 'norm');
  if (given !== 'nuc') return wrap(normOver(node, orderOf(given), axes, chosen.keepdim));
  // In the order given: a tuple names rows and columns.
  const [row, column, ...more] = Array.isArray(chosen.dim)
    ? chosen.dim.map((dim) => normalizeDim(dim, node.shape.length, 'norm'))
    : axes;
  if (row === undefined || column === undefined || more.length > 0)
    throw new ShapeError(`norm: the nuclear norm needs matrices: two dimensions, got ${axes.length}`);
  return wrap(spectralNorm(node, 'nuc', row, column, chosen.keepdim));
}

function orderOf(p: unknown): number {
  if (p === null || p === 'fro') return 2;
  if (p === 'inf') return Number.POSITIVE_INFINITY;
  if (p === '-inf') return Number.NEGATIVE_INFINITY;
  if (typeof p === 'number') return p;
  throw new TypeError(
    `norm: expected p to be a number, 'fro', 'inf' or '-inf', got ${typeof p === 'string' ? p : typeof p}`,
  );
}

/** A p-norm over axes, with PyTorch's gradients: 0 where the norm is 0. */
export function normOver(node: Value, p: number, axes: readonly number[], keepdim: boolean): Value {
  const zero = b.like(node, 0);
  if (p === 2) return rootWithoutPole(b.reduceSum(b.mul(node, node), axes, keepdim));
  const magnitude = b.abs(node);
  if (p === 1) return b.reduceSum(magnitude, axes, keepdim);
  if (p === 0) {
    // NaN counts, and the count has a gradient, 0.
    const counts = b.mask(b.not(b.eq(node, zero)), node.dtype);
    return b.reduceSum(b.select(b.scalar(1, 'bool'), counts, node), axes, keepdim);
  }
  if (!Number.isFinite(p)) {
    if (axes.some((axis) => node.shape[axis] === 0))
      throw new ShapeError(
        'norm: cannot compute the infinity norm on an empty dimension because the operation does not have an identity',
      );
    return p > 0 ? b.reduceMax(magnitude, axes, keepdim) : b.reduceMin(magnitude, axes, keepdim);
  }
  // Powers are taken elsewhere at 0, where their slope may be infinite.
  const power = (value: Value, exponent: number): Value => {
    const isZero = b.eq(value, zero);
    const safe = b.select(isZero, b.like(node, 1), value);
    return b.select(
      isZero,
      b.like(node, exponent > 0 ? 0 : Number.POSITIVE_INFINITY),
      b.pow(safe, b.like(node, exponent)),
    );
  };
  return power(b.reduceSum(power(magnitude, p), axes, keepdim), 1 / p);
}

export interface CovarianceOptions {
  /** Divides by n - correction. Default 1. */
  correction?: number;
}

/** Covariances of the rows of a matrix of [variables, observations]. (PyTorch: `torch.cov`) */
export function cov(x: Tensor, options: CovarianceOptions = {}): Tensor {
  requireOptions('cov', options, ['correction']);
  return wrap(covariance('cov', x, options.correction ?? 1));
}

/** Pearson's correlations of the rows of a matrix of [variables, observations]. (PyTorch: `torch.corrcoef`) */
export function corrcoef(x: Tensor): Tensor {
  const matrix = covariance('corrcoef', x, 1);
  if (matrix.shape.length === 0) return wrap(b.div(matrix, matrix));
  const n = matrix.shape[0]!;
  const isDiagonal = b.eq(b.reshape(b.iota(n), [n, 1]), b.iota(n));
  const deviations = b.sqrt(b.reduceSum(b.select(isDiagonal, matrix, b.like(matrix, 0)), [1], true));
  const raw = b.div(b.div(matrix, deviations), b.reshape(deviations, [n]));
  const above = b.select(b.gt(raw, b.like(raw, 1)), b.like(raw, 1), raw);
  return wrap(b.select(b.lt(above, b.like(raw, -1)), b.like(raw, -1), above));
}

function covariance(name: string, x: Tensor, correction: number): Value {
  if (requireTensor(name, x).dtype === 'bool') throw new DTypeError('cov(): bool dtype is not supported for input');
  const node = toFloating(x.node);
  if (node.shape.length > 2)
    throw new ShapeError(
      `${name}(): expected input to have two or fewer dimensions but got an input with ${node.shape.length} dimensions`,
    );
  const rows = node.shape.length === 2 ? node : b.reshape(node, [1, sizeOf(node.shape)]);
  const count = rows.shape[1]!;
  const deviation = b.sub(rows, b.div(b.reduceSum(rows, [1], true), b.like(rows, count)));
  const matrix = b.div(
    b.matmul(deviation, deviation, { transposeB: true }),
    b.like(rows, Math.max(0, count - correction)),
  );
  return node.shape.length === 2 && rows.shape[0] !== 1 ? matrix : b.reshape(matrix, []);
}

/** The p-norm of x - other. (PyTorch: `torch.dist`) */
export function dist(x: Tensor, other: Tensor, options: NormOrder | { p?: NormOrder } = 2): Tensor {
  const p = typeof options === 'object' && options !== null ? (options.p ?? 2) : options;
  requireTensor('dist', x);
  requireTensor('dist', other);
  const [left, right] = promote('dist', x, other);
  if (left.dtype === 'bool')
    throw new DTypeError('Subtraction, the `-` operator, with two bool tensors is not supported.');
  const difference = b.sub(left, right);
  if (!isFloating(difference.dtype))
    throw new DTypeError(
      `linalg.vector_norm: Expected a floating point or complex tensor as input. Got ${difference.dtype}`,
    );
  return wrap(
    normOver(
      difference,
      orderOf(p),
      difference.shape.map((_, i) => i),
      false,
    ),
  );
}

/** x with each slice along `dim` that has a p-norm above `maxnorm` scaled down to it. (PyTorch: `torch.renorm`) */
export function renorm(x: Tensor, p: number, dim: number, maxnorm: number): Tensor {
  const node = requireFloatingNode('renorm', requireTensor('renorm', x));
  if (node.shape.length < 2)
    throw new ShapeError(`renorm: input needs at least 2 dimensions, got ${node.shape.length} dimensions`);
  const kept = normalizeDim(dim, node.shape.length, 'renorm');
  const norm = normOver(
    node,
    p,
    node.shape.map((_, i) => i).filter((i) => i !== kept),
    true,
  );
  const limit = b.like(node, maxnorm);
  const factor = b.div(limit, b.add(norm, b.like(node, 1e-7)));
  return wrap(b.mul(node, b.select(b.gt(norm, limit), factor, b.like(node, 1))));
}

export { variance as var };
