import { DeviceError, ExecutionError, GraphError } from '../errors.ts';
import type { HostArray } from '../graph/dtype.ts';
import { numbersToHost } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import type { AttributesOf } from '../graph/registry.ts';
import { recording, scopePath } from '../graph/scope.ts';
import { compiledFor } from './cache.ts';
import type { Compiled } from './cache.ts';
import type { Device, DeviceBuffer, RunInput } from './contract.ts';
import { deviceOf, getDefaultDevice } from './default.ts';
import { dirtyStates, pendingHolders } from './holder.ts';
import type { StateHolder } from './holder.ts';
import { disown, downloadStorage, keepLoose, own, runInput, Storage, storageOf, trimPool } from './storage.ts';
import type { Trace } from './trace.ts';
import { collectTrace } from './trace.ts';

let queue: Promise<unknown> = Promise.resolve();

/** One evaluation at a time: each sees what the former has left. */
function enqueue<T>(task: () => Promise<T>): Promise<T> {
  const result = queue.then(task);
  queue = result.catch(() => undefined);
  return result;
}

/** Computes `nodes` together with everything that is pending: state that was reassigned, and values the user holds. */
export function evaluate(nodes: readonly Node[]): Promise<void> {
  return enqueue(() => evaluateNow(nodes));
}

/** The value of a node on the host, computing it first if need be. */
export function read(node: Node): Promise<HostArray> {
  const storage = storageOf(node);
  if (storage?.host) return Promise.resolve(storage.host);
  return enqueue(async () => {
    if (node.storage === null) await evaluateNow([node]);
    return downloadStorage(storageOf(node)!);
  });
}

async function evaluateNow(required: readonly Node[]): Promise<void> {
  const states = [...dirtyStates].filter((holder) => holder.node !== holder.committed);
  const nodesOfStates = states.map((holder) => holder.node);
  const needed = new Set([...required, ...nodesOfStates]);
  const groups = new Map<Device, Set<Node>>();
  try {
    for (const node of [...needed, ...pendingHolders.take()]) {
      if (node.storage !== null) continue;
      // A value that nobody asks for now and that has no place yet can wait until somebody does.
      if (!needed.has(node) && node.place === null && getDefaultDevice() === null) continue;
      const device = deviceOf(node);
      const group = groups.get(device);
      if (group === undefined) groups.set(device, new Set([node]));
      else group.add(node);
    }
    for (const [device, nodes] of groups) {
      const list = [...nodes];
      // A step asks for all state. Somebody who reads one value does not ask for what is on other devices, which have
      // perhaps been closed: that fails when it is read itself.
      const isAsked =
        required.length === 0 ? list.some((node) => needed.has(node)) : required.some((node) => nodes.has(node));
      if (isAsked) await evaluateOn(device, list, needed);
      else await evaluateOn(device, list, needed).catch(() => undefined);
    }
    const lost = states.filter((_, i) => nodesOfStates[i]!.storage === null);
    commit(
      states.filter((_, i) => nodesOfStates[i]!.storage !== null),
      nodesOfStates.filter((node) => node.storage !== null),
    );
    revert(lost);
  } catch (error) {
    revert(states);
    throw error;
  } finally {
    // Only now is it known which values are nobody's property.
    for (const nodes of groups.values()) keepComputed(nodes);
  }
  await trimPool();
}

/** What was reassigned returns to its last computed value: the model is as it was. */
function revert(states: readonly StateHolder[]): void {
  for (const holder of states) {
    if (holder.committed !== null) holder.node = holder.committed;
    dirtyStates.delete(holder);
  }
}

function keepComputed(nodes: Iterable<Node>): void {
  for (const node of nodes) {
    const storage = storageOf(node);
    if (storage !== null) keepLoose(storage);
  }
}

function commit(states: readonly StateHolder[], nodes: readonly Node[]): void {
  // Only an update of something trainable ends the life of what was recorded before it. A value from the host (an
  // initialiser's, a state file's) was there before anything was computed from it, and so was one that a block's own
  // forward has put in place (vectors that an embedding scales).
  const isUpdate = (holder: StateHolder, i: number): boolean => {
    const { op, scope } = nodes[i]!;
    const isOfForward = op === 'leaf' || scope?.owner.scopeName !== undefined;
    return holder.committed !== null && !isOfForward && holder.node.requiresGrad && holder.node.owner !== null;
  };
  if (states.some(isUpdate)) recording.generation++;
  const former: [Storage, string][] = [];
  for (const [i, holder] of states.entries()) {
    const node = nodes[i]!;
    const old = holder.committed === null ? null : storageOf(holder.committed);
    own(storageOf(node)!);
    holder.committed = node;
    if (holder.node === node) dirtyStates.delete(holder);
    if (old !== null)
      former.push([
        old,
        `This tensor was computed from a former value of ${holder.stateName}, which has been updated since, and it was not kept. Read it (await t.data()) before the update, or keep a copy with detach().`,
      ]);
  }
  for (const [storage, reason] of former) disown(storage, reason);
}

/** The reason why something that a trace depends on is gone, or `null`. */
function staleReason({ nodes, leaves }: Trace): string | null {
  for (const i of leaves) {
    const reason = storageOf(nodes[i]!)?.gone;
    if (reason) return reason;
  }
  return null;
}

async function evaluateOn(device: Device, targets: readonly Node[], needed: ReadonlySet<Node>): Promise<void> {
  let wanted = targets.filter((node) => node.storage === null);
  if (wanted.length === 0) return;
  let trace = collectTrace(wanted);
  if (await resolveTransfers(trace, needed)) {
    wanted = wanted.filter((node) => node.storage === null);
    trace = collectTrace(wanted);
  }
  if (staleReason(trace) !== null) {
    // What is only held, and can no longer be computed, fails when it is read, not now.
    wanted = wanted.filter((node) => needed.has(node) || staleReason(collectTrace([node])) === null);
    trace = collectTrace(wanted);
    const reason = staleReason(trace);
    if (reason !== null) throw new GraphError(reason);
  }
  if (trace.outputs.length === 0) return;
  const results = await run(device, trace);
  for (const [i, position] of trace.outputs.entries()) {
    const node = trace.nodes[position]!;
    const storage = Storage.onDevice(device, results[i]!);
    node.storage = storage;
    node.place = device;
    forget(node);
  }
}

/** A computed value forgets how it was made, unless a backward pass may still walk through it. */
function forget(node: Node): void {
  node.generation = recording.generation;
  if (!node.requiresGrad || node.owner !== null) node.inputs = [];
}

async function run(device: Device, trace: Trace): Promise<DeviceBuffer[]> {
  let compiled: Compiled | undefined;
  try {
    compiled = await compiledFor(device, trace);
    const inputs: RunInput[] = [];
    for (const i of compiled.inputs) {
      const node = trace.nodes[i]!;
      inputs.push(
        node.op === 'constant'
          ? {
              host: {
                data: numbersToHost([(node.attributes as AttributesOf<'constant'>).value], node.dtype),
                dtype: node.dtype,
                shape: [],
              },
            }
          : await runInput(node, device),
      );
    }
    return await compiled.executable.run(inputs);
  } catch (error) {
    throw located(error, device, trace, compiled);
  }
}

function located(error: unknown, device: Device, trace: Trace, compiled: Compiled | undefined): unknown {
  if (!(error instanceof ExecutionError) || error.instruction === undefined || compiled === undefined) return error;
  const node = trace.nodes[compiled.origins[error.instruction] ?? -1];
  if (node === undefined) return error;
  const path = scopePath(node.scope);
  const where = path === '' ? '' : ` in ${path}`;
  return new ExecutionError(`${node.op}${where} on ${device.name}: ${error.message}`, {
    instruction: error.instruction,
    cause: error,
  });
}

/** Computes values that come from other devices and lays them on the host. */
async function resolveTransfers({ nodes, leaves }: Trace, needed: ReadonlySet<Node>): Promise<boolean> {
  const transfers = leaves.map((i) => nodes[i]!).filter((node) => node.op === 'transfer' && node.storage === null);
  if (transfers.length === 0) return false;
  const sources = new Map<Device, Node[]>();
  for (const { inputs } of transfers) {
    const source = inputs[0]!;
    if (source.storage !== null) continue;
    const device = deviceOf(source);
    const list = sources.get(device);
    if (list === undefined) sources.set(device, [source]);
    else list.push(source);
  }
  for (const [device, list] of sources) {
    await evaluateOn(device, list, new Set([...needed, ...list]));
    keepComputed(list);
  }
  for (const node of transfers) {
    const source = storageOf(node.inputs[0]!);
    if (source === null) throw new DeviceError('to(device): the value to be moved could not be computed');
    node.storage = new Storage(await downloadStorage(source));
    forget(node);
  }
  return true;
}
