import type { Device, HostValue, Instruction, Program, Value } from '@chimera-nn/core';
import { ProgramBuilder, sizeOf } from '@chimera-nn/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tfjsNode } from './device.ts';
import { nativeComposites } from './lower/table.ts';
import { host, results, scattered } from './testing.ts';

/** The same numbers for the same seed. */
function random(seed: number): (below: number) => number {
  let state = (seed + 1) * 2654435761;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    return Math.floor((((state ^ (state >>> 13)) >>> 0) / 2 ** 32) * below);
  };
}

/** A program of operations that pass layouts on, mix them, or ask for one. */
function randomProgram(seed: number): { program: Program; inputs: HostValue[] } {
  const pick = random(seed);
  const b = new ProgramBuilder(nativeComposites);
  const inputs = [
    scattered([2, 4, 5, 6], seed),
    scattered([4, 2, 3, 2], seed + 1),
    scattered([1, 4, 1, 1], seed + 2),
    scattered([5, 6], seed + 3),
  ];
  const values: Value[] = inputs.map(({ dtype, shape }) => b.input(dtype, shape));
  const any = (): Value => values[pick(values.length)]!;
  const axisOf = (x: Value): number => pick(x.shape.length);
  const steps: ((x: Value) => Value | undefined)[] = [
    (x) => b.tanh(x),
    (x) => b.relu(x),
    (x) => b.mul(x, b.like(x, 0.75)),
    (x) => {
      const y = any();
      const rank = Math.max(x.shape.length, y.shape.length);
      const extent = (v: Value, i: number): number => v.shape[i - rank + v.shape.length] ?? 1;
      for (let i = 0; i < rank; i++)
        if (extent(x, i) !== extent(y, i) && extent(x, i) !== 1 && extent(y, i) !== 1) return undefined;
      return pick(2) === 0 ? b.add(x, y) : b.select(b.lt(x, y), x, b.neg(y));
    },
    (x) => {
      const order = x.shape.map((_, i) => i);
      for (let i = order.length - 1; i > 0; i--) {
        const j = pick(i + 1);
        [order[i], order[j]] = [order[j]!, order[i]!];
      }
      return b.permute(x, order);
    },
    (x) => (x.shape.length === 4 ? b.permute(x, [0, 2, 3, 1]) : undefined),
    (x) => (x.shape.length === 4 ? b.permute(x, [0, 3, 1, 2]) : undefined),
    (x) => (x.shape.length < 5 ? b.broadcastTo(x, [2, ...x.shape]) : undefined),
    (x) =>
      b.broadcastTo(
        x,
        x.shape.map((extent) => (extent === 1 ? 3 : extent)),
      ),
    (x) => (x.shape.length > 0 ? b.reduceSum(x, [axisOf(x)], pick(2) === 0) : undefined),
    (x) => (x.shape.length > 1 ? b.reduceMax(x, [0, x.shape.length - 1], pick(2) === 0) : undefined),
    (x) => (x.shape.length > 0 ? b.cast(b.argMax(x, axisOf(x)), 'float32') : undefined),
    (x) => (x.shape.length > 0 ? b.softmax(x, axisOf(x)) : undefined),
    (x) => (x.shape.length > 0 ? b.cumsum(x, axisOf(x), { reverse: pick(2) === 0 }) : undefined),
    (x) => (x.shape.length > 0 ? b.flip(x, [axisOf(x)]) : undefined),
    (x) => (x.shape.length > 0 ? b.concat([x, b.neg(x)], axisOf(x)) : undefined),
    (x) =>
      b.pad(
        x,
        x.shape.map(() => pick(2)),
        x.shape.map(() => pick(2)),
        0.5,
      ),
    (x) => {
      const starts = x.shape.map((extent) => (extent > 2 ? pick(2) : 0));
      return b.slice(
        x,
        starts,
        x.shape.map((extent, i) => extent - starts[i]!),
      );
    },
    (x) => b.reshape(x, [sizeOf(x.shape)]),
    (x) => (x.shape.length === 3 ? b.reshape(x, [1, ...x.shape]) : undefined),
    (x) => (x.shape.length === 4 ? b.matmul(x, x, { transposeB: true }) : undefined),
    (x) => {
      if (x.shape.length !== 4 || x.shape[2]! < 2 || x.shape[3]! < 2 || sizeOf(x.shape) > 4000) return undefined;
      const w = b.reshape(b.slice(b.iota(3 * x.shape[1]! * 4, 'float32'), [0], [3 * x.shape[1]! * 4]), [
        3,
        x.shape[1]!,
        2,
        2,
      ]);
      const scaled = b.sin(w);
      return b.conv2d(x, scaled, { stride: [1, 1], padLo: [0, 1], padHi: [0, 0], dilation: [1, 1], groups: 1 });
    },
    (x) =>
      x.shape.length === 4 && x.shape[2]! > 1 && x.shape[3]! > 1
        ? b.maxPool2d(x, { size: [2, 2], stride: [1, 1], padLo: [0, 0], padHi: [0, 0], dilation: [1, 1] })
        : undefined,
  ];
  for (let count = 0; count < 25;) {
    const y = steps[pick(steps.length)]!(any());
    // Keeps numbers and sizes small, so that float32 tells right from wrong.
    if (y === undefined || sizeOf(y.shape) > 6000) continue;
    values.push(count % 3 === 0 ? b.tanh(y) : y);
    count++;
  }
  return { program: b.finish(values.slice(-12)), inputs };
}

/** The program's values one instruction at a time, each a program of its own, in which every layout is the plain one. */
async function stepByStep(device: Device, program: Program, inputs: readonly HostValue[]): Promise<HostValue[]> {
  const values: HostValue[] = [];
  for (const instruction of program.instructions) {
    if (instruction.op === 'input') {
      values.push(inputs[instruction.attributes.index]!);
      continue;
    }
    const operands = instruction.inputs.map((i) => values[i]!);
    const alone = [
      ...operands.map(({ dtype, shape }, index) => ({
        op: 'input',
        inputs: [],
        attributes: { index, dtype, shape },
        dtype,
        shape,
      })),
      { ...instruction, inputs: operands.map((_, i) => i) },
    ] as unknown as Instruction[];
    const single: Program = {
      inputs: operands.map(({ dtype, shape }) => ({ dtype, shape })),
      instructions: alone,
      outputs: [operands.length],
    };
    const [data] = await results(device, single, operands);
    values.push({ data: data!, dtype: instruction.dtype, shape: instruction.shape });
  }
  return program.outputs.map((i) => values[i]!);
}

describe.each(['interpret', 'compile'] as const)('layouts (%s)', (tier) => {
  let device: Device;
  let plain: Device;
  beforeAll(async () => {
    device = await tfjsNode({ tier });
    plain = await tfjsNode({ tier: 'interpret' });
  });
  afterAll(async () => {
    await device.close();
    await plain.close();
  });

  it.each(Array.from({ length: 60 }, (_, seed) => seed))(
    'do not change the results of random program %d',
    async (seed) => {
      const { program, inputs } = randomProgram(seed);
      const expected = await stepByStep(plain, program, inputs);
      const actual = await results(device, program, inputs);
      for (const [i, data] of actual.entries()) {
        const { data: wanted } = expected[i]!;
        expect(data.length).toBe(wanted.length);
        const scale = Array.from(wanted).reduce((most, value) => Math.max(most, Math.abs(value)), 1);
        for (const [j, value] of data.entries()) expect(Math.abs(value - wanted[j]!)).toBeLessThanOrEqual(2e-5 * scale);
      }
    },
  );

  it('repeat a value only where its copies are needed', async () => {
    const b = new ProgramBuilder(nativeComposites);
    const x = b.input('float32', [3]);
    const wide = b.broadcastTo(b.reshape(x, [3, 1]), [2, 3, 4]);
    const shifted = b.add(b.exp(wide), b.scalar(1));
    const program = b.finish([shifted, b.reduceSum(shifted, [0, 2])]);
    const [all, sums] = await results(device, program, [host([3], [0, 1, 2])]);
    const rows = [0, 1, 2].map((value) => Math.exp(value) + 1);
    for (const [i, value] of all!.entries()) expect(value).toBeCloseTo(rows[Math.floor(i / 4) % 3]!, 5);
    for (const [i, value] of sums!.entries()) expect(value).toBeCloseTo(8 * rows[i]!, 4);
  });
});
