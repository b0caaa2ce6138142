import { enableGrad } from '../autograd/mode.ts';
import { DTypeError } from '../errors.ts';
import { isFloating } from '../graph/dtype.ts';
import { identity, stopGradient } from '../graph/node.ts';
import type { Node } from '../graph/node.ts';
import { recording, scoped } from '../graph/scope.ts';
import { expose, wrap } from '../tensor/tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { mapStructure } from './structure.ts';

// Every tensor that a transformation differentiates with respect to, of transformations inside one another too.
const entered = new WeakSet<Node>();

/**
 * One transformation at work. Its inputs require grad for as long as it lasts; what it gives requires grad only if something
 * outside of it does, so that transformations can be nested, and recorded for `backward` around them.
 */
export class Level {
  readonly #inputs = new Set<Node>();
  readonly #isRecorded = recording.gradEnabled;

  /** The same value, with respect to which this transformation differentiates. */
  enter(x: Tensor, operation: string): Tensor {
    if (!isFloating(x.dtype))
      throw new DTypeError(`${operation}: only Tensors of floating point dtype can be differentiated, got ${x.dtype}`);
    const node = identity(x.node);
    node.requiresGrad = true;
    entered.add(node);
    this.#inputs.add(node);
    return wrap(node);
  }

  /** Records `body` as part of the transformation; tensors inside its result come out as the outside sees them. */
  run<T>(body: () => T): T {
    const isOutermost = recording.scope === null;
    const result = scoped(() => mapStructure(enableGrad(body), (tensor) => this.#give(tensor)));
    if (isOutermost) mapStructure(result, expose);
    return result as T;
  }

  #give(tensor: Tensor): Tensor {
    if (!tensor.requiresGrad || (this.#isRecorded && this.#needsOutside(tensor.node))) return tensor;
    return wrap(stopGradient(tensor.node));
  }

  /** Whether a value depends on something that requires grad even without this transformation. */
  #needsOutside(root: Node): boolean {
    const seen = new Set<Node>([root]);
    const stack = [root];
    while (stack.length > 0) {
      const node = stack.pop()!;
      const isOwn = this.#inputs.has(node);
      if (!isOwn && (entered.has(node) || node.owner !== null)) return true;
      const inputs = node.gradientInputs ?? node.inputs;
      if (!isOwn && inputs.length === 0) return true;
      for (const input of inputs)
        if (input.requiresGrad && !seen.has(input)) {
          seen.add(input);
          stack.push(input);
        }
    }
    return false;
  }
}
