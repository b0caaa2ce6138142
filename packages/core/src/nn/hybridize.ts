import { dirtyStates } from '../device/holder.ts';
import { Storage } from '../device/storage.ts';
import { Node } from '../graph/node.ts';
import { recording, scoped } from '../graph/scope.ts';
import { defaultGenerator } from '../random/default-generator.ts';
import { isFixed } from '../tensor/host-values.ts';
import { Tensor, wrap } from '../tensor/tensor.ts';
import type { Block } from './block.ts';
import { mapTensors } from './call.ts';
import { hasUninitialized } from './lazy.ts';

/**
 * One recording of a forward: the nodes between inputs and results, with inputs and state as holes. Replaying it
 * appends the same nodes again without running the forward's JavaScript.
 */
interface Recording {
  readonly inputs: readonly Node[];
  /** Operations in order. */
  readonly nodes: readonly Node[];
  /** State that the forward read, by the node that it had. */
  readonly state: ReadonlyMap<Node, Tensor>;
  /** State that the forward reassigned. */
  readonly updates: readonly (readonly [Tensor, Node])[];
  readonly result: unknown;
}

/** Recordings of one block or function, by the shapes and modes in which it was called. */
export class Replay {
  readonly #recordings = new Map<string, Recording | 'never'>();

  /** Calls `forward`, or replays what it recorded for inputs like these. */
  call(blocks: readonly Block[], forward: (...args: readonly unknown[]) => unknown, args: readonly unknown[]): unknown {
    const tensors = args.filter((arg) => arg instanceof Tensor);
    // Only tensors can vary between calls; anything else might be branched on.
    const others = args.filter((arg) => !(arg instanceof Tensor));
    if (others.some((other) => other !== null && (typeof other === 'object' || typeof other === 'function')))
      return forward(...args);
    // The first call of a lazy block gives its parameters their shape, once.
    if (blocks.some((block) => block.modules().some(hasUninitialized))) return forward(...args);
    const key = keyOf(args, blocks);
    const known = this.#recordings.get(key);
    if (known === 'never') return forward(...args);
    if (known !== undefined) return replay(known, tensors);
    const generator = defaultGenerator();
    const draws = generator.getState();
    const made = record(blocks, forward, args);
    this.#recordings.set(key, made ?? 'never');
    // The call that follows draws what it would have drawn without the attempt.
    if (made === null) generator.setState(draws);
    // A forward that is asynchronous, or draws random numbers, is recorded anew every time.
    return made === null ? forward(...args) : replay(made, tensors);
  }

  clear(): void {
    this.#recordings.clear();
  }
}

function keyOf(args: readonly unknown[], blocks: readonly Block[]): string {
  const parts = args.map((arg) =>
    arg instanceof Tensor
      ? `${arg.dtype}[${arg.shape.join()}]${arg.requiresGrad ? 'g' : ''}@${arg.node.place?.name ?? ''}`
      : JSON.stringify(arg) + typeof arg,
  );
  const modes = blocks
    .map((block) =>
      block
        .modules()
        .map((each) => (each.training ? 't' : 'e'))
        .join(''),
    )
    .join();
  const trained = blocks
    .map((block) =>
      block
        .parameters()
        .map((parameter) => (parameter.requiresGrad ? 'g' : '-') + parameter.dtype)
        .join(''),
    )
    .join();
  return `${parts.join(';')}|${modes}|${trained}|${recording.gradEnabled}`;
}

function stateOf(blocks: readonly Block[]): Tensor[] {
  return blocks.flatMap((block) => [...block.parameters(), ...block.buffers()]);
}

/** Records a forward on stand-ins for its inputs, and takes back what it did to state. `null` if it cannot be replayed. */
function record(
  blocks: readonly Block[],
  forward: (...args: readonly unknown[]) => unknown,
  args: readonly unknown[],
): Recording | null {
  if (
    blocks.some((block) =>
      block.modules().some((each) => Object.prototype.toString.call(each.forward) === '[object AsyncFunction]'),
    )
  )
    return null;
  const holders = stateOf(blocks);
  const before = new Map<Tensor, Node>(holders.map((holder) => [holder, holder.node]));
  const wasDirty = new Set(holders.filter((holder) => dirtyStates.has(holder)));
  const stored = args.map((arg) => {
    if (!(arg instanceof Tensor)) return arg;
    const hole = Node.leaf(arg.dtype, arg.shape, new Storage(null), arg.node.place);
    hole.requiresGrad = arg.requiresGrad;
    return scoped(() => wrap(hole));
  });
  const holes = stored.filter((arg) => arg instanceof Tensor).map((tensor) => tensor.node);
  const result = scoped(() => forward(...stored));
  const updates: [Tensor, Node][] = [];
  for (const [holder, node] of before) {
    if (holder.node === node) continue;
    updates.push([holder, holder.node]);
    holder.node = node;
    if (!wasDirty.has(holder)) dirtyStates.delete(holder);
  }
  if (result instanceof Promise) {
    result.catch(() => undefined);
    return null;
  }
  // A forward may make or remove state at its first call.
  if (stateOf(blocks).some((holder) => !before.has(holder))) return null;
  const roots: Node[] = updates.map(([, node]) => node);
  mapTensors(result, (tensor) => (roots.push(tensor.node), tensor));
  const state = new Map<Node, Tensor>([...before].map(([holder, node]) => [node, holder]));
  const nodes = between(roots, new Set([...holes, ...state.keys()]));
  // Values that were drawn or made on the host during the call belong to that call.
  if (nodes === null) return null;
  return { inputs: holes, nodes, state, updates, result };
}

/** The operations that lead from the holes to the roots, in order; `null` if one call's own host values are among them. */
function between(roots: readonly Node[], holes: ReadonlySet<Node>): Node[] | null {
  const order: Node[] = [];
  const seen = new Set<Node>(holes);
  const stack: [Node, boolean][] = roots.map((root) => [root, false]);
  while (stack.length > 0) {
    const [node, done] = stack.pop()!;
    if (done) {
      order.push(node);
      continue;
    }
    if (seen.has(node)) continue;
    seen.add(node);
    if (node.storage !== null) {
      if ((node.storage as Storage).transient && !isFixed(node.storage)) return null;
      continue;
    }
    // A derivative that somebody wrote remembers tensors of the call.
    if (node.gradientInputs !== null) return null;
    stack.push([node, true]);
    for (const input of node.inputs) if (!seen.has(input)) stack.push([input, false]);
  }
  return order;
}

function replay({ inputs, nodes, state, updates, result }: Recording, tensors: readonly Tensor[]): unknown {
  const current = new Map<Node, Node>();
  for (const [i, hole] of inputs.entries()) current.set(hole, tensors[i]!.node);
  for (const [node, holder] of state) current.set(node, holder.node);
  const now = (node: Node): Node => current.get(node) ?? node;
  for (const node of nodes) {
    const copy = new Node(node.op, node.inputs.map(now), node.attributes, node.dtype, node.shape, node.place);
    copy.requiresGrad = node.requiresGrad;
    copy.rule = node.rule;
    copy.gradientHooks = node.gradientHooks;
    current.set(node, copy);
  }
  for (const [holder, node] of updates) holder.assignNode(now(node));
  return mapTensors(result, (tensor) => scoped(() => wrap(now(tensor.node))));
}

/** Options of `compile`. */
export interface CompileOptions {
  /** Blocks whose parameters and buffers the function uses. */
  blocks?: readonly Block[];
}

/**
 * A function of tensors that is recorded at its first call for each combination of shapes and then replayed without
 * running its JavaScript. What it reads beside its arguments must be state of `blocks`, or constant. Asynchronous
 * functions, and calls that draw random numbers, run every time. (PyTorch: `torch.compile`, TorchScript tracing)
 */
export function compile<Args extends readonly unknown[], Result>(
  fn: (...args: Args) => Result,
  { blocks = [] }: CompileOptions = {},
): (...args: Args) => Result {
  if (typeof fn !== 'function') throw new TypeError('compile: expected a function; for a block use block.hybridize()');
  const replayer = new Replay();
  return (...args) => replayer.call(blocks, fn as (...all: readonly unknown[]) => unknown, args) as Result;
}
