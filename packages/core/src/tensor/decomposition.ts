import { ShapeError } from '../errors.ts';
import { recorder as b } from '../graph/node.ts';
import type { Value } from '../graph/value.ts';
import { requireFloatingNode, requireTensor } from './operand.ts';
import type { Tensor } from './tensor.ts';

// Square systems by elimination, recorded column by column: meant for small matrices. Every step is differentiable, so
// gradients of any order follow.

/** The value of a batch [..., n, n] of square matrices. */
export function requireSquare(name: string, x: Tensor): Value {
  const node = requireFloatingNode(name, requireTensor(name, x));
  const { shape } = node;
  if (shape.length < 2) throw new ShapeError(`${name}: The input tensor A must have at least 2 dimensions.`);
  if (shape.at(-1) !== shape.at(-2))
    throw new ShapeError(
      `${name}: A must be batches of square matrices, but they are ${shape.at(-2)} by ${shape.at(-1)} matrices`,
    );
  return node;
}

/** What is left of a system when A has been reduced to the identity. */
export interface Elimination {
  /** A^-1 B. */
  readonly solution: Value;
  /** The pivots, in order: [..., n]. */
  readonly pivots: Value;
}

/** Gauss and Jordan with partial pivoting: A [..., n, n], B [..., n, k], both with the same leading axes. */
export function eliminate(a: Value, right: Value): Elimination {
  const n = a.shape.at(-1)!;
  const lead = a.shape.slice(0, -2);
  const row = lead.length;
  let system = b.concat([a, right], row + 1);
  const width = system.shape.at(-1)!;
  const index = b.reshape(b.iota(n), [n, 1]);
  const pivots: Value[] = [];
  for (let i = 0; i < n; i++) {
    const column = b.narrow(system, row + 1, i, 1);
    // Rows above i have served already.
    const candidates = b.select(b.lt(index, b.scalar(i, 'int32')), b.like(a, -1), b.abs(column));
    const chosen = b.reshape(b.argMax(candidates, row), [...lead, 1, 1]);
    const isChosen = b.mask(b.eq(index, chosen), a.dtype);
    const pivotRow = b.reduceSum(b.mul(b.broadcastTo(isChosen, [...lead, n, 1]), system), [row], true);
    const currentRow = b.narrow(system, row, i, 1);
    const isCurrent = b.eq(index, b.scalar(i, 'int32'));
    const swapped = b.select(isCurrent, pivotRow, b.select(b.eq(index, chosen), currentRow, system));
    const pivot = b.narrow(pivotRow, row + 1, i, 1);
    pivots.push(b.reshape(pivot, [...lead, 1]));
    const unit = b.div(pivotRow, pivot);
    const factors = b.narrow(swapped, row + 1, i, 1);
    system = b.select(isCurrent, unit, b.sub(swapped, b.mul(factors, unit)));
  }
  return {
    solution: b.narrow(system, row + 1, n, width - n),
    pivots: n === 0 ? b.full([...lead, 0], 1, a.dtype) : b.concat(pivots, row),
  };
}

/** The identity in the place of B. */
export function identityLike(a: Value): Value {
  const n = a.shape.at(-1)!;
  const i = b.iota(n);
  return b.broadcastTo(b.mask(b.eq(b.reshape(i, [n, 1]), i), a.dtype), a.shape);
}

/** The lower triangle L with A = L L^T, column by column. */
export function choleskyFactor(a: Value): Value {
  const n = a.shape.at(-1)!;
  const lead = a.shape.slice(0, -2);
  const row = lead.length;
  // The gradient of a symmetric matrix is symmetric.
  let rest = b.mul(b.add(a, b.transpose(a)), b.like(a, 0.5));
  const columns: Value[] = [];
  for (let i = 0; i < n; i++) {
    const size = n - i;
    const first = b.narrow(rest, row + 1, 0, 1);
    const column = b.div(first, b.sqrt(b.narrow(first, row, 0, 1)));
    const none = column.shape.map(() => 0);
    columns.push(
      b.pad(
        column,
        none.map((_, d) => (d === row ? i : 0)),
        none,
      ),
    );
    const below = b.narrow(column, row, 1, size - 1);
    if (size > 1)
      rest = b.sub(b.narrow(b.narrow(rest, row, 1, size - 1), row + 1, 1, size - 1), b.mul(below, b.transpose(below)));
  }
  return n === 0 ? a : b.concat(columns, row + 1);
}
