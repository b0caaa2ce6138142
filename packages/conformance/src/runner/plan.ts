import type { DType } from '@chimera-nn/core';
import { exampleCase } from '../examples/case.ts';
import { examples } from '../examples/registry.ts';
import { primitiveCases } from '../primitives/check.ts';
import type { Case } from './case.ts';
import { matchesFilter } from './filter.ts';
import type { TargetOptions } from './target.ts';

/** Every case that a device with these dtypes has to give a result for: the examples, then operations and programs. */
export function planCases(dtypes: readonly DType[], options: Pick<TargetOptions, 'examples' | 'filter'>): Case[] {
  const all = [...(options.examples ?? examples).map(exampleCase), ...primitiveCases(dtypes)];
  return all.filter(({ name }) => matchesFilter(name, options.filter));
}
