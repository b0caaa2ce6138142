import { tensor } from '@chimera-nn/core';
import type { Tensor } from '@chimera-nn/core';
import { scenariosOf } from '../modules/transcript.ts';

/** A test against the scenario of a name in tooling/goldens/autograd.py. */
export const scenario = scenariosOf('autograd');

export const vector = (...values: number[]): Tensor => tensor(values, { dtype: 'float32' });
export const leaf = (...values: number[]): Tensor => tensor(values, { dtype: 'float32', requiresGrad: true });
export const scalar = (value: number): Tensor => tensor(value, { dtype: 'float32' });
