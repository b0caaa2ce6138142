import { convolution } from './convolution.ts';
import { elementwise } from './elementwise.ts';
import { linear } from './linear.ts';
import type { PrimitiveTable } from './lowering.ts';
import { movement } from './movement.ts';
import { reduction } from './reduction.ts';
import { source } from './source.ts';

/** How every primitive is written. */
export const primitiveTable: PrimitiveTable = {
  ...source,
  ...elementwise,
  ...reduction,
  ...movement,
  ...linear,
  ...convolution,
};
