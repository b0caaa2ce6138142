import { describe, expect, it } from 'vitest';
import { ProgramBuilder } from '../graph/program-builder.ts';
import { printProgram } from '../graph/program.ts';
import type { Value } from '../graph/value.ts';
import { differentiate } from './reverse.ts';

function gradient(b: ProgramBuilder, y: Value, targets: readonly Value[]): (Value | undefined)[] {
  const found = differentiate(b, new Map([[y, b.fullLike(y, 1)]]), new Set(targets), (value) => b.definitionOf(value));
  return targets.map((target) => found.get(target));
}

describe('the reverse walk', () => {
  it('writes the derivative of a layer with a broadcast bias', () => {
    const b = new ProgramBuilder();
    const x = b.input('float32', [4, 3]);
    const w = b.input('float32', [3, 2]);
    const bias = b.input('float32', [2]);
    const [dw, db] = gradient(b, b.reduceSum(b.add(b.matmul(x, w), bias), [0, 1]), [w, bias]);
    expect(printProgram(b.finish([dw!, db!]))).toBe(
      [
        '%0: float32[4, 3] = input(index=0)',
        '%1: float32[3, 2] = input(index=1)',
        '%2: float32[2] = input(index=2)',
        '%3: float32[] = constant(value=1, dtype=float32)',
        '%4: float32[1, 1] = reshape(%3, shape=[1, 1])',
        '%5: float32[4, 2] = broadcastTo(%4, shape=[4, 2])',
        '%6: float32[2] = reduceSum(%5, axes=[0], keepDims=false)',
        '%7: float32[3, 2] = matmul(%0, %5, transposeA=true, transposeB=false)',
        'return %7, %6',
      ].join('\n'),
    );
  });

  it('adds what flows back along several ways', () => {
    const b = new ProgramBuilder();
    const x = b.input('float32', []);
    const [dx] = gradient(b, b.mul(x, b.sin(x)), [x]);
    expect(printProgram(b.finish([dx!]))).toContain('add(');
  });

  it('differentiates only what lies between seed and targets', () => {
    const b = new ProgramBuilder();
    const x = b.input('float32', [3]);
    const other = b.input('float32', [3]);
    const [dx] = gradient(b, b.reduceSum(b.mul(x, b.exp(other)), [0]), [x]);
    expect(printProgram(b.finish([dx!]))).not.toContain('log');
    expect(gradient(b, b.reduceSum(x, [0]), [other])).toEqual([undefined]);
  });

  it('walks graphs that are deeper than the stack', () => {
    const b = new ProgramBuilder();
    const x = b.input('float32', []);
    let y = x;
    for (let i = 0; i < 50_000; i++) y = b.add(y, b.scalar(i));
    expect(gradient(b, y, [x])[0]).toBeDefined();
  });
});
