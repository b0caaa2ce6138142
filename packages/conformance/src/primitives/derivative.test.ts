import { hostToNumbers, isFloating, operationOf, operations, ProgramBuilder, sizeOf } from '@chimera-nn/core';
import type { AttributesOf, HostValue, OperationName } from '@chimera-nn/core';
import { describe, expect, it } from 'vitest';
import { inDType } from './check.ts';
import type { Definitions, Recipe } from './finite-differences.ts';
import { compareGradients, evaluate, float64, gradientsOf, weighted } from './finite-differences.ts';
import type { SampleWith } from './sample.ts';
import { hostOf, scattered } from './sample.ts';
import { samples } from './samples/table.ts';

interface DerivativeCase {
  readonly sample: string;
  readonly inputs: readonly HostValue[];
  readonly recipe: Recipe;
}

/** The samples at which an operation has a derivative, in float64, each as a function to a scalar. */
function derivativeCases(name: OperationName): DerivativeCase[] {
  const list = samples[name] as readonly SampleWith<never>[];
  return list
    .filter(({ nonFinite, kink, inputs }) => !nonFinite && !kink && inputs.some(({ dtype }) => dtype === 'float32'))
    .map((sample) => ({ ...sample, inputs: sample.inputs.map((input) => inDType(input, 'float64')) }))
    .filter((sample) => isFloating(operationOf(name).infer(sample.inputs, sample.attributes).dtype) && name !== 'cast')
    .map((sample, i) => {
      const { shape } = operationOf(name).infer(sample.inputs, sample.attributes);
      const isConstant = (position: number): boolean => sample.constant?.includes(position) ?? false;
      return {
        sample: sample.name,
        // The cotangent is an input too: the second derivative is taken in it as well.
        inputs: [...sample.inputs.filter((_, position) => !isConstant(position)), float64(shape, 500 + i)],
        recipe: (b, values) => {
          const given = values.slice(0, -1);
          const all = sample.inputs.map(({ data, dtype }, position) =>
            isConstant(position) ? b.scalar(hostToNumbers(data, dtype)[0]!, dtype) : given.shift()!,
          );
          return weighted(b, b.emit(name, all, sample.attributes), values.at(-1)!);
        },
      };
    });
}

/** From a scalar function to the scalar sum over inputs of weights * gradient. */
function gradientRecipe({ recipe, inputs }: DerivativeCase): Recipe | undefined {
  const probe = new ProgramBuilder();
  const values = inputs.map(({ dtype, shape }) => probe.input(dtype, shape));
  if (gradientsOf(probe, recipe(probe, values), values).every((gradient) => gradient === null)) return undefined;
  return (b, leaves) => {
    const gradients = gradientsOf(b, recipe(b, leaves), leaves);
    const terms = gradients.flatMap((gradient, i) => {
      if (gradient === null) return [];
      // Weights that vary from element to element, so that no two mistakes cancel.
      const size = sizeOf(gradient.shape);
      const weights = b.reshape(
        b.add(b.sin(b.add(b.iota(size, 'float64'), b.scalar(i + 1, 'float64'))), b.scalar(1.5, 'float64')),
        gradient.shape,
      );
      return [weighted(b, gradient, weights)];
    });
    return terms.reduce((sum, term) => b.add(sum, term));
  };
}

const differentiable = (Object.keys(operations) as OperationName[]).filter((name) => operationOf(name).vjp !== 'none');

describe('derivatives agree with central differences, and so do their derivatives', () => {
  // A cast's rounding hides any difference of this size.
  it.each(differentiable.filter((name) => name !== 'cast'))('%s', async (name) => {
    const cases = derivativeCases(name);
    expect(cases.length).toBeGreaterThan(0);
    for (const one of cases) {
      const first = await compareGradients(one.recipe, one.inputs);
      expect(first.relative, `${one.sample}: ${JSON.stringify(first)}`).toBeLessThan(1e-7);
      const recipe = gradientRecipe(one);
      if (recipe === undefined) continue;
      const second = await compareGradients(recipe, one.inputs);
      expect(second.relative, `${one.sample}, second derivative: ${JSON.stringify(second)}`).toBeLessThan(1e-7);
    }
  });

  it('cast', async () => {
    const b = new ProgramBuilder();
    const x = b.input('float32', [3]);
    const c = b.input('float64', [3]);
    const [gradient] = gradientsOf(b, weighted(b, b.cast(x, 'float64'), c), [x]);
    expect(gradient).toMatchObject({ dtype: 'float32', shape: [3] });
    const inputs = [scattered([3], 1), hostOf('float64', [3], [0.5, -2, 3])];
    expect(await evaluate(b.finish([gradient!]), inputs)).toEqual([[0.5, -2, 3]]);
    // Through int32 nothing flows: what is left is the other factor's share, the truncated number itself.
    const [truncated] = gradientsOf(b, weighted(b, b.cast(b.cast(x, 'int32'), 'float32'), x), [x]);
    const numbers = hostOf('float32', [3], [-2.5, 0.5, 3]);
    expect(await evaluate(b.finish([truncated!]), [numbers, inputs[1]!])).toEqual([[-2, 0, 3]]);
  });

  it('would notice a wrong rule', async () => {
    const wrong: Definitions = (b, value) => {
      const definition = b.definitionOf(value);
      return definition?.name === 'tanh'
        ? { ...definition, rule: (b, g, { output }) => [b.mul(g, b.sub(b.like(output, 1), output))] }
        : definition;
    };
    const recipe: Recipe = (b, [x]) => b.reduceSum(b.tanh(x!), [0]);
    expect((await compareGradients(recipe, [float64([5], 1)])).relative).toBeLessThan(1e-7);
    expect((await compareGradients(recipe, [float64([5], 1)], wrong)).relative).toBeGreaterThan(1e-3);
  });
});

/** The gradients of the sum of an operation's result. */
async function gradientsAt<N extends OperationName>(
  name: N,
  attributes: AttributesOf<N>,
  ...inputs: HostValue[]
): Promise<number[][]> {
  const b = new ProgramBuilder();
  const values = inputs.map(({ dtype, shape }) => b.input(dtype, shape));
  const y = b.emit(name, values, attributes);
  const root = b.reduceSum(
    y,
    y.shape.map((_, i) => i),
  );
  return evaluate(b.finish(gradientsOf(b, root, values).map((gradient) => gradient!)), inputs);
}

const line = (...values: number[]): HostValue => hostOf('float64', [values.length], values);

// Every expected number is PyTorch's.
describe('at ties and jumps, derivatives are those of PyTorch', () => {
  it('abs and relu at 0', async () => {
    expect(await gradientsAt('abs', {}, line(-2, 0, 3))).toEqual([[-1, 0, 1]]);
    expect(await gradientsAt('relu', {}, line(-1, 0, 1))).toEqual([[0, 0, 1]]);
  });

  it('steps are flat', async () => {
    for (const name of ['sign', 'floor', 'ceil', 'round'] as const)
      expect(await gradientsAt(name, {}, line(0, 1, -0.5))).toEqual([[0, 0, 0]]);
  });

  it('maximum and minimum share evenly', async () => {
    expect(await gradientsAt('maximum', {}, line(1, 0), line(1, -1))).toEqual([
      [0.5, 1],
      [0.5, 0],
    ]);
    expect(await gradientsAt('minimum', {}, line(1, 0), line(1, -1))).toEqual([
      [0.5, 0],
      [0.5, 1],
    ]);
  });

  it('reduceMax and reduceMin share evenly', async () => {
    const [max] = await gradientsAt('reduceMax', { axes: [0], keepDims: false }, line(3, 1, 3, 3));
    expect(max).toEqual([1 / 3, 0, 1 / 3, 1 / 3]);
    expect(await gradientsAt('reduceMin', { axes: [0], keepDims: false }, line(3, 1, 1, 3))).toEqual([
      [0, 0.5, 0.5, 0],
    ]);
  });

  it('reduceProd is exact where factors are 0', async () => {
    const x = hostOf('float64', [2, 3], [2, 0, 3, 0, 0, 5]);
    expect(await gradientsAt('reduceProd', { axes: [1], keepDims: false }, x)).toEqual([[0, 6, 0, 0, 0, 0]]);
  });

  it('pow at 0 and with negative bases', async () => {
    const [base, exponent] = await gradientsAt('pow', {}, line(0, 0, 0, -2, -2, 2), line(0, 1, 2, 3, 0, 0));
    expect(base).toEqual([0, 1, 0, 12, 0, 0]);
    expect(exponent).toEqual([0, 0, 0, Number.NaN, Number.NaN, Math.LN2]);
  });

  it('maxPool2d picks the first', async () => {
    const x = hostOf('float64', [1, 1, 2, 4], [0, 1, 1, -1, 1, 1, -1, 1]);
    const attributes = { size: [2, 2], stride: [2, 2], padLo: [0, 0], padHi: [0, 0], dilation: [1, 1] };
    expect(await gradientsAt('maxPool2d', attributes, x)).toEqual([[0, 1, 1, 0, 0, 0, 0, 0]]);
  });
});
