import type { InstructionOf, Program, Shape } from '@chimera-nn/core';
import type { Term } from './graph.ts';
import { convolve } from './lower/convolution.ts';
import { matmul } from './lower/linear.ts';
import type { Lowering } from './lower/lowering.ts';

/** A product and the sum it flows into. Both become one node where the other summand has the form of a bias. */
export interface BiasedProduct {
  readonly product: number;
  readonly other: number;
}

/**
 * Sums whose one side is a product used nowhere else, by the index of the sum. The product is written with the sum,
 * so it must not be written before.
 */
export function findBiasedProducts(program: Program): ReadonlyMap<number, BiasedProduct> {
  const uses = new Map<number, number>();
  const count = (index: number): void => void uses.set(index, (uses.get(index) ?? 0) + 1);
  for (const { inputs } of program.instructions) inputs.forEach(count);
  program.outputs.forEach(count);
  const found = new Map<number, BiasedProduct>();
  for (const [index, { op, inputs, shape }] of program.instructions.entries()) {
    if (op !== 'add') continue;
    const [a, b] = inputs as [number, number];
    for (const [product, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const candidate = program.instructions[product]!;
      if (uses.get(product) !== 1 || candidate.shape.join() !== shape.join()) continue;
      if (candidate.op === 'conv2d' || candidate.op === 'matmul') {
        found.set(index, { product, other });
        break;
      }
    }
  }
  return found;
}

/** The product with its bias in one node, or undefined where ONNX has none for it. */
export function lowerBiasedProduct(
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
