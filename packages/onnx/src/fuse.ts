import type { InstructionOf, Program, Shape } from '@chimera-nn/core';
import { sizeOf } from '@chimera-nn/core';
import type { Term } from './graph.ts';
import { isEmpty } from './graph.ts';
import { normalize } from './lower/composite.ts';
import { convolve } from './lower/convolution.ts';
import { matmul } from './lower/linear.ts';
import type { Lowering } from './lower/lowering.ts';

/** Instructions that may become one node. */
export interface Fusion {
  /** What comes before the last of them, in order; used by nothing else, and written with the last. */
  readonly parts: readonly number[];
  /** Writes the node, or gives undefined where ONNX has none for it: then all are written one by one. */
  write(lowering: Lowering, terms: readonly Term[]): Term | undefined;
}

/** What may become one node, by the index of the last instruction: products with bias, layer norms with weight and bias. */
export function findFusions(program: Program): ReadonlyMap<number, Fusion> {
  const uses = new Map<number, number>();
  const count = (index: number): void => void uses.set(index, (uses.get(index) ?? 0) + 1);
  for (const { inputs } of program.instructions) inputs.forEach(count);
  program.outputs.forEach(count);
  const isOnlyStep = (index: number, to: number): boolean =>
    uses.get(index) === 1 && program.instructions[index]!.shape.join() === program.instructions[to]!.shape.join();
  const found = new Map<number, Fusion>();
  for (const [index, { op, inputs }] of program.instructions.entries()) {
    if (op !== 'add' && op !== 'mul') continue;
    const [a, b] = inputs as [number, number];
    for (const [step, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const fusion = isOnlyStep(step, index) ? fusionOf(program, found, op, step, other) : undefined;
      if (fusion === undefined) continue;
      found.set(index, fusion);
      for (const part of fusion.parts) found.delete(part);
      break;
    }
  }
  return found;
}

function fusionOf(
  program: Program,
  found: ReadonlyMap<number, Fusion>,
  op: 'add' | 'mul',
  step: number,
  other: number,
): Fusion | undefined {
  const instruction = program.instructions[step]!;
  if (op === 'mul') {
    if (instruction.op !== 'layerNorm') return undefined;
    return { parts: [step], write: (lowering, terms) => scaledNorm(lowering, terms, instruction, other) };
  }
  if (instruction.op === 'mul') {
    const [norm] = found.get(step)?.parts ?? [];
    if (norm === undefined) return undefined;
    const scaled = program.instructions[norm] as InstructionOf<'layerNorm'>;
    const weight = instruction.inputs.find((input) => input !== norm) ?? norm;
    return { parts: [norm, step], write: (lowering, terms) => scaledNorm(lowering, terms, scaled, weight, other) };
  }
  if (instruction.op !== 'conv2d' && instruction.op !== 'matmul') return undefined;
  return {
    parts: [step],
    write: (lowering, terms) => {
      const operands = instruction.inputs.map((i) => terms[i]!) as unknown as [Term, Term];
      const bias = terms[other]!;
      if ([...operands, instruction, bias].some(isEmpty)) return undefined;
      return lowerBiasedProduct(lowering, instruction, operands, bias);
    },
  };
}

/** A layer norm with weight and bias in one node, or undefined where these are not one number per normalised element. */
function scaledNorm(
  lowering: Lowering,
  terms: readonly Term[],
  norm: InstructionOf<'layerNorm'>,
  weight: number,
  bias?: number,
): Term | undefined {
  const x = terms[norm.inputs[0]!]!;
  if (isEmpty(norm)) return undefined;
  const { axis } = norm.attributes;
  const scales = [weight, ...(bias === undefined ? [] : [bias])].map((index) => terms[index]!);
  const shape = x.shape.slice(axis);
  if (scales.some(({ shape: own }) => sizeOf(own) > sizeOf(shape) || own.length > shape.length)) return undefined;
  const [w, shift] = scales.map((term) => lowering.graph.full({ ...term, shape }));
  return normalize(lowering, x, norm.attributes, w, shift).y;
}

/** The product with its bias in one node, or undefined where ONNX has none for it. */
function lowerBiasedProduct(
  lowering: Lowering,
  product: InstructionOf<'matmul'> | InstructionOf<'conv2d'>,
  inputs: readonly [Term, Term],
  other: Term,
): Term | undefined {
  const { dtype, shape } = product;
  const [a, b] = inputs;
  if (product.op === 'conv2d') {
    const channels = shape[1]!;
    if (channels === 1 || !onlyAlong(other.stored, 3)) return undefined;
    const bias = lowering.graph.full({
      ...lowering.graph.reshaped(other, other.stored.length < 3 ? [] : [channels]),
      shape: [channels],
    });
    return convolve(lowering, a, b, product.attributes, dtype, shape, bias);
  }
  const rows = a.shape.length > 2;
  if (b.shape.length !== 2 || !(onlyAlong(other.stored, 1) || (!rows && other.stored.length <= 2))) return undefined;
  // A kernel of ONNX Runtime does not survive a bias without axes.
  const { length } = other.stored;
  const bias = length === 1 || length === 2 ? other : lowering.graph.reshaped(other, [other.stored.at(-1) ?? 1]);
  return matmul(lowering, a, b, product.attributes, dtype, shape, bias);
}

// Whether all extents are 1, but for the axis that is `fromEnd` from the end.
function onlyAlong(stored: Shape, fromEnd: number): boolean {
  return stored.every((extent, i) => extent === 1 || i === stored.length - fromEnd);
}
