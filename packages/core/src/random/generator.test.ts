import { describe, expect, test } from 'vitest';
import { defaultGenerator, getRngState, initialSeed, manualSeed, seed, setRngState } from './default-generator.ts';
import { Generator } from './generator.ts';
import { fillNormal } from './normal.ts';
import { fillUniform } from './uniform.ts';

describe('seeds', () => {
  test('negative seeds count down from 2^64', () => {
    expect(new Generator().manualSeed(-1).initialSeed()).toBe(2n ** 64n - 1n);
    expect(new Generator().manualSeed(-(2n ** 63n)).initialSeed()).toBe(2n ** 63n);
  });

  test('a number and a bigint are the same seed', () => {
    expect(new Generator().manualSeed(7).getState()).toEqual(new Generator().manualSeed(7n).getState());
  });

  test('an unseeded generator starts where PyTorch starts one', () => {
    expect(new Generator().initialSeed()).toBe(67280421310721n);
  });

  test('seeds outside 64 bits and fractions are refused and change nothing', () => {
    const generator = new Generator().manualSeed(3);
    const before = generator.getState();
    expect(() => generator.manualSeed(2n ** 64n)).toThrow(RangeError);
    expect(() => generator.manualSeed(-(2n ** 63n) - 1n)).toThrow(RangeError);
    expect(() => generator.manualSeed(0.5)).toThrow(TypeError);
    expect(() => generator.manualSeed(NaN)).toThrow('manualSeed expects an integer, but got NaN');
    expect(generator.getState()).toEqual(before);
  });

  test('seed() seeds with what it returns', () => {
    const generator = new Generator();
    const chosen = generator.seed();
    expect(generator.getState()).toEqual(new Generator().manualSeed(chosen).getState());
    expect(generator.seed()).not.toBe(chosen);
  });

  test('a new seed forgets the spare normal value', () => {
    const generator = new Generator().manualSeed(1);
    generator.standardNormal();
    expect(generator.manualSeed(1).getState()).toEqual(new Generator().manualSeed(1).getState());
  });
});

describe('state', () => {
  test('setState returns to the saved point, spare value included', () => {
    const generator = new Generator().manualSeed(9);
    fillUniform(generator, new Float32Array(1000));
    fillNormal(generator, new Float32Array(3));
    const saved = generator.getState();
    const first = fillNormal(generator, new Float64Array(40));
    generator.setState(saved);
    expect(fillNormal(generator, new Float64Array(40))).toEqual(first);
  });

  test('a clone continues alone', () => {
    const generator = new Generator().manualSeed(9);
    generator.standardNormal();
    const copy = generator.clone();
    expect(copy.getState()).toEqual(generator.getState());
    const ahead = Array.from({ length: 5 }, () => copy.standardNormal());
    expect(Array.from({ length: 5 }, () => generator.standardNormal())).toEqual(ahead);
  });

  test('keeps the float spare of a foreign state', () => {
    const state = new Generator().getState();
    new DataView(state.buffer).setFloat32(5048, 0.25, true);
    state[5052] = 1;
    expect(new Generator().setState(state).clone().getState()).toEqual(state);
  });

  test('invalid states are refused and change nothing', () => {
    const generator = new Generator().manualSeed(3);
    const before = generator.getState();
    expect(() => generator.setState(new Uint8Array(5))).toThrow(
      'Expected an RNG state of 5056 bytes but found 5 bytes',
    );
    expect(() => generator.setState(new Uint8Array(5056))).toThrow('Invalid mt19937 state');
    expect(() => generator.setState([1] as unknown as Uint8Array)).toThrow(TypeError);
    expect(generator.getState()).toEqual(before);
  });
});

test('the default generator is one generator', () => {
  expect(manualSeed(11)).toBe(defaultGenerator());
  expect(initialSeed()).toBe(11n);
  const saved = getRngState();
  const value = defaultGenerator().random32();
  expect(value).toBe(new Generator().manualSeed(11).random32());
  setRngState(saved);
  expect(defaultGenerator().random32()).toBe(value);
  expect(BigInt(seed())).toBe(initialSeed());
});
