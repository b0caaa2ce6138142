import { differentiate, hostToNumbers, isFloating, ProgramBuilder, sameShape } from '@chimera-nn/core';
import type { Definition, HostValue, Program, Value } from '@chimera-nn/core';
import { referenceDevice } from '../reference/device.ts';
import { inDType } from './check.ts';
import { scattered } from './sample.ts';

/** Step of the central differences; their error is about step^2 of the third derivative plus 1e-16 / step. */
const step = 1e-5;
const device = referenceDevice();

/** Runs a program on the reference and gives its results as numbers. */
export async function evaluate(program: Program, inputs: readonly HostValue[]): Promise<number[][]> {
  const executable = await device.compile(program);
  const outputs = await executable.run(inputs.map((host) => ({ host })));
  const values: number[][] = [];
  for (const output of outputs) {
    values.push([...hostToNumbers(await device.download(output), output.dtype)]);
    device.free(output);
  }
  return values;
}

/** Scattered float64 numbers. */
export function float64(shape: readonly number[], seed: number): HostValue {
  return inDType(scattered(shape, seed), 'float64');
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (const [i, value] of a.entries()) sum += value * b[i]!;
  return sum;
}

/** The scalar sum(weights * y), so that a gradient of one number says all about a tensor. */
export function weighted(b: ProgramBuilder, y: Value, weights: Value): Value {
  const product = b.mul(y, weights);
  return b.reduceSum(
    product,
    product.shape.map((_, i) => i),
  );
}

/** A function of some inputs to a scalar, as a recipe. */
export type Recipe = (b: ProgramBuilder, inputs: readonly Value[]) => Value;

/** How a value came about, with which a test may plant another derivative rule. */
export type Definitions = (b: ProgramBuilder, value: Value) => Definition | null;

const plainly: Definitions = (b, value) => b.definitionOf(value);

/** The gradients of a scalar with respect to inputs; null where none flows. */
export function gradientsOf(
  b: ProgramBuilder,
  root: Value,
  inputs: readonly Value[],
  definitions = plainly,
): (Value | null)[] {
  const targets = inputs.filter(({ dtype }) => isFloating(dtype));
  const gradients = differentiate(b, new Map([[root, b.like(root, 1)]]), new Set(targets), (value) =>
    definitions(b, value),
  );
  return inputs.map((input) => (targets.includes(input) ? (gradients.get(input) ?? null) : null));
}

/** The worst disagreement between a derivative and a central difference, relative to the size of the terms. */
export interface Disagreement {
  readonly relative: number;
  readonly numeric: number;
  readonly analytic: number;
}

/** Compares a recipe's gradients with central differences along a few directions in the space of its inputs. */
export async function compareGradients(
  recipe: Recipe,
  inputs: readonly HostValue[],
  definitions = plainly,
): Promise<Disagreement> {
  const b = new ProgramBuilder();
  const values = inputs.map(({ dtype, shape }) => b.input(dtype, shape));
  const root = recipe(b, values);
  const gradients = gradientsOf(b, root, values, definitions).map((gradient, i) => {
    const { shape } = inputs[i]!;
    if (gradient !== null && !sameShape(gradient.shape, shape))
      throw new RangeError(
        `the gradient of input ${i} has shape [${gradient.shape.join(', ')}], the input [${shape.join(', ')}]`,
      );
    return gradient ?? b.full(shape, 0, 'float64');
  });
  const analytic = await evaluate(b.finish(gradients), inputs);
  const forward = b.finish([root]);
  let worst: Disagreement = { relative: 0, numeric: 0, analytic: 0 };
  for (let seed = 0; seed < 3; seed++) {
    const directions = inputs.map(({ dtype, shape }, i) =>
      isFloating(dtype) ? [...float64(shape, 900 + 10 * seed + i).data] : [],
    );
    const difference =
      (await along(forward, inputs, directions, step)) - (await along(forward, inputs, directions, -step));
    const numeric = difference / (2 * step);
    let sum = 0;
    let scale = 1;
    for (const [i, direction] of directions.entries()) {
      sum += dot(direction, analytic[i]!);
      scale += dot(direction.map(Math.abs), analytic[i]!.map(Math.abs));
    }
    const relative = Math.abs(numeric - sum) / scale;
    if (!(relative <= worst.relative)) worst = { relative, numeric, analytic: sum };
  }
  return worst;
}

async function along(
  program: Program,
  inputs: readonly HostValue[],
  directions: readonly (readonly number[])[],
  by: number,
): Promise<number> {
  const moved = inputs.map((input, i) =>
    isFloating(input.dtype)
      ? { ...input, data: Float64Array.from(input.data, (value, j) => value + by * directions[i]![j]!) }
      : input,
  );
  const [[value]] = (await evaluate(program, moved)) as [[number]];
  return value;
}
