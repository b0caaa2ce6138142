import type { Builder } from './builder.ts';
import type { Attributes, Value, ValueType } from './value.ts';

/** What a derivative rule is told about the operation it differentiates. */
export interface DerivativeContext<A> {
  readonly inputs: readonly Value[];
  readonly output: Value;
  readonly attributes: A;
  /** Which inputs want a cotangent; a rule may skip the others. */
  readonly needs: readonly boolean[];
}

/**
 * A reverse-mode rule: from the cotangent of the output to one cotangent per input (`null`: none). A cotangent may
 * have the broadcast shape; the reverse walk sums it down to the input's.
 */
export type DerivativeRule<A> = (b: Builder, g: Value, context: DerivativeContext<A>) => readonly (Value | null)[];

/** One operation: everything that is to be known about it, but how engines compute it. */
export interface Operation<A = Attributes> {
  /** What it computes, as a formula in `x` (or `a`, `b`). */
  readonly doc: string;
  /** Number of inputs, or `'list'`. */
  readonly arity: number | 'list';
  /** Checks dtypes and shapes of the inputs and gives the output's. Throws ShapeError or DTypeError. */
  readonly infer: (inputs: readonly Value[], attributes: A) => ValueType;
  /** The derivative; `'none'` where there is none; `'expansion'` (composites only) to differentiate the expansion. */
  readonly vjp: DerivativeRule<A> | 'none' | 'expansion';
  /** A composite's meaning in other operations. Primitives have none: every engine implements those. */
  readonly expand?: (b: Builder, inputs: readonly Value[], attributes: A) => Value;
}

/** Declares a primitive: an operation that every engine implements. */
export function primitive<A = Attributes>(
  operation: Omit<Operation<A>, 'expand' | 'vjp'> & { readonly vjp: DerivativeRule<A> | 'none' },
): Operation<A> {
  return operation;
}

/** Declares a composite: an operation with an expansion, for which an engine may have a native kernel. */
export function composite<A = Attributes>(
  operation: Operation<A> & Required<Pick<Operation<A>, 'expand'>>,
): Operation<A> & Required<Pick<Operation<A>, 'expand'>> {
  return operation;
}
