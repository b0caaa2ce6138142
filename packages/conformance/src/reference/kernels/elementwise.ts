import type { Value } from '@chimera-nn/core';
import { broadcastIndices } from './index-map.ts';
import type { Kernels, Operand } from './kernel.ts';
import { erf, power, roundHalfEven, sign } from './special.ts';

function map(f: (x: number) => number): (operands: readonly Operand[]) => Float64Array {
  return ([x]) => x!.data.map(f);
}

function zip(f: (a: number, b: number) => number): (operands: readonly Operand[], out: Value) => Float64Array {
  return ([a, b], out) => {
    const left = broadcastIndices(a!.shape, out.shape);
    const right = broadcastIndices(b!.shape, out.shape);
    const y = new Float64Array(left.length);
    for (let i = 0; i < y.length; i++) y[i] = f(a!.data[left[i]!]!, b!.data[right[i]!]!);
    return y;
  };
}

const multiply = zip((a, b) => a * b);
// A product of two int32 may need 62 bits, more than float64 holds.
const multiplyIntegers = zip(Math.imul);

export const elementwise = {
  neg: map((x) => -x),
  abs: map(Math.abs),
  sign: map(sign),
  floor: map(Math.floor),
  ceil: map(Math.ceil),
  round: map(roundHalfEven),
  exp: map(Math.exp),
  log: map(Math.log),
  sqrt: map(Math.sqrt),
  sin: map(Math.sin),
  cos: map(Math.cos),
  tan: map(Math.tan),
  asin: map(Math.asin),
  acos: map(Math.acos),
  atan: map(Math.atan),
  tanh: map(Math.tanh),
  erf: map(erf),

  add: zip((a, b) => a + b),
  sub: zip((a, b) => a - b),
  mul: (operands, out) => (out.dtype === 'int32' ? multiplyIntegers(operands, out) : multiply(operands, out)),
  div: zip((a, b) => a / b),
  integerDiv: zip((a, b) => {
    if (b === 0) throw new RangeError('division of an integer by zero');
    return Math.trunc(a / b);
  }),
  pow: zip(power),
  maximum: zip(Math.max),
  minimum: zip(Math.min),

  less: zip((a, b) => Number(a < b)),
  lessEqual: zip((a, b) => Number(a <= b)),
  equal: zip((a, b) => Number(a === b)),
  logicalNot: map((x) => Number(x === 0)),
  logicalAnd: zip((a, b) => Number(a !== 0 && b !== 0)),
  logicalOr: zip((a, b) => Number(a !== 0 || b !== 0)),

  select: ([condition, a, b], out) => {
    const chosen = broadcastIndices(condition!.shape, out.shape);
    const left = broadcastIndices(a!.shape, out.shape);
    const right = broadcastIndices(b!.shape, out.shape);
    return new Float64Array(chosen.length).map((_, i) =>
      condition!.data[chosen[i]!] ? a!.data[left[i]!]! : b!.data[right[i]!]!,
    );
  },
  // Rounding to the new dtype is the caller's; only truth needs a word.
  cast: ([x], { dtype }) => (dtype === 'bool' ? x!.data.map((value) => Number(value !== 0)) : x!.data),
} satisfies Partial<Kernels>;
