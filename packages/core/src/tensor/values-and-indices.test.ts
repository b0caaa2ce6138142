import { expect, expectTypeOf, it } from 'vitest';
import { tensor } from '../index.ts';
import type { Tensor } from '../index.ts';

it('values and indices are read by name, by position and in order, and printed once', () => {
  const x = tensor([[1, 3, 2]]);
  const largest = x.max(1);
  const [values, indices] = largest;
  expect(largest[0]).toBe(largest.values);
  expect(largest[1]).toBe(largest.indices);
  expect(values).toBe(largest.values);
  expect(indices).toBe(largest.indices);
  expectTypeOf(largest[1]).toEqualTypeOf<Tensor>();
  expect(Object.keys(largest)).toEqual(['values', 'indices']);
  expect(x.topk(2)[1].shape).toEqual([1, 2]);
  expect(x.sort()[0].shape).toEqual([1, 3]);
});
