import { noGrad } from '../autograd/mode.ts';
import type { Node } from '../graph/node.ts';
import type { Target } from '../tensor/target.ts';
import { convert, move } from '../tensor/target.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Moves tensors and their gradients, each to its own targets; `null` stands for the host. */
export function convertAll(
  tensors: readonly Tensor[],
  targetsOf: (tensor: Tensor) => readonly (Target | null)[],
): void {
  noGrad(() => {
    for (const tensor of tensors) {
      const targets = targetsOf(tensor);
      if (targets.length === 0) continue;
      tensor.assignValue(converted(tensor.node, targets));
      const gradient = tensor.peekGrad();
      if (gradient !== null) gradient.assignValue(converted(gradient.node, targets));
    }
  });
}

/** `null` among the targets: to the host. */
function converted(node: Node, targets: readonly (Target | null)[]): Node {
  return targets.includes(null) ? move(node, null) : convert(node, targets as readonly Target[]);
}
