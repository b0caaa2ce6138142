import type { Builder } from '../builder.ts';
import { sizeOf } from '../shape.ts';
import type { Value } from '../value.ts';
import type { ComplexMatrix } from './complex-matrix.ts';
import {
  adjoint,
  minus,
  parts,
  plus,
  reciprocalOf,
  scaledBy,
  squared,
  stacked,
  times,
  unstacked,
} from './complex-matrix.ts';
import { identity } from './jacobi.ts';
import { schurForm } from './schur.ts';

/** Eigenvalues [..., 1, n], right eigenvectors as columns of V and the inverse of V. */
interface EigenDecomposition {
  readonly values: ComplexMatrix;
  readonly vectors: ComplexMatrix;
  readonly inverse: ComplexMatrix;
}

/** What is packed: [re, im of the values; re, im of V; re, im of V^-1], [..., 2 + 4 n, n]. */
function packed(b: Builder, { values, vectors, inverse }: EigenDecomposition): Value {
  return b.concat(
    [values, vectors, inverse].map((value) => stacked(b, value)),
    values.re.shape.length - 2,
  );
}

function unpacked(b: Builder, x: Value): EigenDecomposition {
  const axis = x.shape.length - 2;
  const n = x.shape.at(-1)!;
  const taken = (start: number, size: number): ComplexMatrix => unstacked(b, b.narrow(x, axis, start, size));
  return { values: taken(0, 2), vectors: taken(2, 2 * n), inverse: taken(2 + 2 * n, 2 * n) };
}

/** x_j - x_i of a line [..., 1, n]: [..., n, n]. */
function gaps(b: Builder, line: ComplexMatrix): ComplexMatrix {
  return minus(
    b,
    line,
    parts(line, (part) => b.transpose(part)),
  );
}

function row(b: Builder, x: ComplexMatrix, i: number): ComplexMatrix {
  return parts(x, (part) => b.narrow(part, part.shape.length - 2, i, 1));
}

/** A line as the i-th row of a matrix of zeros. */
function placed(b: Builder, line: ComplexMatrix, i: number): ComplexMatrix {
  const n = line.re.shape.at(-1)!;
  const isHere = b.eq(b.reshape(b.iota(n), [n, 1]), b.scalar(i, 'int32'));
  return parts(line, (part) => b.select(isHere, part, b.like(part, 0)));
}

/** The unit upper triangle X with T X = X diag(T), from the last row on, and its inverse. */
function triangleVectors(b: Builder, triangle: ComplexMatrix, values: ComplexMatrix): [ComplexMatrix, ComplexMatrix] {
  const { re } = triangle;
  const n = re.shape.at(-1)!;
  const unit: ComplexMatrix = {
    re: b.broadcastTo(identity(b, n, re.dtype), re.shape),
    im: b.fullLike(re, 0),
  };
  const isAfter = b.lt(b.reshape(b.iota(n), [n, 1]), b.iota(n));
  // Equal values are taken a rounding error apart, so that a defective matrix has nearly parallel vectors.
  const apart = gaps(b, values);
  const epsilon = b.like(re, re.dtype === 'float64' ? 2 ** -52 : 2 ** -23);
  const isClose = b.lt(squared(b, apart), b.mul(epsilon, epsilon));
  const inverseGaps = reciprocalOf(
    b,
    { re: b.select(isClose, epsilon, apart.re), im: b.select(isClose, b.like(re, 0), apart.im) },
    0,
  );
  const strict = parts(triangle, (part) => b.select(isAfter, part, b.like(part, 0)));
  let vectors = unit;
  for (let i = n - 2; i >= 0; i--) {
    const sums = times(b, row(b, strict, i), vectors);
    const found = scaledBy(b, sums, row(b, inverseGaps, i));
    const isMine = b.narrow(isAfter, 0, i, 1);
    vectors = plus(
      b,
      vectors,
      placed(
        b,
        parts(found, (part) => b.select(isMine, part, b.like(part, 0))),
        i,
      ),
    );
  }
  let inverse = unit;
  for (let i = n - 2; i >= 0; i--) {
    const own = parts(row(b, vectors, i), (part) => b.select(b.narrow(isAfter, 0, i, 1), part, b.like(part, 0)));
    inverse = minus(b, inverse, placed(b, times(b, own, inverse), i));
  }
  return [vectors, inverse];
}

/** 1/|v| times the phase that makes the largest entry of each column real and positive: a line. */
function normalization(b: Builder, vectors: ComplexMatrix): ComplexMatrix {
  const axis = vectors.re.shape.length - 2;
  const n = vectors.re.shape[axis]!;
  const sizes = squared(b, vectors);
  const isLarge = b.ge(sizes, b.mul(b.reduceMax(sizes, [axis], true), b.like(sizes, 0.98)));
  const chosen = b.restoreAxes(b.argMax(b.mask(isLarge, sizes.dtype), axis), sizes.shape, [axis]);
  const isChosen = b.eq(b.reshape(b.iota(n), [n, 1]), chosen);
  const entry = parts(vectors, (part) => b.reduceSum(b.select(isChosen, part, b.like(part, 0)), [axis], true));
  const scale = b.mul(b.sqrt(squared(b, entry)), b.sqrt(b.reduceSum(sizes, [axis], true)));
  return { re: b.div(entry.re, scale), im: b.neg(b.div(entry.im, scale)) };
}

/**
 * Eigenvalues and eigenvectors of matrices [..., n, n], by falling real parts, the member of a conjugate pair with the positive
 * imaginary part first. (The imaginary parts count a thousandth, so that rounding does not decide.)
 */
export function decomposed(b: Builder, x: Value): Value {
  const n = x.shape.at(-1)!;
  const lead = x.shape.slice(0, -2);
  const axis = lead.length;
  if (sizeOf(x.shape) === 0) return b.full([...lead, 2 + 4 * n, n], 0, x.dtype);
  if (n === 1) {
    const [zero, one] = [b.fullLike(x, 0), b.fullLike(x, 1)];
    return b.concat([x, zero, one, zero, one, zero], axis);
  }
  const largest = b.reduceMax(b.abs(x), [axis, axis + 1], true);
  const scale = b.select(b.eq(largest, b.like(x, 0)), b.like(x, 1), largest);
  const { triangle, basis } = schurForm(b, b.div(x, scale));
  const diagonal = identity(b, n, x.dtype);
  const values = parts(triangle, (part) => b.reduceSum(b.mul(part, diagonal), [axis], true));
  const [right, left] = triangleVectors(b, triangle, values);
  const vectors = times(b, basis, right);
  const inverse = times(b, left, adjoint(b, basis));
  const factor = normalization(b, vectors);
  const size = squared(b, factor);
  const undo = parts({ re: b.div(factor.re, size), im: b.neg(b.div(factor.im, size)) }, (part) => b.transpose(part));
  const key = b.add(values.re, b.mul(values.im, b.like(x, 1e-3)));
  const order = b.emit('argSort', [b.reshape(key, [...lead, n])], { axis: axis, descending: true });
  const permutation = b.oneHot(order, n, x.dtype);
  const inOrder = (part: Value): Value => b.matmul(part, permutation, { transposeB: true });
  return packed(b, {
    values: parts(values, (part) => inOrder(b.mul(part, scale))),
    vectors: parts(scaledBy(b, vectors, factor), inOrder),
    inverse: parts(scaledBy(b, inverse, undo), (part) => b.matmul(permutation, part)),
  });
}

/**
 * dA from the cotangents of the values, of V and of its inverse W. With F_ij = 1 / (w_j - w_i), M = V^H dV - dW W^H and
 * N = V^H V: dA = Re(W^H G V^H), G_ij = (M_ij - N_ij Re M_jj) conj F_ij beside the diagonal, dw on it.
 */
export function cotangentOf(b: Builder, output: Value, g: Value): Value {
  const { values, vectors, inverse } = unpacked(b, output);
  const given = unpacked(b, g);
  const n = output.shape.at(-1)!;
  const diagonal = identity(b, n, output.dtype);
  const back = adjoint(b, vectors);
  const m = minus(b, times(b, back, given.vectors), times(b, given.inverse, adjoint(b, inverse)));
  const own = b.reduceSum(b.mul(m.re, diagonal), [m.re.shape.length - 2], true);
  const tangent = minus(
    b,
    m,
    parts(times(b, back, vectors), (part) => b.mul(part, own)),
  );
  const inverseGaps = reciprocalOf(b, gaps(b, values), 0);
  const beside = scaledBy(b, tangent, { re: inverseGaps.re, im: b.neg(inverseGaps.im) });
  const inner = plus(
    b,
    beside,
    parts(given.values, (part) => b.mul(part, diagonal)),
  );
  return times(b, times(b, adjoint(b, inverse), inner), back).re;
}
