import type { Operation } from './operation.ts';
import { activations } from './ops/activation.ts';
import { composites as layered } from './ops/composite.ts';
import { convolution } from './ops/convolution.ts';
import { decompositions } from './ops/decomposition.ts';
import { elementwise } from './ops/elementwise.ts';
import { gammas } from './ops/gamma.ts';
import { linear } from './ops/linear.ts';
import { losses } from './ops/loss.ts';
import { movement } from './ops/movement.ts';
import { normalizations } from './ops/normalization.ts';
import { reductions } from './ops/reduction.ts';
import { source } from './ops/source.ts';
import { special } from './ops/special.ts';

/** The operations that every engine implements. */
export const primitives = { ...source, ...elementwise, ...reductions, ...movement, ...linear, ...convolution } as const;

/** The operations that are made of others, and for which an engine may have a kernel of its own. */
export const composites = {
  ...layered,
  ...special,
  ...gammas,
  ...activations,
  ...losses,
  ...normalizations,
  ...decompositions,
} as const;

/** Every operation: primitives, and composites that expand into them. */
export const operations = { ...primitives, ...composites } as const;

export type PrimitiveName = keyof typeof primitives;
export type CompositeName = keyof typeof composites;
export type OperationName = keyof typeof operations;

/** The attributes that an operation takes. */
export type AttributesOf<N extends OperationName> = (typeof operations)[N] extends Operation<infer A> ? A : never;

/** The record of an operation whose name is only known at run time. */
export function operationOf(name: OperationName): Operation<unknown> {
  return operations[name] as Operation<unknown>;
}

/** Whether a name is a composite's. */
export function isComposite(name: OperationName): name is CompositeName {
  return Object.hasOwn(composites, name);
}
