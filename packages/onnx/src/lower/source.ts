import { numbersToHost } from '@chimera-nn/core';
import { family } from './lowering.ts';

export const source = family({
  // Inputs are declared before the walk; see emit.ts.
  input: (_lowering, [declared]) => declared!,
  constant: ({ graph }, _inputs, { attributes: { value, dtype } }) => graph.uniform(value, dtype),
  iota: ({ graph }, _inputs, { attributes: { n, dtype } }) =>
    graph.known(
      numbersToHost(
        Array.from({ length: n }, (_, i) => i),
        dtype,
      ),
      dtype,
      [n],
    ),
  stopGradient: (_lowering, [x]) => x!,
});
