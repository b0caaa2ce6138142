/**
 * The Q of the QR decomposition of a tall matrix [rows, columns] whose R has a positive diagonal, by Householder
 * reflections. Overwrites `a`.
 */
export function orthonormalColumns(a: Float64Array, rows: number, columns: number): Float64Array {
  const scales = new Float64Array(columns);
  const signs = new Float64Array(columns);
  for (let k = 0; k < columns; k++) {
    let norm = 0;
    for (let i = k; i < rows; i++) norm = Math.hypot(norm, a[i * columns + k]!);
    const head = a[k * columns + k]!;
    const diagonal = head > 0 ? -norm : norm;
    signs[k] = diagonal === 0 ? 0 : Math.sign(diagonal);
    if (norm === 0) continue;
    // The reflection's vector stays below the diagonal, where R is zero.
    a[k * columns + k] = head - diagonal;
    let square = 0;
    for (let i = k; i < rows; i++) square += a[i * columns + k]! ** 2;
    scales[k] = 2 / square;
    for (let j = k + 1; j < columns; j++) reflect(a, a, rows, columns, k, j, scales[k]!);
  }
  const q = new Float64Array(rows * columns);
  for (let k = 0; k < columns; k++) q[k * columns + k] = 1;
  for (let k = columns - 1; k >= 0; k--)
    for (let j = k; j < columns; j++) reflect(q, a, rows, columns, k, j, scales[k]!);
  for (let i = 0; i < rows; i++) for (let k = 0; k < columns; k++) q[i * columns + k]! *= signs[k]!;
  return q;
}

function reflect(
  target: Float64Array,
  vectors: Float64Array,
  rows: number,
  columns: number,
  k: number,
  j: number,
  scale: number,
): void {
  let dot = 0;
  for (let i = k; i < rows; i++) dot += vectors[i * columns + k]! * target[i * columns + j]!;
  dot *= scale;
  for (let i = k; i < rows; i++) target[i * columns + j]! -= dot * vectors[i * columns + k]!;
}
