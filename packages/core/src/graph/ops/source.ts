import type { DType } from '../dtype.ts';
import { primitive } from '../operation.ts';
import type { Shape } from '../shape.ts';
import type { NoAttributes } from '../value.ts';

export const source = {
  input: primitive<{ readonly index: number; readonly dtype: DType; readonly shape: Shape }>({
    doc: 'the index-th input of the program',
    arity: 0,
    infer: (_inputs, { dtype, shape }) => ({ dtype, shape }),
    vjp: 'none',
  }),
  constant: primitive<{ readonly value: number; readonly dtype: DType }>({
    doc: 'a number as a 0-d value; NaN and infinities are allowed, bool is 0 or 1',
    arity: 0,
    infer: (_inputs, { dtype }) => ({ dtype, shape: [] }),
    vjp: 'none',
  }),
  iota: primitive<{ readonly n: number; readonly dtype: DType }>({
    doc: '0, 1, ..., n-1 (int32 or floating)',
    arity: 0,
    infer: (_inputs, { n, dtype }) => ({ dtype, shape: [n] }),
    vjp: 'none',
  }),
  // f(x) = x, with derivative 0: cuts the reverse walk.
  stopGradient: primitive<NoAttributes>({
    doc: 'x, through which no gradient flows',
    arity: 1,
    infer: ([x]) => ({ dtype: x!.dtype, shape: x!.shape }),
    vjp: 'none',
  }),
} as const;
