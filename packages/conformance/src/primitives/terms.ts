import { sizeOf } from '@chimera-nn/core';
import type { OperationName, Value } from '@chimera-nn/core';

type Numbers = Readonly<Record<string, unknown>>;

/** How many terms meet in one element of a result: the size that an accumulated rounding error grows with. */
export function termsOf(name: OperationName, inputs: readonly Value[], attributes: unknown): number {
  const { axes, axis, size, transposeA, groups } = attributes as Numbers;
  const shapes = inputs.map(({ shape }) => shape);
  switch (name) {
    case 'reduceSum':
    case 'reduceProd':
    case 'standardize':
      return (axes as readonly number[]).reduce((n, i) => n * shapes[0]![i]!, 1);
    case 'layerNorm':
    case 'layerNormScale':
      return sizeOf(shapes[0]!.slice(axis as number));
    case 'cumsum':
    case 'softmax':
    case 'logSoftmax':
      return shapes[0]![axis as number]!;
    case 'scatterAdd':
      return sizeOf(shapes[1]!);
    case 'matmul':
      return shapes[0]!.at(transposeA === true ? -2 : -1)!;
    case 'conv2d':
      return sizeOf(shapes[1]!.slice(1));
    case 'conv2dInputGrad':
      return sizeOf(shapes[1]!) / shapes[1]![1]! / (groups as number);
    case 'conv2dWeightGrad':
      return sizeOf(shapes[1]!) / shapes[1]![1]!;
    case 'windowsAdjoint':
    case 'maxPool2dGrad':
    case 'averagePool2d':
      return sizeOf(size as readonly number[]);
    default:
      return 1;
  }
}
