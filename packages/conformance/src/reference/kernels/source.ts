import type { Kernels } from './kernel.ts';

export const source = {
  // The device hands inputs to the interpreter before any kernel runs.
  input: ([x]) => x!.data,
  constant: (_operands, { attributes: { value } }) => Float64Array.of(value),
  iota: (_operands, { attributes: { n } }) => Float64Array.from({ length: n }, (_, i) => i),
  stopGradient: ([x]) => x!.data,
} satisfies Partial<Kernels>;
