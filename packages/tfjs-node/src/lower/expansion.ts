import type { AttributesOf, CompositeName, OperationName, PrimitiveName, Value as GraphValue } from '@chimera-nn/core';
import { Builder, isComposite, operationOf } from '@chimera-nn/core';
import type { Kernels } from '../kernels.ts';
import type { Value } from '../value.ts';
import type { Lower } from './lower.ts';
import { primitiveLowerings } from './primitives.ts';

/** Lowers the primitives that an expansion emits, at once. */
class Expansion extends Builder {
  readonly #kernels: Kernels;

  constructor(kernels: Kernels) {
    super();
    this.#kernels = kernels;
  }

  override emit<N extends OperationName>(op: N, inputs: readonly GraphValue[], attributes: AttributesOf<N>): GraphValue {
    const operation = operationOf(op);
    if (isComposite(op)) return operation.expand!(this, inputs, attributes);
    const lower = primitiveLowerings[op as PrimitiveName] as unknown as Lower<N>;
    // Whoever emits here holds values that an earlier call gave.
    const values = inputs as readonly Value[];
    return lower(this.#kernels, values, { attributes, ...operation.infer(inputs, attributes) });
  }
}

/** Lowers a composite by its expansion, for the cases that TensorFlow's own kernel does not take. */
export function expand<N extends CompositeName>(name: N, kernels: Kernels, inputs: readonly Value[], attributes: AttributesOf<N>): Value {
  return operationOf(name).expand!(new Expansion(kernels), inputs, attributes) as Value;
}
