import { reverse } from '../autograd/reverse.ts';
import type { Definition } from '../autograd/reverse.ts';
import { GraphError, ShapeError } from '../errors.ts';
import { identity, keepOrForget, Node, recorder, stopGradient } from '../graph/node.ts';
import { recording } from '../graph/scope.ts';
import { sameShape, sizeOf } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { Tensor } from './tensor.ts';

export interface BackwardOptions {
  /** Record the gradients' own derivatives, for higher orders. Default false. (PyTorch: `create_graph`) */
  createGraph?: boolean;
  /** Accepted for familiarity: a recorded graph can be walked again as long as its parameters have not changed. */
  retainGraph?: boolean;
  /** Add gradients only to these: leaves, or tensors on the way whose `grad` is wanted. (PyTorch: `inputs`) */
  inputs?: Tensor | readonly Tensor[];
}

/** How the reverse walk sees recorded nodes: leaves that own a gradient end it. */
function definitionOf(value: Value): Definition | null {
  const node = value as Node;
  if (node.owner !== null || node.op === 'leaf') return null;
  if (node.storage !== null && node.generation !== recording.generation) keepOrForget(node);
  const inputs = node.gradientInputs ?? node.inputs;
  if (inputs.length === 0 && node.requiresGrad)
    throw new GraphError(
      'Trying to backward through the graph a second time after its parameters were updated, or through a value that was kept from a former step. Record the forward pass again, or detach() what is carried over.',
    );
  if (node.op === 'transfer')
    return { name: 'stopGradient', inputs, attributes: {}, rule: (_b, g) => [moved(g as Node, inputs[0]!)] };
  return { name: node.op, inputs, attributes: node.attributes, rule: node.rule };
}

/** A gradient brought to the place of the value it belongs to. */
function moved(g: Node, { place }: Node): Node {
  if (g.place === place || place === null) return g;
  const node = new Node('transfer', [g], {}, g.dtype, g.shape, place);
  node.requiresGrad = g.requiresGrad;
  return node;
}

function seedOf(root: Tensor, gradient: Tensor | null, index: number): Node {
  if (!root.requiresGrad)
    throw new GraphError(`element ${index} of tensors does not require grad and does not have a grad_fn`);
  if (gradient === null) {
    if (sizeOf(root.shape) !== 1)
      throw new GraphError(
        `grad can be implicitly created only for scalar outputs (got shape [${root.shape.join(', ')}])`,
      );
    const one = recorder.fullLike(root.node, 1) as Node;
    return one;
  }
  if (!(gradient instanceof Tensor)) throw new TypeError('backward: gradient must be a Tensor or null');
  if (!sameShape(gradient.shape, root.shape))
    throw new ShapeError(
      `Mismatch in shape: grad_output[${index}] has a shape of [${gradient.shape.join(', ')}] and output[${index}] has a shape of [${root.shape.join(', ')}].`,
    );
  return recorder.cast(gradient.node, root.dtype) as Node;
}

function walk(
  seeds: Map<Value, Value>,
  createGraph: boolean,
  onLeaf: (leaf: Tensor, gradient: Node) => void = () => {},
): Map<Value, Value> {
  const outer = recording.gradEnabled;
  const scope = recording.scope;
  recording.gradEnabled = createGraph;
  // Gradients are intermediates wherever backward is called from.
  recording.scope = { owner: {}, parent: scope };
  try {
    return reverse(recorder, seeds, {
      definitionOf,
      needs: (value) => (value as Node).requiresGrad,
      onGradient: (value, gradient) => {
        const node = value as Node;
        const hooks = node.owner === null ? node.gradientHooks : (node.owner as Tensor).leafHooks;
        let current = gradient as Node;
        if (hooks !== null) for (const hook of hooks.slice()) current = hook(current) ?? current;
        const leaf = node.owner as Tensor | null;
        if (leaf !== null && leaf.node === node) onLeaf(leaf, current);
        return current;
      },
    });
  } finally {
    recording.gradEnabled = outer;
    recording.scope = scope;
  }
}

function seedMap(roots: readonly Tensor[], gradients: readonly (Tensor | null)[] | null): Map<Value, Value> {
  if (gradients !== null && gradients.length !== roots.length)
    throw new GraphError(`got ${roots.length} tensors and ${gradients.length} gradients`);
  const seeds = new Map<Value, Value>();
  for (const [i, root] of roots.entries()) {
    const seed = seedOf(root, gradients?.[i] ?? null, i);
    const known = seeds.get(root.node);
    seeds.set(root.node, known === undefined ? seed : recorder.add(known, seed));
  }
  return seeds;
}

/**
 * Adds the gradient of a tensor with respect to every leaf that requires grad to the leaf's `grad`. Without `gradient`
 * the tensor must be a scalar. The options may also be the only argument. (PyTorch: `Tensor.backward`)
 */
export function backward(
  root: Tensor,
  gradient?: Tensor | BackwardOptions | null,
  options: BackwardOptions = {},
): void {
  if (
    gradient !== undefined &&
    gradient !== null &&
    !(gradient instanceof Tensor) &&
    Object.getPrototypeOf(gradient) === Object.prototype
  ) {
    backward(root, null, gradient);
    return;
  }
  backwardAll([root], gradient === undefined || gradient === null ? null : [gradient as Tensor], options);
}

/** Tensors given one by one or in a list. */
function listOf<T>(given: Tensor | readonly T[]): readonly (Tensor | T)[] {
  return given instanceof Tensor ? [given] : given;
}

/**
 * Adds the gradient of several tensors' sum to the leaves' `grad`s. `gradTensors` has one cotangent per tensor; `null`
 * stands for 1, for scalars. (PyTorch: `torch.autograd.backward`)
 */
export function backwardAll(
  tensors: Tensor | readonly Tensor[],
  gradTensors: Tensor | readonly (Tensor | null)[] | null = null,
  { createGraph = false, inputs }: BackwardOptions = {},
): void {
  const only = inputs === undefined ? null : new Set<unknown>(listOf(inputs));
  if (only?.size === 0) throw new GraphError('`inputs` argument to `backward()` cannot be empty.');
  const cotangents = gradTensors === null ? null : listOf(gradTensors);
  const leaves: [Tensor, Node][] = [];
  const gradients = walk(seedMap(listOf(tensors), cotangents), createGraph, (...leaf) => leaves.push(leaf));
  const add = (tensor: Tensor, g: Value): void =>
    tensor.accumulateGrad(createGraph ? identity(g as Node) : stopGradient(g as Node));
  for (const [leaf, g] of leaves) {
    if (only !== null && !only.has(leaf)) continue;
    add(leaf, g);
    if (leaf.accumulateHooks !== null) for (const hook of leaf.accumulateHooks.slice()) hook();
  }
  if (only !== null)
    for (const tensor of only as ReadonlySet<Tensor>) {
      const g = gradients.get(tensor.node);
      if (!tensor.isLeaf && g !== undefined) add(tensor, g);
    }
}

export interface GradOptions {
  /** Cotangents of the outputs; may be left out for scalars. (PyTorch: `grad_outputs`) */
  gradOutputs?: Tensor | readonly (Tensor | null)[] | null;
  /** Record the gradients' own derivatives. Default false. (PyTorch: `create_graph`) */
  createGraph?: boolean;
  /** Accepted for familiarity; see `BackwardOptions`. */
  retainGraph?: boolean;
  /** Give `null` for inputs that the outputs do not depend on instead of throwing. Default: `materializeGrads`. (PyTorch: `allow_unused`) */
  allowUnused?: boolean;
  /** Give zeros for inputs that the outputs do not depend on. Default false. (PyTorch: `materialize_grads`) */
  materializeGrads?: boolean;
}

/**
 * Gradients of the sum of `outputs` with respect to `inputs`, one per input, without touching any `grad`.
 * (PyTorch: `torch.autograd.grad`)
 */
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  options: GradOptions & { allowUnused: true; materializeGrads?: false },
): (Tensor | null)[];
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  options?: GradOptions,
): Tensor[];
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  options: GradOptions = {},
): (Tensor | null)[] {
  const roots = listOf(outputs);
  const targets = listOf(inputs);
  const { gradOutputs = null, createGraph = false, materializeGrads = false } = options;
  const { allowUnused = materializeGrads } = options;
  if (targets.length === 0) throw new GraphError('grad requires non-empty inputs.');
  if (materializeGrads && !allowUnused)
    throw new GraphError(
      'Expected allowUnused to be true or not passed when materializeGrads is true, but got: allowUnused: false.',
    );
  const cotangents = gradOutputs === null ? null : listOf(gradOutputs);
  for (const target of targets)
    if (!target.requiresGrad) throw new GraphError('One of the differentiated Tensors does not require grad');
  const gradients = walk(seedMap(roots, cotangents), createGraph);
  return targets.map((target, i) => {
    const g = gradients.get(target.node) as Node | undefined;
    if (g !== undefined) return new Tensor(createGraph ? identity(g) : stopGradient(g));
    if (materializeGrads) return new Tensor(recorder.fullLike(target.node, 0) as Node);
    if (allowUnused) return null;
    throw new GraphError(
      `The differentiated Tensor at index ${i} appears to not have been used in the graph. Set allowUnused: true if this is the desired behavior.`,
    );
  });
}
