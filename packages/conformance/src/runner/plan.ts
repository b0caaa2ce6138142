import type { DType } from '@chimera-nn/core';
import { casesOf } from '../cases/check.ts';
import { familyNames, loadFamily } from '../cases/load.ts';
import { exampleCase } from '../examples/case.ts';
import { examples } from '../examples/registry.ts';
import { primitiveCases } from '../primitives/check.ts';
import type { Case } from './case.ts';
import { matchesFilter } from './filter.ts';
import type { TargetOptions } from './target.ts';

/**
 * Every case that a device with these dtypes has to give a result for: the chapter's examples, the public surface
 * against PyTorch, then operations and programs against the reference.
 */
export async function planCases(
  dtypes: readonly DType[],
  options: Pick<TargetOptions, 'examples' | 'filter'>,
): Promise<Case[]> {
  const families = await Promise.all(familyNames.map(loadFamily));
  const all = [
    ...(options.examples ?? examples).map(exampleCase),
    ...families.flatMap((family) => [...casesOf(family).values()]),
    ...primitiveCases(dtypes),
  ];
  return all.filter(({ name }) => matchesFilter(name, options.filter));
}
