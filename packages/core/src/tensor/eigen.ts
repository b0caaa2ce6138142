import type { Node } from '../graph/node.ts';
import { recorder as b } from '../graph/node.ts';
import type { Value } from '../graph/value.ts';
import { requireSquare } from './decomposition.ts';
import type { ComplexTensor } from './fourier.ts';
import type { NamedResults } from './named-results.ts';
import { namedResults } from './named-results.ts';
import { requireOptions } from './operand.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

/** Which triangle of a symmetric matrix is looked at: the lower or the upper one. */
export type Triangle = 'L' | 'U';

export interface EighOptions {
  /** The triangle that is looked at. Default `'L'`. */
  UPLO?: Triangle;
}

function triangleOf(name: string, options: Triangle | EighOptions): Triangle {
  const given = typeof options === 'string' ? { UPLO: options } : options;
  requireOptions(name, given, ['UPLO']);
  const triangle: string = given.UPLO ?? 'L';
  const first = triangle.charAt(0).toUpperCase();
  if (first !== 'L' && first !== 'U')
    throw new TypeError(`${name}: Expected UPLO argument to be 'L' or 'U', but got ${triangle}`);
  return first;
}

/**
 * The symmetric matrix that has one triangle of `a`. Its gradient is passed on whole: what comes from symmetric functions
 * is symmetric already, and counts both triangles.
 */
export function mirrored(a: Value, triangle: Triangle = 'L'): Value {
  const n = a.shape.at(-1)!;
  const [row, column] = [b.reshape(b.iota(n), [n, 1]), b.iota(n)];
  const isKept = triangle === 'L' ? b.ge(row, column) : b.le(row, column);
  const symmetric = b.select(isKept, a, b.transpose(a)) as Node;
  symmetric.rule = (_builder, g) => [null, g, null];
  return symmetric;
}

/** Eigenvalues [..., 1, n] in rising order and eigenvectors [..., n, n] of symmetric matrices. */
export function eigenpairs(a: Value): { values: Value; vectors: Value } {
  const n = a.shape.at(-1)!;
  const axis = a.shape.length - 2;
  const pairs = b.emit('eigh', [a], {});
  return { values: b.narrow(pairs, axis, 0, 1), vectors: b.narrow(pairs, axis, 1, n) };
}

/** A line [..., 1, n] as vectors [..., n]. */
export function asVector(line: Value): Value {
  return b.reshape(line, [...line.shape.slice(0, -2), line.shape.at(-1)!]);
}

/**
 * A = V diag(w) V^T for symmetric A [..., n, n]: eigenvalues w [..., n] in rising order, orthonormal eigenvectors in the columns
 * of V [..., n, n]. Only one triangle of A is looked at. The signs of the eigenvectors, which PyTorch leaves open, are LAPACK's up to
 * n = 2; beyond, the largest entry of each is positive. By Jacobi's method, in a fixed number of steps; for small matrices. The
 * gradient of a function of the eigenvectors exists where the eigenvalues differ. Throws if A is not square.
 * (PyTorch: `torch.linalg.eigh`)
 */
export function eigh(
  x: Tensor,
  options: Triangle | EighOptions = {},
): NamedResults<{ readonly eigenvalues: Tensor; readonly eigenvectors: Tensor }> {
  const a = requireSquare('linalg.eigh', x);
  const { values, vectors } = eigenpairs(mirrored(a, triangleOf('linalg.eigh', options)));
  return namedResults({ eigenvalues: wrap(asVector(values)), eigenvectors: wrap(vectors) });
}

/** The eigenvalues of symmetric matrices in rising order: see `eigh`. (PyTorch: `torch.linalg.eigvalsh`) */
export function eigvalsh(x: Tensor, options: Triangle | EighOptions = {}): Tensor {
  const a = requireSquare('linalg.eigvalsh', x);
  return wrap(asVector(eigenpairs(mirrored(a, triangleOf('linalg.eigvalsh', options))).values));
}

/** Rows `start` and `start + size` of what is packed, as the two parts of something complex. */
function complexRows(decomposition: Value, start: number, size: number): ComplexTensor {
  const axis = decomposition.shape.length - 2;
  const part = (from: number): Tensor => {
    const rows = b.narrow(decomposition, axis, from, size);
    return wrap(start === 0 ? asVector(rows) : rows);
  };
  return { real: part(start), imag: part(start + size) };
}

/**
 * A V = V diag(w) for square A [..., n, n], symmetric or not: eigenvalues w [..., n] and unit eigenvectors in the columns of V
 * [..., n, n], both complex, as `{ real, imag }`. The order, which PyTorch leaves open, is by falling real parts, of a conjugate pair
 * the member with the positive imaginary part first; the largest entry of each vector is real and positive. By the QR algorithm, in
 * a fixed number of steps; for matrices of up to some ten rows. The gradient exists where the eigenvalues differ, for functions
 * that do not depend on the vectors' phases. For symmetric matrices `eigh` is faster and more exact. (PyTorch: `torch.linalg.eig`)
 */
export function eig(
  x: Tensor,
): NamedResults<{ readonly eigenvalues: ComplexTensor; readonly eigenvectors: ComplexTensor }> {
  const a = requireSquare('linalg.eig', x);
  const decomposition = b.emit('eig', [a], {});
  return namedResults({
    eigenvalues: complexRows(decomposition, 0, 1),
    eigenvectors: complexRows(decomposition, 2, a.shape.at(-1)!),
  });
}

/** The eigenvalues of square matrices, complex, as `{ real, imag }`: see `eig`. (PyTorch: `torch.linalg.eigvals`) */
export function eigvals(x: Tensor): ComplexTensor {
  return complexRows(b.emit('eig', [requireSquare('linalg.eigvals', x)], {}), 0, 1);
}
