import type { Builder } from '../builder.ts';
import type { DType } from '../dtype.ts';
import type { Value } from '../value.ts';

// Jacobi's method with a fixed number of steps, as a graph needs it. A sweep over n indices (n even) is n - 1 rounds; in
// each round all indices meet in n/2 disjoint pairs, whose rotations are one matrix, as a tournament is played: the pairs
// are the indices j and j + n/2, and after the round everybody but index 0 moves one seat on.

/** Who sits where in a round, and where everybody moves after it. */
interface Seats {
  /** Per column of a round's matrix the positions of the pair's products in a flattened symmetric matrix. [3, n] */
  readonly products: Value;
  /** The permutation to the next seats: 1 where the column comes from the row. [n, n] */
  readonly own: Value;
  /** The same for the pair's other member: 1 or -1. [n, n] */
  readonly other: Value;
}

function seats(b: Builder, n: number, dtype: DType): Seats {
  const half = n / 2;
  const number = (value: number): Value => b.scalar(value, dtype);
  const seat = b.iota(n, dtype);
  const is = (value: number): Value => b.eq(seat, number(value));
  const from =
    n === 2
      ? seat
      : b.select(
          is(0),
          number(0),
          b.select(
            is(1),
            number(half),
            b.select(
              b.lt(seat, number(half)),
              b.sub(seat, number(1)),
              b.select(is(n - 1), number(half - 1), b.add(seat, number(1))),
            ),
          ),
        );
  const isFirst = b.lt(from, number(half));
  const first = b.select(isFirst, from, b.sub(from, number(half)));
  const second = b.add(first, number(half));
  const rows = b.reshape(seat, [n, 1]);
  const line = (value: Value): Value => b.reshape(value, [1, n]);
  const positions = [b.mul(first, number(n + 1)), b.mul(second, number(n + 1)), b.add(b.mul(first, number(n)), second)];
  return {
    products: b.cast(b.concat(positions.map(line), 0), 'int32'),
    own: b.mask(b.eq(rows, from), dtype),
    other: b.mul(b.mask(b.eq(rows, b.select(isFirst, second, first)), dtype), b.select(isFirst, number(-1), number(1))),
  };
}

/**
 * The rotations of one round, followed by the change of seats: R such that R^T G R has zeros where the pairs met.
 * G [..., n, n] symmetric; where its entries are far below `noise` the rotation is a small one instead.
 */
function rotation(b: Builder, g: Value, { products, own, other }: Seats, noise: number): Value {
  const n = g.shape.at(-1)!;
  const lead = g.shape.slice(0, -2);
  const row = lead.length;
  const found = b.gather(b.reshape(g, [...lead, n * n]), products, row);
  const [p, q, pq] = [0, 1, 2].map((i) => b.narrow(found, row, i, 1)) as [Value, Value, Value];
  const difference = b.sub(q, p);
  const double = b.add(pq, pq);
  const root = b.sqrt(b.add(b.add(b.mul(difference, difference), b.mul(double, double)), b.like(g, noise * noise)));
  // The smaller of the two angles that do it.
  const tangent = b.div(double, b.add(difference, b.select(b.lt(difference, b.like(g, 0)), b.neg(root), root)));
  const one = b.like(g, 1);
  const cosine = b.div(one, b.sqrt(b.add(b.mul(tangent, tangent), one)));
  return b.add(b.mul(own, cosine), b.mul(other, b.mul(tangent, cosine)));
}

/** How many sweeps it takes: measured with random, graded, clustered, rank deficient and other matrices. */
function sweepsFor(n: number, dtype: DType): number {
  return Math.ceil((dtype === 'float64' ? 2.5 : 2) * Math.log2(n)) + 1;
}

/** Square matrices with a row and a column of zeros more if there is an odd number of them. */
function even(b: Builder, a: Value): Value {
  const n = a.shape.at(-1)!;
  const none = a.shape.map(() => 0);
  return n % 2 === 0 ? a : b.pad(a, none, [...none.slice(0, -2), 1, 1]);
}

/** The identity, n by n. */
export function identity(b: Builder, n: number, dtype: DType): Value {
  const i = b.iota(n);
  return b.mask(b.eq(b.reshape(i, [n, 1]), i), dtype);
}

/** V with what rounding took from its columns' orthogonality put back: V (3 - V^T V) / 2. */
function orthonormal(b: Builder, v: Value): Value {
  const gram = b.matmul(v, v, { transposeA: true });
  const three = b.mul(identity(b, v.shape.at(-1)!, v.dtype), b.like(v, 1.5));
  return b.matmul(v, b.sub(three, b.mul(gram, b.like(v, 0.5))));
}

/** The first n rows and columns. */
function corner(b: Builder, a: Value, n: number): Value {
  return b.slice(
    a,
    a.shape.map(() => 0),
    [...a.shape.slice(0, -2), n, n],
  );
}

/** Orthogonal V such that V^T A V is diagonal. A [..., n, n] symmetric, its largest entry about 1; n > 1. */
export function diagonalizing(b: Builder, a: Value): Value {
  const n = a.shape.at(-1)!;
  let rest = even(b, a);
  const places = seats(b, rest.shape.at(-1)!, a.dtype);
  const noise = a.dtype === 'float64' ? 2 ** -51 : 2 ** -22;
  let basis: Value | undefined;
  for (let round = sweepsFor(n, a.dtype) * (rest.shape.at(-1)! - 1); round > 0; round--) {
    const turn = rotation(b, rest, places, noise);
    rest = b.matmul(turn, b.matmul(rest, turn), { transposeA: true });
    basis = basis === undefined ? turn : b.matmul(basis, turn);
  }
  return orthonormal(b, corner(b, basis!, n));
}

/** Orthogonal V such that the columns of A V are orthogonal. A [..., n, n], its largest entry about 1; n > 1. */
export function orthogonalizing(b: Builder, a: Value): Value {
  const n = a.shape.at(-1)!;
  let columns = even(b, a);
  const places = seats(b, columns.shape.at(-1)!, a.dtype);
  let basis: Value | undefined;
  for (let round = sweepsFor(n, a.dtype) * (columns.shape.at(-1)! - 1); round > 0; round--) {
    const gram = b.matmul(columns, columns, { transposeA: true });
    const turn = rotation(b, gram, places, a.dtype === 'float64' ? 1e-100 : 1e-18);
    columns = b.matmul(columns, turn);
    basis = basis === undefined ? turn : b.matmul(basis, turn);
  }
  return orthonormal(b, corner(b, basis!, n));
}
