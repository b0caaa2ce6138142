import { sameShape, Tensor } from '@chimera-nn/core';
import type { Device, DType } from '@chimera-nn/core';
import type { Golden } from '../goldens/goldens.ts';
import { goldenOfEntry } from '../goldens/goldens.ts';
import type { ExampleTolerance } from '../primitives/tolerance.ts';
import { compareNumbers, exampleTolerances } from '../primitives/tolerance.ts';
import type { CaseStep } from '../runner/case.ts';
import type { Exhibit } from '../runner/result.ts';
import { deepEqual, show } from './equality.ts';
import type { ExampleContext, Expect, Numbers, Show } from './example.ts';

/** A check that failed. */
export class CheckError extends Error {
  override name = 'CheckError';
}

/** Collects what an example's checks found and what it shows. */
export class ExampleRun implements ExampleContext {
  readonly device: Device;
  readonly expect: Expect;
  readonly show: Show;
  readonly tell: (step: CaseStep) => void;
  readonly exhibits: Exhibit[] = [];
  checks = 0;
  maxError = 0;
  readonly #id: string;

  constructor(id: string, device: Device, tell: (step: CaseStep) => void = () => {}) {
    this.#id = id;
    this.device = device;
    this.tell = tell;
    this.expect = {
      golden: async (name, actual, tolerance = 'accumulated') => {
        const golden = await this.#golden(name);
        if (actual.dtype !== golden.dtype || !sameShape(actual.shape, golden.shape))
          throw new CheckError(`${name}: PyTorch gives ${describe(golden)}, this device ${describe(actual)}`);
        this.#compare(name, await actual.data(), golden.values, golden.dtype, tolerance);
      },
      close: async (what, actual, expected, tolerance = 'accumulated') => {
        if (actual instanceof Tensor && expected instanceof Tensor && !sameShape(actual.shape, expected.shape))
          throw new CheckError(
            `${what}: expected shape [${expected.shape.join(', ')}], got [${actual.shape.join(', ')}]`,
          );
        const dtype = [actual, expected].find((value) => value instanceof Tensor)?.dtype ?? 'float32';
        this.#compare(what, await numbersOf(actual), await numbersOf(expected), dtype, tolerance);
      },
      equal: (what, actual, expected) => {
        this.checks++;
        if (!deepEqual(actual, expected))
          throw new CheckError(`${what}: expected ${show(expected)}, got ${show(actual)}`);
      },
      true: (what, condition) => {
        this.checks++;
        if (!condition) throw new CheckError(`${what}: does not hold`);
      },
      throws: async (what, body, message) => {
        this.checks++;
        const error = await failureOf(body);
        if (error === undefined)
          throw new CheckError(`${what}: expected an error like ${String(message)}, but nothing was thrown`);
        const text = error instanceof Error ? error.message : show(error);
        if (!message.test(text))
          throw new CheckError(`${what}: expected an error like ${String(message)}, got "${text}"`);
      },
    };
    this.show = {
      tree: (title, block) => void this.exhibits.push({ kind: 'tree', title, text: String(block) }),
      text: (title, text) => void this.exhibits.push({ kind: 'text', title, text }),
      curve: (title, values) => void this.exhibits.push({ kind: 'curve', title, values: [...values] }),
    };
  }

  async #golden(name: string): Promise<Golden> {
    const [group, ...rest] = this.#id.split('/') as [string, ...string[]];
    const entry = `${rest.join('/')}/${name}`;
    const golden = await goldenOfEntry(group, entry);
    if (golden === undefined)
      throw new CheckError(`${name}: goldens/chapter/${group}.safetensors has no entry ${entry}`);
    return golden;
  }

  #compare(
    what: string,
    actual: ArrayLike<number>,
    expected: ArrayLike<number>,
    dtype: DType,
    tolerance: ExampleTolerance,
  ): void {
    this.checks++;
    if (actual.length !== expected.length)
      throw new CheckError(`${what}: expected ${expected.length} elements, got ${actual.length}`);
    const { pass, maxError, worst } = compareNumbers(actual, expected, dtype, exampleTolerances[tolerance]);
    this.maxError = Math.max(this.maxError, maxError);
    if (!pass)
      throw new CheckError(
        `${what}: element ${worst!.index} is ${worst!.actual}, expected ${worst!.expected} within ${worst!.allowed.toPrecision(3)}`,
      );
  }
}

async function numbersOf(numbers: Numbers): Promise<ArrayLike<number>> {
  if (typeof numbers === 'number') return [numbers];
  return numbers instanceof Tensor ? numbers.data() : numbers;
}

async function failureOf(body: () => unknown): Promise<unknown> {
  try {
    await body();
    return undefined;
  } catch (error) {
    return error ?? new Error('an empty value was thrown');
  }
}

function describe({ dtype, shape }: { readonly dtype: DType; readonly shape: readonly number[] }): string {
  return `${dtype} [${shape.join(', ')}]`;
}
