import type { Storage } from '../device/storage.ts';
import { Node } from '../graph/node.ts';
import { recording, scoped } from '../graph/scope.ts';
import { defaultGenerator } from '../random/default-generator.ts';
import { isFixed } from '../tensor/host-values.ts';
import { Tensor, wrap } from '../tensor/tensor.ts';
import type { Block } from './block.ts';
import { mapTensors } from './call.ts';
import { globalHooks, hooksOf } from './hooks.ts';
import { hasUninitialized } from './lazy.ts';
import type { HookList } from './registration.ts';
import { rehearse } from './rehearsal.ts';
import { structureVersion } from './structure-version.ts';

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

/** What blocks consist of, as long as their structure does not change. */
interface Structure {
  readonly version: number;
  /** Whether a block waits for the shape of its input. */
  readonly isLazy: boolean;
  readonly isAsynchronous: boolean;
  /** Everything whose replacement makes recordings worthless: blocks, state and hooks. */
  readonly parts: readonly unknown[];
  /** The modes of all blocks. */
  readonly modes: string;
  readonly parameters: readonly Tensor[];
  readonly state: readonly Tensor[];
}

function structureOf(blocks: readonly Block[]): Structure {
  const modules = blocks.flatMap((block) => block.modules());
  const parameters = blocks.flatMap((block) => block.parameters());
  const state = [...parameters, ...blocks.flatMap((block) => block.buffers())];
  const hooks = [globalHooks, ...modules.map(hooksOf)];
  return {
    version: structureVersion(),
    isLazy: modules.some(hasUninitialized),
    isAsynchronous: modules.some((each) => Object.prototype.toString.call(each.forward) === '[object AsyncFunction]'),
    parts: [
      ...modules,
      ...state,
      ...hooks.flatMap(({ forwardPre, forward, backwardPre, backward }) =>
        [forwardPre, forward, backwardPre, backward].flatMap((list: HookList<unknown>) => list.entries()),
      ),
    ],
    modes: modules.map((each) => (each.training ? 't' : 'e')).join(''),
    parameters,
    state,
  };
}

/** Recordings of one block or function, by the shapes and modes in which it was called. */
export class Replay {
  readonly #recordings = new Map<string, Recording | 'never'>();
  readonly #blocks: readonly Block[];
  #structure: Structure | null = null;

  constructor(blocks: readonly Block[]) {
    this.#blocks = blocks;
  }

  /** Calls `forward`, or replays what it recorded for inputs like these. */
  call(forward: (...args: readonly unknown[]) => unknown, args: readonly unknown[]): unknown {
    // Only tensors can vary between calls; anything else might be branched on.
    for (const arg of args)
      if (!(arg instanceof Tensor) && arg !== null && (typeof arg === 'object' || typeof arg === 'function'))
        return forward(...args);
    const structure = this.#present();
    // The first call of a lazy block gives its parameters their shape, once.
    if (structure.isLazy || structure.isAsynchronous) return forward(...args);
    const key = keyOf(args, structure);
    const known = this.#recordings.get(key);
    if (known === 'never') return forward(...args);
    const tensors = args.filter((arg) => arg instanceof Tensor);
    if (known !== undefined) return replay(known, tensors);
    const generator = defaultGenerator();
    const draws = generator.getState();
    const made = record(this.#blocks, structure, forward, args);
    this.#recordings.set(key, made ?? 'never');
    // The call that follows draws what it would have drawn without the attempt.
    if (made === null) generator.setState(draws);
    // A forward that is asynchronous, or draws random numbers, is recorded anew every time.
    return made === null ? forward(...args) : replay(made, tensors);
  }

  /** What the blocks consist of; they are walked only after some block has changed. */
  #present(): Structure {
    const known = this.#structure;
    if (known?.version === structureVersion()) return known;
    const fresh = structureOf(this.#blocks);
    const isSame =
      known !== null &&
      known.parts.length === fresh.parts.length &&
      known.parts.every((part, i) => part === fresh.parts[i]);
    if (!isSame) this.#recordings.clear();
    return (this.#structure = fresh);
  }

  clear(): void {
    this.#recordings.clear();
  }
}

function keyOf(args: readonly unknown[], { modes, parameters }: Structure): string {
  let key = recording.gradEnabled ? 'g' : '-';
  for (const arg of args)
    key +=
      arg instanceof Tensor
        ? `;${arg.dtype}[${arg.shape.join()}]${arg.requiresGrad ? 'g' : ''}@${arg.node.place?.name ?? ''}`
        : `;${JSON.stringify(arg)}${typeof arg}`;
  key += `|${modes}|`;
  // What all parameters have in common is said once.
  let common = '';
  for (const { requiresGrad, node } of parameters) {
    const own = `${requiresGrad ? 'g' : '-'}${node.dtype}@${node.place?.name ?? ''}`;
    key += own === common ? '.' : own;
    common = own;
  }
  return key;
}

/** Records a forward on stand-ins for its inputs. `null` if it cannot be replayed. */
function record(
  blocks: readonly Block[],
  { state: holders, version }: Structure,
  forward: (...args: readonly unknown[]) => unknown,
  args: readonly unknown[],
): Recording | null {
  const before = new Map<Node, Tensor>(holders.map((holder) => [holder.node, holder]));
  const { result, holes, updates } = rehearse(forward, args, holders);
  if (result instanceof Promise) {
    result.catch(() => undefined);
    return null;
  }
  // A forward may make or remove state at its first call.
  if (version !== structureVersion()) {
    const known = new Set(holders);
    if (structureOf(blocks).state.some((holder) => !known.has(holder))) return null;
  }
  const roots: Node[] = updates.map(([, node]) => node);
  mapTensors(result, (tensor) => (roots.push(tensor.node), tensor));
  const nodes = between(roots, new Set([...holes, ...before.keys()]));
  // Values that were drawn or made on the host during the call belong to that call.
  if (nodes === null) return null;
  return { inputs: holes, nodes, state: before, updates, result };
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
  const replayer = new Replay(blocks);
  return (...args) => replayer.call(fn as (...all: readonly unknown[]) => unknown, args) as Result;
}
