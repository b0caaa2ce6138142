import { grad, Tensor } from '@chimera-nn/core';
import type { Outcome } from '../runner/result.ts';
import type { Golden } from './golden-file.ts';
import type { Family, Json } from './manifest.ts';
import { cotangentOf } from './scope.ts';
import type { CaseTolerance } from './tolerance.ts';
import { compareWithGolden, toleranceOf } from './tolerance.ts';

/** What a case promises about a result and its derivatives. */
interface Promised {
  readonly id: string;
  readonly result?: Json;
  readonly differentiable?: readonly number[];
  readonly gradients?: readonly string[];
  readonly gradients2?: readonly string[];
  readonly order?: number;
}

/**
 * Collects what a case gave and holds it against the goldens. Tensors are only noted until `finish`, so that the
 * forward pass and all gradients of a case are evaluated as one program.
 */
export class Observation {
  readonly #family: Family;
  readonly #id: string;
  readonly #problems: string[] = [];
  readonly #noted: {
    readonly what: string;
    readonly value: Tensor;
    readonly golden: Golden;
    readonly tolerance: CaseTolerance;
  }[] = [];
  #maxError = 0;

  constructor(family: Family, id: string) {
    this.#family = family;
    this.#id = id;
  }

  problem(text: string): void {
    this.#problems.push(text);
  }

  hasGolden(name: string): boolean {
    return this.#family.goldens.has(`${this.#id}#${name}`);
  }

  golden(name: string): Golden {
    const golden = this.#family.goldens.get(`${this.#id}#${name}`);
    if (golden === undefined) throw new Error(`there is no golden ${this.#id}#${name}`);
    return golden;
  }

  /** Notes a tensor that must equal a golden; dtype and shape are compared at once. */
  tensor(what: string, value: unknown, name: string, part: 'result' | 'gradient' | 'state'): void {
    const golden = this.golden(name);
    if (!(value instanceof Tensor)) {
      this.problem(`${what}: expected a tensor, got ${describe(value)}`);
      return;
    }
    if (value.dtype !== golden.dtype || value.shape.join() !== golden.shape.join()) {
      this.problem(
        `${what}: expected ${golden.dtype} [${golden.shape.join(', ')}], got ${value.dtype} [${value.shape.join(', ')}]`,
      );
      return;
    }
    this.#noted.push({ what, value, golden, tolerance: toleranceOf(this.#family.name, this.#id, part) });
  }

  /** Compares numbers that have been read. */
  numbers(what: string, actual: ArrayLike<number>, name: string, part: 'result' | 'gradient' | 'state'): void {
    this.#compare(what, actual, this.golden(name), toleranceOf(this.#family.name, this.#id, part));
  }

  /** Compares something that is not a tensor. */
  same(what: string, actual: unknown, expected: unknown): void {
    if (JSON.stringify(actual) !== JSON.stringify(expected))
      this.problem(`${what}: expected ${describe(expected)}, got ${describe(actual)}`);
  }

  /** Compares a result's structure and notes its tensors, which are returned by their number. */
  result(actual: unknown, promised: Promised): Tensor[] {
    const outputs: Tensor[] = [];
    const visit = (what: string, value: unknown, expected: Json): void => {
      if (typeof expected === 'number') {
        if (typeof value !== 'number' || Math.abs(value - expected) > 1e-6 + 1e-5 * Math.abs(expected))
          this.problem(`${what}: expected ${expected}, got ${describe(value)}`);
      } else if (expected === null) {
        if (value !== null && value !== undefined) this.problem(`${what}: expected null, got ${describe(value)}`);
      } else if (typeof expected !== 'object') {
        if (value !== expected) this.problem(`${what}: expected ${describe(expected)}, got ${describe(value)}`);
      } else if (Array.isArray(expected)) {
        const list =
          value instanceof Tensor || typeof value !== 'object' || value === null || !(Symbol.iterator in value)
            ? null
            : [...(value as Iterable<unknown>)];
        if (list === null || list.length !== expected.length) {
          this.problem(
            `${what}: expected ${expected.length} values, got ${list === null ? describe(value) : list.length}`,
          );
          return;
        }
        for (const [i, entry] of (expected as readonly Json[]).entries()) visit(`${what}[${i}]`, list[i], entry);
      } else {
        const object = expected as { readonly [key: string]: Json };
        const index = object['$tensor'];
        if (typeof index === 'number') {
          this.tensor(what, value, `out.${index}`, 'result');
          if (value instanceof Tensor) outputs[index] = value;
        } else if (typeof object['$number'] === 'string') {
          const number = Number(object['$number'].replace('inf', 'Infinity'));
          if (!Object.is(value, number)) this.problem(`${what}: expected ${number}, got ${describe(value)}`);
        } else
          for (const [i, [key, entry]] of Object.entries(object).entries())
            visit(
              `${what}.${key}`,
              Array.isArray(value) ? value[i] : (value as Record<string, unknown> | null | undefined)?.[key],
              entry,
            );
      }
    };
    visit('result', actual, promised.result ?? null);
    const differentiable = promised.differentiable ?? [];
    for (const [i, output] of outputs.entries())
      if (output !== undefined && output.requiresGrad !== differentiable.includes(i))
        this.problem(`result ${i}: requiresGrad is ${output.requiresGrad}, PyTorch's is not`);
    return outputs;
  }

  /** Differentiates a function of the results with respect to leaves, and notes the gradients. */
  gradients(outputs: readonly Tensor[], leaves: ReadonlyMap<string, Tensor>, promised: Promised): void {
    const { gradients = [], gradients2 = [], differentiable = [], order = 1 } = promised;
    if (gradients.length === 0) return;
    const total = objective(differentiable.map((i) => [i, outputs[i]]));
    if (total === null) {
      this.problem('gradients: no result requires them');
      return;
    }
    if (order === 1) {
      total.backward();
      for (const name of gradients)
        this.tensor(`gradient of ${name}`, leaves.get(name)?.grad, `grad.${name}`, 'gradient');
      return;
    }
    const names = [...leaves.keys()];
    const first = grad(total, [...leaves.values()], { createGraph: true, allowUnused: true });
    for (const name of gradients)
      this.tensor(`gradient of ${name}`, first[names.indexOf(name)], `grad.${name}`, 'gradient');
    if (gradients2.length === 0) return;
    const second = objective(gradients.map((name, i) => [i, first[names.indexOf(name)]]));
    const again =
      second === null
        ? []
        : grad(
            second,
            gradients.map((name) => leaves.get(name)!),
            { allowUnused: true },
          );
    for (const name of gradients2) {
      const found = again[gradients.indexOf(name)] ?? null;
      // A gradient that does not depend on a leaf has the derivative 0, whether or not there is a tensor of zeros.
      if (found !== null || !this.golden(`grad2.${name}`).values.every((value) => value === 0))
        this.tensor(`second gradient of ${name}`, found, `grad2.${name}`, 'gradient');
    }
  }

  /** Evaluates what was noted, all at once, and gives the verdict. */
  async finish(): Promise<Outcome> {
    const reads = await Promise.allSettled(this.#noted.map(({ value }) => value.data()));
    for (const [i, read] of reads.entries()) {
      const { what, golden, tolerance } = this.#noted[i]!;
      if (read.status === 'rejected')
        this.problem(
          `${what}: ${read.reason instanceof Error ? `${read.reason.name}: ${read.reason.message}` : String(read.reason)}`,
        );
      else this.#compare(what, read.value, golden, tolerance);
    }
    if (this.#problems.length === 0) return { status: 'pass', maxError: this.#maxError };
    const shown = [...new Set(this.#problems)];
    const rest = shown.length > 4 ? `; and ${shown.length - 4} more` : '';
    return { status: 'fail', maxError: this.#maxError, message: shown.slice(0, 4).join('; ') + rest };
  }

  #compare(what: string, actual: ArrayLike<number>, golden: Golden, tolerance: CaseTolerance): void {
    if (actual.length !== golden.values.length) {
      this.problem(`${what}: expected ${golden.values.length} elements, got ${actual.length}`);
      return;
    }
    const { maxError, problem } = compareWithGolden(actual, golden, tolerance);
    this.#maxError = Math.max(this.#maxError, maxError);
    if (problem !== null) this.problem(`${what}: ${problem}`);
  }
}

/** A scalar that depends on every element of all tensors that require gradients, or `null`. */
function objective(tensors: readonly (readonly [number, Tensor | null | undefined])[]): Tensor | null {
  let total: Tensor | null = null;
  for (const [salt, value] of tensors) {
    if (!value?.requiresGrad) continue;
    const term = value.mul(cotangentOf(value.shape, value.dtype, salt)).sum();
    total = total === null ? term : total.add(term);
  }
  return total;
}

export function describe(value: unknown): string {
  if (value === undefined) return 'undefined';
  if (value instanceof Tensor) return String(value);
  if (typeof value === 'function') return 'a function';
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    return typeof value;
  }
}
