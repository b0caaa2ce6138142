import type { PrimitiveName } from '@chimera-nn/core';
import { convolution } from './convolution.ts';
import { elementwise } from './elementwise.ts';
import { linear } from './linear.ts';
import type { Lower } from './lower.ts';
import { movement } from './movement.ts';
import { reductions } from './reduction.ts';
import { source } from './source.ts';

/** How each primitive is computed in TensorFlow. A primitive without an entry does not compile. */
export const primitiveLowerings: { readonly [N in PrimitiveName]: Lower<N> } = {
  ...source,
  ...elementwise,
  ...reductions,
  ...movement,
  ...linear,
  ...convolution,
};
