/** The floating-point types that the streams can be rounded to. */
export type FloatPrecision = 'float64' | 'float32' | 'float16' | 'bfloat16';

/** Storage of floating-point samples. float16 and bfloat16 samples are held, exactly, in a `Float32Array`. */
export type FloatArray = Float64Array | Float32Array;

/**
 * The precision of samples stored in `out`: the array's own, unless a narrower one is asked for.
 *
 * @throws TypeError if `out` is no floating-point array or cannot hold `precision` exactly as PyTorch would.
 */
export function precisionOf(out: FloatArray, precision?: FloatPrecision): FloatPrecision {
  if (out instanceof Float64Array) {
    if (precision === undefined || precision === 'float64') return 'float64';
  } else if (out instanceof Float32Array) {
    if (precision !== 'float64') return precision ?? 'float32';
  } else {
    throw new TypeError('random samples of a continuous distribution need a Float32Array or a Float64Array');
  }
  throw new TypeError(
    `${precision} samples do not belong in a ${out.constructor.name}; float64 goes into a Float64Array, the others into a Float32Array`,
  );
}

/** The function that rounds a number to the nearest value of `precision`, ties to even. */
export function rounder(precision: FloatPrecision): (value: number) => number {
  switch (precision) {
    case 'float64':
      return (value) => value;
    case 'float32':
      return Math.fround;
    case 'float16':
      return roundToFloat16;
    case 'bfloat16':
      return roundToBfloat16;
  }
}

const word = new Float32Array(1);
const bits = new Uint32Array(word.buffer);

/** 1.5·2⁵² units of float16's last place, by exponent from −14 on. */
const ANCHORS = Float64Array.from({ length: 30 }, (_, index) => 1.5 * 2 ** (52 - 10 - 14 + index));

function roundToFloat16(value: number): number {
  word[0] = value;
  const single = word[0];
  const magnitude = Math.abs(single);
  if (!(magnitude < 65520)) return magnitude >= 65520 ? single * Infinity : NaN;
  const exponent = Math.max(((bits[0]! << 1) >>> 24) - 127, -14);
  // Adding the anchor leaves the rounding, ties to even, to the float64 adder.
  const anchor = ANCHORS[exponent + 14]!;
  const rounded = magnitude + anchor - anchor;
  return bits[0]! >>> 31 === 1 ? -rounded : rounded;
}

function roundToBfloat16(value: number): number {
  word[0] = value;
  const single = bits[0]!;
  if (Number.isNaN(word[0])) return NaN;
  bits[0] = (single + 0x7fff + ((single >>> 16) & 1)) & 0xffff0000;
  return word[0];
}

/**
 * a·b + c rounded once, as the fused instruction of PyTorch's CPU kernels rounds it.
 * Exact unless the product underflows; where the split operands overflow, the plain result.
 */
export function fusedMultiplyAdd(a: number, b: number, c: number): number {
  const product = a * b;
  const productError = multiplicationError(a, b, product);
  const sum = product + c;
  const fromC = sum - product;
  const sumError = product - (sum - fromC) + (c - fromC);
  const fused = sum + (sumError + productError);
  return Number.isNaN(fused) ? sum : fused;
}

/** a·b − product, exactly (Dekker): both factors are split into halves whose products are exact. */
function multiplicationError(a: number, b: number, product: number): number {
  const splitter = 2 ** 27 + 1;
  const scaledA = splitter * a;
  const highA = scaledA - (scaledA - a);
  const lowA = a - highA;
  const scaledB = splitter * b;
  const highB = scaledB - (scaledB - b);
  const lowB = b - highB;
  return highA * highB - product + highA * lowB + lowA * highB + lowA * lowB;
}
