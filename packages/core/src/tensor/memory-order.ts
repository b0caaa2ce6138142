import type { Node } from '../graph/node.ts';
import { recorder as b } from '../graph/node.ts';
import { sameShape } from '../graph/shape.ts';
import type { Shape } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';

// Values have no strides here, but random masks are drawn in the order in which PyTorch's tensors lie in memory: of a
// transposed one that is not row by row.

/** Operations whose result lies in memory as their first operand of the same shape does. */
const keeping = new Set<string>([
  'neg',
  'abs',
  'sign',
  'exp',
  'log',
  'sqrt',
  'sin',
  'cos',
  'tanh',
  'erf',
  'floor',
  'relu',
  'sigmoid',
  'gelu',
  'silu',
  'stopGradient',
  'cast',
  'add',
  'sub',
  'mul',
  'div',
  'pow',
  'maximum',
  'minimum',
]);

const declared = new WeakMap<Node, readonly number[]>();

/** Says in which order of axes, slowest first, a value lies that is recorded in another way than PyTorch computes it. */
export function declareOrder(value: Value, order: readonly number[]): void {
  declared.set(value as Node, order);
}

/** The axes in the order in which PyTorch's tensor lies in memory, slowest first; `null` where that is row by row. */
export function memoryOrder(node: Node): readonly number[] | null {
  const permutations: (readonly number[])[] = [];
  let current: Node = node;
  let order: readonly number[] | undefined;
  for (;;) {
    order = declared.get(current);
    if (order !== undefined) break;
    if (current.op === 'permute' && current.inputs.length === 1) {
      permutations.push((current.attributes as { readonly permutation: readonly number[] }).permutation);
      current = current.inputs[0]!;
    } else if (keeping.has(current.op)) {
      const { shape } = current;
      const operand = current.inputs.find((input) => sameShape(input.shape, shape));
      if (operand === undefined) break;
      current = operand;
    } else break;
  }
  if (order === undefined && permutations.length === 0) return null;
  let axes: readonly number[] = order ?? current.shape.map((_, i) => i);
  for (const permutation of permutations.reverse()) axes = axes.map((axis) => permutation.indexOf(axis));
  return axes.every((axis, i) => axis === i) ? null : axes;
}

/** The shape in the order of memory. */
export function shapeInMemory(shape: Shape, order: readonly number[] | null): Shape {
  return order === null ? shape : order.map((axis) => shape[axis]!);
}

/** A table in the order of memory with its axes where they belong. */
export function fromMemory(table: Value, order: readonly number[] | null): Value {
  return order === null
    ? table
    : b.permute(
        table,
        order.map((_, i) => order.indexOf(i)),
      );
}
