import type { HostValue } from '@chimera-nn/core';
import type { Samples } from '../sample.ts';
import { booleans, floats, integers, scattered, scatteredIntegers } from '../sample.ts';

const reshape = (name: string, x: HostValue, shape: readonly number[]) => ({
  name,
  inputs: [x],
  attributes: { shape },
});
const permute = (name: string, x: HostValue, permutation: readonly number[]) => ({
  name,
  inputs: [x],
  attributes: { permutation },
});
const slice = (name: string, x: HostValue, starts: readonly number[], sizes: readonly number[]) => ({
  name,
  inputs: [x],
  attributes: { starts, sizes },
});
const pad = (name: string, x: HostValue, lo: readonly number[], hi: readonly number[], value = 0) => ({
  name,
  inputs: [x],
  attributes: { lo, hi, value },
});
const concat = (name: string, inputs: readonly HostValue[], axis: number) => ({ name, inputs, attributes: { axis } });
const flip = (name: string, x: HostValue, axes: readonly number[]) => ({ name, inputs: [x], attributes: { axes } });
const gather = (name: string, x: HostValue, indices: HostValue, axis: number) => ({
  name,
  inputs: [x, indices],
  attributes: { axis },
});
const scatter = (name: string, updates: HostValue, indices: HostValue, axis: number, size: number) => ({
  name,
  inputs: [updates, indices],
  attributes: { axis, size },
});

export const movement = {
  reshape: [
    reshape('to fewer axes', scattered([2, 3, 4], 111), [6, 4]),
    reshape('to more axes', scattered([12], 112), [2, 1, 3, 2]),
    reshape('to a scalar', scattered([1, 1], 113), []),
    reshape('from a scalar', floats([], 4), [1, 1]),
    reshape('int32', scatteredIntegers([2, 3], 114, -9, 9), [3, 2]),
    reshape('bool', booleans([4], 1, 0, 0, 1), [2, 2]),
    reshape('empty', floats([2, 0]), [0, 5]),
  ],
  permute: [
    permute('a matrix', scattered([2, 3], 121), [1, 0]),
    permute('three axes, rotated', scattered([2, 3, 4], 122), [2, 0, 1]),
    permute('images to channels last', scattered([2, 3, 2, 4], 123), [0, 2, 3, 1]),
    permute('five axes', scattered([2, 1, 3, 2, 2], 124), [4, 2, 0, 3, 1]),
    permute('int32', scatteredIntegers([2, 3], 125, -9, 9), [1, 0]),
    permute('bool', booleans([2, 2], 1, 0, 0, 0), [1, 0]),
    permute('empty', floats([0, 3]), [1, 0]),
  ],
  broadcastTo: [
    { name: 'a scalar', inputs: [floats([], 2.5)], attributes: { shape: [2, 3] } },
    { name: 'a row', inputs: [scattered([3], 131)], attributes: { shape: [2, 3] } },
    { name: 'a column', inputs: [scattered([2, 1], 132)], attributes: { shape: [2, 3] } },
    { name: 'inner and leading axes', inputs: [scattered([2, 1, 2], 133)], attributes: { shape: [3, 2, 2, 2] } },
    { name: 'int32', inputs: [integers([1, 2], 7, -7)], attributes: { shape: [2, 2] } },
    { name: 'bool', inputs: [booleans([2, 1], 1, 0)], attributes: { shape: [2, 2] } },
    { name: 'to empty', inputs: [scattered([1, 2], 134)], attributes: { shape: [0, 2] } },
  ],
  slice: [
    slice('a box', scattered([4, 5], 141), [1, 2], [2, 3]),
    slice('one axis', scattered([2, 3, 4], 142), [0, 1, 0], [2, 1, 4]),
    slice('the end', scattered([6], 143), [4], [2]),
    slice('int32', scatteredIntegers([3, 3], 144, -9, 9), [1, 0], [2, 2]),
    slice('bool', booleans([4], 1, 0, 1, 1), [1], [2]),
    slice('nothing', scattered([3, 2], 145), [3, 0], [0, 2]),
  ],
  pad: [
    pad('both sides', scattered([2, 3], 151), [1, 2], [2, 0]),
    pad('with a number', scattered([3], 152), [1], [1], -1.5),
    pad('four axes', scattered([1, 2, 2, 2], 153), [0, 0, 1, 0], [0, 1, 0, 2]),
    {
      ...pad('with the lowest number', scattered([2], 154), [1], [1], -3.4028234663852886e38),
      tooWideForFloat16: true,
      kink: true,
    },
    pad('int32', scatteredIntegers([2, 2], 155, -9, 9), [0, 1], [1, 0], 7),
    pad('bool', booleans([2], 1, 0), [1], [1], 1),
    pad('empty', floats([0, 2]), [1, 0], [1, 1], 3),
    { ...pad('with minus infinity', scattered([2], 156), [1], [0], Number.NEGATIVE_INFINITY), nonFinite: true },
  ],
  concat: [
    concat('rows', [scattered([2, 3], 161), scattered([1, 3], 162)], 0),
    concat('columns', [scattered([2, 3], 163), scattered([2, 1], 164), scattered([2, 2], 165)], 1),
    concat('channels of images', [scattered([1, 2, 2, 2], 166), scattered([1, 1, 2, 2], 167)], 1),
    concat('int32', [integers([2], 1, 2), integers([1], 3)], 0),
    concat('bool', [booleans([2], 1, 0), booleans([1], 1)], 0),
    concat('the same twice', [scattered([2], 168), scattered([2], 168)], 0),
    concat('an empty member', [floats([0, 2]), scattered([1, 2], 169)], 0),
    concat('only empty members', [floats([0, 2]), floats([0, 2])], 0),
    concat(
      'twelve',
      Array.from({ length: 12 }, (_, i) => scattered([1, 2], 170 + i)),
      0,
    ),
  ],
  flip: [
    flip('rank 1', scattered([5], 181), [0]),
    flip('last axis', scattered([2, 3], 182), [1]),
    flip('two axes', scattered([2, 3, 2], 183), [0, 2]),
    flip('int32', scatteredIntegers([2, 3], 184, -9, 9), [1]),
    flip('bool', booleans([3], 1, 0, 0), [0]),
    flip('empty', floats([0, 2]), [0]),
  ],
  gather: [
    gather('rows, with repetition', scattered([4, 3], 191), integers([3], 2, 0, 2), 0),
    gather('columns', scattered([2, 4], 192), integers([2], 3, 1), 1),
    gather('a matrix of indices', scattered([4, 3], 193), integers([2, 2], 0, 3, 1, 1), 0),
    gather('a matrix of indices in the middle', scattered([2, 3, 2], 194), integers([2, 2], 0, 2, 1, 1), 1),
    gather('a scalar index', scattered([4, 3], 195), integers([], 2), 0),
    gather('one element from a line', scattered([6], 196), integers([], 5), 0),
    gather('int32', scatteredIntegers([5], 197, -9, 9), integers([3], 4, 0, 4), 0),
    gather('bool', booleans([3], 1, 0, 1), integers([2], 1, 2), 0),
    gather('no indices', scattered([3, 2], 198), integers([0]), 0),
    gather('empty rows', floats([3, 0]), integers([2], 1, 2), 0),
  ],
  scatterAdd: [
    scatter('rows, added where indices repeat', scattered([4, 3], 201), integers([4], 2, 0, 2, 2), 0, 4),
    scatter('columns', scattered([2, 3], 202), integers([3], 4, 1, 4), 1, 5),
    scatter('a matrix of indices', scattered([2, 2, 3], 203), integers([2, 2], 0, 3, 1, 1), 0, 4),
    scatter('a matrix of indices in the middle', scattered([2, 2, 2, 2], 204), integers([2, 2], 0, 2, 1, 1), 1, 3),
    scatter('a scalar index', scattered([3], 205), integers([], 2), 0, 4),
    scatter('a line', scattered([5], 206), integers([5], 0, 0, 0, 1, 3), 0, 4),
    scatter('int32', integers([4], 1, -2, 3, 16777217), integers([4], 1, 1, 0, 1), 0, 3),
    scatter('no updates', floats([0, 2]), integers([0]), 0, 3),
  ],
} satisfies Partial<Samples>;
