import type { Samples } from '../sample.ts';
import { booleans, floats, integers, scattered } from '../sample.ts';

export const source = {
  input: [
    { name: 'float32', inputs: [scattered([2, 3], 1)], attributes: { index: 0, dtype: 'float32', shape: [2, 3] } },
    { name: 'int32', inputs: [integers([3], -1, 0, 2147483647)], attributes: { index: 0, dtype: 'int32', shape: [3] } },
    { name: 'bool', inputs: [booleans([2], 1, 0)], attributes: { index: 0, dtype: 'bool', shape: [2] } },
    { name: 'scalar', inputs: [floats([], 1.5)], attributes: { index: 0, dtype: 'float32', shape: [] } },
    { name: 'empty', inputs: [floats([2, 0])], attributes: { index: 0, dtype: 'float32', shape: [2, 0] } },
  ],
  constant: [
    { name: 'float32', inputs: [], attributes: { value: 0.1, dtype: 'float32' } },
    { name: 'the lowest float32', inputs: [], attributes: { value: -3.4028234663852886e38, dtype: 'float32' } },
    { name: 'int32', inputs: [], attributes: { value: -2147483648, dtype: 'int32' } },
    { name: 'bool', inputs: [], attributes: { value: 1, dtype: 'bool' } },
    { name: 'float64', inputs: [], attributes: { value: 0.1, dtype: 'float64' } },
    { name: 'float16', inputs: [], attributes: { value: 0.1, dtype: 'float16' } },
    {
      name: 'infinity',
      inputs: [],
      attributes: { value: Number.POSITIVE_INFINITY, dtype: 'float32' },
      nonFinite: true,
    },
    {
      name: 'minus infinity',
      inputs: [],
      attributes: { value: Number.NEGATIVE_INFINITY, dtype: 'float32' },
      nonFinite: true,
    },
    { name: 'NaN', inputs: [], attributes: { value: Number.NaN, dtype: 'float32' }, nonFinite: true },
  ],
  iota: [
    { name: 'int32', inputs: [], attributes: { n: 5, dtype: 'int32' } },
    { name: 'float32', inputs: [], attributes: { n: 4, dtype: 'float32' } },
    { name: 'float64', inputs: [], attributes: { n: 3, dtype: 'float64' } },
    { name: 'one', inputs: [], attributes: { n: 1, dtype: 'int32' } },
    { name: 'empty', inputs: [], attributes: { n: 0, dtype: 'int32' } },
  ],
  stopGradient: [{ name: 'float32', inputs: [scattered([3], 2)], attributes: {}, kink: true }],
} satisfies Partial<Samples>;
