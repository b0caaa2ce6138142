import type { Builder } from '../builder.ts';
import type { DType } from '../dtype.ts';
import type { Value } from '../value.ts';
import type { ComplexMatrix } from './complex-matrix.ts';
import { adjoint, minus, parts, plus, scaledBy, squared, times } from './complex-matrix.ts';
import { identity } from './jacobi.ts';

// The QR algorithm with a fixed number of steps: each takes one shift from where the matrix is not yet a triangle.

/** A = U T U^H: T [..., n, n] an upper triangle, U unitary. */
export interface SchurForm {
  readonly triangle: ComplexMatrix;
  readonly basis: ComplexMatrix;
}

/** Orthogonal Q and H = Q^T A Q without entries below the one beside the diagonal, by reflections. */
function hessenberg(b: Builder, a: Value): { h: Value; q: Value } {
  const n = a.shape.at(-1)!;
  const axis = a.shape.length - 2;
  const index = b.reshape(b.iota(n), [n, 1]);
  const zero = b.like(a, 0);
  const negligible = b.like(a, a.dtype === 'float64' ? 1e-200 : 1e-30);
  let h = a;
  let q = b.broadcastTo(identity(b, n, a.dtype), a.shape);
  for (let j = 0; j < n - 2; j++) {
    const position = b.scalar(j + 1, 'int32');
    const column = b.select(b.lt(index, position), zero, b.narrow(h, axis + 1, j, 1));
    const length = b.sqrt(b.reduceSum(b.mul(column, column), [axis], true));
    const first = b.narrow(column, axis, j + 1, 1);
    const target = b.select(b.lt(first, zero), length, b.neg(length));
    const v = b.sub(column, b.mul(b.mask(b.eq(index, position), a.dtype), target));
    const square = b.reduceSum(b.mul(v, v), [axis], true);
    const factor = b.select(b.lt(square, negligible), zero, b.div(b.like(a, 2), b.maximum(square, negligible)));
    const scaled = b.mul(v, factor);
    h = b.sub(h, b.matmul(scaled, b.matmul(v, h, { transposeA: true })));
    h = b.sub(h, b.matmul(b.matmul(h, v), scaled, { transposeB: true }));
    q = b.sub(q, b.matmul(b.matmul(q, v), scaled, { transposeB: true }));
  }
  return { h, q };
}

/** Sums of the entries that `where` [..., n, n] marks: [..., 1, 1]. */
function picked(b: Builder, x: ComplexMatrix, where: Value): ComplexMatrix {
  const axes = [x.re.shape.length - 2, x.re.shape.length - 1];
  return parts(x, (part) => b.reduceSum(b.mul(part, where), axes, true));
}

/** Diagonals, `offset` below the main one, as lines [..., 1, n]; entries without a row are 0. */
function line(b: Builder, x: ComplexMatrix, where: Value): ComplexMatrix {
  return parts(x, (part) => b.reduceSum(b.mul(part, where), [part.shape.length - 2], true));
}

/** A complex root. */
function root(b: Builder, x: ComplexMatrix): ComplexMatrix {
  const size = b.sqrt(squared(b, x));
  const half = (value: Value): Value => b.sqrt(b.maximum(b.mul(value, b.like(value, 0.5)), b.like(value, 0)));
  const im = half(b.sub(size, x.re));
  return { re: half(b.add(size, x.re)), im: b.select(b.lt(x.im, b.like(im, 0)), b.neg(im), im) };
}

/** x / y, and 0 where y is 0. */
function quotient(b: Builder, x: ComplexMatrix, y: ComplexMatrix): ComplexMatrix {
  const size = squared(b, y);
  const isZero = b.eq(size, b.like(size, 0));
  const safe = b.select(isZero, b.like(size, 1), size);
  const product = scaledBy(b, x, { re: y.re, im: b.neg(y.im) });
  return parts(product, (part) => b.select(isZero, b.like(part, 0), b.div(part, safe)));
}

interface Masks {
  readonly diagonal: Value;
  /** 1 below the diagonal: row = column + 1. */
  readonly below: Value;
  readonly columns: Value;
  readonly rows: Value;
}

/**
 * The shift of a step, and the matrix without what is negligible below its diagonal: the eigenvalue that is nearer to the last
 * entry of the last 2 by 2 block that has not come apart.
 */
function shifted(
  b: Builder,
  h: ComplexMatrix,
  masks: Masks,
  isUnusual: boolean,
): { h: ComplexMatrix; shift: ComplexMatrix } {
  const { diagonal, below, columns, rows } = masks;
  const zero = b.like(h.re, 0);
  const one = b.like(h.re, 1);
  const last = h.re.shape.length - 1;
  const epsilon = b.like(h.re, h.re.dtype === 'float64' ? 2 ** -53 : 2 ** -24);
  const sizes = b.sqrt(squared(b, line(b, h, diagonal)));
  const beside = b.sqrt(squared(b, line(b, h, below)));
  // Column j has the entry between j and j + 1.
  const next = b.matmul(sizes, below);
  const isLarge = b.gt(beside, b.mul(epsilon, b.maximum(b.add(sizes, next), epsilon)));
  const kept = b.select(isLarge, one, zero);
  const cleaned = parts(h, (part) => b.mul(part, b.select(b.eq(below, one), kept, one)));
  const p = b.reduceMax(b.select(isLarge, columns, zero), [last], true);
  const q = b.add(p, one);
  const at = (row: Value, column: Value): ComplexMatrix =>
    picked(b, cleaned, b.mul(b.mask(b.eq(rows, row), h.re.dtype), b.mask(b.eq(columns, column), h.re.dtype)));
  const corner = at(q, q);
  const half = parts(minus(b, at(p, p), corner), (part) => b.mul(part, b.like(part, 0.5)));
  const lower = at(q, p);
  const product = scaledBy(b, at(p, q), lower);
  const found = root(b, plus(b, scaledBy(b, half, half), product));
  const isOpposed = b.lt(b.add(b.mul(half.re, found.re), b.mul(half.im, found.im)), zero);
  const larger = plus(
    b,
    half,
    parts(found, (part) => b.select(isOpposed, b.neg(part), part)),
  );
  if (!isUnusual) return { h: cleaned, shift: minus(b, corner, quotient(b, product, larger)) };
  const step = b.sqrt(squared(b, lower));
  return {
    h: cleaned,
    shift: {
      re: b.add(corner.re, b.mul(step, b.like(step, 0.35))),
      im: b.add(corner.im, b.mul(step, b.like(step, 0.6))),
    },
  };
}

/** How the entries a, b of a column make the rotation that takes b into a, in real numbers: G [4, 4] from (a, b) [4]. */
function rotationTable(b: Builder, like: Value): Value {
  // Rows of [conj a, conj b; -b, a], each as the real and the imaginary part of its product with (x, y).
  const table = [
    [0, 1, 2, 3],
    [-1, 0, -3, 2],
    [-2, 3, 0, -1],
    [-3, -2, 1, 0],
  ];
  const line = (k: number): number[] => {
    const found = Array.from({ length: 16 }, () => 0);
    for (const [i, row] of table.entries())
      for (const [j, code] of row.entries()) if (Math.abs(code) === k) found[i * 4 + j] = code < 0 ? -1 : 1;
    return found;
  };
  const entries = [0, 1, 2, 3].map((k) =>
    b.concat(
      line(k).map((value) => b.reshape(b.like(like, value), [1, 1])),
      0,
    ),
  );
  return b.concat(entries, 1);
}

/** One step: H - s = Q R, then R Q + s; gives it and Q. */
function step(
  b: Builder,
  h: ComplexMatrix,
  shift: ComplexMatrix,
  { diagonal }: Masks,
  table: Value,
): { h: ComplexMatrix; q: ComplexMatrix } {
  const { shape } = h.re;
  const n = shape.at(-1)!;
  const lead = shape.slice(0, -2);
  const axis = lead.length;
  const moved = { re: b.mul(diagonal, shift.re), im: b.mul(diagonal, shift.im) };
  const start = minus(b, h, moved);
  const unit = b.broadcastTo(diagonal, shape);
  // Rows of the real and of the imaginary parts alternate: what a rotation takes lies together.
  const row = (part: Value, beside: Value): Value =>
    b.reshape(b.concat([part, beside], axis + 1), [...lead, n, 1, 2 * n]);
  const whole = b.reshape(b.concat([row(start.re, unit), row(start.im, b.fullLike(unit, 0))], axis + 1), [
    ...lead,
    2 * n,
    2 * n,
  ]);
  let carried = b.narrow(whole, axis, 0, 2);
  const done: Value[] = [];
  for (let k = 0; k < n - 1; k++) {
    const four = b.concat([carried, b.narrow(whole, axis, 2 * k + 2, 2)], axis);
    const entries = b.narrow(four, axis + 1, k, 1);
    const size = b.reduceSum(b.mul(entries, entries), [axis], true);
    const isZero = b.eq(size, b.like(size, 0));
    const first = b.eq(b.reshape(b.iota(4), [4, 1]), b.scalar(0, 'int32'));
    const unitary = b.select(
      isZero,
      b.mask(first, size.dtype),
      b.div(entries, b.sqrt(b.select(isZero, b.like(size, 1), size))),
    );
    const turn = b.reshape(b.matmul(table, unitary), [...lead, 4, 4]);
    const turned = b.matmul(turn, four);
    done.push(b.narrow(turned, axis, 0, 2));
    carried = b.narrow(turned, axis, 2, 2);
  }
  const result = b.reshape(b.concat([...done, carried], axis), [...lead, n, 2, 2 * n]);
  const part = (which: number, from: number): Value =>
    b.reshape(b.narrow(b.narrow(result, axis + 1, which, 1), axis + 2, from, n), shape);
  const upper = { re: part(0, 0), im: part(1, 0) };
  const q = adjoint(b, { re: part(0, n), im: part(1, n) });
  return { h: plus(b, times(b, upper, q), moved), q };
}

/** How many steps it takes: measured with random, orthogonal, symmetric, cyclic, companion and other matrices. */
function stepsFor(n: number, dtype: DType): number {
  return n === 2 ? 3 : Math.ceil((dtype === 'float64' ? 3.75 : 3) * n) + 4;
}

/** The Schur form of real matrices [..., n, n], their largest entry about 1; n > 1. */
export function schurForm(b: Builder, a: Value): SchurForm {
  const n = a.shape.at(-1)!;
  const i = b.iota(n, a.dtype);
  const rows = b.reshape(i, [n, 1]);
  const columns = b.reshape(i, [1, n]);
  const masks: Masks = {
    rows,
    columns,
    diagonal: b.mask(b.eq(rows, columns), a.dtype),
    below: b.mask(b.eq(rows, b.add(columns, b.like(a, 1))), a.dtype),
  };
  const upper = b.mask(b.le(rows, b.add(columns, b.like(a, 1))), a.dtype);
  const table = rotationTable(b, a);
  const start = hessenberg(b, a);
  let h: ComplexMatrix = { re: b.mul(start.h, upper), im: b.fullLike(a, 0) };
  let basis: ComplexMatrix = { re: start.q, im: b.fullLike(a, 0) };
  for (let k = 0; k < stepsFor(n, a.dtype); k++) {
    // A shift out of the ordinary, where the ordinary one may go round in circles.
    const found = shifted(b, h, masks, n > 2 && (k === 0 || k % 10 === 9));
    const next = step(b, found.h, found.shift, masks, table);
    h = parts(next.h, (part) => b.mul(part, upper));
    basis = times(b, basis, next.q);
  }
  const triangle = b.mask(b.le(rows, columns), a.dtype);
  return { triangle: parts(h, (part) => b.mul(part, triangle)), basis };
}
