import { Node, recorder as b } from '../graph/node.ts';
import { recording } from '../graph/scope.ts';
import { sizeOf } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { expose, Tensor, wrap } from '../tensor/tensor.ts';
import type { Block } from './block.ts';
import type { BlockHooks } from './hooks.ts';
import { globalHooks } from './hooks.ts';

/** Calls a block: hooks and `forward`, with recorded operations carrying the block's name. */
export function call(block: Block, hooks: BlockHooks, forward: (...args: never[]) => unknown, inputs: readonly unknown[]): unknown {
  const outer = recording.scope;
  recording.scope = { owner: block, parent: outer };
  let result: unknown;
  try {
    let args = inputs;
    for (const hook of [...globalHooks.forwardPre.list(), ...hooks.forwardPre.list()]) {
      const replaced = hook(block, args);
      if (replaced instanceof Promise) throw new TypeError('a forward pre hook must be synchronous');
      if (replaced !== undefined && replaced !== null) args = Array.isArray(replaced) ? replaced : [replaced];
    }
    const backward = backwardHooks(block, hooks);
    const called = backward === null ? args : backward.enter(args);
    const { replay } = hooks;
    result =
      replay === null
        ? forward.apply(block, called as never[])
        : replay.call([block], (...all) => forward.apply(block, all as never[]), called);
    if (result instanceof Promise) {
      result = result.then((value: unknown) => {
        const inner = recording.scope;
        recording.scope = { owner: block, parent: outer };
        try {
          return leave(block, hooks, backward, args, value, outer === null);
        } finally {
          recording.scope = inner;
        }
      });
      return result;
    }
    return leave(block, hooks, backward, args, result, outer === null);
  } finally {
    recording.scope = outer;
  }
}

function leave(block: Block, hooks: BlockHooks, backward: BackwardHooks | null, args: readonly unknown[], output: unknown, outermost: boolean): unknown {
  let result = output;
  for (const hook of [...globalHooks.forward.list(), ...hooks.forward.list()]) {
    const replaced = hook(block, args, result);
    if (replaced !== undefined && replaced !== null) result = replaced;
  }
  if (backward !== null) result = backward.leave(result);
  if (outermost) mapTensors(result, (tensor) => (expose(tensor), tensor));
  return result;
}

/** Applies a function to every tensor inside nested arrays, maps and plain objects. */
export function mapTensors(value: unknown, change: (tensor: Tensor) => Tensor): unknown {
  if (value instanceof Tensor) return change(value);
  if (Array.isArray(value)) return value.map((element) => mapTensors(element, change));
  if (value instanceof Map) return new Map([...value].map(([key, element]) => [key, mapTensors(element, change)]));
  if (value !== null && typeof value === 'object' && (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null))
    return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, mapTensors(element, change)]));
  return value;
}

interface BackwardHooks {
  enter(args: readonly unknown[]): readonly unknown[];
  leave(result: unknown): unknown;
}

/** Boundaries around one call through which gradients pass, so that hooks see and replace them all at once. */
function backwardHooks(block: Block, hooks: BlockHooks): BackwardHooks | null {
  const pre = [...globalHooks.backwardPre.list(), ...hooks.backwardPre.list()];
  const full = [...globalHooks.backward.list(), ...hooks.backward.list()];
  if (pre.length + full.length === 0 || !recording.gradEnabled) return null;
  let gradOutput: (Tensor | null)[] = [];
  let anyInput = false;
  let inputs: (Tensor | null)[] = [];
  const runFull = (gradInput: (Tensor | null)[]): (Tensor | null)[] => {
    let current = gradInput;
    for (const hook of full) {
      const replaced = hook(block, current, gradOutput);
      if (replaced !== undefined && replaced !== null) current = replaced instanceof Tensor ? [replaced] : [...replaced];
    }
    return current;
  };
  return {
    enter: (args) => {
      const tensors = args.map((arg) => (arg instanceof Tensor && arg.requiresGrad ? arg : null));
      inputs = tensors;
      anyInput = tensors.some((tensor) => tensor !== null);
      if (!anyInput || full.length === 0) return args;
      const passed = gate(tensors, runFull);
      return args.map((arg, i) => passed[i] ?? arg);
    },
    leave: (result) => {
      const tensors: Tensor[] = [];
      mapTensors(result, (tensor) => (tensor.requiresGrad && tensors.push(tensor), tensor));
      const passed = gate(tensors, (gradients) => {
        let current = gradients;
        for (const hook of pre) {
          const replaced = hook(block, current);
          if (replaced !== undefined && replaced !== null) current = replaced instanceof Tensor ? [replaced] : [...replaced];
        }
        gradOutput = current;
        // Without an input that wants a gradient nothing is left to wait for.
        if (!anyInput && full.length > 0) runFull(inputs.map(() => null));
        return current;
      });
      let position = 0;
      return mapTensors(result, (tensor) => (tensor.requiresGrad ? passed[position++]! : tensor));
    },
  };
}

/** The same tensors behind one node, whose gradient is theirs together. */
function gate(tensors: readonly (Tensor | null)[], hook: (gradients: (Tensor | null)[]) => (Tensor | null)[]): (Tensor | null)[] {
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
  return b.concat(nodes.map((node) => b.reshape(node, [sizeOf(node.shape)])), 0) as Node;
}

function unpack(packed: Node, nodes: readonly Node[], sizes: readonly number[]): Value[] {
  if (nodes.length === 1) return [b.emit('reshape', [packed], { shape: nodes[0]!.shape })];
  let start = 0;
  return nodes.map((node, i) => {
    start += sizes[i]!;
    return b.reshape(b.narrow(packed, 0, start - sizes[i]!, sizes[i]!), node.shape);
  });
}
