import type { DType } from '@chimera-nn/core';
import type { Golden } from './golden-file.ts';

/** How far values may be from PyTorch's: `absolute + relative * |expected|`, of each element or of the largest. */
export interface CaseTolerance {
  readonly of: 'each' | 'largest';
  /** Factor on the bounds of the dtype. Default 1. */
  readonly factor?: number;
}

const bounds: Record<DType, { readonly absolute: number; readonly relative: number }> = {
  float32: { absolute: 1e-6, relative: 1e-5 },
  // Engines' functions differ by more than float64 resolves (PyTorch's own vectorised ones too).
  float64: { absolute: 1e-12, relative: 1e-10 },
  // A few units in the last place: PyTorch computes in float32 and rounds once, engines may round each step.
  float16: { absolute: 2e-3, relative: 4e-3 },
  int32: { absolute: 0, relative: 0 },
  bool: { absolute: 0, relative: 0 },
};

const each: CaseTolerance = { of: 'each' };
const largest: CaseTolerance = { of: 'largest' };

/** Families whose results are computed element by element; everything else sums. */
const elementwiseFamilies: readonly string[] = ['elementwise', 'comparison', 'inplace', 'creation'];

interface Exception {
  /** The beginning of `<family>/<id>`. */
  readonly cases: string;
  /** Default: results and gradients. */
  readonly part?: 'result' | 'gradient';
  readonly tolerance: CaseTolerance;
  readonly reason: string;
}

/** Cases that need more. */
const exceptions: readonly Exception[] = [
  {
    cases: 'elementwise/erfinv/',
    part: 'gradient',
    tolerance: { of: 'largest', factor: 10 },
    reason: "exp(erfinv(x)^2) multiplies the value's relative error by 2 erfinv(x)^2, which is 11 at 0.999",
  },
  {
    cases: 'second-derivatives/promotion/',
    part: 'gradient',
    tolerance: { of: 'largest', factor: 3000 },
    reason:
      'a float64 scalar beside a float32 tensor has a gradient that was summed in float32, whose last place is 1.2e-7',
  },
  {
    cases: 'layers-attention/Transformer/',
    part: 'gradient',
    tolerance: { of: 'largest', factor: 3 },
    reason: "through three layers of attention PyTorch's own float32 is 0.4 of the bound away from float64",
  },
];

/** The tolerance of a case's results. Gradients sum (over broadcast dimensions at least). */
export function toleranceOf(family: string, id: string, part: 'result' | 'gradient' | 'state'): CaseTolerance {
  const name = `${family}/${id}`;
  const exception = exceptions.find(
    (one) => part !== 'state' && (one.part ?? part) === part && name.startsWith(one.cases),
  );
  if (exception !== undefined) return exception.tolerance;
  if (part === 'state') return each;
  return part === 'result' && elementwiseFamilies.includes(family) ? each : largest;
}

/** What a comparison found. */
export interface Difference {
  readonly maxError: number;
  /** The element that misses its bound by most, in words; `null` if all are within. */
  readonly problem: string | null;
}

/** Compares with a golden. NaN equals NaN, an infinity only itself. */
export function compareWithGolden(
  actual: ArrayLike<number>,
  golden: Golden,
  { of, factor = 1 }: CaseTolerance,
): Difference {
  const { values, dtype } = golden;
  const { absolute, relative } = bounds[dtype];
  let scale = 0;
  if (of === 'largest')
    for (const value of values) if (Number.isFinite(value)) scale = Math.max(scale, Math.abs(value));
  let maxError = 0;
  let excess = 0;
  let problem: string | null = null;
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const x = actual[i]!;
    const y = values[i]!;
    if (x === y || (Number.isNaN(x) && Number.isNaN(y))) continue;
    const difference = Math.abs(x - y);
    const error = Number.isFinite(difference) ? difference : Infinity;
    const allowed = Number.isFinite(y) ? factor * (absolute + relative * (of === 'largest' ? scale : Math.abs(y))) : 0;
    maxError = Math.max(maxError, error);
    if (error <= allowed) continue;
    count++;
    if (problem !== null && error - allowed <= excess) continue;
    excess = error - allowed;
    problem = `element ${i} is ${x}, expected ${y} within ${allowed.toPrecision(2)}`;
  }
  if (problem !== null && count > 1) problem += ` (${count} of ${values.length} differ)`;
  return { maxError, problem };
}
