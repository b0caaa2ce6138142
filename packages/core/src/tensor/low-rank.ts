import { ShapeError } from '../errors.ts';
import { recorder as b } from '../graph/node.ts';
import { scoped } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';
import { randn } from './creation.ts';
import { asVector } from './eigen.ts';
import { orthogonalFactors } from './factorization.ts';
import { requireInteger } from './integers.ts';
import type { NamedResults } from './named-results.ts';
import { namedResults } from './named-results.ts';
import { requireOptions, requireTensor } from './operand.ts';
import { requireMatrices, singularFactors } from './singular.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

type Factors = NamedResults<{ readonly U: Tensor; readonly S: Tensor; readonly V: Tensor }>;

/** Orthonormal columns that span what q random combinations of A's columns span, sharpened by multiplications with A A^T. */
function approximateBasis(a: Value, q: number, niter: number): Value {
  return scoped(() => {
    const orthonormal = (x: Value): Value => orthogonalFactors(x, false).q;
    const drawn = randn([a.shape.at(-1)!, q], { dtype: a.dtype }).node;
    const spread = b.broadcastTo(drawn, [...a.shape.slice(0, -2), ...drawn.shape]);
    let basis = orthonormal(b.matmul(a, spread));
    for (let i = 0; i < niter; i++) {
      basis = orthonormal(b.matmul(a, basis, { transposeA: true }));
      basis = orthonormal(b.matmul(a, basis));
    }
    return basis;
  });
}

function approximated(a: Value, q: number, niter: number): Factors {
  const [m, n] = a.shape.slice(-2) as [number, number];
  const tall = m < n ? b.transpose(a) : a;
  const basis = approximateBasis(tall, q, niter);
  const { u, s, v } = singularFactors(b.matmul(basis, tall, { transposeA: true }));
  const left = b.matmul(basis, u);
  const S = wrap(asVector(s));
  return m < n ? namedResults({ U: wrap(v), S, V: wrap(left) }) : namedResults({ U: wrap(left), S, V: wrap(v) });
}

export interface SvdLowrankOptions {
  /** A guess, a little too large, of the rank. Default 6. */
  q?: number | null;
  /** How often the subspace is sharpened. Default 2. */
  niter?: number | null;
  /** Is subtracted from A: often the means of its columns, [..., 1, n] or [..., m, n]. */
  M?: Tensor | null;
}

/**
 * Approximately A - M = U diag(S) V^T with the q largest singular values, in a random subspace (drawn as PyTorch draws it).
 * (PyTorch: `torch.svd_lowrank`)
 */
export function svdLowrank(
  x: Tensor,
  q?: number | null | SvdLowrankOptions,
  niter?: number | null,
  M?: Tensor | null,
): Factors {
  const given = typeof q === 'object' && q !== null ? q : { q: q ?? null, niter: niter ?? null, M: M ?? null };
  requireOptions('svd_lowrank', given, ['q', 'niter', 'M']);
  const a = requireMatrices('svd_lowrank', x);
  const mean = given.M ? requireTensor('svd_lowrank', given.M) : null;
  return approximated(mean === null ? a : b.sub(a, mean), given.q ?? 6, given.niter ?? 2);
}

export interface PcaLowrankOptions {
  /** A guess, a little too large, of the rank. Default min(6, m, n). */
  q?: number | null;
  /** The mean of each column is subtracted first. Default true. */
  center?: boolean;
  /** How often the subspace is sharpened. Default 2. */
  niter?: number;
}

/**
 * Principal components of m observations [..., m, n]: approximately U diag(S) V^T with the q largest singular values; the columns
 * of V are the principal directions. (PyTorch: `torch.pca_lowrank`)
 */
export function pcaLowrank(x: Tensor, q?: number | null | PcaLowrankOptions, center = true, niter = 2): Factors {
  const given = typeof q === 'object' && q !== null ? q : { q: q ?? null, center, niter };
  requireOptions('pca_lowrank', given, ['q', 'center', 'niter']);
  const a = requireMatrices('pca_lowrank', x);
  const [m, n] = a.shape.slice(-2) as [number, number];
  const rank = requireInteger('pca_lowrank', given.q ?? Math.min(6, m, n));
  if (rank < 0 || rank > Math.min(m, n))
    throw new ShapeError(`q(=${rank}) must be non-negative integer and not greater than min(m, n)=${Math.min(m, n)}`);
  const times = requireInteger('pca_lowrank', given.niter ?? 2);
  if (times < 0) throw new ShapeError(`niter(=${times}) must be non-negative integer`);
  const centered = (given.center ?? true) ? b.sub(a, b.reduceMean(a, [a.shape.length - 2], true)) : a;
  return approximated(centered, rank, times);
}
