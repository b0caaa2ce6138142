import type { Samples } from '../sample.ts';
import { activation } from './activation.ts';
import { composite } from './composite.ts';
import { convolution } from './convolution.ts';
import { decomposition } from './decomposition.ts';
import { elementwise } from './elementwise.ts';
import { gamma } from './gamma.ts';
import { linear } from './linear.ts';
import { loss } from './loss.ts';
import { movement } from './movement.ts';
import { normalization } from './normalization.ts';
import { reduction } from './reduction.ts';
import { source } from './source.ts';
import { special } from './special.ts';

/** Samples of every operation. An operation without an entry does not compile; one without a sample fails its test. */
export const samples: Samples = {
  ...source,
  ...elementwise,
  ...reduction,
  ...movement,
  ...linear,
  ...convolution,
  ...composite,
  ...special,
  ...gamma,
  ...activation,
  ...loss,
  ...normalization,
  ...decomposition,
};
