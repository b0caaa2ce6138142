import type { DType } from '../../graph/dtype.ts';
import { numbersToHost } from '../../graph/dtype.ts';
import type { Shape } from '../../graph/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { fromHost } from '../../tensor/tensor.ts';

/** A tensor with numbers from the host. */
export function tensorOf(values: ArrayLike<number>, shape: Shape, dtype: DType): Tensor {
  return fromHost(numbersToHost(values, dtype), [...shape], dtype, { device: null });
}

/** Which slice along `dim` each element of a shape belongs to. */
export function sliceOf(shape: Shape, dim: number): (position: number) => number {
  const inner = shape.slice(dim + 1).reduce((product, extent) => product * extent, 1);
  return (position) => Math.floor(position / inner) % shape[dim]!;
}

/** Half to even, as Python rounds. */
export function rounded(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  return rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low;
}
