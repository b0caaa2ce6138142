import type { Node } from '../graph/node.ts';
import { recorder as b } from '../graph/node.ts';
import { sizeOf } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { requireSquare } from './decomposition.ts';
import { asVector, eigenpairs, mirrored } from './eigen.ts';
import { requireOptions, requireTensor } from './operand.ts';
import { requireMatrices, singularFactors, singularValues } from './singular.ts';
import { Tensor, wrap } from './tensor.ts';

export interface ToleranceOptions {
  /** Singular values up to this count as 0: a number, or one for each matrix. Default 0. */
  atol?: number | Tensor | null;
  /** The same as a fraction of the largest one. Default: max(m, n) times the dtype's epsilon, or 0 if `atol` is given. */
  rtol?: number | Tensor | null;
  /** The matrices are symmetric; only their lower triangles are looked at. Default false. */
  hermitian?: boolean;
}

const epsilons: Readonly<Record<string, number>> = { float16: 2 ** -10, float32: 2 ** -23, float64: 2 ** -52 };

/** A tolerance as a value that broadcasts against numbers of matrices [..., 1]. */
function toleranceValue(name: string, given: number | Tensor, like: Value): Value {
  if (typeof given === 'number') return b.like(like, given);
  const node = requireTensor(name, given);
  return b.cast(b.reshape(node, [...node.shape, 1]), like.dtype);
}

/** What singular values [..., k] must be above in order to count. */
function cutoff(name: string, a: Value, s: Value, { atol, rtol }: ToleranceOptions): Value {
  const [m, n] = a.shape.slice(-2) as [number, number];
  const usual = Math.max(m, n) * epsilons[a.dtype]!;
  const absolute = toleranceValue(name, atol ?? 0, s);
  let relative: Value;
  if (rtol !== undefined && rtol !== null) relative = toleranceValue(name, rtol, s);
  else if (typeof atol === 'object' && atol !== null)
    relative = b.select(b.gt(absolute, b.like(s, 0)), b.like(s, 0), b.like(s, usual));
  else relative = b.like(s, (atol ?? 0) > 0 ? 0 : usual);
  return b.maximum(absolute, b.mul(relative, b.reduceMax(s, [s.shape.length - 1], true)));
}

/** The pseudoinverse of matrices as a value without a gradient. */
function pseudoinverse(name: string, a: Value, options: ToleranceOptions): Value {
  const inverted = (line: Value, magnitude: Value): Value => {
    const limit = cutoff(name, a, asVector(magnitude), options);
    const isKept = b.gt(magnitude, b.reshape(limit, [...limit.shape.slice(0, -1), 1, ...limit.shape.slice(-1)]));
    const one = b.like(a, 1);
    return b.select(isKept, b.div(one, b.select(isKept, line, one)), b.like(a, 0));
  };
  const fixed = b.emit('stopGradient', [a], {});
  if (options.hermitian) {
    const { values, vectors } = eigenpairs(mirrored(fixed));
    return b.matmul(b.mul(vectors, inverted(values, b.abs(values))), vectors, { transposeB: true });
  }
  const { u, s, v } = singularFactors(fixed);
  return b.matmul(b.mul(v, inverted(s, s)), u, { transposeB: true });
}

/**
 * The pseudoinverse with its gradient where the rank stays what it is, also for equal singular values:
 * dP = -P dA P + P P^T dA^T (I - A P) + (I - P A) dA^T P^T P.
 */
export function pinvOf(name: string, a: Value, options: ToleranceOptions): Value {
  const transposed = b.transpose(a);
  if (sizeOf(a.shape) === 0) return transposed;
  const result = pseudoinverse(name, a, options);
  // The first branch is never taken: it is where the gradient goes.
  const node = b.select(b.scalar(0, 'bool'), transposed, result) as Node;
  node.rule = (builder, g, { inputs: [, at], output: p }) => {
    const product = (...factors: [Value, Value, ...Value[]]): Value =>
      factors.reduce((left, right) => builder.matmul(left, right));
    const pt = builder.transpose(p);
    // Of the transpose, since that is the input.
    const inner = product(p, pt, g);
    const outer = product(g, pt, p);
    const sum = builder.sub(
      builder.add(builder.sub(inner, product(inner, pt, at!)), builder.sub(outer, product(at!, pt, outer))),
      product(p, builder.transpose(g), p),
    );
    return [null, sum, null];
  };
  return node;
}

/**
 * The pseudoinverse [..., n, m] of matrices [..., m, n], in which singular values up to max(atol, rtol * largest) count as 0.
 * (PyTorch: `torch.linalg.pinv`)
 */
export function pinv(x: Tensor, rcond?: number | Tensor | ToleranceOptions, hermitian = false): Tensor {
  const { a, options } = toleranceArguments('linalg.pinv', x, rcond, hermitian, 'rtol');
  return wrap(pinvOf('linalg.pinv', a, options));
}

type Rest = ToleranceOptions & { rcond?: number | Tensor | null; tol?: number | Tensor | null };

function toleranceArguments(
  name: string,
  x: Tensor,
  given: number | Tensor | Rest | null | undefined,
  hermitian: boolean,
  kind: 'rtol' | 'atol',
): { a: Value; options: ToleranceOptions } {
  const former = kind === 'rtol' ? 'rcond' : 'tol';
  const all: Rest =
    typeof given === 'object' && given !== null && !(given instanceof Tensor)
      ? given
      : { [former]: given ?? null, hermitian };
  requireOptions(name, all, ['atol', 'rtol', 'hermitian', former]);
  const isSymmetric = all.hermitian ?? false;
  const a = isSymmetric ? requireSquare(name, x) : requireMatrices(name, x);
  const old = all[former] ?? null;
  if (old === null) return { a, options: all };
  return {
    a,
    options: kind === 'rtol' ? { rtol: old, hermitian: isSymmetric } : { atol: old, rtol: 0, hermitian: isSymmetric },
  };
}

/**
 * How many singular values are above max(atol, rtol * largest): int32. `tol`, also as the second argument, is an absolute
 * tolerance. (PyTorch: `torch.linalg.matrix_rank`)
 */
export function matrixRank(
  x: Tensor,
  tol?: number | Tensor | (ToleranceOptions & { tol?: number | Tensor | null }),
  hermitian = false,
): Tensor {
  const { a, options } = toleranceArguments('linalg.matrix_rank', x, tol, hermitian, 'atol');
  if (sizeOf(a.shape) === 0) return wrap(b.full(a.shape.slice(0, -2), 0, 'int32'));
  return wrap(rankOf('linalg.matrix_rank', a, options));
}

/** How many singular values count. */
export function rankOf(name: string, a: Value, options: ToleranceOptions): Value {
  const s = options.hermitian ? b.abs(asVector(eigenpairs(mirrored(a)).values)) : singularValues(a);
  const counts = b.mask(b.gt(s, cutoff(name, a, s, options)), 'int32');
  return b.reduceSum(counts, [counts.shape.length - 1]);
}
