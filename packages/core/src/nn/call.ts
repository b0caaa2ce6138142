import { GraphError } from '../errors.ts';
import type { Node } from '../graph/node.ts';
import { recorder as b } from '../graph/node.ts';
import { recording } from '../graph/scope.ts';
import { sizeOf } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { expose, requireReplacement, Tensor, wrap } from '../tensor/tensor.ts';
import type { Block } from './block.ts';
import type { BlockHooks } from './hooks.ts';
import { globalHooks } from './hooks.ts';
import type { HookList } from './registration.ts';

/** Calls a block: hooks and `forward`, with recorded operations carrying the block's name. */
export function call(
  block: Block,
  hooks: BlockHooks,
  forward: (...args: never[]) => unknown,
  inputs: readonly unknown[],
): unknown {
  const outer = recording.scope;
  recording.scope = { owner: block, parent: outer };
  const state: CallState = { args: inputs, result: undefined, called: new Set() };
  try {
    for (const hook of joined(globalHooks.forwardPre, hooks.forwardPre)) {
      const replaced = hook.hook(block, state.args);
      requireSynchronous('forward pre', replaced);
      if (replaced !== undefined && replaced !== null) state.args = Array.isArray(replaced) ? replaced : [replaced];
    }
    const backward = backwardHooks(block, hooks);
    if (backward !== null) state.args = backward.enter(state.args);
    const { replay } = hooks;
    state.result =
      replay === null
        ? forward.apply(block, state.args as never[])
        : replay.call((...all) => forward.apply(block, all as never[]), state.args);
    if (!(state.result instanceof Promise)) return leave(block, hooks, backward, state, outer === null);
    const again = (body: () => unknown): unknown => {
      const inner = recording.scope;
      recording.scope = { owner: block, parent: outer };
      try {
        return body();
      } catch (error) {
        runAlwaysCalled(block, hooks, state);
        throw error;
      } finally {
        recording.scope = inner;
      }
    };
    return state.result.then(
      (value: unknown) =>
        again(() => {
          state.result = value;
          return leave(block, hooks, backward, state, outer === null);
        }),
      (error: unknown) =>
        again(() => {
          state.result = undefined;
          throw error;
        }),
    );
  } catch (error) {
    runAlwaysCalled(block, hooks, state);
    throw error;
  } finally {
    recording.scope = outer;
  }
}

/** A promise would take the place of the value that the next block waits for. */
function requireSynchronous(kind: string, replaced: unknown): void {
  if (replaced instanceof Promise)
    throw new TypeError(`a ${kind} hook must be synchronous: keep the tensor and await its values after the call`);
}

/** How far one call has come. */
interface CallState {
  args: readonly unknown[];
  result: unknown;
  /** Forward hooks that have run. */
  readonly called: Set<object>;
}

const none: readonly never[] = [];

/** Hooks of every block, then those of this one. */
function joined<Hook>(global: HookList<Hook>, own: HookList<Hook>): ReturnType<HookList<Hook>['entries']> {
  if (global.size === 0) return own.size === 0 ? none : own.entries();
  return [...global.entries(), ...own.entries()];
}

function leave(
  block: Block,
  hooks: BlockHooks,
  backward: BackwardHooks | null,
  state: CallState,
  outermost: boolean,
): unknown {
  for (const entry of joined(globalHooks.forward, hooks.forward)) {
    state.called.add(entry);
    const replaced = entry.hook(block, state.args, state.result);
    requireSynchronous('forward', replaced);
    if (replaced !== undefined && replaced !== null) state.result = replaced;
  }
  if (backward !== null) state.result = backward.leave(state.result);
  const { result } = state;
  if (outermost) mapTensors(result, (tensor) => (expose(tensor), tensor));
  return result;
}

/** Runs the hooks that want to know also of calls that failed. What they throw does not hide the first error. */
function runAlwaysCalled(block: Block, hooks: BlockHooks, state: CallState): void {
  for (const entry of joined(globalHooks.forward, hooks.forward)) {
    if (!entry.alwaysCall || state.called.has(entry)) continue;
    state.called.add(entry);
    try {
      const replaced = entry.hook(block, state.args, state.result);
      if (replaced !== undefined && replaced !== null) state.result = replaced;
    } catch (error) {
      console.warn(
        `module forward hook with alwaysCall: true raised an exception that was silenced as another error was raised in forward: ${String(error)}`,
      );
    }
  }
}

/** Applies a function to every tensor inside nested arrays, maps and plain objects. */
export function mapTensors(value: unknown, change: (tensor: Tensor) => Tensor): unknown {
  if (value instanceof Tensor) return change(value);
  if (Array.isArray(value)) return value.map((element) => mapTensors(element, change));
  if (value instanceof Map) return new Map([...value].map(([key, element]) => [key, mapTensors(element, change)]));
  if (
    value !== null &&
    typeof value === 'object' &&
    (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null)
  )
    return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, mapTensors(element, change)]));
  return value;
}

interface BackwardHooks {
  enter(args: readonly unknown[]): readonly unknown[];
  leave(result: unknown): unknown;
}

/** Boundaries around one call through which gradients pass, so that hooks see and replace them all at once. */
function backwardHooks(block: Block, hooks: BlockHooks): BackwardHooks | null {
  const pre = joined(globalHooks.backwardPre, hooks.backwardPre);
  const full = joined(globalHooks.backward, hooks.backward);
  if (pre.length + full.length === 0 || !recording.gradEnabled) return null;
  let gradOutput: (Tensor | null)[] | null = null;
  let anyInput = false;
  let inputs = 0;
  const runFull = (gradInput: (Tensor | null)[]): (Tensor | null)[] => {
    // A gradient may reach the inputs without having passed the outputs, for instance when it is differentiated again.
    if (gradOutput === null) return gradInput;
    let current = gradInput;
    for (const { hook } of full) {
      const replaced = listOf(hook(block, current, gradOutput));
      if (replaced === null) continue;
      if (!anyInput && replaced.some((gradient) => gradient !== null))
        throw new GraphError(
          'Backward hook for Modules where no input requires gradient should always return null or null for all gradients.',
        );
      if (replaced.length !== current.length)
        throw new GraphError(
          `Backward hook returned an invalid number of grad_input, got ${replaced.length}, but expected ${current.length}`,
        );
      requireReplacements(current, replaced, hook);
      current = replaced;
    }
    gradOutput = null;
    return current;
  };
  return {
    enter: (args) => {
      const tensors = args.map((arg) => (arg instanceof Tensor && arg.requiresGrad ? arg : null));
      inputs = tensors.length;
      anyInput = tensors.some((tensor) => tensor !== null);
      if (!anyInput || full.length === 0) return args;
      // The hook is shown zeros for tensors that want no gradient, as PyTorch shows them.
      const passed = gate(tensors, (gradients) =>
        runFull(
          gradients.map((gradient, i) =>
            gradient === null && args[i] instanceof Tensor ? wrap(b.fullLike(args[i].node, 0)) : gradient,
          ),
        ),
      );
      return args.map((arg, i) => passed[i] ?? arg);
    },
    leave: (result) => {
      // One gradient per output: those that have none, and outputs that are no tensors, are null.
      const outputs = outputsOf(result).map((output) =>
        output instanceof Tensor && output.requiresGrad ? output : null,
      );
      const passed = gate(outputs, (gradients) => {
        let current = gradients;
        for (const { hook } of pre) {
          const replaced = listOf(hook(block, current));
          if (replaced === null) continue;
          if (replaced.length !== current.length)
            throw new GraphError(
              `Backward pre hook returned an invalid number of grad_output, got ${replaced.length}, but expected ${current.length}`,
            );
          requireReplacements(current, replaced, hook);
          current = replaced;
        }
        gradOutput = current;
        // Without an input that wants a gradient nothing is left to wait for.
        if (!anyInput && full.length > 0) runFull(Array.from({ length: inputs }, () => null));
        return current;
      });
      const replacements = new Map<Tensor, Tensor>();
      for (const [i, output] of outputs.entries()) if (output !== null) replacements.set(output, passed[i]!);
      return mapTensors(result, (tensor) => replacements.get(tensor) ?? tensor);
    },
  };
}

function listOf(replaced: Tensor | readonly (Tensor | null)[] | void | null): (Tensor | null)[] | null {
  if (replaced === undefined || replaced === null) return null;
  requireSynchronous('backward', replaced);
  return replaced instanceof Tensor ? [replaced] : [...replaced];
}

function requireReplacements(
  gradients: readonly (Tensor | null)[],
  replaced: readonly (Tensor | null)[],
  hook: { readonly name: string },
): void {
  for (const [i, gradient] of gradients.entries())
    if (gradient !== null && replaced[i] !== null) requireReplacement(gradient.node, replaced[i], hook);
}

/** The results of a forward one by one: the entries of an array; of other structures, the tensors inside. */
function outputsOf(result: unknown): unknown[] {
  if (
    Array.isArray(result) &&
    result.every((entry) => entry === null || typeof entry !== 'object' || entry instanceof Tensor)
  )
    return result;
  const tensors: Tensor[] = [];
  mapTensors(result, (tensor) => (tensors.push(tensor), tensor));
  return tensors;
}

/** The same tensors behind one node, whose gradient is theirs together. */
function gate(
  tensors: readonly (Tensor | null)[],
  hook: (gradients: (Tensor | null)[]) => (Tensor | null)[],
): (Tensor | null)[] {
  const present = tensors.filter((tensor) => tensor !== null);
  if (present.length === 0) return [...tensors];
  const nodes = present.map((tensor) => tensor.node);
  const sizes = nodes.map((node) => sizeOf(node.shape));
  const packed = pack(nodes);
  packed.gradientHooks = [
    (gradient) => {
      const parts = unpack(gradient, nodes, sizes);
      let position = 0;
      const seen = tensors.map((tensor) => (tensor === null ? null : wrap(parts[position++])));
      const replaced = hook(seen).filter((_, i) => tensors[i] !== null);
      return pack(replaced.map((tensor, i) => tensor?.node ?? (b.fullLike(nodes[i]!, 0) as Node)));
    },
  ];
  const parts = unpack(packed, nodes, sizes);
  let position = 0;
  return tensors.map((tensor) => (tensor === null ? null : wrap(parts[position++])));
}

function pack(nodes: readonly Node[]): Node {
  if (nodes.length === 1) return b.emit('reshape', [nodes[0]!], { shape: nodes[0]!.shape }) as Node;
  return b.concat(
    nodes.map((node) => b.reshape(node, [sizeOf(node.shape)])),
    0,
  ) as Node;
}

function unpack(packed: Node, nodes: readonly Node[], sizes: readonly number[]): Value[] {
  if (nodes.length === 1) return [b.emit('reshape', [packed], { shape: nodes[0]!.shape })];
  let start = 0;
  return nodes.map((node, i) => {
    start += sizes[i]!;
    return b.reshape(b.narrow(packed, 0, start - sizes[i]!, sizes[i]!), node.shape);
  });
}
