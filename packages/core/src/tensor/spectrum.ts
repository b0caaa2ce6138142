import type { DType } from '../graph/dtype.ts';
import { recorder as b } from '../graph/node.ts';
import { sizeOf } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { fixed, numberTable } from './host-values.ts';

/** Complex values as two real ones; no imaginary part means zeros. */
export interface Spectrum {
  readonly real: Value;
  readonly imag: Value | null;
}

/** -1: forward, e^(-i angle); 1: backward. */
export type Direction = -1 | 1;

// Up to here a transform is one product with a table of cosines and sines; longer ones are made of shorter ones, or of
// a convolution where the length has no factors.
const longestTable = 256;
const longestPrimeTable = 1024;

/** cos and sin of 2 pi k t / n as a table [rows, columns] over t and k, reduced before they are taken, in float64. */
function circle(
  n: number,
  rows: number,
  columns: number,
  weight: (row: number) => number = () => 1,
): { cos: Float64Array; sin: Float64Array } {
  const cos = new Float64Array(rows * columns);
  const sin = new Float64Array(rows * columns);
  for (let t = 0; t < rows; t++)
    for (let k = 0; k < columns; k++) {
      const angle = (2 * Math.PI * ((t * k) % n)) / n;
      cos[t * columns + k] = weight(t) * Math.cos(angle);
      sin[t * columns + k] = weight(t) * Math.sin(angle);
    }
  return { cos, sin };
}

/** The last axis of x times a table [rows, columns]. */
function product(x: Value, table: Float64Array, rows: number, columns: number): Value {
  const lines = b.matmul(
    b.reshape(x, [sizeOf(x.shape.slice(0, -1)), rows]),
    fixed(numberTable(table, [rows, columns], x.dtype)),
  );
  return b.reshape(lines, [...x.shape.slice(0, -1), columns]);
}

/** (a + i b)(c + i d), whatever is missing being 0. */
function times({ real: a, imag: c }: Spectrum, re: Value, im: Value): Spectrum {
  if (c === null) return { real: b.mul(a, re), imag: b.mul(a, im) };
  return { real: b.sub(b.mul(a, re), b.mul(c, im)), imag: b.add(b.mul(a, im), b.mul(c, re)) };
}

/** Both parts through an operation that is linear and real. */
export function mapParts({ real, imag }: Spectrum, f: (part: Value) => Value): Spectrum {
  return { real: f(real), imag: imag === null ? null : f(imag) };
}

/** The discrete Fourier transform of the last axis without a factor; only the first `bins` results where a table gives them. */
export function transform(x: Spectrum, direction: Direction, bins?: number): Spectrum {
  const n = x.real.shape.at(-1)!;
  if (n === 1) return { real: x.real, imag: x.imag ?? b.fullLike(x.real, 0) };
  const factor = factorOf(n);
  if (n <= longestTable || (factor === 1 && n <= longestPrimeTable)) return byTable(x, n, bins ?? n, direction);
  const full = factor === 1 ? byConvolution(x, n, direction) : byFactors(x, factor, n / factor, direction);
  return bins === undefined ? full : mapParts(full, (part) => b.narrow(part, part.shape.length - 1, 0, bins));
}

/** The largest divisor up to the root. */
function factorOf(n: number): number {
  for (let d = Math.floor(Math.sqrt(n)); d > 1; d--) if (n % d === 0) return d;
  return 1;
}

function byTable({ real, imag }: Spectrum, n: number, bins: number, direction: Direction): Spectrum {
  const { cos, sin } = circle(n, n, bins);
  const turned = direction === 1 ? sin : sin.map((value) => -value);
  const re = product(real, cos, n, bins);
  const im = product(real, turned, n, bins);
  if (imag === null) return { real: re, imag: im };
  return { real: b.sub(re, product(imag, turned, n, bins)), imag: b.add(im, product(imag, cos, n, bins)) };
}

/** Cooley and Tukey: transforms of n1, a turn of each result, transforms of n2. */
function byFactors(x: Spectrum, n1: number, n2: number, direction: Direction): Spectrum {
  const lead = x.real.shape.slice(0, -1);
  const swap = (part: Value): Value => b.transpose(part);
  const rows = mapParts(x, (part) => swap(b.reshape(part, [...lead, n1, n2])));
  const inner = transform(rows, direction);
  const { cos, sin } = circle(n1 * n2, n2, n1);
  const { dtype } = x.real;
  const turned = times(
    inner,
    fixed(numberTable(cos, [n2, n1], dtype)),
    fixed(numberTable(direction === 1 ? sin : sin.map((value) => -value), [n2, n1], dtype)),
  );
  const outer = transform(mapParts(turned, swap), direction);
  return mapParts(outer, (part) => b.reshape(swap(part), [...lead, n1 * n2]));
}

/** Bluestein: a transform of any length as a convolution, by transforms whose length is a power of 2. */
function byConvolution(x: Spectrum, n: number, direction: Direction): Spectrum {
  const size = 2 ** Math.ceil(Math.log2(2 * n - 1));
  const chirp = { re: new Float64Array(n), im: new Float64Array(n) };
  for (let t = 0; t < n; t++) {
    // t^2 modulo 2n, exactly.
    const angle = (Math.PI * Number((BigInt(t) * BigInt(t)) % BigInt(2 * n))) / n;
    chirp.re[t] = Math.cos(angle);
    chirp.im[t] = direction * Math.sin(angle);
  }
  const filter = { re: new Float64Array(size), im: new Float64Array(size) };
  for (let t = 0; t < n; t++)
    for (const place of [t, (size - t) % size]) {
      filter.re[place] = chirp.re[t]!;
      filter.im[place] = -chirp.im[t]!;
    }
  const response = hostTransform(filter.re, filter.im);
  const table = (values: Float64Array, dtype: DType): Value => fixed(numberTable(values, [values.length], dtype));
  const { dtype, shape } = x.real;
  const re = table(chirp.re, dtype);
  const im = table(chirp.im, dtype);
  const none = shape.map(() => 0);
  const padded = mapParts(times(x, re, im), (part) => b.pad(part, none, [...none.slice(1), size - n]));
  const filtered = times(transform(padded, -1), table(response.re, dtype), table(response.im, dtype));
  const back = mapParts(transform(filtered, 1), (part) =>
    b.mul(b.narrow(part, shape.length - 1, 0, n), b.like(part, 1 / size)),
  );
  return times(back, re, im);
}

/** The forward transform of host values whose number is a power of 2, in float64. */
function hostTransform(re: Float64Array, im: Float64Array): { re: Float64Array; im: Float64Array } {
  const n = re.length;
  if (n === 1) return { re: re.slice(), im: im.slice() };
  const half = (values: Float64Array, odd: 0 | 1): Float64Array => values.filter((_, i) => i % 2 === odd);
  const even = hostTransform(half(re, 0), half(im, 0));
  const odd = hostTransform(half(re, 1), half(im, 1));
  const out = { re: new Float64Array(n), im: new Float64Array(n) };
  for (let k = 0; k < n / 2; k++) {
    const c = Math.cos((2 * Math.PI * k) / n);
    const s = -Math.sin((2 * Math.PI * k) / n);
    const real = c * odd.re[k]! - s * odd.im[k]!;
    const imag = c * odd.im[k]! + s * odd.re[k]!;
    out.re[k] = even.re[k]! + real;
    out.im[k] = even.im[k]! + imag;
    out.re[k + n / 2] = even.re[k]! - real;
    out.im[k + n / 2] = even.im[k]! - imag;
  }
  return out;
}

/** The real signal of n elements whose transform begins with the given n/2 + 1 bins, without a factor. */
export function realSignal({ real, imag }: Spectrum, n: number): Value {
  const bins = Math.floor(n / 2) + 1;
  if (n <= longestTable) {
    // Every bin but the first, and the last of an even length, stands for its mirror image too.
    const { cos, sin } = circle(n, bins, n, (k) => (k === 0 || 2 * k === n ? 1 : 2));
    const re = product(real, cos, bins, n);
    return imag === null ? re : b.sub(re, product(imag, sin, bins, n));
  }
  const axis = real.shape.length - 1;
  const mirror = (part: Value): Value => b.flip(b.narrow(part, axis, 1, n - bins), [axis]);
  const full = {
    real: b.concat([real, mirror(real)], axis),
    imag: imag === null ? null : b.concat([imag, b.neg(mirror(imag))], axis),
  };
  return transform(full, 1).real;
}
