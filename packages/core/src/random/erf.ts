const TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

/**
 * The error function, erf(x) = 2/√π ∫₀ˣ exp(−t²) dt, to about 1e-15. PyTorch: `torch.erf`.
 */
export function erf(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude < 2) return series(x);
  return Math.sign(x) * (1 - continuedFraction(magnitude));
}

/**
 * The complementary error function, 1 − erf(x), without cancellation for large x. PyTorch: `torch.erfc`.
 */
export function erfc(x: number): number {
  if (x < 1) return 1 - erf(x);
  return continuedFraction(x);
}

/** 2/√π · exp(−x²) · Σ 2ᵏ x²ᵏ⁺¹ / (2k+1)!!: all terms have one sign, so nothing cancels. */
function series(x: number): number {
  const square = x * x;
  let term = x;
  let sum = x;
  for (let odd = 3; Math.abs(term) > Math.abs(sum) * 2 ** -54; odd += 2) {
    term *= (2 * square) / odd;
    sum += term;
  }
  return TWO_OVER_SQRT_PI * Math.exp(-square) * sum;
}

/** erfc(x) = exp(−x²)/√π · 1/(x + ½/(x + 1/(x + 3⁄2/(x + …)))), x ≥ 1, evaluated from the inside. */
function continuedFraction(x: number): number {
  if (x > 27.3) return 0;
  let tail = x;
  // The depth at which what is left out falls below the last digit, with some to spare.
  for (let depth = 10 + Math.ceil(200 / (x * x)); depth > 0; depth--) tail = x + depth / 2 / tail;
  return (Math.exp(-x * x) * (TWO_OVER_SQRT_PI / 2)) / tail;
}

/**
 * The inverse of the error function on [−1, 1]: ±Infinity at ±1, NaN outside.
 *
 * A closed approximation (Winitzki's) refined by Halley's iteration, which triples the correct digits each time.
 * PyTorch: `torch.erfinv`.
 */
export function erfinv(y: number): number {
  const magnitude = Math.abs(y);
  if (!(magnitude <= 1)) return NaN;
  if (magnitude === 1) return y * Infinity;
  if (magnitude === 0) return y;
  const logarithm = Math.log1p(-magnitude * magnitude);
  const shape = 0.147;
  const center = 2 / (Math.PI * shape) + logarithm / 2;
  // √(c² − l/s) − c, written as a quotient because both terms almost cancel for small y.
  const offset = -logarithm / shape;
  let x = Math.sqrt(offset / (Math.sqrt(center * center + offset) + center));
  for (let iteration = 0; iteration < 3; iteration++) {
    // Past one half 1 − |y| is exact, and comparing the complements keeps the digits that erf(x) loses near 1.
    const excess = magnitude > 0.5 ? 1 - magnitude - erfc(x) : erf(x) - magnitude;
    const newton = excess / (TWO_OVER_SQRT_PI * Math.exp(-x * x));
    x -= newton / (1 + x * newton);
  }
  return Math.sign(y) * x;
}
