import { describe, expect, expectTypeOf, it } from 'vitest';
import type { DType, Operand, Tensor, ValuesAndIndices } from '../index.ts';
import { add, div, eye, ones, pow, resultType, sub, tensor, where, zeros } from '../index.ts';

// Values are compared with PyTorch's on devices; here are the rules that need none.

describe('operands', () => {
  it('may be numbers on either side', () => {
    const x = ones(2, 3);
    expect([add(1, x), sub(1, x), div(1, x), pow(2, x)].map(({ dtype, shape }) => [dtype, shape])).toEqual(
      Array.from({ length: 4 }, () => ['float32', [2, 3]]),
    );
  });

  it('are refused when they are neither tensors nor numbers, with the cure', () => {
    const x = ones(2);
    expect(() => x.add([1, 2] as unknown as number)).toThrow(
      'add: expected a Tensor or a number, got an array (make a tensor of it with tensor([...]))',
    );
    expect(() => x.mul(Promise.resolve(1) as unknown as number)).toThrow('a Promise (await it first)');
    expect(() => x.div('2' as unknown as number)).toThrow(TypeError);
    expect(() => add(1, 2)).toThrow('expected a Tensor');
  });

  it('are refused with options that do not exist', () => {
    expect(() => ones(2).add(1, { aplha: 2 } as object)).toThrow(
      "add() got an unexpected keyword argument 'aplha'; it takes alpha",
    );
    expect(() => ones(2).clamp({ low: 0 } as object)).toThrow("unexpected keyword argument 'low'");
  });
});

describe('promotion', () => {
  const tensorOf = (dtype: DType, shape: readonly number[] = [2]): Tensor => zeros(shape, { dtype });
  it.each<[string, Operand, Operand, DType]>([
    ['a whole number keeps integers', tensorOf('int32'), 2, 'int32'],
    ['a fraction makes integers float32', tensorOf('int32'), 0.5, 'float32'],
    ['a number does not widen', tensorOf('float16'), 1e30, 'float16'],
    ['a whole number counts booleans', tensorOf('bool'), 1, 'int32'],
    ['a 0-d tensor of the same kind does not widen', tensorOf('float16'), tensorOf('float64', []), 'float16'],
    ['a 0-d tensor of a higher kind does', tensorOf('int32'), tensorOf('float64', []), 'float64'],
    ['tensors with dimensions meet in the wider dtype', tensorOf('float16'), tensorOf('float32'), 'float32'],
  ])('%s', (_, x, other, expected) => {
    expect(resultType(x, other)).toBe(expected);
  });

  it('division is floating unless it is rounded', () => {
    const x = tensor([7, 8]);
    expect([
      x.div(2).dtype,
      x.div(2, { roundingMode: 'floor' }).dtype,
      x.floorDivide(2).dtype,
      x.remainder(2).dtype,
    ]).toEqual(['float32', 'int32', 'int32', 'int32']);
  });
});

it('methods have the types of their functions', () => {
  const x = eye(2);
  expectTypeOf(x.add(1, { alpha: 2 })).toEqualTypeOf<Tensor>();
  expectTypeOf(x.max()).toEqualTypeOf<Tensor>();
  expectTypeOf(x.max(x)).toEqualTypeOf<Tensor>();
  expectTypeOf(x.max(1, { keepdim: true })).toEqualTypeOf<ValuesAndIndices>();
  expectTypeOf(x.where(x.gt(0), 0)).toEqualTypeOf<Tensor>();
  expectTypeOf(where(x.gt(0), x, 0)).toEqualTypeOf<Tensor>();
  expectTypeOf(x.equal).returns.toEqualTypeOf<Promise<boolean>>();
  const [values, indices] = x.max(0);
  expect([values.shape, indices.dtype]).toEqual([[2], 'int32']);
});
