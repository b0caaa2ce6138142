import type { KnownGap } from '../runner/gaps.ts';

/** Golden cases that a device is known to fail. They are still run: one that passes must leave this list. */
export const caseGaps: readonly KnownGap[] = [
  ...['*wasm*', '*webgpu*'].flatMap((device): KnownGap[] => [
    {
      device,
      case: 'cases/elementwise/sign/edges',
      reason: 'the engine gives NaN as the sign of NaN, PyTorch gives 0',
    },
    { device, case: 'cases/elementwise/sgn/edges', reason: 'the engine gives NaN as the sign of NaN, PyTorch gives 0' },
    {
      device,
      case: 'cases/elementwise/abs/edges',
      reason: 'the gradient at NaN is the sign of NaN, which the engine gives as NaN',
    },
  ]),
];
