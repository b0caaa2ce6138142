import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { NumberArray } from './bernoulli.ts';
import {
  fillAlphaDropout,
  fillBernoulli,
  fillBernoulliFrom,
  fillDropout,
  fillGeometric,
  fillRrelu,
} from './bernoulli.ts';
import { fillCauchy, fillExponential, fillGumbel, fillLogNormal } from './continuous.ts';
import { erf, erfc, erfinv } from './erf.ts';
import { Generator } from './generator.ts';
import type { IntegerArray } from './integers.ts';
import { fillRandint, fillRandom, fillRandperm } from './integers.ts';
import { multinomial } from './multinomial.ts';
import { fillNormal, fillNormalFrom } from './normal.ts';
import { fillPoisson } from './poisson.ts';
import type { FloatArray, FloatPrecision } from './precision.ts';
import { rounder } from './precision.ts';
import { fillTruncatedNormal } from './truncated-normal.ts';
import { fillUniform } from './uniform.ts';

interface Step {
  readonly op: string;
  readonly n: number;
  readonly dtype: string;
  readonly args: readonly (number | string | boolean)[];
  readonly values: string;
  readonly positions?: readonly number[];
  readonly sum: number;
  readonly absolute: number;
  readonly ramp: number;
}

interface Program {
  readonly seed: string;
  readonly steps: readonly Step[];
  readonly state: { readonly digest: string; readonly spare: number | null };
}

interface Goldens {
  readonly linear: { readonly bound: number; readonly weight: string; readonly bias: string };
  readonly state: { readonly bytes: string; readonly next: string };
  readonly errorFunctions: Readonly<Record<'y' | 'erfinv' | 'x' | 'erf' | 'erfc', string>>;
  readonly programs: readonly Program[];
}

const goldens = JSON.parse(readFileSync(new URL('./goldens/streams.json', import.meta.url), 'utf8')) as Goldens;

/** Streams made of comparisons and integer arithmetic alone, or of one fused operation: equal to the last bit. */
const EXACT = new Set([
  'uniform',
  'bernoulli',
  'bernoulliFrom',
  'dropout',
  'featureDropout',
  'alphaDropout',
  'rrelu',
  'geometric',
  'multinomial',
  'poisson',
  'random',
  'randint',
  'randperm',
]);

/** Relative and absolute bounds for streams that go through a logarithm, a sine or a cosine. */
const TOLERANCE: Readonly<Record<string, readonly [relative: number, absolute: number]>> = {
  float64: [1e-13, 1e-13],
  float32: [1e-5, 1e-6],
  float16: [2 ** -10, 2 ** -20],
  bfloat16: [2 ** -7, 2 ** -20],
};

function bytesOf(encoded: string): ArrayBuffer {
  return Uint8Array.from(Buffer.from(encoded, 'base64')).buffer;
}

function doubles(encoded: string): Float64Array {
  return new Float64Array(bytesOf(encoded));
}

function allocate(dtype: string, size: number): IntegerArray {
  switch (dtype) {
    case 'float64':
      return new Float64Array(size);
    case 'int8':
      return new Int8Array(size);
    case 'uint8':
      return new Uint8Array(size);
    case 'int16':
      return new Int16Array(size);
    case 'int32':
      return new Int32Array(size);
    case 'int64':
      return new BigInt64Array(size);
    default:
      return new Float32Array(size);
  }
}

function weights(n: number, dtype: FloatPrecision): FloatArray {
  const values = Array.from({ length: n }, (_, index) => ((index * 7) % 11) / 16 + 1 / 32);
  return dtype === 'float64' ? Float64Array.from(values) : Float32Array.from(values, rounder(dtype));
}

function run(generator: Generator, { op, n, dtype, args }: Step): ArrayLike<number | bigint> {
  const precision = dtype as FloatPrecision;
  const store = allocate(dtype, n);
  const out = store as FloatArray;
  const [first, second, third, fourth] = args as number[];
  switch (op) {
    case 'uniform':
      return fillUniform(generator, out, first, second, precision);
    case 'normal':
      return fillNormal(generator, out, first, second, precision);
    case 'normalFrom': {
      const operand = (argument: unknown): FloatArray | number =>
        argument === 'tensor' ? weights(n, precision) : (argument as number);
      return fillNormalFrom(generator, out, operand(args[0]), operand(args[1]), precision);
    }
    case 'randint':
      return fillRandint(generator, store, BigInt(args[0]!), BigInt(args[1]!));
    case 'random':
      return fillRandom(generator, store);
    case 'randperm':
      return fillRandperm(generator, store as Int32Array);
    case 'bernoulli':
      return fillBernoulli(generator, out, first);
    case 'bernoulliFrom':
      return fillBernoulliFrom(generator, out, weights(n, precision));
    case 'dropout':
    case 'featureDropout':
      return fillDropout(generator, out, first, precision);
    case 'alphaDropout': {
      const shift = out.slice();
      fillAlphaDropout(generator, out, shift, first, precision);
      const round = rounder(precision);
      return weights(n, precision).map((value, index) => round(value * out[index]!) + shift[index]!);
    }
    case 'rrelu': {
      const input = weights(n, precision).map((value) => value - 0.25);
      fillRrelu(generator, out, input, first, second, precision);
      return out.map((slope, index) => slope * input[index]!);
    }
    case 'exponential':
      return fillExponential(generator, out, first, precision);
    case 'geometric':
      return fillGeometric(generator, out, first!);
    case 'logNormal':
      return fillLogNormal(generator, out, first, second, precision);
    case 'cauchy':
      return fillCauchy(generator, out, first, second, precision);
    case 'gumbel':
      return fillGumbel(generator, out, precision);
    case 'multinomial': {
      const [rows, samples, replacement] = args as [number, number, boolean];
      return multinomial(generator, weights(n, precision), samples, { categories: n / rows, replacement });
    }
    case 'truncatedNormal':
      return fillTruncatedNormal(generator, out, first, second, third, fourth, precision);
    case 'poisson':
      return fillPoisson(
        generator,
        out as NumberArray,
        weights(n, precision).map((rate) => rate * first!),
      );
    default:
      throw new Error(`no such operation: ${op}`);
  }
}

function expected({ op, dtype, values }: Step): ArrayLike<number | bigint> {
  const bytes = bytesOf(values);
  if (op === 'multinomial' || dtype === 'int64') return new BigInt64Array(bytes);
  switch (dtype) {
    case 'float64':
      return new Float64Array(bytes);
    case 'int8':
      return new Int8Array(bytes);
    case 'uint8':
      return new Uint8Array(bytes);
    case 'int16':
      return new Int16Array(bytes);
    case 'int32':
      return new Int32Array(bytes);
    default:
      return new Float32Array(bytes);
  }
}

function check(step: Step, actual: ArrayLike<number | bigint>): void {
  const { op, n, dtype, args } = step;
  const name = `${op}(${args.join(', ')}) of ${n} ${dtype}`;
  const reference = expected(step);
  const positions = step.positions ?? Array.from({ length: reference.length }, (_, index) => index);
  if (step.positions === undefined) expect(actual.length, name).toBe(reference.length);
  const [relative, absolute] = EXACT.has(op) ? [0, 0] : TOLERANCE[dtype]!;
  for (const [index, position] of positions.entries()) {
    const found = Number(actual[position]);
    const wanted = Number(reference[index]);
    if (!(Math.abs(found - wanted) <= absolute + relative * Math.abs(wanted))) {
      expect.fail(`${name} at ${position}: found ${found}, PyTorch has ${wanted}`);
    }
  }
  if (step.positions === undefined) return;
  let sum = 0;
  let magnitude = 0;
  let ramp = 0;
  for (let index = 0; index < actual.length; index++) {
    const value = Number(actual[index]);
    sum += value;
    magnitude += Math.abs(value);
    ramp += value * ((index % 7) - 3);
  }
  const bound = 1e-12 * step.absolute + (relative + absolute) * (step.absolute + actual.length);
  for (const [kind, found, wanted] of [
    ['sum', sum, step.sum],
    ['absolute sum', magnitude, step.absolute],
    ['ramp', ramp, step.ramp],
  ] as const) {
    if (!(Math.abs(found - wanted) <= 3 * bound)) expect.fail(`${name}: ${kind} is ${found}, PyTorch has ${wanted}`);
  }
}

function checkState(generator: Generator, state: Program['state']): void {
  const bytes = generator.getState();
  const digest = createHash('sha256').update(bytes.subarray(0, 5016)).digest('hex').slice(0, 32);
  expect(digest).toBe(state.digest);
  const view = new DataView(bytes.buffer);
  expect(view.getInt32(5040, true)).toBe(state.spare === null ? 0 : 1);
  if (state.spare !== null) expect(view.getFloat64(5024, true)).toBeCloseTo(state.spare, 13);
}

describe('streams of PyTorch', () => {
  for (const [index, { seed, steps, state }] of goldens.programs.entries()) {
    const title = steps.map(({ op, n, dtype, args }) => `${op}(${args.join(', ')})[${n} ${dtype}]`).join(', ');
    test(`${index}, seed ${seed}: ${title}`, () => {
      const generator = new Generator().manualSeed(BigInt(seed));
      for (const step of steps) check(step, run(generator, step));
      checkState(generator, state);
    });
  }

  test('the weights of Linear(20, 256)', () => {
    const { bound, weight, bias } = goldens.linear;
    const generator = new Generator().manualSeed(0);
    expect(fillUniform(generator, new Float32Array(20 * 256), -bound, bound).slice(-8)).toEqual(
      new Float32Array(bytesOf(weight)),
    );
    expect(fillUniform(generator, new Float32Array(256), -bound, bound).slice(-8)).toEqual(
      new Float32Array(bytesOf(bias)),
    );
  });
});

test("restores a state that PyTorch saved, byte for byte, and continues PyTorch's stream", () => {
  const bytes = new Uint8Array(bytesOf(goldens.state.bytes));
  const generator = new Generator().setState(bytes);
  expect(generator.initialSeed()).toBe(5n);
  expect(generator.getState()).toEqual(bytes);
  const next = fillNormal(generator, new Float64Array(4));
  for (const [index, value] of doubles(goldens.state.next).entries()) expect(next[index]).toBeCloseTo(value, 13);
});

describe('error functions', () => {
  const { y, x, ...functions } = goldens.errorFunctions;
  const table = { erf: [erf, doubles(x)], erfc: [erfc, doubles(x)], erfinv: [erfinv, doubles(y)] } as const;
  for (const [name, [compute, inputs]] of Object.entries(table)) {
    test(name, () => {
      for (const [index, reference] of doubles(functions[name as keyof typeof functions]).entries()) {
        const found = compute(inputs[index]!);
        // PyTorch's own erfinv loses digits of 1 - |y| near one.
        const relative = name === 'erfinv' ? 1e-9 : 4e-15;
        if (Number.isFinite(reference))
          expect(Math.abs(found - reference), `${name}(${inputs[index]})`).toBeLessThanOrEqual(
            relative * Math.abs(reference),
          );
        else expect(found).toBe(reference);
      }
    });
  }

  test('erfinv inverts erf to the last digits, and is NaN outside its domain', () => {
    for (let step = -99; step < 100; step++) expect(erf(erfinv(step / 100))).toBeCloseTo(step / 100, 14);
    for (const exponent of [3, 9, 15])
      expect(erfc(erfinv(1 - 2 ** -(3 * exponent))) * 2 ** (3 * exponent)).toBeCloseTo(1, 13);
    expect(erfinv(1.0000001)).toBeNaN();
    expect(erfinv(NaN)).toBeNaN();
    expect(erfinv(-0)).toBe(-0);
  });
});
