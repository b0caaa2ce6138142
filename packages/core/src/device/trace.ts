import type { Node } from '../graph/node.ts';
import type { OperationName } from '../graph/registry.ts';
import { operations } from '../graph/registry.ts';

const operationIds = new Map<string, number>(Object.keys(operations).map((name, i) => [name, i + 1]));
let epoch = 0;

/**
 * What is to be computed, in an order in which inputs precede their uses, with nodes numbered by position. Two traces
 * of the same structure have equal `skeleton`s, whatever the numbers in their constants.
 */
export interface Trace {
  readonly nodes: readonly Node[];
  /** Positions of the nodes whose values come from storage. */
  readonly leaves: readonly number[];
  /** Positions of the results. */
  readonly outputs: readonly number[];
  readonly hash: string;
}

/** Collects everything that `targets` depend on and that has no value yet. Iterative, since graphs are deep. */
export function collectTrace(targets: readonly Node[]): Trace {
  epoch++;
  const nodes: Node[] = [];
  const leaves: number[] = [];
  const stack: Node[] = [];
  const finish = (node: Node): void => {
    node.slot = nodes.length;
    if (node.storage !== null || node.op === 'transfer') leaves.push(nodes.length);
    nodes.push(node);
  };
  for (const target of targets) {
    if (target.epoch === epoch) continue;
    stack.push(target);
    while (stack.length > 0) {
      const node = stack.at(-1)!;
      if (node.epoch !== epoch) {
        node.epoch = epoch;
        node.slot = -1;
        if (node.storage === null && node.op !== 'transfer')
          for (let i = node.inputs.length - 1; i >= 0; i--)
            if (node.inputs[i]!.epoch !== epoch) stack.push(node.inputs[i]!);
      } else {
        stack.pop();
        if (node.slot === -1) finish(node);
      }
    }
  }
  const outputs = targets.map((node) => node.slot);
  return { nodes, leaves, outputs, hash: hashOf(nodes, outputs) };
}

const float = new Float64Array(1);
const words = new Int32Array(float.buffer);

// Two independent 32-bit multiplicative hashes: fast, and a collision is caught by comparing structures.
function hashOf(nodes: readonly Node[], outputs: readonly number[]): string {
  let h1 = 0x811c9dc5;
  let h2 = 0x9e3779b9;
  const mix = (n: number): void => {
    h1 = Math.imul(h1 ^ n, 0x01000193);
    h2 = Math.imul((h2 << 13) | (h2 >>> 19), 5) + Math.imul(n, 0x85ebca6b);
  };
  const mixNumber = (n: number): void => {
    if ((n | 0) === n) return mix(n);
    float[0] = n;
    mix(words[0]!);
    mix(words[1]!);
  };
  const mixAttribute = (value: unknown): void => {
    if (typeof value === 'number') mixNumber(value);
    else if (typeof value === 'boolean') mix(value ? 1 : 2);
    else if (typeof value === 'string') for (let i = 0; i < value.length; i++) mix(value.charCodeAt(i));
    else for (const element of value as readonly number[]) mixNumber(element);
  };
  for (const node of nodes) {
    const isLeaf = node.storage !== null || node.op === 'transfer';
    mix(isLeaf ? 0 : operationIds.get(node.op)!);
    mix(node.dtype.charCodeAt(0) * 31 + node.dtype.charCodeAt(node.dtype.length - 1));
    if (isLeaf) mixAttribute(node.shape);
    else {
      for (const input of node.inputs) mix(input.slot);
      if (node.op !== 'constant')
        for (const key in node.attributes as object)
          mixAttribute((node.attributes as Readonly<Record<string, unknown>>)[key]);
    }
  }
  for (const output of outputs) mix(output);
  return `${h1 >>> 0}:${h2 >>> 0}:${nodes.length}`;
}

/** A trace without its values: what remains of it in the cache of compiled programs. */
export interface Skeleton {
  readonly operations: readonly (OperationName | 'leaf')[];
  readonly attributes: readonly unknown[];
  readonly inputs: readonly (readonly number[])[];
  readonly dtypes: readonly string[];
  readonly shapes: readonly (readonly number[])[];
  readonly outputs: readonly number[];
}

export function skeletonOf({ nodes, outputs }: Trace): Skeleton {
  const isLeaf = nodes.map((node) => node.storage !== null || node.op === 'transfer');
  return {
    operations: nodes.map((node, i) => (isLeaf[i] ? 'leaf' : (node.op as OperationName))),
    attributes: nodes.map((node, i) => (isLeaf[i] ? null : node.attributes)),
    inputs: nodes.map((node, i) => (isLeaf[i] ? [] : node.inputs.map((input) => input.slot))),
    dtypes: nodes.map((node) => node.dtype),
    shapes: nodes.map((node) => node.shape),
    outputs,
  };
}

/** Where a trace departs from a skeleton, in words; `null` if it has the same structure. */
export function difference({ nodes, outputs }: Trace, skeleton: Skeleton): string | null {
  if (nodes.length !== skeleton.operations.length)
    return `${nodes.length} operations instead of ${skeleton.operations.length}`;
  // Every run comes through here once per node: no iterators, no pairs.
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i]!;
    const isLeaf = node.storage !== null || node.op === 'transfer';
    const name = isLeaf ? 'leaf' : node.op;
    if (name !== skeleton.operations[i]) return `operation ${i} is ${name} instead of ${skeleton.operations[i]}`;
    if (node.dtype !== skeleton.dtypes[i]) return `${name} ${i} is ${node.dtype} instead of ${skeleton.dtypes[i]}`;
    if (!sameNumbers(node.shape, skeleton.shapes[i]!))
      return `${name} ${i} has shape [${node.shape.join(', ')}] instead of [${skeleton.shapes[i]!.join(', ')}]`;
    if (isLeaf) continue;
    const inputs = skeleton.inputs[i]!;
    if (node.inputs.length !== inputs.length)
      return `${name} ${i} has ${node.inputs.length} inputs instead of ${inputs.length}`;
    for (let j = 0; j < inputs.length; j++)
      if (node.inputs[j]!.slot !== inputs[j]) return `${name} ${i} has other inputs`;
    if (
      name !== 'constant' &&
      node.attributes !== skeleton.attributes[i] &&
      !sameAttributes(node.attributes, skeleton.attributes[i])
    )
      return `${name} ${i} has attributes ${JSON.stringify(node.attributes)} instead of ${JSON.stringify(skeleton.attributes[i])}`;
  }
  return sameNumbers(outputs, skeleton.outputs) ? null : 'other results are asked for';
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

function sameAttributes(a: unknown, b: unknown): boolean {
  const left = a as Readonly<Record<string, unknown>>;
  const right = b as Readonly<Record<string, unknown>>;
  for (const key in left) {
    const x = left[key];
    const y = right[key];
    if (Array.isArray(x) && Array.isArray(y) ? !sameNumbers(x, y) : !Object.is(x, y)) return false;
  }
  return Object.keys(left).length === Object.keys(right).length;
}
