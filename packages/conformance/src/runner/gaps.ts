import { caseGaps } from '../cases/gaps.ts';

/** Something that a device is known not to do. It is still run, so that a gap that has closed is reported. */
export interface KnownGap {
  /** Glob over target names. */
  readonly device: string;
  /** Glob over case names. */
  readonly case: string;
  /** Why, in a sentence that a user of the device can act on. */
  readonly reason: string;
}

/** The gaps of the devices of this project. */
export const knownGaps: readonly KnownGap[] = [
  ...gaps(
    '*onnxruntime-web:webgpu',
    'shader compilers may assume that numbers are finite: NaN and infinities are not kept',
    [
      'operations/exp/NaN and infinities*',
      'operations/log/NaN and infinities*',
      'operations/pow/negative base, fractional exponent*',
      'operations/pow/zero base, negative exponent*',
      'operations/pow/one to any power*',
      'operations/reduceMax/NaN wins*',
      'operations/reduceMin/NaN wins*',
      'operations/argMax/the first NaN*',
      'operations/argMin/the first NaN*',
      'operations/argSort/NaN is the largest*',
      'operations/sigmoid/NaN and infinities*',
      'operations/cosh/NaN and infinities*',
      'operations/asinh/NaN and infinities*',
    ],
  ),
  ...caseGaps,
];

function gaps(device: string, reason: string, cases: readonly string[]): KnownGap[] {
  return cases.map((name) => ({ device, case: name, reason }));
}
