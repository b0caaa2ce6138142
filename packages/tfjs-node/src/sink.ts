import type { DType, Shape } from '@chimera-nn/core';

/** Element types of tensors inside TensorFlow: the dtypes of programs, and what some kernels need on the way. */
export type TensorType = 'float16' | 'float32' | 'float64' | 'int32' | 'int64' | 'bool' | 'uint8' | 'uint16';

/** TensorFlow's numbers for them, the same in its C interface and in its graphs. */
export const dataTypes: Readonly<Record<TensorType, number>> = {
  float32: 1,
  float64: 2,
  int32: 3,
  uint8: 4,
  int64: 9,
  bool: 10,
  uint16: 17,
  float16: 19,
};

/** Something of known type and shape that a sink has made: a live tensor, or the output of a node. */
export interface Tensor {
  readonly type: TensorType;
  readonly shape: Shape;
}

export type AttributeValue =
  | { readonly type: TensorType }
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly bool: boolean }
  | { readonly text: string };

/** One TensorFlow operation, with the type and shape of the output that is wanted. */
export interface OperationCall {
  readonly name: string;
  readonly inputs: readonly Tensor[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly type: TensorType;
  readonly shape: Shape;
  /** How many outputs the operation has, and which of them is wanted. Default: its only one. */
  readonly outputs?: number;
  readonly output?: number;
}

export type ConstantData = Float32Array | Float64Array | Int32Array | Uint8Array | Uint16Array;

/**
 * Where lowerings put TensorFlow operations. They are written once: a sink that executes at once interprets a
 * program, a sink that appends nodes compiles it.
 */
export interface Sink {
  /** The index-th input of the program. */
  input(index: number, type: TensorType, shape: Shape): Tensor;
  /** `data` as it lies in host memory: float16 as raw bits, bool as 0 and 1. */
  constant(data: ConstantData, type: TensorType, shape: Shape): Tensor;
  /** A number that the program itself contains. Nothing may be computed from it ahead of a run. */
  number(value: number, type: DType): Tensor;
  op(call: OperationCall): Tensor;
  /** One more value holds the tensor. Tensors that nobody holds die with the instruction that made them. */
  retain(tensor: Tensor): void;
  /** One value less holds the tensor. */
  release(tensor: Tensor): void;
}
