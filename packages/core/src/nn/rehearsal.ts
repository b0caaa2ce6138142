import { dirtyStates } from '../device/holder.ts';
import { Storage } from '../device/storage.ts';
import { Node } from '../graph/node.ts';
import { scoped } from '../graph/scope.ts';
import { Tensor, wrap } from '../tensor/tensor.ts';

/** What a forward gave and did when it was called with stand-ins. */
export interface Rehearsal {
  readonly result: unknown;
  /** What stood in for the tensors among the arguments, in order. */
  readonly holes: readonly Node[];
  /** State that the forward reassigned, with the value that it had given it. */
  readonly updates: readonly (readonly [Tensor, Node])[];
}

/** Calls a forward with leaves without values in place of its inputs, and takes back what it did to state. */
export function rehearse(
  forward: (...args: readonly unknown[]) => unknown,
  args: readonly unknown[],
  state: readonly Tensor[],
): Rehearsal {
  const before = new Map<Tensor, Node>(state.map((holder) => [holder, holder.node]));
  const wasDirty = new Set(state.filter((holder) => dirtyStates.has(holder)));
  const holes: Node[] = [];
  const updates: [Tensor, Node][] = [];
  try {
    const result = scoped(() =>
      forward(
        ...args.map((arg) => {
          if (!(arg instanceof Tensor)) return arg;
          const hole = Node.leaf(arg.dtype, arg.shape, new Storage(null), arg.node.place);
          hole.requiresGrad = arg.requiresGrad;
          holes.push(hole);
          return wrap(hole);
        }),
      ),
    );
    return { result, holes, updates };
  } finally {
    for (const [holder, node] of before) {
      if (holder.node === node) continue;
      updates.push([holder, holder.node]);
      holder.node = node;
      if (!wasDirty.has(holder)) dirtyStates.delete(holder);
    }
  }
}
