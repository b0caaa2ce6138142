import type { DType } from '@chimera-nn/core';
import type { Term } from '../graph.ts';
import type { Lowering } from './lowering.ts';

// Two pi in parts of few bits: their products with a small whole number are exact in float32.
const turn = [6.28125, 1.93500518798828125e-3, 3.019915981956753e-7] as const;

/** Taylor coefficients in r^2 of sin(r) / r and of cos(r). On [-pi, pi] the next term is below 1e-7. */
const series = { sin: alternating(1, 9), cos: alternating(0, 9) } as const;

/** (-1)^i / (2i + first)! for i below `count`. */
function alternating(first: number, count: number): readonly number[] {
  const coefficients: number[] = [];
  let value = 1;
  for (let i = 0; i < count; i++) {
    coefficients.push(value);
    value /= -((2 * i + first + 1) * (2 * i + first + 2));
  }
  return coefficients;
}

/**
 * sin or cos as a polynomial after taking whole turns away. Shading languages promise no more than 2^-11 for their own,
 * and software GPUs give no more.
 */
export function trigonometric(lowering: Lowering, x: Term, name: 'sin' | 'cos'): Term {
  const dtype = x.dtype as DType;
  const node = (op: string, ...inputs: Term[]): Term => lowering.elementwise(op, inputs, dtype, x.shape);
  const number = (value: number): Term => lowering.like(x, value);
  const turns = node('Floor', node('Add', node('Mul', x, number(1 / (2 * Math.PI))), number(0.5)));
  let angle = x;
  for (const part of turn) angle = node('Sub', angle, node('Mul', turns, number(part)));
  const square = node('Mul', angle, angle);
  const [first, ...rest] = series[name].toReversed();
  let sum = number(first!);
  for (const coefficient of rest) sum = node('Add', node('Mul', sum, square), number(coefficient));
  return name === 'sin' ? node('Mul', sum, angle) : sum;
}
