import type { Node } from '../graph/node.ts';

/** Whatever holds a node for the user: a tensor. */
export interface Holder {
  node: Node;
}

/** A holder whose value is owned: a parameter, a registered buffer, optimizer state, a gradient. */
export interface StateHolder extends Holder {
  /** The last computed value, which the holder owns. `null` before there is one. */
  committed: Node | null;
  /** How errors call it: "parameter 'hidden.weight'". */
  readonly stateName: string;
}

/** State that has been reassigned since the last evaluation. */
export const dirtyStates = new Set<StateHolder>();

// A strong reference keeps programs the same from step to step, whatever the garbage collector does; a program that
// records forever without evaluating anything must not be kept alive by it, hence the limit.
const strongLimit = 20_000;

class PendingHolders {
  #strong = new Set<Holder>();
  #weak: WeakRef<Holder>[] = [];

  /** Notes a tensor that the user's own code can reach and that has no value yet. */
  add(holder: Holder): void {
    this.#strong.add(holder);
    if (this.#strong.size <= strongLimit) return;
    for (const old of this.#strong) this.#weak.push(new WeakRef(old));
    this.#strong = new Set();
    this.#weak = this.#weak.filter((reference) => reference.deref() !== undefined);
  }

  delete(holder: Holder): void {
    this.#strong.delete(holder);
  }

  /** The nodes of all noted tensors, which are forgotten. */
  take(): Node[] {
    const nodes = this.#weak.flatMap((reference) => reference.deref()?.node ?? []);
    for (const holder of this.#strong) nodes.push(holder.node);
    this.#strong = new Set();
    this.#weak = [];
    return nodes;
  }
}

export const pendingHolders = new PendingHolders();
