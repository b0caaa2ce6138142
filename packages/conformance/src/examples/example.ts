import type { Device, Tensor } from '@chimera-nn/core';
import type { ExampleTolerance } from '../primitives/tolerance.ts';
import type { CaseStep } from '../runner/case.ts';

/** One example of the chapter, written as a reader would write it. It runs unchanged on every device. */
export interface Example {
  /** `group/name`. The group is also the golden file's name, the name the prefix of its entries. */
  readonly id: string;
  readonly title: string;
  /** What the chapter shows here, in a few sentences of our own. */
  readonly summary: string;
  /** Milliseconds that it may take on a slow device; default: the runner's. */
  readonly budget?: number;
  /** Runs with the device as the default device and the generator freshly seeded with 0. */
  readonly run: (context: ExampleContext) => Promise<void>;
}

/** What an example is given. */
export interface ExampleContext {
  /** The device under test, for what needs it by name (`to(device)`). It is the default device already. */
  readonly device: Device;
  readonly expect: Expect;
  readonly show: Show;
  /** Tells how far a long example is, for a bar on somebody's screen. */
  readonly tell: (step: CaseStep) => void;
}

/** Numbers in any form that can be compared. */
export type Numbers = Tensor | ArrayLike<number> | number;

/** Checks. The first that fails ends the example. An example that makes none fails. */
export interface Expect {
  /** Compares with PyTorch's number, stored under `name` in the example's goldens: dtype, shape and values. */
  golden(name: string, actual: Tensor, tolerance?: ExampleTolerance): Promise<void>;
  /** Compares with numbers written in the example. */
  close(what: string, actual: Numbers, expected: Numbers, tolerance?: ExampleTolerance): Promise<void>;
  /** Demands equality in every bit: numbers, text, shapes, lists of names. */
  equal(what: string, actual: unknown, expected: unknown): void;
  true(what: string, condition: boolean): void;
  /** Demands an error whose text matches. */
  throws(what: string, body: () => unknown, message: RegExp): Promise<void>;
}

/** What the report's page shows of the example. */
export interface Show {
  /** A printed block. */
  tree(title: string, block: { toString(): string }): void;
  text(title: string, text: string): void;
  /** Numbers over steps, a loss for instance. */
  curve(title: string, values: readonly number[]): void;
}
