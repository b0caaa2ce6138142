import { isFloating } from '@chimera-nn/core';
import { Value } from '../value.ts';
import type { Lower } from './lower.ts';

const input: Lower<'input'> = (k, _inputs, { attributes: { index }, dtype, shape }) =>
  new Value(k, dtype, shape, k.sink.input(index, dtype, shape));

const constant: Lower<'constant'> = (k, _inputs, { attributes: { value }, dtype }) =>
  new Value(k, dtype, [], k.sink.number(value, dtype));

const iota: Lower<'iota'> = (k, _inputs, { attributes: { n }, dtype, shape }) => {
  // Range has no float16, whose integers are exact only up to 2048 anyway.
  const type = dtype === 'float16' || !isFloating(dtype) ? 'int32' : dtype;
  const range = k.sink.op({
    name: 'Range',
    inputs: [k.scalar(0, type), k.scalar(n, type), k.scalar(1, type)],
    attributes: { Tidx: { type } },
    type,
    shape,
  });
  return new Value(k, dtype, shape, k.cast(range, dtype));
};

const stopGradient: Lower<'stopGradient'> = (_k, [x]) => x!;

export const source = { input, constant, iota, stopGradient };
