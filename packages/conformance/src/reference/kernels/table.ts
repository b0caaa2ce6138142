import { convolution } from './convolution.ts';
import { elementwise } from './elementwise.ts';
import type { Kernels } from './kernel.ts';
import { linear } from './linear.ts';
import { movement } from './movement.ts';
import { reductions } from './reduction.ts';
import { source } from './source.ts';

/** Every primitive as a plain loop. A primitive without a kernel does not compile. */
export const kernels: Kernels = { ...source, ...elementwise, ...reductions, ...movement, ...linear, ...convolution };
