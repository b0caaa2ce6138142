import { noGrad } from '../autograd/mode.ts';
import type { HostValue } from '../device/contract.ts';
import { downloadStorage, storageOf } from '../device/storage.ts';
import { collectTrace } from '../device/trace.ts';
import { GraphError } from '../errors.ts';
import type { Node } from '../graph/node.ts';
import { ProgramBuilder } from '../graph/program-builder.ts';
import type { Program } from '../graph/program.ts';
import type { CompositeName, OperationName } from '../graph/registry.ts';
import type { Value } from '../graph/value.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Block } from './block.ts';
import { mapTensors } from './call.ts';
import { isBlock } from './registration.ts';
import { rehearse } from './rehearsal.ts';

export interface TraceProgramOptions {
  /** Composites to keep whole; others are expanded. Default: all stay whole. */
  native?: readonly CompositeName[] | 'all';
}

/** A forward as a program that needs nothing else. */
export interface TracedProgram {
  readonly program: Program;
  /** `input0`, `input1`, ... for the arguments, then the paths of the parameters and buffers, and `constant0`, ... */
  readonly inputNames: readonly string[];
  /** The values of all inputs but the arguments, by index. */
  readonly initializers: ReadonlyMap<number, HostValue>;
}

/**
 * Records a block (or a function) for inputs of these shapes as one program, with its parameters as named inputs: what
 * model export starts from. Put blocks into `eval()` mode first. (PyTorch: `torch.jit.trace`, `torch.export`)
 *
 * @throws GraphError if the forward is asynchronous or changes its block's state.
 */
export async function traceProgram(
  target: Block | ((...inputs: Tensor[]) => unknown),
  inputs: readonly Tensor[],
  { native = 'all' }: TraceProgramOptions = {},
): Promise<TracedProgram> {
  if (typeof target !== 'function') throw new TypeError('traceProgram: expected a block or a function');
  const state = isBlock(target) ? [...target.namedParameters(), ...target.namedBuffers()] : [];
  // State that is still to be computed would be traced with its history.
  await Promise.all(state.map(([, tensor]) => tensor.hostData()));
  const { result, holes, updates } = noGrad(() =>
    rehearse(
      target as (...all: readonly unknown[]) => unknown,
      inputs,
      state.map(([, tensor]) => tensor),
    ),
  );
  if (result instanceof Promise)
    throw new GraphError(
      'traceProgram: the forward is asynchronous: what it does depends on values, so no single program is equal to it',
    );
  const changed = updates.at(-1)?.[0];
  if (changed !== undefined)
    throw new GraphError(
      `traceProgram: the forward changes '${state.find(([, tensor]) => tensor === changed)![0]}'. Call eval() first.`,
    );

  const roots: Node[] = [];
  mapTensors(result, (tensor) => (roots.push(tensor.node), tensor));
  if (roots.length === 0) throw new GraphError('traceProgram: the forward gives no tensor');
  const { nodes, leaves, outputs } = collectTrace([...new Set(roots)]);
  const names = new Map<Node, string>(state.map(([name, tensor]) => [tensor.node, name]));
  const builder = new ProgramBuilder(native);
  const values = new Map<Node, Value>();
  const inputNames: string[] = [];
  const initializers = new Map<number, HostValue>();
  for (const [i, hole] of holes.entries()) {
    values.set(hole, builder.input(hole.dtype, hole.shape));
    inputNames.push(`input${i}`);
  }
  let constants = 0;
  for (const position of leaves) {
    const leaf = nodes[position]!;
    if (values.has(leaf)) continue;
    initializers.set(inputNames.length, {
      data: await downloadStorage(storageOf(leaf)!),
      dtype: leaf.dtype,
      shape: leaf.shape,
    });
    inputNames.push(names.get(leaf) ?? `constant${constants++}`);
    values.set(leaf, builder.input(leaf.dtype, leaf.shape));
  }
  for (const node of nodes)
    if (!values.has(node))
      values.set(
        node,
        builder.emit(
          node.op as OperationName,
          node.inputs.map((input) => values.get(input)!),
          node.attributes as never,
        ),
      );
  const byRoot = new Map(outputs.map((position) => [nodes[position]!, values.get(nodes[position]!)!]));
  return { program: builder.finish(roots.map((root) => byRoot.get(root)!)), inputNames, initializers };
}
