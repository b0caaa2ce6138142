import type { CompositeName, Device, DType, HostArray, HostValue, Program, Shape, Value } from '@chimera-nn/core';
import { ProgramBuilder, hostToNumbers, numbersToHost, sizeOf } from '@chimera-nn/core';
import { loadEngine } from './engine.ts';
import { nativeComposites } from './lower/table.ts';

/** Host values of a dtype from plain numbers. */
export function host(shape: Shape, values: readonly number[], dtype: DType = 'float32'): HostValue {
  if (values.length !== sizeOf(shape))
    throw new RangeError(`${values.length} values do not fill [${shape.join(', ')}]`);
  return { data: numbersToHost(values, dtype), dtype, shape };
}

/** Numbers between -1 and 1 that a seed determines. */
export function scattered(shape: Shape, seed: number, dtype: DType = 'float32'): HostValue {
  const values = Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(12.9898 * (i + 1) + 78.233 * seed) % 1);
  return host(shape, values, dtype);
}

/** A program of these inputs. */
export function programOf(
  inputs: readonly HostValue[],
  build: (b: ProgramBuilder, ...values: Value[]) => readonly Value[],
  native: readonly CompositeName[] = nativeComposites,
): Program {
  const b = new ProgramBuilder(native);
  return b.finish(build(b, ...inputs.map(({ dtype, shape }) => b.input(dtype, shape))));
}

/** Compiles a program, runs it once on host values, and gives the results' values. */
export async function results(device: Device, program: Program, inputs: readonly HostValue[]): Promise<HostArray[]> {
  const executable = await device.compile(program);
  const buffers = await executable.run(inputs.map((value) => ({ host: value })));
  const values: HostArray[] = [];
  for (const buffer of buffers) {
    values.push(await device.download(buffer));
    device.free(buffer);
  }
  executable.dispose();
  return values;
}

/** The same for programs of one result, as plain numbers. */
export async function numbers(
  device: Device,
  inputs: readonly HostValue[],
  build: (b: ProgramBuilder, ...values: Value[]) => Value,
  native: readonly CompositeName[] = nativeComposites,
): Promise<number[]> {
  const program = programOf(inputs, (b, ...values) => [build(b, ...values)], native);
  const [data] = await results(device, program, inputs);
  return Array.from(hostToNumbers(data!, program.instructions[program.outputs[0]!]!.dtype));
}

/** How many tensors the engine holds, whoever made them. */
export function liveTensors(): number {
  return loadEngine('cpu').getNumOfTensors();
}
