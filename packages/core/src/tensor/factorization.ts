import { ShapeError } from '../errors.ts';
import { recorder as b } from '../graph/node.ts';
import { sizeOf } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { identityLike, requireSquare } from './decomposition.ts';
import type { NamedResults } from './named-results.ts';
import { namedResults } from './named-results.ts';
import { requireFloatingNode, requireTensor } from './operand.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

export interface QrOptions {
  /** `'reduced'`: Q [..., m, k] with k = min(m, n); `'complete'`: Q [..., m, m]; `'r'`: only R. Default `'reduced'`. */
  mode?: 'reduced' | 'complete' | 'r';
}

/**
 * A = Q R with orthonormal columns in Q and an upper triangle R, by reflections, with LAPACK's signs. A [..., m, n]; for
 * small matrices. With mode `'r'`, Q is empty. (PyTorch: `torch.linalg.qr`)
 */
export function qr(
  x: Tensor,
  options: QrOptions | QrOptions['mode'] = {},
): NamedResults<{ readonly Q: Tensor; readonly R: Tensor }> {
  const a = requireFloatingNode('linalg.qr', requireTensor('linalg.qr', x));
  const mode = (typeof options === 'string' ? options : options.mode) ?? 'reduced';
  if (mode !== 'reduced' && mode !== 'complete' && mode !== 'r')
    throw new TypeError(
      `qr received unrecognized mode '${String(mode)}' but expected one of 'reduced' (default), 'r', or 'complete'`,
    );
  if (a.shape.length < 2) throw new ShapeError('linalg.qr: The input tensor A must have at least 2 dimensions.');
  const { q, r } = orthogonalFactors(a, mode === 'complete');
  return namedResults({ Q: wrap(mode === 'r' ? b.full([0], 0, a.dtype) : q), R: wrap(r) });
}

/** Q and R of A = Q R: see `qr`. */
export function orthogonalFactors(a: Value, isComplete: boolean): { q: Value; r: Value } {
  const [m, n] = a.shape.slice(-2) as [number, number];
  const lead = a.shape.slice(0, -2);
  const row = lead.length;
  const k = Math.min(m, n);
  let rest: Value = a;
  let basis: Value = b.broadcastTo(identityLike(b.full([...lead, m, m], 0, a.dtype)), [...lead, m, m]);
  const index = b.reshape(b.iota(m), [m, 1]);
  const one = b.like(a, 1);
  const zero = b.like(a, 0);
  // The last row of a square or wide matrix has nothing below it to be removed.
  for (let j = 0; j < k && j < m - 1; j++) {
    const position = b.scalar(j, 'int32');
    const column = b.select(b.lt(index, position), zero, b.narrow(rest, row + 1, j, 1));
    const first = b.narrow(column, row, j, 1);
    const below = b.select(b.eq(index, position), zero, column);
    const isDone = b.eq(b.reduceSum(b.abs(below), [row], true), zero);
    // Where nothing is below the diagonal there is no reflection; the root is taken elsewhere, for its gradient.
    const length = b.sqrt(b.select(isDone, one, b.reduceSum(b.mul(column, column), [row], true)));
    const target = b.select(b.lt(first, zero), length, b.neg(length));
    const v = b.select(b.eq(index, position), b.sub(column, target), below);
    const square = b.select(isDone, one, b.reduceSum(b.mul(v, v), [row], true));
    const scale = b.select(isDone, zero, b.div(b.like(a, 2), square));
    const scaled = b.mul(v, scale);
    rest = b.sub(rest, b.matmul(scaled, b.matmul(v, rest, { transposeA: true })));
    basis = b.sub(basis, b.matmul(b.matmul(basis, v), scaled, { transposeB: true }));
  }
  const height = isComplete ? m : k;
  const upper = b.le(index, b.iota(n));
  return {
    q: b.narrow(basis, row + 1, 0, height),
    r: b.narrow(b.select(upper, rest, zero), row, 0, height),
  };
}

/**
 * The exponential of a square matrix, sum of A^k / k!: the series of A / 2^s, of a norm of at most 1, squared s times. For norms up
 * to 2^12. (PyTorch: `torch.linalg.matrix_exp`)
 */
export function matrixExp(x: Tensor): Tensor {
  const a = requireSquare('linalg.matrix_exp', x);
  if (sizeOf(a.shape) === 0) return wrap(b.emit('reshape', [a], { shape: a.shape }));
  const rank = a.shape.length;
  const identity = identityLike(a);
  const fixed = b.emit('stopGradient', [a], {});
  const norm = b.reduceMax(b.reduceSum(b.abs(fixed), [rank - 2], true), [rank - 1], true);
  const halvings: Value[] = [];
  for (let i = 0; i < 12; i++) halvings.push(b.gt(norm, b.like(a, 2 ** i)));
  let scale: Value = b.like(a, 1);
  for (const isHalved of halvings) scale = b.mul(scale, b.select(isHalved, b.like(a, 0.5), b.like(a, 1)));
  const small = b.mul(a, scale);
  let sum: Value = identity;
  for (let k = a.dtype === 'float64' ? 18 : 11; k >= 1; k--)
    sum = b.add(identity, b.matmul(b.mul(small, b.like(a, 1 / k)), sum));
  for (const isHalved of halvings) sum = b.select(isHalved, b.matmul(sum, sum), sum);
  return wrap(sum);
}
