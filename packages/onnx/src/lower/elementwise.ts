import type { DType, PrimitiveName, Shape } from '@chimera-nn/core';
import { hostToNumbers } from '@chimera-nn/core';
import type { Term } from '../graph.ts';
import { isUniform } from '../graph.ts';
import type { Lower, Lowering } from './lowering.ts';
import { family } from './lowering.ts';
import { trigonometric } from './trigonometry.ts';

/** An operation that is one node of its inputs. */
function plain<N extends PrimitiveName>(op: string): Lower<N> {
  return (lowering, inputs, { dtype, shape }) => lowering.elementwise(op, inputs, dtype, shape);
}

/** The number that a value holds everywhere, if the host knows it. */
export function knownNumber(x: Term): number | undefined {
  if (!isUniform(x) || x.dtype === 'int64') return undefined;
  return hostToNumbers(x.data as Parameters<typeof hostToNumbers>[0], x.dtype)[0];
}

// WebGPU has Neg, Abs and Sign for floats only, or not at all.
function negative(lowering: Lowering, x: Term): Term {
  if (lowering.webgpu && x.dtype === 'int32')
    return lowering.elementwise('Sub', [lowering.like(x, 0), x], x.dtype, x.shape);
  return lowering.elementwise('Neg', [x], x.dtype as 'float32', x.shape);
}

function absolute(lowering: Lowering, x: Term): Term {
  if (lowering.webgpu && x.dtype === 'int32')
    return lowering.elementwise('Max', [x, negative(lowering, x)], x.dtype, x.shape);
  return lowering.elementwise('Abs', [x], x.dtype as 'float32', x.shape);
}

function sign(lowering: Lowering, x: Term): Term {
  const zero = lowering.like(x, 0);
  if (!lowering.webgpu) {
    const y = lowering.elementwise('Sign', [x], x.dtype as 'float32', x.shape);
    if (x.dtype === 'int32') return y;
    // ONNX Runtime's sign of NaN is NaN, PyTorch's is 0.
    const isNaN = lowering.elementwise('IsNaN', [x], 'bool', x.shape);
    return lowering.elementwise('Where', [isNaN, zero, y], x.dtype as 'float32', x.shape);
  }
  const below = lowering.elementwise('Less', [x, zero], 'bool', x.shape);
  const above = lowering.elementwise('Less', [zero, x], 'bool', x.shape);
  const negated = lowering.elementwise('Where', [below, lowering.like(x, -1), zero], x.dtype as 'float32', x.shape);
  return lowering.elementwise('Where', [above, lowering.like(x, 1), negated], x.dtype as 'float32', x.shape);
}

// Adding and taking away 2^23 (2^10 in float16) rounds halves to even: past it a float has no fraction bits.
function round(lowering: Lowering, x: Term): Term {
  if (!lowering.webgpu) return lowering.elementwise('Round', [x], x.dtype as 'float32', x.shape);
  const dtype = x.dtype as 'float32' | 'float16';
  const limit = lowering.like(x, dtype === 'float16' ? 1024 : 8388608);
  const node = (op: string, inputs: Term[]): Term => lowering.elementwise(op, inputs, dtype, x.shape);
  const size = node('Abs', [x]);
  const rounded = node('Sub', [node('Add', [size, limit]), limit]);
  const small = lowering.elementwise('Less', [size, limit], 'bool', x.shape);
  const result = node('Where', [small, rounded, size]);
  const below = lowering.elementwise('Less', [x, lowering.like(x, 0)], 'bool', x.shape);
  return node('Where', [below, node('Neg', [result]), result]);
}

// Shading languages leave the logarithm of 0 and of negative numbers open.
function logarithm(lowering: Lowering, x: Term, shape: Shape): Term {
  const dtype = x.dtype as DType;
  const y = lowering.elementwise('Log', [x], dtype, shape);
  if (!lowering.webgpu) return y;
  const zero = lowering.like(x, 0);
  const where = (op: string, value: number, other: Term): Term =>
    lowering.elementwise(
      'Where',
      [lowering.elementwise(op, [x, zero], 'bool', shape), lowering.like(x, value), other],
      dtype,
      shape,
    );
  return where('Less', Number.NaN, where('Equal', Number.NEGATIVE_INFINITY, y));
}

function power(lowering: Lowering, a: Term, b: Term, shape: Shape): Term {
  const dtype = a.dtype as 'float32';
  const exponent = knownNumber(b);
  // As PyTorch does: products are faster and closer than exp(b ln a).
  if (exponent === 1) return { ...a, shape };
  if (exponent === 2) return lowering.elementwise('Mul', [a, a], dtype, shape);
  if (exponent === 3) return lowering.elementwise('Mul', [lowering.elementwise('Mul', [a, a], dtype), a], dtype, shape);
  if (exponent === 0.5) return lowering.elementwise('Sqrt', [a], dtype, shape);
  if (exponent === -1) return lowering.elementwise('Div', [lowering.like(a, 1), a], dtype, shape);
  if (!lowering.webgpu) return lowering.elementwise('Pow', [a, b], dtype, shape);
  // The WebGPU kernel fails when an exponent is repeated along the last axis.
  const operands = [a, b].map((x) => lowering.graph.full({ ...x, shape }));
  const y = lowering.elementwise('Pow', operands, dtype, shape);
  // Shading languages leave powers of negative numbers open; the kernel takes care of those with whole exponents.
  if (exponent !== undefined && Number.isInteger(exponent)) return y;
  const negative = lowering.elementwise('Less', [a, lowering.like(a, 0)], 'bool', a.shape);
  const open =
    exponent === undefined
      ? both(lowering, negative, lowering.elementwise('Not', [isWhole(lowering, b)], 'bool', b.shape), shape)
      : negative;
  return lowering.elementwise('Where', [open, lowering.uniform(Number.NaN, dtype), y], dtype, shape);
}

function isWhole(lowering: Lowering, x: Term): Term {
  const floor = lowering.elementwise('Floor', [x], x.dtype as DType, x.shape);
  return lowering.elementwise('Equal', [x, floor], 'bool', x.shape);
}

// Where the bools to choose from broadcast, the WebGPU kernel does not compile.
function chooseBools(lowering: Lowering, condition: Term, a: Term, b: Term, shape: Shape): Term {
  const operands = [condition, a, b].map((x) => lowering.graph.full({ ...x, shape }));
  return lowering.elementwise('Where', operands, 'bool', shape);
}

/** a and b. */
export function both(lowering: Lowering, a: Term, b: Term, shape: Shape): Term {
  // On WebGPU, And keeps one pipeline for both ways round of broadcasting: whichever comes second is computed wrongly.
  const operands = lowering.webgpu ? [a, b].map((x) => lowering.graph.full({ ...x, shape })) : [a, b];
  return lowering.elementwise('And', operands, 'bool', shape);
}

/** a or b; WebGPU has no Or. */
export function either(lowering: Lowering, a: Term, b: Term, shape: Shape): Term {
  if (!lowering.webgpu) return lowering.elementwise('Or', [a, b], 'bool', shape);
  // Not `a ? a : b`: where a is a Not, ONNX Runtime takes it out of the condition and out of the branch with it.
  return chooseBools(lowering, a, lowering.uniform(1, 'bool'), b, shape);
}

function compare<N extends PrimitiveName>(op: string, boolsBy: 'themselves' | 'integers'): Lower<N> {
  return (lowering, inputs, { shape }) => {
    const integers = inputs[0]!.dtype === 'bool' && (boolsBy === 'integers' || lowering.webgpu);
    const operands = integers ? inputs.map((x) => lowering.cast(x, 'int32')) : inputs;
    return lowering.elementwise(op, operands, 'bool', shape);
  };
}

export const elementwise = family({
  neg: (lowering, [x]) => negative(lowering, x!),
  abs: (lowering, [x]) => absolute(lowering, x!),
  sign: (lowering, [x]) => sign(lowering, x!),
  floor: plain('Floor'),
  ceil: plain('Ceil'),
  round: (lowering, [x]) => round(lowering, x!),
  exp: plain('Exp'),
  log: (lowering, [x], { shape }) => logarithm(lowering, x!, shape),
  sqrt: plain('Sqrt'),
  sin: (lowering, [x], { shape }) =>
    lowering.webgpu ? trigonometric(lowering, x!, 'sin') : lowering.elementwise('Sin', [x!], x!.dtype as DType, shape),
  cos: (lowering, [x], { shape }) =>
    lowering.webgpu ? trigonometric(lowering, x!, 'cos') : lowering.elementwise('Cos', [x!], x!.dtype as DType, shape),
  tan: (lowering, [x], { shape }) =>
    lowering.webgpu
      ? lowering.elementwise(
          'Div',
          [trigonometric(lowering, x!, 'sin'), trigonometric(lowering, x!, 'cos')],
          x!.dtype as DType,
          shape,
        )
      : lowering.elementwise('Tan', [x!], x!.dtype as DType, shape),
  asin: plain('Asin'),
  // Shaders' acos is less exact than their asin.
  acos: (lowering, [x], { dtype, shape }) =>
    lowering.webgpu
      ? lowering.elementwise(
          'Sub',
          [lowering.like(x!, Math.PI / 2), lowering.elementwise('Asin', [x!], dtype, shape)],
          dtype,
          shape,
        )
      : lowering.elementwise('Acos', [x!], dtype, shape),
  atan: plain('Atan'),
  tanh: plain('Tanh'),
  erf: plain('Erf'),

  add: plain('Add'),
  sub: plain('Sub'),
  mul: plain('Mul'),
  div: plain('Div'),
  integerDiv: plain('Div'),
  pow: (lowering, [a, b], { shape }) => power(lowering, a!, b!, shape),
  maximum: plain('Max'),
  minimum: plain('Min'),

  less: compare('Less', 'integers'),
  lessEqual: compare('LessOrEqual', 'integers'),
  equal: compare('Equal', 'themselves'),
  logicalNot: plain('Not'),
  logicalAnd: (lowering, [a, b], { shape }) => both(lowering, a!, b!, shape),
  logicalOr: (lowering, [a, b], { shape }) => either(lowering, a!, b!, shape),
  select: (lowering, [condition, a, b], { dtype, shape }) => {
    if (dtype !== 'bool') return lowering.elementwise('Where', [condition!, a!, b!], dtype, shape);
    if (lowering.webgpu && condition === a) return either(lowering, a!, b!, shape);
    if (lowering.webgpu && condition === b) return both(lowering, a!, b!, shape);
    if (lowering.webgpu) return chooseBools(lowering, condition!, a!, b!, shape);
    // ONNX Runtime's CPU kernels cannot choose between bools.
    const first = lowering.elementwise('And', [condition!, a!], 'bool', shape);
    const second = lowering.elementwise('And', [lowering.elementwise('Not', [condition!], 'bool'), b!], 'bool', shape);
    return lowering.elementwise('Or', [first, second], 'bool', shape);
  },
  cast: (lowering, [x], { dtype }) => lowering.cast(x!, dtype),
});
