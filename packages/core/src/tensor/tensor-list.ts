import { ShapeError } from '../errors.ts';
import type { DType } from '../graph/dtype.ts';
import { promoteTypes } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { recorder as b } from '../graph/node.ts';
import { normalizeDim } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { requireTensor } from './operand.ts';
import { Tensor } from './tensor.ts';

/** Tensors one by one or as one array. */
export type TensorList = readonly Tensor[] | readonly [readonly Tensor[]];

/** The nodes of a list of tensors. */
export function requireTensors(name: string, tensors: readonly Tensor[]): Node[] {
  if (!Array.isArray(tensors))
    throw new TypeError(
      `${name}: expected an array of tensors, got ${tensors instanceof Tensor ? 'a Tensor' : typeof tensors}`,
    );
  return tensors.map((tensor) => requireTensor(name, tensor));
}

/** The list that was meant, one by one or as one array. */
export function listOf(values: TensorList): readonly Tensor[] {
  return values.length === 1 && Array.isArray(values[0]) ? values[0] : (values as readonly Tensor[]);
}

/** The nodes in the dtype in which they meet. */
export function promoteAll(nodes: readonly Node[]): Value[] {
  // As everywhere in promotion, 0-d tensors count less than those with dimensions of the same kind.
  let dtype: DType | undefined;
  for (const ranked of [nodes.filter(({ shape }) => shape.length > 0), nodes])
    for (const node of ranked) {
      if (dtype === undefined || (ranked !== nodes && promoteTypes(dtype, node.dtype) !== dtype)) dtype = node.dtype;
      else if (ranked === nodes && kindOf(node.dtype) > kindOf(dtype)) dtype = node.dtype;
    }
  return nodes.map((node) => b.cast(node, dtype!));
}

function kindOf(dtype: DType): number {
  return dtype === 'bool' ? 0 : dtype === 'int32' ? 1 : 2;
}

/** Concatenation with PyTorch's errors; `values` have one dtype. */
export function concatValues(values: readonly Value[], dim: number): Value {
  // Vectors without elements fit everywhere: a habit of PyTorch's.
  const present = values.filter(({ shape }) => shape.length !== 1 || shape[0] !== 0);
  const [first] = present;
  if (first === undefined) return values[0]!;
  const rank = first.shape.length;
  for (const { shape } of values)
    if (shape.length === 0)
      throw new ShapeError(
        `zero-dimensional tensor (at position ${values.findIndex((v) => v.shape.length === 0)}) cannot be concatenated`,
      );
  const axis = normalizeDim(dim, rank, 'cat');
  for (const [i, value] of values.entries()) {
    if (!present.includes(value)) continue;
    if (value.shape.length !== rank)
      throw new ShapeError(`Tensors must have same number of dimensions: got ${rank} and ${value.shape.length}`);
    const wrong = value.shape.findIndex((extent, d) => d !== axis && extent !== first.shape[d]);
    if (wrong >= 0)
      throw new ShapeError(
        `Sizes of tensors must match except in dimension ${axis}. Expected size ${first.shape[wrong]} but got size ${value.shape[wrong]} for tensor number ${i} in the list.`,
      );
  }
  // Only a gradient asks for what has no elements.
  const parts = values.map((value) =>
    present.includes(value)
      ? value
      : b.reshape(
          value,
          first.shape.map((n, d) => (d === axis ? 0 : n)),
        ),
  );
  return b.concat(
    parts.filter((part, i) => present.includes(part) || (values[i] as Node).requiresGrad),
    axis,
  );
}
