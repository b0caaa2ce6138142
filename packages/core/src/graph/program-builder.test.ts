import { describe, expect, it } from 'vitest';
import { ProgramBuilder } from './program-builder.ts';
import { printProgram } from './program.ts';

describe('a program', () => {
  it('prints one instruction a line', () => {
    const b = new ProgramBuilder();
    const x = b.input('float32', [2, 3]);
    const w = b.input('float32', [4, 3]);
    expect(printProgram(b.finish([b.relu(b.matmul(x, w, { transposeB: true }))]))).toBe(
      [
        '%0: float32[2, 3] = input(index=0)',
        '%1: float32[4, 3] = input(index=1)',
        '%2: float32[2, 4] = matmul(%0, %1, transposeA=false, transposeB=true)',
        '%3: float32[2, 4] = relu(%2)',
        'return %3',
      ].join('\n'),
    );
  });

  it('holds no repeated and no unused work, but every input', () => {
    const b = new ProgramBuilder();
    const x = b.input('float32', [2]);
    b.input('float32', [5]);
    b.exp(b.neg(x));
    const twice = b.add(b.sin(x), b.sin(x));
    expect(printProgram(b.finish([twice]))).toBe(
      [
        '%0: float32[2] = input(index=0)',
        '%1: float32[5] = input(index=1)',
        '%2: float32[2] = sin(%0)',
        '%3: float32[2] = add(%2, %2)',
        'return %3',
      ].join('\n'),
    );
  });

  it('tells -0 from 0 and joins what changes nothing', () => {
    const b = new ProgramBuilder();
    const x = b.input('float32', [2]);
    expect(b.scalar(-0)).not.toBe(b.scalar(0));
    expect(b.emit('reshape', [x], { shape: [2] })).toBe(x);
    expect(b.emit('stopGradient', [x], {})).toBe(x);
    expect(b.emit('cast', [x], { dtype: 'float32' })).toBe(x);
  });

  it('keeps native composites and expands the others', () => {
    const whole = new ProgramBuilder(['softmax']);
    const parts = new ProgramBuilder([]);
    const count = (b: ProgramBuilder): number =>
      b.finish([b.softmax(b.input('float32', [2, 3]), 1)]).instructions.length;
    expect(count(whole)).toBe(2);
    expect(count(parts)).toBe(6);
  });

  it('is frozen', () => {
    const b = new ProgramBuilder();
    const program = b.finish([b.neg(b.input('float32', []))]);
    expect(
      Object.isFrozen(program) && Object.isFrozen(program.instructions) && Object.isFrozen(program.instructions[1]),
    ).toBe(true);
  });
});

describe('shapes and dtypes are checked where an operation is recorded', () => {
  const b = new ProgramBuilder();
  const x = b.input('float32', [2, 3]);
  const i = b.input('int32', [2]);
  it.each([
    [
      'add',
      () => b.add(x, b.input('float32', [4])),
      /size of tensor a \(3\) must match the size of tensor b \(4\) at non-singleton dimension 1/,
    ],
    ['add of two dtypes', () => b.add(x, b.input('int32', [3])), /one dtype, got float32 and int32/],
    ['matmul', () => b.matmul(x, x), /mat1 and mat2 shapes cannot be multiplied \(2x3 and 2x3\)/],
    ['sqrt of integers', () => b.sqrt(i), /sqrt: expected a floating point tensor, got int32/],
    ['reshape', () => b.reshape(x, [5]), /shape '\[5\]' is invalid for input of size 6/],
    ['concat', () => b.concat([x, b.input('float32', [2, 2])], 0), /Sizes of tensors must match except in dimension 0/],
    ['gather', () => b.gather(x, x, 0), /Expected dtype int32 for index/],
    ['slice', () => b.slice(x, [0, 2], [2, 2]), /do not fit shape \[2, 3\]/],
    ['where', () => b.select(x, x, x), /expected condition to be a boolean tensor/],
    [
      'conv2d',
      () =>
        b.conv2d(b.input('float32', [1, 2, 4, 4]), b.input('float32', [3, 3, 3, 3]), {
          stride: [1, 1],
          padLo: [0, 0],
          padHi: [0, 0],
          dilation: [1, 1],
          groups: 1,
        }),
      /expected input\[1, 2, 4, 4\] to have 3 channels, but got 2 channels instead/,
    ],
  ])('%s', (_name, record, message) => {
    expect(record).toThrow(message);
  });
});
