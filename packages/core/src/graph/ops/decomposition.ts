import { ShapeError } from '../../errors.ts';
import type { Builder } from '../builder.ts';
import { composite } from '../operation.ts';
import { sizeOf } from '../shape.ts';
import type { NoAttributes, Value } from '../value.ts';
import { requireFloating } from './elementwise.ts';
import { cotangentOf, decomposed } from './general-eigen.ts';
import { diagonalizing, identity, orthogonalizing } from './jacobi.ts';
import { eigenvectorSigns, lineSigns, signs, singularVectorSigns } from './signs.ts';

// Decompositions give one value, in which the factors lie below one another.

/** Rows `start` to `start + size` of matrices. */
function rows(b: Builder, x: Value, start: number, size: number): Value {
  return b.narrow(x, x.shape.length - 2, start, size);
}

/** A matrix scaled so that its largest entry is 1, and the scale. Zeros stay as they are. */
function scaled(b: Builder, x: Value): { matrix: Value; scale: Value } {
  const rank = x.shape.length;
  const largest = b.reduceMax(b.abs(x), [rank - 2, rank - 1], true);
  const scale = b.select(b.eq(largest, b.like(x, 0)), b.like(x, 1), largest);
  return { matrix: b.div(x, scale), scale };
}

/** The columns of `x` in the order in which a line [..., 1, n] of numbers is sorted. */
function sorted(b: Builder, x: Value, line: Value, descending: boolean): Value {
  const n = line.shape.at(-1)!;
  const lead = line.shape.slice(0, -2);
  const order = b.emit('argSort', [b.reshape(line, [...lead, n])], { axis: lead.length, descending });
  return b.matmul(x, b.oneHot(order, n, x.dtype), { transposeB: true });
}

/** 1/x, and 0 where x is 0. */
function reciprocal(b: Builder, x: Value): Value {
  const isZero = b.eq(x, b.like(x, 0));
  return b.select(isZero, b.like(x, 0), b.div(b.like(x, 1), b.select(isZero, b.like(x, 1), x)));
}

/** 1 / (x_j - x_i) of a line [..., 1, n] of numbers; 0 where they are equal. */
function inverseGaps(b: Builder, line: Value): Value {
  return reciprocal(b, b.sub(line, b.transpose(line)));
}

/** A matrix with a line [..., 1, n] of numbers on its diagonal. */
function diagonal(b: Builder, line: Value): Value {
  return b.mul(identity(b, line.shape.at(-1)!, line.dtype), line);
}

function skew(b: Builder, x: Value): Value {
  return b.sub(x, b.transpose(x));
}

/**
 * R and Q^T of A = Q R by reflections, side by side: [R | Q^T] [..., m, n + m]. A [..., m, n], its largest entry about 1.
 */
function reflected(b: Builder, a: Value): Value {
  const [m, n] = a.shape.slice(-2) as [number, number];
  const lead = a.shape.slice(0, -2);
  const axis = lead.length;
  let rest = b.concat([a, b.broadcastTo(identity(b, m, a.dtype), [...lead, m, m])], axis + 1);
  const index = b.reshape(b.iota(m), [m, 1]);
  const zero = b.like(a, 0);
  const negligible = b.like(a, a.dtype === 'float64' ? 1e-200 : 1e-30);
  for (let j = 0; j < Math.min(m - 1, n); j++) {
    const position = b.scalar(j, 'int32');
    const column = b.select(b.lt(index, position), zero, b.narrow(rest, axis + 1, j, 1));
    const first = b.narrow(column, axis, j, 1);
    const below = b.select(b.eq(index, position), zero, column);
    const squares = b.reduceSum(b.mul(below, below), [axis], true);
    const length = b.sqrt(b.add(squares, b.mul(first, first)));
    // As in LAPACK, a column that is done is not reflected.
    const target = b.select(b.eq(squares, zero), first, b.select(b.lt(first, zero), length, b.neg(length)));
    const v = b.sub(column, b.mul(b.mask(b.eq(index, position), a.dtype), target));
    const square = b.reduceSum(b.mul(v, v), [axis], true);
    const factor = b.select(b.lt(square, negligible), zero, b.div(b.like(a, 2), b.maximum(square, negligible)));
    rest = b.sub(rest, b.matmul(b.mul(v, factor), b.matmul(v, rest, { transposeA: true })));
  }
  return rest;
}

/** [eigenvalues; eigenvectors] of symmetric matrices [..., n, n]. */
function eigenpairs(b: Builder, x: Value): Value {
  const n = x.shape.at(-1)!;
  const lead = x.shape.slice(0, -2);
  const axis = lead.length;
  if (sizeOf(x.shape) === 0) return b.full([...lead, n + 1, n], 0, x.dtype);
  if (n === 1) return b.concat([x, b.fullLike(x, 1)], axis);
  const symmetric = b.mul(b.add(x, b.transpose(x)), b.like(x, 0.5));
  const { matrix, scale } = scaled(b, symmetric);
  const vectors = diagonalizing(b, matrix);
  const values = b.reduceSum(b.mul(vectors, b.matmul(matrix, vectors)), [axis], true);
  const pairs = sorted(b, b.concat([b.mul(values, scale), vectors], axis), values, false);
  const found = rows(b, pairs, 1, n);
  const sign = n === 2 ? eigenvectorSigns(b, symmetric, found) : signs(b, found);
  return b.concat([rows(b, pairs, 0, 1), b.mul(found, sign)], axis);
}

/** Of which matrix a tall one is a version. */
type Origin = 'tall' | 'square' | 'wide';

/** [singular values; U; V] of matrices [..., m, n] with m >= n; those of wide ones come transposed. */
function tallSingular(b: Builder, x: Value, origin: Origin): Value {
  const [m, n] = x.shape.slice(-2) as [number, number];
  const axis = x.shape.length - 2;
  const { matrix, scale } = scaled(b, x);
  // A = Q R, R^T V = W with orthogonal columns: A = (Q V) W^T. R^T is nearer to its goal than A was.
  const factors = rows(b, reflected(b, matrix), 0, n);
  const basis = b.narrow(factors, axis + 1, n, m);
  const lower = b.transpose(b.narrow(factors, axis + 1, 0, n));
  const turn = n === 1 ? b.fullLike(lower, 1) : orthogonalizing(b, lower);
  const left = b.matmul(basis, turn, { transposeA: true });
  const columns = b.matmul(lower, turn);
  const lengths = b.sqrt(b.reduceSum(b.mul(columns, columns), [axis], true));
  const triple = sorted(b, b.concat([lengths, left, columns], axis), lengths, true);
  // Reflections make unit vectors of the columns, also of those that are zero.
  const right = reflected(b, rows(b, triple, m + 1, n));
  const diagonalOfR = b.reduceSum(b.mul(b.narrow(right, axis + 1, 0, n), identity(b, n, x.dtype)), [axis], true);
  const u = rows(b, triple, 1, m);
  const isOpposed = b.lt(diagonalOfR, b.like(x, 0));
  const v = b.transpose(b.narrow(right, axis + 1, n, n));
  const paired = b.select(isOpposed, b.neg(v), v);
  const sign = signsOf(b, { matrix, basis, lower, u, v: paired }, origin);
  return b.concat([b.mul(rows(b, triple, 0, 1), scale), b.mul(u, sign), b.mul(paired, sign)], axis);
}

interface Parts {
  readonly matrix: Value;
  readonly basis: Value;
  readonly lower: Value;
  readonly u: Value;
  readonly v: Value;
}

/** By what to multiply the columns of both U and V. */
function signsOf(b: Builder, { matrix, basis, lower, u, v }: Parts, origin: Origin): Value {
  const n = v.shape.at(-1)!;
  if (n === 1) return lineSigns(b, matrix, v, origin === 'wide');
  if (n > 2) return signs(b, origin === 'wide' ? v : u);
  if (origin === 'square') return singularVectorSigns(b, matrix, u, 'reflection');
  return origin === 'wide'
    ? singularVectorSigns(b, lower, v, 'rotation')
    : singularVectorSigns(b, b.transpose(lower), b.matmul(basis, u), 'none');
}

/** [singular values; U; V] of matrices [..., m, n]. */
function singularTriples(b: Builder, x: Value): Value {
  const [m, n] = x.shape.slice(-2) as [number, number];
  const lead = x.shape.slice(0, -2);
  if (sizeOf(x.shape) === 0) return b.full([...lead, 1 + m + n, Math.min(m, n)], 0, x.dtype);
  if (m >= n) return tallSingular(b, x, m === n ? 'square' : 'tall');
  const found = tallSingular(b, b.transpose(x), 'wide');
  return b.concat([rows(b, found, 0, 1), rows(b, found, 1 + n, m), rows(b, found, 1, n)], lead.length);
}

/** float16 would not hold what lies between. */
function inFullPrecision(b: Builder, x: Value, compute: (b: Builder, x: Value) => Value): Value {
  return x.dtype === 'float16' ? b.cast(compute(b, b.cast(x, 'float32')), 'float16') : compute(b, x);
}

function requireMatrices(name: string, x: Value): readonly [number, number] {
  requireFloating(name, x);
  if (x.shape.length < 2) throw new ShapeError(`${name}: The input tensor A must have at least 2 dimensions.`);
  return x.shape.slice(-2) as [number, number];
}

export const decompositions = {
  // A = V diag(w) V^T; dA = V (diag(dw) + (V^T dV - dV^T V) / 2 / (w_j - w_i)) V^T
  eigh: composite<NoAttributes>({
    doc: 'of symmetric matrices [n, n] the eigenvalues in rising order, and below them the unit eigenvectors as columns: [n + 1, n]',
    arity: 1,
    infer: ([x]) => {
      const [m, n] = requireMatrices('eigh', x!);
      if (m !== n)
        throw new ShapeError(`eigh: A must be batches of square matrices, but they are ${m} by ${n} matrices`);
      return { dtype: x!.dtype, shape: [...x!.shape.slice(0, -2), n + 1, n] };
    },
    vjp: (b, g, { output }) => {
      const n = g.shape.at(-1)!;
      const values = rows(b, output, 0, 1);
      const vectors = rows(b, output, 1, n);
      const turned = b.mul(skew(b, b.matmul(vectors, rows(b, g, 1, n), { transposeA: true })), b.like(g, 0.5));
      const inner = b.add(b.mul(turned, inverseGaps(b, values)), diagonal(b, rows(b, g, 0, 1)));
      return [b.matmul(vectors, b.matmul(inner, vectors, { transposeB: true }))];
    },
    expand: (b, [x]) => inFullPrecision(b, x!, eigenpairs),
  }),
  // A V = V diag(w), W = V^-1; see `cotangentOf`
  eig: composite<NoAttributes>({
    doc: 'of matrices [n, n] the eigenvalues, the eigenvectors as columns of V, and the inverse of V, each as real and imaginary parts below one another: [2 + 4 n, n]',
    arity: 1,
    infer: ([x]) => {
      const [m, n] = requireMatrices('eig', x!);
      if (m !== n)
        throw new ShapeError(`eig: A must be batches of square matrices, but they are ${m} by ${n} matrices`);
      return { dtype: x!.dtype, shape: [...x!.shape.slice(0, -2), 2 + 4 * n, n] };
    },
    vjp: (b, g, { output }) => [cotangentOf(b, output, g)],
    expand: (b, [x]) => inFullPrecision(b, x!, decomposed),
  }),
  // A = U diag(s) V^T; dA = U ((U^T dU - dU^T U) / E S + S (V^T dV - dV^T V) / E + diag(ds)) V^T, E = s_j^2 - s_i^2, and
  // for the part of dU outside the columns of U (I - U U^T) dU / S V^T, of dV alike
  svd: composite<NoAttributes>({
    doc: 'of matrices [m, n] with k = min(m, n) the singular values in falling order, below them the columns of U [m, k] and of V [n, k]: [1 + m + n, k]',
    arity: 1,
    infer: ([x]) => {
      const [m, n] = requireMatrices('svd', x!);
      return { dtype: x!.dtype, shape: [...x!.shape.slice(0, -2), 1 + m + n, Math.min(m, n)] };
    },
    vjp: (b, g, { inputs: [x], output }) => {
      const [m, n] = x!.shape.slice(-2) as [number, number];
      const s = rows(b, output, 0, 1);
      const u = rows(b, output, 1, m);
      const v = rows(b, output, 1 + m, n);
      const gu = rows(b, g, 1, m);
      const gv = rows(b, g, 1 + m, n);
      const gaps = inverseGaps(b, b.mul(s, s));
      const turned = (basis: Value, cotangent: Value): Value =>
        b.mul(skew(b, b.matmul(basis, cotangent, { transposeA: true })), gaps);
      const inner = b.add(
        b.add(b.mul(turned(u, gu), s), b.mul(turned(v, gv), b.transpose(s))),
        diagonal(b, rows(b, g, 0, 1)),
      );
      const outside = (basis: Value, cotangent: Value): Value => {
        const part = b.mul(cotangent, reciprocal(b, s));
        return b.sub(part, b.matmul(basis, b.matmul(basis, part, { transposeA: true })));
      };
      let gx = b.matmul(u, b.matmul(inner, v, { transposeB: true }));
      if (m > n) gx = b.add(gx, b.matmul(outside(u, gu), v, { transposeB: true }));
      if (n > m) gx = b.add(gx, b.matmul(u, outside(v, gv), { transposeB: true }));
      return [gx];
    },
    expand: (b, [x]) => inFullPrecision(b, x!, singularTriples),
  }),
} as const;
