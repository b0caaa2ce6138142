import type { DType, OperationName } from '@chimera-nn/core';

/** How far a result may be from the reference, as a function of the number of terms summed into each element. */
export interface Tolerance {
  /** In multiples of the dtype's epsilon: of the largest reference value if `of` is 'largest', of each value otherwise. */
  readonly relative: (terms: number) => number;
  readonly of: 'each' | 'largest';
  /** In multiples of the dtype's epsilon, for values near zero. */
  readonly absolute: number;
}

const exact: Tolerance = { relative: () => 0, of: 'each', absolute: 0 };
/** One correctly rounded operation; shader languages allow a few units in the last place. */
const rounded: Tolerance = { relative: () => 4, of: 'each', absolute: 0 };
/** Functions that engines approximate: 1e-6 + 1e-5 |y| in float32. */
const approximated: Tolerance = { relative: () => 84, of: 'each', absolute: 8.4 };
/** Sums in any order: 1e-6 + 1e-5 max|y| in float32 up to some 80 terms, more beyond. */
const accumulated: Tolerance = { relative: (terms) => Math.max(84, terms), of: 'largest', absolute: 8.4 };

/** Declared once per operation, and never widened elsewhere. */
export const tolerances: { readonly [N in OperationName]: Tolerance } = {
  input: exact,
  constant: exact,
  iota: exact,
  stopGradient: exact,

  neg: exact,
  abs: exact,
  sign: exact,
  floor: exact,
  ceil: exact,
  round: exact,
  exp: approximated,
  log: approximated,
  sqrt: approximated,
  sin: approximated,
  cos: approximated,
  tan: approximated,
  asin: approximated,
  acos: approximated,
  atan: approximated,
  tanh: approximated,
  erf: approximated,
  add: rounded,
  sub: rounded,
  mul: rounded,
  div: rounded,
  integerDiv: exact,
  pow: approximated,
  maximum: exact,
  minimum: exact,
  less: exact,
  lessEqual: exact,
  equal: exact,
  logicalNot: exact,
  logicalAnd: exact,
  logicalOr: exact,
  select: exact,
  cast: exact,

  reduceSum: accumulated,
  reduceMax: exact,
  reduceMin: exact,
  reduceProd: approximated,
  argMax: exact,
  argMin: exact,
  argSort: exact,
  cumsum: accumulated,

  reshape: exact,
  permute: exact,
  broadcastTo: exact,
  slice: exact,
  pad: exact,
  concat: exact,
  flip: exact,
  gather: exact,
  scatterAdd: accumulated,

  matmul: accumulated,
  conv2d: accumulated,
  conv2dInputGrad: accumulated,
  conv2dWeightGrad: accumulated,
  windows: exact,
  windowsAdjoint: accumulated,

  relu: exact,
  sigmoid: approximated,
  log1p: approximated,
  expm1: approximated,
  softmax: accumulated,
  logSoftmax: accumulated,
  gelu: approximated,
  maxPool2d: exact,
  maxPool2dGrad: accumulated,
  averagePool2d: accumulated,
  standardize: accumulated,
  layerNorm: accumulated,
  layerNormScale: accumulated,

  softplus: approximated,
  binaryCrossEntropy: approximated,

  sinh: approximated,
  cosh: approximated,
  asinh: approximated,
  acosh: approximated,
  atanh: approximated,
  erfc: approximated,
  erfinv: approximated,
  lgamma: approximated,
  digamma: approximated,
  trigamma: approximated,
  polygamma: approximated,
  zeta: approximated,
  gammainc: approximated,
  gammaincc: approximated,
  atan2: approximated,
  hypot: approximated,
  fmod: approximated,

  eig: accumulated,
  eigh: accumulated,
  svd: accumulated,
};

/** The distance from 1 to the next number; 0 for dtypes that count. */
const epsilon: Record<DType, number> = {
  float16: 2 ** -10,
  float32: 2 ** -23,
  float64: 2 ** -52,
  int32: 0,
  bool: 0,
};

/** What a comparison found. */
export interface Comparison {
  readonly pass: boolean;
  /** The largest absolute difference; Infinity where NaN or an infinity met something else. */
  readonly maxError: number;
  /** The element that misses its bound by most. */
  readonly worst?: {
    readonly index: number;
    readonly actual: number;
    readonly expected: number;
    readonly allowed: number;
  };
}

/** Compares element by element. NaN equals NaN, an infinity only itself. */
export function compareNumbers(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  dtype: DType,
  tolerance: Tolerance,
  terms = 1,
): Comparison {
  const relative = epsilon[dtype] * tolerance.relative(terms);
  const absolute = epsilon[dtype] * tolerance.absolute;
  let largest = 0;
  if (tolerance.of === 'largest')
    for (let i = 0; i < expected.length; i++)
      if (Number.isFinite(expected[i])) largest = Math.max(largest, Math.abs(expected[i]!));
  return compareWithin(
    actual,
    expected,
    (value) => absolute + relative * (tolerance.of === 'largest' ? largest : Math.abs(value)),
  );
}

/** Compares element by element under a bound that depends on the expected value. */
function compareWithin(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  bound: (expected: number) => number,
): Comparison {
  if (actual.length !== expected.length)
    throw new RangeError(`compared ${actual.length} elements with ${expected.length}`);
  let maxError = 0;
  let excess = 0;
  let worst: Comparison['worst'];
  for (let i = 0; i < expected.length; i++) {
    const x = actual[i]!;
    const y = expected[i]!;
    if (x === y || (Number.isNaN(x) && Number.isNaN(y))) continue;
    const difference = Math.abs(x - y);
    const error = Number.isFinite(difference) ? difference : Infinity;
    const allowed = Number.isFinite(y) ? bound(y) : 0;
    maxError = Math.max(maxError, error);
    if (error > allowed && (worst === undefined || error - allowed > excess)) {
      excess = error - allowed;
      worst = { index: i, actual: x, expected: y, allowed };
    }
  }
  return worst === undefined ? { pass: true, maxError } : { pass: false, maxError, worst };
}

/**
 * Tolerances of examples. `elementwise`: 1e-6 + 1e-5 |y| in float32. `accumulated`: 1e-6 + 1e-5 max|y|, for what
 * comes out of sums. `trained`: 1e-5 + 1e-3 max|y|, for what has been through many steps of training. `counted`: one
 * more or less, for how many samples a trained model gets right.
 */
export const exampleTolerances = {
  elementwise: approximated,
  accumulated,
  trained: { relative: () => 8400, of: 'largest', absolute: 84 },
  counted: { relative: () => 0, of: 'each', absolute: 2 ** 23 },
  exact,
} as const satisfies Record<string, Tolerance>;

export type ExampleTolerance = keyof typeof exampleTolerances;
