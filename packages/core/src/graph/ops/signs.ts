import type { Builder } from '../builder.ts';
import type { Value } from '../value.ts';

// A vector of a decomposition may as well be its opposite. LAPACK's choice follows from its iterations, except where there are none,
// in problems of size 2: there the choice is its own, elsewhere the largest entry of a vector is positive.

/** 1 where true, -1 where false, like `x`. */
function signOf(b: Builder, isPositive: Value, x: Value): Value {
  return b.select(isPositive, b.like(x, 1), b.like(x, -1));
}

function isNegative(b: Builder, x: Value): Value {
  return b.lt(x, b.like(x, 0));
}

/** The entry of matrices in a row and a column: [..., 1, 1]. */
function entry(b: Builder, x: Value, row: number, column: number): Value {
  const axis = x.shape.length - 2;
  return b.narrow(b.narrow(x, axis, row, 1), axis + 1, column, 1);
}

/**
 * 1 or -1 for every column: the sign of its largest entry, or of the first one that is about as large, so that rounding
 * does not decide between equals.
 */
export function signs(b: Builder, x: Value): Value {
  const axis = x.shape.length - 2;
  const size = b.abs(x);
  const isLarge = b.ge(size, b.mul(b.reduceMax(size, [axis], true), b.like(x, 0.99)));
  const chosen = b.restoreAxes(b.argMax(b.mask(isLarge, x.dtype), axis), x.shape, [axis]);
  const index = b.reshape(b.iota(x.shape[axis]!), [x.shape[axis]!, 1]);
  const largest = b.reduceSum(b.select(b.eq(index, chosen), x, b.like(x, 0)), [axis], true);
  return b.select(isNegative(b, largest), b.like(x, -1), b.like(x, 1));
}

/** For the eigenvectors (columns of `vectors`) of symmetric 2 by 2 matrices: by what to multiply them. */
export function eigenvectorSigns(b: Builder, a: Value, vectors: Value): Value {
  const axis = a.shape.length - 2;
  const [p, q, r] = [entry(b, a, 0, 0), entry(b, a, 1, 1), entry(b, a, 1, 0)];
  const difference = b.sub(p, q);
  const isRising = b.ge(b.add(p, q), b.like(a, 0));
  const isFalling = b.ge(difference, b.like(a, 0));
  // The vector (cosine, sine) of the value of larger magnitude and (-sine, cosine) of the other one: their signs.
  const opposed = signOf(b, isNegative(b, r), a);
  const isEqual = b.eq(difference, b.like(a, 0));
  const one = b.like(a, 1);
  const first = b.select(isEqual, one, b.mul(opposed, signOf(b, isFalling, a)));
  const second = b.select(isEqual, opposed, one);
  const isTurned = b.eq(b.mask(isRising, a.dtype), b.mask(isFalling, a.dtype));
  const cosine = b.select(isTurned, b.neg(second), first);
  const sine = b.select(isTurned, first, second);
  const wanted = b.concat([b.select(isRising, cosine, sine), b.select(isRising, sine, cosine)], axis + 1);
  const found = signOf(b, b.not(isNegative(b, b.narrow(vectors, axis, 1, 1))), a);
  // Where there is nothing beside the diagonal, vectors are unit vectors.
  return b.select(b.eq(r, b.like(a, 0)), signs(b, vectors), b.mul(wanted, found));
}

/** How a 2 by 2 matrix becomes an upper triangle: it is one, by a reflection, or by a rotation. */
export type Reduction = 'none' | 'reflection' | 'rotation';

/** The orthogonal 2 by 2 matrix that makes the first column of `small` a multiple of a unit vector. */
function reducing(b: Builder, small: Value, reduction: Reduction): Value {
  const axis = small.shape.length - 2;
  const one = b.like(small, 1);
  const [p, q] = [entry(b, small, 0, 0), entry(b, small, 1, 0)];
  const length = b.sqrt(b.add(b.mul(p, p), b.mul(q, q)));
  // None if it is one already.
  const isDone = b.le(b.abs(q), b.mul(b.abs(p), b.like(small, small.dtype === 'float64' ? 1e-15 : 1e-7)));
  const opposite = b.select(isNegative(b, p), length, b.neg(length));
  const target = b.select(isDone, one, reduction === 'reflection' ? opposite : b.neg(opposite));
  const cosine = b.select(isDone, one, b.div(p, target));
  const sine = b.select(isDone, b.like(small, 0), b.div(q, target));
  const second = reduction === 'reflection' ? [sine, b.select(isDone, one, b.neg(cosine))] : [b.neg(sine), cosine];
  return b.concat([b.concat([cosine, sine], axis + 1), b.concat(second, axis + 1)], axis);
}

/**
 * For the left singular vectors of matrices with two singular values: by what to multiply them. `small` is the 2 by 2 matrix that
 * is left after a QR decomposition of a tall or an LQ decomposition of a wide matrix, `left` its left singular vectors.
 */
export function singularVectorSigns(b: Builder, small: Value, left: Value, reduction: Reduction): Value {
  const axis = small.shape.length - 2;
  const reduced = (x: Value): Value => (reduction === 'none' ? x : b.matmul(reducing(b, small, reduction), x));
  const upper = reduced(small);
  const turned = reduced(left);
  const [first, last] = [b.abs(entry(b, upper, 0, 0)), b.abs(entry(b, upper, 1, 1))];
  const beside = b.abs(entry(b, upper, 0, 1));
  const isOrdered = b.ge(first, b.mul(last, b.like(small, 0.999)));
  const isDiagonal = b.le(beside, b.mul(b.add(first, last), b.like(small, small.dtype === 'float64' ? 1e-14 : 1e-6)));
  const sign = (row: number, column: number): Value =>
    signOf(b, b.not(isNegative(b, entry(b, turned, row, column))), small);
  const crossed = b.select(isDiagonal, sign(0, 1), b.neg(sign(0, 1)));
  return b.concat([b.select(isOrdered, sign(0, 0), sign(1, 0)), b.select(isOrdered, sign(1, 1), crossed)], axis + 1);
}

/**
 * For the singular vectors of a column, or of a line that has been made a column: by what to multiply them. `right` [..., 1, 1] is
 * that of the column's only entry.
 */
export function lineSigns(b: Builder, column: Value, right: Value, isLine: boolean): Value {
  const positive = signOf(b, b.not(isNegative(b, right)), column);
  if (!isLine) return positive;
  const axis = column.shape.length - 2;
  const first = entry(b, column, 0, 0);
  const size = b.reduceSum(b.abs(column), [axis], true);
  const isFirst = signOf(b, b.not(isNegative(b, first)), column);
  const isDone = b.eq(size, b.abs(first));
  return b.mul(positive, b.select(isDone, isFirst, b.neg(isFirst)));
}
