import { DeviceError } from '../errors.ts';
import { Builder } from './builder.ts';
import type { DType } from './dtype.ts';
import { isFloating } from './dtype.ts';
import type { DerivativeRule } from './operation.ts';
import type { Place } from './place.ts';
import { requireOn } from './place.ts';
import type { AttributesOf, OperationName } from './registry.ts';
import { operationOf } from './registry.ts';
import type { Scope } from './scope.ts';
import { recording } from './scope.ts';
import type { Shape } from './shape.ts';
import type { Value } from './value.ts';

/** Where a value lies. */
export interface Stored {
  /** Why the value is no longer there; `null` while it is. */
  readonly gone: string | null;
}

/**
 * One recorded value. A node is made by an operation on other nodes, or is a leaf whose value lies in storage. When it
 * has been computed its storage is filled, and it forgets its inputs unless a backward pass may still need them.
 */
export class Node implements Value {
  /** The operation, or `leaf` (storage only), `transfer` (the input's value on another place), `custom` (its own rule). */
  readonly op: OperationName | 'leaf' | 'transfer';
  inputs: readonly Node[];
  readonly attributes: unknown;
  readonly dtype: DType;
  readonly shape: Shape;
  /** Whether gradients flow through it. */
  requiresGrad = false;
  /** Where it is computed; `null` until somebody asks for its value. */
  place: Place | null;
  /** Its value, once there is one. Owned by the device layer. */
  storage: Stored | null = null;
  /** A derivative of its own that replaces the operation's. */
  rule: DerivativeRule<unknown> | null = null;
  /** What `rule` gives cotangents for, if that is not what the value is computed from. */
  gradientInputs: readonly Node[] | null = null;
  /** Called with the gradient during a backward pass; may replace it. */
  gradientHooks: ((gradient: Node) => Node | undefined)[] | null = null;
  /** The tensor whose `grad` a leaf's gradient is added to. */
  owner: object | null = null;
  readonly scope: Scope | null;
  /** `recording.generation` when its value was computed, or when its history was last seen to be whole. */
  generation = 0;
  /** Scratch of the walk that is collecting a program: which walk saw the node last, and at which position. */
  epoch = 0;
  slot = 0;

  constructor(
    op: Node['op'],
    inputs: readonly Node[],
    attributes: unknown,
    dtype: DType,
    shape: Shape,
    place: Place | null,
  ) {
    this.op = op;
    this.inputs = inputs;
    this.attributes = attributes;
    this.dtype = dtype;
    this.shape = shape;
    this.place = place;
    this.scope = recording.scope;
  }

  /** A node without inputs whose value will be put into its storage. */
  static leaf(dtype: DType, shape: Shape, storage: Stored | null, place: Place | null): Node {
    const node = new Node('leaf', [], {}, dtype, shape, place);
    node.storage = storage;
    return node;
  }
}

const none: readonly Node[] = [];

/**
 * Settles whether a value that was computed before the last update of state still has a history: it forgets how it was made
 * if a parameter that it was made from has been updated since, so that no graph grows from step to step.
 */
export function keepOrForget(node: Node): void {
  if (node.inputs.length === 0) return;
  const seen = new Set<Node>([node]);
  const stack = [node];
  while (stack.length > 0) {
    const value = stack.pop()!;
    const isEnd = value.op === 'leaf' || value.owner !== null;
    const isLost = value.storage === null ? false : value.storage.gone !== null;
    const isCut = value.storage !== null && !isEnd && value.requiresGrad && value.inputs.length === 0;
    if (isLost || isCut) {
      node.inputs = none;
      node.gradientInputs = null;
      return;
    }
    if (isEnd || (value.storage !== null && !value.requiresGrad)) continue;
    for (const input of value.gradientInputs === null ? value.inputs : [...value.inputs, ...value.gradientInputs])
      if (!seen.has(input)) {
        seen.add(input);
        stack.push(input);
      }
  }
  for (const value of seen) if (value.storage !== null) value.generation = recording.generation;
}

/** Records operations as nodes; the builder behind every tensor operation. */
class Recorder extends Builder {
  override emit<N extends OperationName>(name: N, inputs: readonly Value[], attributes: AttributesOf<N>): Node {
    const nodes = inputs as readonly Node[];
    const operation = operationOf(name);
    const { dtype, shape } = operation.infer(nodes, attributes);
    const place = commonPlace(name, nodes);
    requireOn(place, dtype);
    for (const input of nodes)
      if (input.storage !== null && input.generation !== recording.generation) keepOrForget(input);
    const node = new Node(name, nodes, attributes, dtype, shape, place);
    if (recording.gradEnabled && operation.vjp !== 'none' && isFloating(dtype))
      node.requiresGrad = nodes.some((input) => input.requiresGrad);
    return node;
  }
}

/** The builder that records. */
export const recorder: Builder = new Recorder();

/** The one place of some nodes, or a DeviceError that names both. Unplaced nodes go anywhere. */
export function commonPlace(name: string, nodes: readonly Node[]): Place | null {
  let place: Place | null = null;
  for (const node of nodes) {
    if (node.place === null || node.place === place) continue;
    if (place !== null)
      throw new DeviceError(
        `${name}: Expected all tensors to be on the same device, but found at least two devices, ${place.name} and ${node.place.name}. Move one of them with to(device).`,
      );
    place = node.place;
  }
  return place;
}

/** The same value behind a new node: a boundary for gradients and hooks that costs nothing when it runs. */
export function identity(node: Node): Node {
  return recorder.emit('reshape', [node], { shape: node.shape }) as Node;
}

/** The same value, through which no gradient flows. */
export function stopGradient(node: Node): Node {
  return recorder.emit('stopGradient', [node], {}) as Node;
}
