import { expect, test } from 'vitest';
import {
  fillAlphaDropout,
  fillBernoulli,
  fillBernoulliFrom,
  fillDropout,
  fillGeometric,
  fillRrelu,
} from './bernoulli.ts';
import { fillCauchy, fillExponential, fillLogNormal } from './continuous.ts';
import { Generator } from './generator.ts';
import { fillRandint } from './integers.ts';
import { multinomial } from './multinomial.ts';
import { fillNormal, fillNormalFrom } from './normal.ts';
import { fillPoisson } from './poisson.ts';
import { fillTruncatedNormal } from './truncated-normal.ts';
import { fillUniform } from './uniform.ts';

const floats = (...values: number[]): Float32Array => Float32Array.from(values);
const refused: Readonly<Record<string, readonly [call: (generator: Generator) => unknown, message: string]>> = {
  uniform: [(g) => fillUniform(g, floats(0), 2, 1), 'found from=2 > to=1'],
  'uniform beyond float16': [(g) => fillUniform(g, floats(0), 0, 70000, 'float16'), 'float16 numbers'],
  normal: [(g) => fillNormal(g, floats(0), 0, -1), 'normal expects std >= 0.0, but found std -1'],
  'normal of arrays': [(g) => fillNormalFrom(g, floats(0), 0, floats(-1)), 'all elements of std >= 0.0'],
  'normal of other lengths': [
    (g) => fillNormalFrom(g, floats(0), floats(0, 1), 1),
    'expects 1 values of mean, but found 2',
  ],
  exponential: [(g) => fillExponential(g, floats(0), 0), 'lambda=0'],
  cauchy: [(g) => fillCauchy(g, floats(0), 0, 0), 'sigma=0'],
  'log normal': [(g) => fillLogNormal(g, floats(0), 0, 0), 'std=0'],
  geometric: [(g) => fillGeometric(g, floats(0), 1), 'p to be in (0, 1), but got p=1'],
  bernoulli: [(g) => fillBernoulli(g, floats(0), 1.5), 'p to be in [0, 1], but got p=1.5'],
  'bernoulli of an array': [(g) => fillBernoulliFrom(g, floats(0), floats(2)), 'p to be in [0, 1], but got p=2'],
  'bernoulli of another length': [
    (g) => fillBernoulliFrom(g, floats(0), floats(1, 1)),
    'expects 1 probabilities, but got 2',
  ],
  dropout: [(g) => fillDropout(g, floats(0), -1), 'dropout probability has to be between 0 and 1, but got -1'],
  'alpha dropout': [(g) => fillAlphaDropout(g, floats(0), floats(0), NaN), 'between 0 and 1, but got NaN'],
  rrelu: [(g) => fillRrelu(g, floats(0), floats(0), 1, 0.5), 'less than or equal to the upper bound'],
  'randint of nothing': [
    (g) => fillRandint(g, new Int32Array(1), 3, 3),
    "'from' to be less than 'to', but got from=3 >= to=3",
  ],
  'randint of a fraction': [(g) => fillRandint(g, new Int32Array(1), 0, 3.5), 'integer bounds'],
  'randint beyond its array': [(g) => fillRandint(g, new Uint8Array(1), 0, 257), 'out of bounds for a Uint8Array'],
  poisson: [(g) => fillPoisson(g, floats(0), [-1]), 'expected rate to be non-negative'],
  'truncated normal': [(g) => fillTruncatedNormal(g, floats(0), 0, 1, 2, 1), 'expects a < b'],
  'multinomial of zeros': [
    (g) => multinomial(g, floats(1, 0, 0, 0), 1, { categories: 2 }),
    'sum of probabilities <= 0',
  ],
  'multinomial of a negative': [(g) => multinomial(g, floats(1, -1), 1), 'element < 0'],
  'multinomial of too many': [(g) => multinomial(g, floats(1, 1), 3), 'without replacement, got 3 > 2'],
  'multinomial of none': [(g) => multinomial(g, floats(1, 1), 0), 'cannot sample n_sample <= 0 samples'],
};

for (const [name, [call, message]] of Object.entries(refused)) {
  test(`${name} is refused before anything is drawn`, () => {
    const generator = new Generator().manualSeed(1);
    expect(() => call(generator)).toThrow(RangeError);
    expect(() => call(generator)).toThrow(message);
    expect(generator.getState()).toEqual(new Generator().manualSeed(1).getState());
  });
}

test('categories of weight zero come last, in order', () => {
  expect([...multinomial(new Generator(), floats(0, 3, 0, 1, 0), 5)].slice(2)).toEqual([0, 2, 4]);
  const drawn = multinomial(new Generator(), floats(0, 3, 0, 1, 0), 1000, { replacement: true });
  expect(new Set(drawn)).toEqual(new Set([1, 3]));
});
