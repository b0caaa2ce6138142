import type { AttributesOf, CompositeName, OperationName, Value as GraphValue } from '@chimera-nn/core';
import { Builder, isComposite, operationOf } from '@chimera-nn/core';
import type { Kernels } from '../kernels.ts';
import type { Value } from '../value.ts';
import type { LowerWith } from './lower.ts';
import { primitiveLowerings } from './primitives.ts';

// Which attributes go with which name is known to the table; from here on names are known at run time only.
const lowerings = primitiveLowerings as unknown as Readonly<Record<string, LowerWith<unknown> | undefined>>;

/** Lowers the primitives that an expansion emits, at once. */
class Expansion extends Builder {
  readonly #kernels: Kernels;

  constructor(kernels: Kernels) {
    super();
    this.#kernels = kernels;
  }

  override emit<N extends OperationName>(
    op: N,
    inputs: readonly GraphValue[],
    attributes: AttributesOf<N>,
  ): GraphValue {
    const operation = operationOf(op);
    if (isComposite(op)) return operation.expand!(this, inputs, attributes);
    const lower = lowerings[op];
    if (lower === undefined) throw new Error(`${op} is no primitive`);
    // Whoever emits here holds values that an earlier call gave.
    const values = inputs as readonly Value[];
    return lower(this.#kernels, values, { attributes, ...operation.infer(inputs, attributes) });
  }
}

/** Lowers a composite by its expansion, for the cases that TensorFlow's own kernel does not take. */
export function expand<N extends CompositeName>(
  name: N,
  kernels: Kernels,
  inputs: readonly Value[],
  attributes: AttributesOf<N>,
): Value {
  return operationOf(name).expand!(new Expansion(kernels), inputs, attributes) as Value;
}
