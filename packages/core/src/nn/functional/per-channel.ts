import { ShapeError } from '../../errors.ts';
import type { Node } from '../../graph/node.ts';
import { recorder as b } from '../../graph/node.ts';
import { sizeOf } from '../../graph/shape.ts';
import type { Value } from '../../graph/value.ts';
import { requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** What normalisations have in common. */
export interface AffineOptions {
  /** Multiplies the result. Default: nothing. */
  weight?: Tensor | null;
  /** Is added to the result. Default: nothing. */
  bias?: Tensor | null;
  /** Added to the variance. Default 1e-5. */
  eps?: number;
}

/** The value of a tensor that may be left out. */
export function optional(name: string, tensor: Tensor | null | undefined): Node | null {
  return tensor === null || tensor === undefined ? null : requireTensor(name, tensor);
}

/** A vector over channels, shaped to broadcast against [N, C, ...]. */
export function perChannel(vector: Value, rank: number): Value {
  return b.reshape(vector, [vector.shape[0]!, ...new Array<number>(rank - 2).fill(1)]);
}

/** y weight + bias over channels. */
export function scaleChannels(y: Value, weight: Node | null, bias: Node | null): Value {
  const rank = y.shape.length;
  const scaled = weight === null ? y : b.mul(y, perChannel(weight, rank));
  return bias === null ? scaled : b.add(scaled, perChannel(bias, rank));
}

/** Throws PyTorch's text unless there is one number per channel. */
export function requirePerChannel(what: string, vector: Value | null, channels: number): void {
  if (vector !== null && sizeOf(vector.shape) !== channels)
    throw new ShapeError(`${what} should contain ${channels} elements not ${sizeOf(vector.shape)}`);
}
