import { hostToNumbers, isFloating, numbersToHost, operations, ProgramBuilder, sameShape } from '@chimera-nn/core';
import type { Device, DeviceBuffer, DType, HostValue, OperationName, Program, Value } from '@chimera-nn/core';
import { referenceDevice } from '../reference/device.ts';
import type { Case } from '../runner/case.ts';
import { describeError } from '../runner/case.ts';
import { matchesFilter } from '../runner/filter.ts';
import type { CaseResult, Outcome } from '../runner/result.ts';
import { within } from '../runner/within.ts';
import { programSamples } from './programs.ts';
import type { SampleWith } from './sample.ts';
import { samples } from './samples/table.ts';
import { termsOf } from './terms.ts';
import type { Tolerance } from './tolerance.ts';
import { compareNumbers, tolerances } from './tolerance.ts';

export interface CheckOptions {
  /** Globs over case names, such as `operations/conv2d*`; default: every case. */
  readonly filter?: string | readonly string[];
  /** Floating dtypes in which to run the samples; default: all that the device has. */
  readonly dtypes?: readonly DType[];
  /** Milliseconds after which a case has failed; default 60,000. */
  readonly timeout?: number;
  readonly onResult?: (result: CaseResult) => void;
}

/** One case: a program, its inputs and how exact its results must be. */
interface PrimitiveCase {
  readonly name: string;
  readonly inputs: readonly HostValue[];
  readonly build: (b: ProgramBuilder, inputs: readonly Value[]) => readonly Value[];
  readonly tolerance: Tolerance;
  readonly terms: number;
}

/**
 * Runs every sample of every operation on a device and on the reference, and compares. Each program runs twice, once
 * with uploaded buffers and once with host values, so an engine that compiles what recurs is seen in both states.
 * Shapes, dtypes and the number of live buffers are checked along.
 */
export async function checkPrimitives(device: Device, options: CheckOptions = {}): Promise<CaseResult[]> {
  const { filter, timeout = 60_000, onResult } = options;
  const results: CaseResult[] = [];
  for (const { name, run } of primitiveCases(options.dtypes ?? device.capabilities.dtypes)) {
    if (!matchesFilter(name, filter)) continue;
    const start = performance.now();
    const outcome = await within(timeout, run(device)).catch((error: unknown): Outcome => ({
      status: 'fail',
      message: describeError(error),
    }));
    const result: CaseResult = { device: device.name, case: name, ...outcome, milliseconds: performance.now() - start };
    results.push(result);
    onResult?.(result);
  }
  return results;
}

/** All cases for a device with these dtypes, in a fixed order. */
export function primitiveCases(dtypes: readonly DType[]): Case[] {
  return primitiveSamples(dtypes.filter(isFloating)).map((sample) => ({
    name: sample.name,
    run: (device) => runCase(device, sample),
  }));
}

function primitiveSamples(dtypes: readonly DType[]): PrimitiveCase[] {
  const cases: PrimitiveCase[] = [];
  for (const operation of Object.keys(operations) as OperationName[])
    for (const sample of samples[operation] as readonly SampleWith<never>[])
      for (const variant of variantsOf(sample, dtypes))
        cases.push({
          name: `operations/${operation}/${variant.name}`,
          inputs: variant.inputs,
          // `input` is what an input of the builder already is.
          build: (b, values) => [operation === 'input' ? values[0]! : b.emit(operation, values, variant.attributes)],
          tolerance: tolerances[operation],
          terms: termsOf(operation, variant.inputs, variant.attributes),
        });
  for (const program of programSamples)
    cases.push({ ...program, name: `programs/${program.name}`, tolerance: tolerances.matmul, terms: 100 });
  return cases;
}

/** A sample in every floating dtype asked for. Samples without floating inputs exist once. */
function variantsOf<A>(sample: SampleWith<A>, dtypes: readonly DType[]): SampleWith<A>[] {
  if (!sample.inputs.some(({ dtype }) => dtype === 'float32')) return [sample];
  return dtypes
    .filter((dtype) => !(dtype === 'float16' && sample.tooWideForFloat16))
    .map((dtype) => ({
      ...sample,
      name: `${sample.name} [${dtype}]`,
      inputs: sample.inputs.map((input) => inDType(input, dtype)),
    }));
}

/** Floating host data in another floating dtype; other data as it is. */
export function inDType(value: HostValue, dtype: DType): HostValue {
  if (value.dtype !== 'float32' || dtype === 'float32') return value;
  return { dtype, shape: value.shape, data: numbersToHost(hostToNumbers(value.data, value.dtype), dtype) };
}

async function runCase(device: Device, sample: PrimitiveCase): Promise<Outcome> {
  const missing = dtypesOf(sample).find((dtype) => !device.capabilities.dtypes.includes(dtype));
  if (missing !== undefined) return { status: 'absent', message: `${device.name} has no ${missing}` };
  try {
    const expected = await expectedValues(sample);
    const before = device.stats().buffers;
    const maxError = await runTwice(device, sample, expected);
    const after = device.stats().buffers;
    // What examples left behind may be collected meanwhile, so fewer is no fault.
    if (after > before)
      return { status: 'fail', maxError, message: `${before} buffers were alive before, ${after} after` };
    return { status: 'pass', maxError };
  } catch (error) {
    if (error instanceof Mismatch) return { status: 'fail', maxError: error.maxError, message: error.message };
    return { status: 'fail', message: describeError(error) };
  }
}

class Mismatch extends Error {
  readonly maxError: number;
  constructor(message: string, maxError: number) {
    super(message);
    this.maxError = maxError;
  }
}

async function runTwice(device: Device, sample: PrimitiveCase, expected: readonly HostValue[]): Promise<number> {
  const program = programOf(sample, new ProgramBuilder(device.capabilities.native));
  const executable = await device.compile(program);
  const buffers: DeviceBuffer[] = [];
  try {
    for (const input of sample.inputs) buffers.push(device.upload(input.data, input.shape, input.dtype));
    const ways = [
      { way: 'with buffers', inputs: buffers.map((buffer) => ({ buffer })) },
      { way: 'with host values', inputs: sample.inputs.map((host) => ({ host })) },
    ];
    let maxError = 0;
    for (const { way, inputs } of ways) {
      const outputs = await executable.run(inputs);
      try {
        if (outputs.length !== expected.length)
          throw new Mismatch(`${way}: expected ${expected.length} results, got ${outputs.length}`, Infinity);
        for (const [i, output] of outputs.entries())
          maxError = Math.max(
            maxError,
            compare(`${way}: result ${i}`, output, await device.download(output), expected[i]!, sample),
          );
      } finally {
        for (const output of outputs) device.free(output);
      }
    }
    return maxError;
  } finally {
    for (const buffer of buffers) device.free(buffer);
    executable.dispose();
  }
}

function compare(
  what: string,
  output: DeviceBuffer,
  data: HostValue['data'],
  expected: HostValue,
  { tolerance, terms }: PrimitiveCase,
): number {
  if (output.dtype !== expected.dtype || !sameShape(output.shape, expected.shape))
    throw new Mismatch(`${what}: expected ${describe(expected)}, got ${describe(output)}`, Infinity);
  if (data.length !== expected.data.length)
    throw new Mismatch(`${what}: expected ${expected.data.length} elements, got ${data.length}`, Infinity);
  const comparison = compareNumbers(
    hostToNumbers(data, expected.dtype),
    hostToNumbers(expected.data, expected.dtype),
    expected.dtype,
    tolerance,
    terms,
  );
  if (comparison.pass) return comparison.maxError;
  const { index, actual, expected: wanted, allowed } = comparison.worst!;
  throw new Mismatch(
    `${what}: element ${index} is ${actual}, expected ${wanted} within ${allowed.toPrecision(3)}`,
    comparison.maxError,
  );
}

function describe({ dtype, shape }: Value): string {
  return `${dtype} [${shape.join(', ')}]`;
}

function programOf(sample: PrimitiveCase, builder: ProgramBuilder): Program {
  return builder.finish(
    sample.build(
      builder,
      sample.inputs.map(({ dtype, shape }) => builder.input(dtype, shape)),
    ),
  );
}

async function expectedValues(sample: PrimitiveCase): Promise<HostValue[]> {
  const reference = referenceDevice();
  const executable = await reference.compile(programOf(sample, new ProgramBuilder()));
  const outputs = await executable.run(sample.inputs.map((host) => ({ host })));
  const values: HostValue[] = [];
  for (const output of outputs)
    values.push({ dtype: output.dtype, shape: output.shape, data: await reference.download(output) });
  return values;
}

function dtypesOf(sample: PrimitiveCase): DType[] {
  return programOf(sample, new ProgramBuilder()).instructions.map(({ dtype }) => dtype);
}
