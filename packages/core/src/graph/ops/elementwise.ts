import { DTypeError } from '../../errors.ts';
import type { DType } from '../dtype.ts';
import { isFloating } from '../dtype.ts';
import type { Operation } from '../operation.ts';
import { primitive } from '../operation.ts';
import type { DerivativeRule } from '../operation.ts';
import { broadcastShapes } from '../shape.ts';
import type { NoAttributes, Value, ValueType } from '../value.ts';

/** Refuses inputs that a rule cannot take, naming the operation. */
export function requireFloating(name: string, x: Value): void {
  if (!isFloating(x.dtype)) throw new DTypeError(`${name}: expected a floating point tensor, got ${x.dtype}`);
}

/** Throws unless both inputs have one dtype. */
export function requireSame(name: string, a: Value, b: Value): void {
  if (a.dtype !== b.dtype) throw new DTypeError(`${name}: expected one dtype, got ${a.dtype} and ${b.dtype}`);
}

function floatUnary(name: string, doc: string, vjp: DerivativeRule<NoAttributes>): Operation<NoAttributes> {
  return primitive<NoAttributes>({
    doc,
    arity: 1,
    infer: ([x]) => {
      requireFloating(name, x!);
      return { dtype: x!.dtype, shape: x!.shape };
    },
    vjp,
  });
}

function numericUnary(name: string, doc: string, vjp: DerivativeRule<NoAttributes>): Operation<NoAttributes> {
  return primitive<NoAttributes>({
    doc,
    arity: 1,
    infer: ([x]) => {
      if (x!.dtype === 'bool') throw new DTypeError(`${name}: expected a numeric tensor, got bool`);
      return { dtype: x!.dtype, shape: x!.shape };
    },
    vjp,
  });
}

function binary(
  name: string,
  doc: string,
  kind: 'numeric' | 'floating' | 'integer',
  vjp: DerivativeRule<NoAttributes> | 'none',
): Operation<NoAttributes> {
  return primitive<NoAttributes>({
    doc,
    arity: 2,
    infer: ([a, b]): ValueType => {
      requireSame(name, a!, b!);
      if (a!.dtype === 'bool') throw new DTypeError(`${name}: expected numeric tensors, got bool`);
      if (kind === 'floating') requireFloating(name, a!);
      if (kind === 'integer' && a!.dtype !== 'int32')
        throw new DTypeError(`${name}: expected int32 tensors, got ${a!.dtype}`);
      return { dtype: a!.dtype, shape: broadcastShapes(a!.shape, b!.shape, name) };
    },
    vjp,
  });
}

export const elementwise = {
  // f(x) = -x; f'(x) = -1
  neg: numericUnary('neg', '-x', (b, g) => [b.neg(g)]),
  // f(x) = |x|; f'(x) = sign(x), 0 at 0
  abs: numericUnary('abs', '|x|', (b, g, { inputs: [x] }) => [b.mul(g, b.sign(x!))]),
  // f(x) = sign(x); f'(x) = 0
  sign: numericUnary('sign', '-1, 0 or 1', (b, _g, { inputs: [x] }) => [b.zeroCotangent(x!)]),
  // f(x) = floor(x); f'(x) = 0
  floor: floatUnary('floor', 'largest integer <= x', (b, _g, { inputs: [x] }) => [b.zeroCotangent(x!)]),
  // f(x) = ceil(x); f'(x) = 0
  ceil: floatUnary('ceil', 'smallest integer >= x', (b, _g, { inputs: [x] }) => [b.zeroCotangent(x!)]),
  // f(x) = nearest integer, halves to even; f'(x) = 0
  round: floatUnary('round', 'nearest integer, halves to even', (b, _g, { inputs: [x] }) => [b.zeroCotangent(x!)]),
  // f(x) = e^x; f'(x) = f(x)
  exp: floatUnary('exp', 'e^x', (b, g, { output }) => [b.mul(g, output)]),
  // f(x) = ln x; f'(x) = 1/x
  log: floatUnary('log', 'ln x', (b, g, { inputs: [x] }) => [b.div(g, x!)]),
  // f(x) = sqrt(x); f'(x) = 1/(2 sqrt(x))
  sqrt: floatUnary('sqrt', 'x^(1/2)', (b, g, { output }) => [b.div(g, b.mul(b.like(output, 2), output))]),
  // f(x) = sin x; f'(x) = cos x
  sin: floatUnary('sin', 'sin x, x in radians', (b, g, { inputs: [x] }) => [b.mul(g, b.cos(x!))]),
  // f(x) = cos x; f'(x) = -sin x
  cos: floatUnary('cos', 'cos x, x in radians', (b, g, { inputs: [x] }) => [b.neg(b.mul(g, b.sin(x!)))]),
  // f(x) = tan x; f'(x) = 1 + tan^2 x
  tan: floatUnary('tan', 'tan x, x in radians', (b, g, { output }) => [
    b.mul(g, b.add(b.like(output, 1), b.mul(output, output))),
  ]),
  // f(x) = asin x; f'(x) = 1/sqrt(1 - x^2)
  asin: floatUnary('asin', 'arcsine of x', (b, g, { inputs: [x] }) => [
    b.div(g, b.sqrt(b.sub(b.like(x!, 1), b.mul(x!, x!)))),
  ]),
  // f(x) = acos x; f'(x) = -1/sqrt(1 - x^2)
  acos: floatUnary('acos', 'arccosine of x', (b, g, { inputs: [x] }) => [
    b.neg(b.div(g, b.sqrt(b.sub(b.like(x!, 1), b.mul(x!, x!))))),
  ]),
  // f(x) = atan x; f'(x) = 1/(1 + x^2)
  atan: floatUnary('atan', 'arctangent of x', (b, g, { inputs: [x] }) => [
    b.div(g, b.add(b.like(x!, 1), b.mul(x!, x!))),
  ]),
  // f(x) = tanh x; f'(x) = 1 - tanh^2 x
  tanh: floatUnary('tanh', 'hyperbolic tangent', (b, g, { output }) => [
    b.mul(g, b.sub(b.like(output, 1), b.mul(output, output))),
  ]),
  // f(x) = erf x; f'(x) = 2/sqrt(pi) e^(-x^2)
  erf: floatUnary('erf', '2/sqrt(pi) * integral of e^(-t^2) from 0 to x', (b, g, { inputs: [x] }) => [
    b.mul(g, b.mul(b.like(x!, 2 / Math.sqrt(Math.PI)), b.exp(b.neg(b.mul(x!, x!))))),
  ]),

  // f(a, b) = a + b; f_a = 1, f_b = 1
  add: binary('add', 'a + b', 'numeric', (_b, g) => [g, g]),
  // f(a, b) = a - b; f_a = 1, f_b = -1
  sub: binary('sub', 'a - b', 'numeric', (b, g, { needs }) => [g, needs[1] ? b.neg(g) : null]),
  // f(a, b) = a b; f_a = b, f_b = a
  mul: binary('mul', 'a * b', 'numeric', (b, g, { inputs: [x, y], needs }) => [
    needs[0] ? b.mul(g, y!) : null,
    needs[1] ? b.mul(g, x!) : null,
  ]),
  // f(a, b) = a / b; f_a = 1/b, f_b = -f/b
  div: binary('div', 'a / b', 'floating', (b, g, { inputs: [, y], output, needs }) => [
    needs[0] ? b.div(g, y!) : null,
    needs[1] ? b.neg(b.div(b.mul(g, output), y!)) : null,
  ]),
  integerDiv: binary('integerDiv', 'a / b rounded toward zero', 'integer', 'none'),
  // f(a, b) = a^b; f_a = b a^(b-1), 0 where b = 0; f_b = f ln a, 0 where a = 0 and b >= 0
  pow: binary('pow', 'a ^ b', 'floating', (b, g, { inputs: [x, y], output, needs }) => [
    needs[0]
      ? b.select(b.eq(y!, b.like(y!, 0)), b.like(y!, 0), b.mul(g, b.mul(y!, b.pow(x!, b.sub(y!, b.like(y!, 1))))))
      : null,
    needs[1]
      ? b.select(
          b.and(b.eq(x!, b.like(x!, 0)), b.ge(y!, b.like(y!, 0))),
          b.like(y!, 0),
          b.mul(g, b.mul(output, b.log(x!))),
        )
      : null,
  ]),
  // f(a, b) = max(a, b); f_a = [a > b] + [a = b]/2
  maximum: binary('maximum', 'the larger of a and b', 'numeric', (b, g, { inputs: [x, y], needs }) =>
    shared(b, g, x!, y!, needs, (one, other) => b.lt(one, other)),
  ),
  // f(a, b) = min(a, b); f_a = [a < b] + [a = b]/2
  minimum: binary('minimum', 'the smaller of a and b', 'numeric', (b, g, { inputs: [x, y], needs }) =>
    shared(b, g, x!, y!, needs, (one, other) => b.gt(one, other)),
  ),

  less: comparison('less', 'a < b'),
  lessEqual: comparison('lessEqual', 'a <= b'),
  equal: comparison('equal', 'a = b'),
  logicalNot: logical('logicalNot', 'not x', 1),
  logicalAnd: logical('logicalAnd', 'a and b', 2),
  logicalOr: logical('logicalOr', 'a or b', 2),

  // f(c, a, b) = c ? a : b; f_a = c, f_b = not c
  select: primitive<NoAttributes>({
    doc: 'a where condition, else b',
    arity: 3,
    infer: ([condition, a, b]) => {
      if (condition!.dtype !== 'bool')
        throw new DTypeError(
          `where expected condition to be a boolean tensor, but got a tensor with dtype ${condition!.dtype}`,
        );
      requireSame('select', a!, b!);
      return {
        dtype: a!.dtype,
        shape: broadcastShapes(broadcastShapes(condition!.shape, a!.shape, 'where'), b!.shape, 'where'),
      };
    },
    vjp: (b, g, { inputs: [condition], needs }) => [
      null,
      needs[1] ? b.select(condition!, g, b.like(g, 0)) : null,
      needs[2] ? b.select(condition!, b.like(g, 0), g) : null,
    ],
  }),
  // f(x) = x in another dtype; f'(x) = 1 between floating dtypes
  cast: primitive<{ readonly dtype: DType }>({
    doc: 'x in another dtype; floating to int32 truncates, to bool is x != 0',
    arity: 1,
    infer: ([x], { dtype }) => ({ dtype, shape: x!.shape }),
    vjp: (b, g, { inputs: [x] }) => [isFloating(x!.dtype) && isFloating(g.dtype) ? b.cast(g, x!.dtype) : null],
  }),
} as const;

/** Ties share the cotangent evenly; beside NaN nothing loses, and both have all of it. As in PyTorch. */
function shared(
  b: Parameters<DerivativeRule<NoAttributes>>[0],
  g: Value,
  x: Value,
  y: Value,
  needs: readonly boolean[],
  loses: (one: Value, other: Value) => Value,
): readonly (Value | null)[] {
  const half = b.select(b.eq(x, y), b.mul(g, b.like(g, 0.5)), g);
  return [
    needs[0] ? b.select(loses(x, y), b.like(g, 0), half) : null,
    needs[1] ? b.select(loses(y, x), b.like(g, 0), half) : null,
  ];
}

function comparison(name: string, doc: string): Operation<NoAttributes> {
  return primitive<NoAttributes>({
    doc,
    arity: 2,
    infer: ([a, b]) => {
      requireSame(name, a!, b!);
      return { dtype: 'bool', shape: broadcastShapes(a!.shape, b!.shape, name) };
    },
    vjp: 'none',
  });
}

function logical(name: string, doc: string, arity: 1 | 2): Operation<NoAttributes> {
  return primitive<NoAttributes>({
    doc,
    arity,
    infer: (inputs) => {
      for (const x of inputs)
        if (x.dtype !== 'bool') throw new DTypeError(`${name}: expected bool tensors, got ${x.dtype}`);
      return {
        dtype: 'bool',
        shape: arity === 1 ? inputs[0]!.shape : broadcastShapes(inputs[0]!.shape, inputs[1]!.shape, name),
      };
    },
    vjp: 'none',
  });
}
